"""Where a delivery waits, unacked, until its provider may be called.

Waiting is holding: nothing is requeued and no attempt is burnt. Prefetch then stops the broker by
itself, and a release is a matter of microseconds.
"""

from bisect import insort
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum
from typing import Self

from resume_messaging.core.ports import Availability, ProviderState
from resume_messaging.core.signals import Signal, pause
from resume_runtime.clock import Clock, Sleep

#: A provider that is said to be free now and is not is asked again after this many seconds.
SHORTEST_HOLD_S = 0.01


class Verdict(Enum):
    """How the waiting at the gate ended."""

    PASSED = "passed"
    EXPIRED = "expired"
    STOPPED = "stopped"
    SHUTDOWN = "shutdown"


class Passage:
    """What `Gate.passage` grants: a context manager that says how the waiting ended.

    While a half-open provider's passage is entered, nobody else is let through.
    """

    def __init__(self, verdict: Verdict, end: Callable[[], None]) -> None:
        self.verdict = verdict
        self._end = end

    def __enter__(self) -> Verdict:
        """Tell how the waiting ended."""
        return self.verdict

    def __exit__(self, *_: object) -> None:
        """Let the next one through."""
        self._end()

    @classmethod
    def free(cls) -> Self:
        """The passage of a delivery that needs no provider."""
        return cls(Verdict.PASSED, lambda: None)


@dataclass(slots=True, eq=False)
class _Holder:
    deadline: float
    not_before: float
    verdict: Verdict | None = None
    woken: Signal = field(default_factory=Signal)


@dataclass(slots=True)
class _Line:
    """One provider's holders, oldest deadline first."""

    holders: list[_Holder] = field(default_factory=list)
    probe: _Holder | None = None

    def move(self) -> None:
        """Make every holder look again, in their order."""
        for holder in tuple(self.holders):
            woken, holder.woken = holder.woken, Signal()
            woken.set()


class Gate:
    """One per process, shared by all its queues.

    Args:
        availability: the providers' states; None when every provider may always be called.
        clock: the process's.
        sleep: the process's.
    """

    def __init__(self, availability: Availability | None, clock: Clock, sleep: Sleep) -> None:
        self._availability = availability
        self._clock = clock
        self._sleep = sleep
        self._lines: dict[str, _Line] = {}
        self.closing = Signal()
        if availability is not None:
            self.closing.on_set(availability.subscribe(self._changed))

    def holding(self, provider: str) -> int:
        """How many deliveries wait for `provider`."""
        line = self._lines.get(provider)
        return 0 if line is None else len(line.holders)

    def is_open(self, provider: str) -> bool:
        """Whether everybody passes at once just now."""
        blocked = self._blocked_until(provider)
        is_blocked = blocked is not None and blocked > self._clock.monotonic()
        return not is_blocked and not self._is_half_open(provider)

    def close(self) -> None:
        """The process stops: release every holder, and whoever comes after, with `SHUTDOWN`.

        Raises `closing`, on which everything else that waits before a paid call gives up too.
        """
        self.closing.set()

    async def passage(
        self, provider: str, *, deadline: float, stop: Signal, pause_s: float = 0.0
    ) -> Passage:
        """Wait until one may call `provider`, `deadline` (monotonic) passes, or `stop` is raised.

        Args:
            provider: whom to wait for.
            deadline: also the rank: the oldest goes first.
            stop: raised when the run is cancelled.
            pause_s: wait at least this long, unless the provider's state changes before.
        """
        line = self._lines.setdefault(provider, _Line())
        holder = _Holder(deadline, self._clock.monotonic() + pause_s)
        insort(line.holders, holder, key=lambda each: each.deadline)
        try:
            while (verdict := self._judge(provider, line, holder, stop)) is None:
                delay = self._delay(provider, line, holder)
                await pause(self._sleep, delay, stop, self.closing, holder.woken)
        except BaseException:
            self._end(line, holder)
            raise
        finally:
            kept_watch = line.holders[0] is holder
            line.holders.remove(holder)
            if kept_watch:
                # The next one does, also after an admission: between that and this moment the
                # provider may have been blocked again, and somebody arrived behind us.
                line.move()
        return Passage(verdict, lambda: self._end(line, holder))

    def _judge(self, provider: str, line: _Line, holder: _Holder, stop: Signal) -> Verdict | None:
        if holder.verdict is not None:
            return holder.verdict
        if stop.is_set:
            return Verdict.STOPPED
        if self.closing.is_set:
            return Verdict.SHUTDOWN
        if self._clock.monotonic() >= holder.deadline:
            return Verdict.EXPIRED
        self._admit(provider, line)
        return holder.verdict

    def _admit(self, provider: str, line: _Line) -> None:
        """Let through whom the provider's state allows, oldest deadline first."""
        now = self._clock.monotonic()
        blocked = self._blocked_until(provider)
        if blocked is not None and blocked > now:
            return
        is_half_open = self._is_half_open(provider)
        admitted = False
        for holder in line.holders:
            if holder.verdict is not None or holder.not_before > now or holder.deadline <= now:
                continue
            if is_half_open:
                if line.probe is not None:
                    break
                line.probe = holder
            holder.verdict, admitted = Verdict.PASSED, True
        if admitted:
            line.move()

    def _delay(self, provider: str, line: _Line, holder: _Holder) -> float:
        now = self._clock.monotonic()
        times = [holder.deadline]
        blocked = self._blocked_until(provider)
        # The oldest keeps watch for all, so that it is the first to go. Time went on since it
        # looked: who is not blocked any more, and has no probe to wait for, looks again.
        if holder is line.holders[0] and (blocked is not None or line.probe is None):
            times.append(max(blocked or holder.not_before, now + SHORTEST_HOLD_S))
        if holder.not_before > now:
            times.append(holder.not_before)
        return max(min(times) - now, 0.0)

    def _blocked_until(self, provider: str) -> float | None:
        return None if self._availability is None else self._availability.blocked_until(provider)

    def _is_half_open(self, provider: str) -> bool:
        availability = self._availability
        return availability is not None and availability.state(provider).kind == "half_open"

    def _end(self, line: _Line, holder: _Holder) -> None:
        if line.probe is holder:
            line.probe = None
            line.move()

    def _changed(self, state: ProviderState) -> None:
        line = self._lines.get(state.provider)
        if line is None:
            return
        now = self._clock.monotonic()
        for holder in line.holders:
            holder.not_before = min(holder.not_before, now)
        self._admit(state.provider, line)
        line.move()
