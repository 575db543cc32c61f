"""Watches the gate under test from outside."""

from resume_messaging.core.gate import Gate, Passage, Verdict
from resume_messaging.core.ports import Availability
from resume_messaging.core.signals import Signal
from resume_messaging.sim.record import Record
from resume_runtime.clock import Clock, Sleep


class WatchedGate(Gate):
    """Passes every request on, and notes when a half-open provider has two passages entered."""

    def __init__(
        self,
        gate: Gate,
        record: Record,
        *,
        availability: Availability,
        clock: Clock,
        sleep: Sleep,
    ) -> None:
        super().__init__(availability, clock, sleep)
        self._gate = gate
        self._record = record
        # Asked of the breaker itself: the gate under test may be wrong about it.
        self._breaker = availability
        self._inside = 0
        self.closing.on_set(gate.close)

    def holding(self, provider: str) -> int:
        """As the gate says."""
        return self._gate.holding(provider)

    async def passage(
        self, provider: str, *, deadline: float, stop: Signal, pause_s: float = 0.0
    ) -> Passage:
        """As the gate says."""
        passage = await self._gate.passage(provider, deadline=deadline, stop=stop, pause_s=pause_s)
        is_half_open = self._breaker.state(provider).kind == "half_open"
        if passage.verdict is not Verdict.PASSED or not is_half_open:
            return passage
        self._inside += 1
        if self._inside > 1:
            self._record.crowds.append(self._clock.monotonic())

        def end() -> None:
            self._inside -= 1
            passage.__exit__()

        return Passage(passage.verdict, end)
