"""A paid provider with outages and rate limits, its ledger, and the breaker in front of it."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple
from uuid import UUID

from resume_runtime.clock import Clock, Sleep

THRESHOLD = 3
RECOVERY_S = 20.0


@dataclass(slots=True)
class Call:
    """One line of the ledger. `result` is None while it runs, and for ever when its caller died."""

    process: str
    job_id: UUID
    run: int
    stage: str
    attempt: int
    request_id: str
    started: float
    result: str | None = None
    is_saved: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """What a caller gets: `done`, `unusable`, `failed` or `rate_limited` (for `wait_s`)."""

    result: str
    wait_s: float = 0.0


@dataclass(slots=True)
class Provider:
    """The far end. Outages and pauses are spans of virtual seconds."""

    name: str
    clock: Clock
    sleep: Sleep
    rng: random.Random
    outages: list[tuple[float, float]] = field(default_factory=list)
    pauses: list[tuple[float, float]] = field(default_factory=list)
    unusable: float = 0.0
    ledger: list[Call] = field(default_factory=list)

    async def call(self, call: Call) -> Answer:
        """Answer in its own time."""
        self.ledger.append(call)
        answer = self._answer()
        slow = answer.result in {"done", "unusable"}
        await self.sleep(self.rng.uniform(0.5, 8.0) if slow else 0.1)
        call.result = answer.result
        return answer

    def _answer(self) -> Answer:
        now = self.clock.monotonic()
        if any(start <= now < end for start, end in self.outages):
            return Answer("failed")
        for start, end in self.pauses:
            if start <= now < end:
                return Answer("rate_limited", end - now)
        return Answer("unusable" if self.rng.random() < self.unusable else "done")


class BreakerState(NamedTuple):
    """`ProviderState`."""

    provider: str
    kind: str
    until: float | None


@dataclass(frozen=True, slots=True)
class Admission:
    """The right to one call, or the seconds to wait for it."""

    is_probe: bool = False
    wait_s: float | None = None


class SimBreaker:
    """One process's circuit for one provider; as `Availability` it is what the gate looks at."""

    def __init__(self, provider: str, clock: Clock) -> None:
        self._provider = provider
        self._clock = clock
        self._failures = 0
        self._open_until: float | None = None
        self._paused_until = 0.0
        self._is_probing = False
        self._listeners: list[Callable[[BreakerState], None]] = []

    def state(self, provider: str) -> BreakerState:
        """The state now."""
        now = self._clock.monotonic()
        if self._open_until is not None and now < self._open_until:
            return BreakerState(provider, "open", self._open_until)
        if now < self._paused_until:
            return BreakerState(provider, "paused", self._paused_until)
        if self._open_until is not None:
            until = now + RECOVERY_S if self._is_probing else None
            return BreakerState(provider, "half_open", until)
        return BreakerState(provider, "closed", None)

    def blocked_until(self, provider: str) -> float | None:
        """When a call may start; None: now."""
        return self.state(provider).until

    def subscribe(self, listener: Callable[[BreakerState], None]) -> Callable[[], None]:
        """Tell `listener` every change."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def admit(self) -> Admission:
        """Take the right to a call."""
        state = self.state(self._provider)
        if state.until is not None:
            return Admission(wait_s=state.until - self._clock.monotonic())
        if state.kind == "half_open":
            self._is_probing = True
            self._announce()
            return Admission(is_probe=True)
        return Admission()

    def settle(self, admission: Admission, answer: Answer | None) -> None:
        """Say how an admitted call ended; None: nobody knows."""
        if admission.is_probe:
            self._is_probing = False
        if answer is not None and answer.result == "rate_limited":
            self._paused_until = max(self._paused_until, self._clock.monotonic() + answer.wait_s)
        elif self._open_until is not None and not admission.is_probe:
            return  # begun before the circuit opened
        elif answer is not None and answer.result == "failed":
            self._failures += 1
            if admission.is_probe or self._failures >= THRESHOLD:
                self._open_until = self._clock.monotonic() + RECOVERY_S
        elif answer is not None:
            self._failures = 0
            self._open_until = None
        self._announce()

    def _announce(self) -> None:
        state = self.state(self._provider)
        for listener in tuple(self._listeners):
            listener(state)
