"""A circuit breaker with a sliding window and exactly one leased probe.

purgatory gives the states, their names and the change events; its own counting (consecutive
failures, wall clock, every caller admitted when half-open) is replaced here.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from purgatory.domain.messages.base import Event
from purgatory.domain.model import ClosedState, Context, HalfOpenedState, OpenedState, State

from resume_outbound.errors import CircuitOpenError
from resume_outbound.policy import Policy

Settlement = Literal["ok", "failure", "ignore"]

#: A probe's lease outlives its timeout by this much, so that only a lost probe loses it.
LEASE_MARGIN_S = 10.0
#: An opening that would end later than ours by less is the same one, heard of again.
NEWS_S = 0.25


@dataclass(frozen=True, slots=True, eq=False)
class Admission:
    """The right to one attempt. `era` names the state's lifetime it was given in."""

    era: int
    is_probe: bool


class Breaker(Context):
    """One provider's circuit.

    `admit` and `settle` contain no await: on one event loop they are atomic. Every admission is
    settled exactly once; what an older era or an expired probe says is ignored. `clock` returns
    monotonic seconds.
    """

    def __init__(self, policy: Policy, clock: Callable[[], float]) -> None:
        super().__init__(policy.name, policy.threshold, policy.recovery)
        self._window = policy.window
        self._lease = policy.timeout + LEASE_MARGIN_S
        self._clock = clock
        self._failures: deque[float] = deque(maxlen=policy.threshold)
        self._era = 0
        self._probe: Admission | None = None
        self._probe_until = 0.0
        self._open_until = 0.0
        self._isolated = False

    @property
    def is_half_open(self) -> bool:
        """Whether the next call would be, or the present one is, the only probe."""
        if self.state == "opened":
            return not self._isolated and self._clock() >= self._open_until
        return self.state == "half-opened"

    def blocked_until(self) -> float | None:
        """Monotonic time before which `admit` would raise; None when it would admit."""
        now = self._clock()
        if self._isolated:
            return now + float(self.ttl)
        if self.state == "opened":
            return self._open_until if now < self._open_until else None
        if self._probe is not None and now < self._probe_until:
            return self._probe_until
        return None

    def admit(self) -> Admission:
        """Take the right to one attempt.

        Raises:
            CircuitOpenError: open, isolated, or the one probe of the half-open era is under way.
        """
        until, now = self.blocked_until(), self._clock()
        if until is not None:
            # A probe normally ends long before its lease: its outcome is announced.
            raise CircuitOpenError(self.name, min(until - now, float(self.ttl)))
        if self.state == "opened":
            self._enter(HalfOpenedState())
        if self.state == "half-opened":
            self._probe, self._probe_until = Admission(self._era, is_probe=True), now + self._lease
            return self._probe
        return Admission(self._era, is_probe=False)

    def settle(self, admission: Admission, settlement: Settlement) -> None:
        """Say how an admitted attempt ended; `ignore` hands a probe's permit back."""
        if admission.era != self._era:
            return
        if admission.is_probe:
            if admission is self._probe:
                self._settle_probe(settlement)
        elif settlement == "failure":
            self._count_failure()

    def is_current(self, admission: Admission) -> bool:
        """Whether the circuit is still as it was when this was given."""
        return admission.era == self._era

    def cede(self, probe: Admission, seconds: float) -> None:
        """The one probe is somebody else's for so long; settling ours does nothing any more."""
        if probe is self._probe:
            self._probe = Admission(self._era, is_probe=True)
            self._probe_until = self._clock() + seconds

    def follow_opening(self, seconds: float) -> bool:
        """Be open for so long, as another replica is; False when that is no news."""
        until = self._clock() + seconds
        known = self.state == "opened" and until <= self._open_until + NEWS_S
        if self._isolated or known:
            return False
        self._enter(self._opened(until))
        return True

    def follow_closing(self) -> bool:
        """Close, as another replica does; False when it is closed, or open by hand."""
        if self._isolated or self.state == "closed":
            return False
        self._enter(ClosedState())
        return True

    def isolate(self) -> None:
        """Open by hand, until `reset`."""
        self._isolated = True
        self._enter(self._opened())

    def reset(self) -> None:
        """Close by hand and forget all failures."""
        self._isolated = False
        self._enter(ClosedState())

    def take_events(self) -> list[Event]:
        """The state changes and failures since the last call, oldest first."""
        events, self.messages = self.messages, []
        return events

    def _settle_probe(self, settlement: Settlement) -> None:
        if settlement == "ok":
            self.recover_failure()
            self._enter(ClosedState())
        elif settlement == "failure":
            self.mark_failure(1)
            self._enter(self._opened())
        else:
            self._probe = None

    def _count_failure(self) -> None:
        now = self._clock()
        self._failures.append(now)
        while self._failures[0] <= now - self._window:
            self._failures.popleft()
        self.mark_failure(len(self._failures))
        if len(self._failures) >= self.threshold:
            self._enter(self._opened())

    def _opened(self, until: float | None = None) -> State:
        state = OpenedState(self.name)
        state.opened_at = self._clock()
        self._open_until = state.opened_at + float(self.ttl) if until is None else until
        return state

    def _enter(self, state: State) -> None:
        self._era += 1
        self._failures.clear()
        self._probe = None
        self.set_state(state)
