"""Which runs must start no more calls, as far as this process has heard."""

import heapq
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from uuid import UUID

from resume_messaging.core.signals import Signal
from resume_runtime.clock import Clock

_Run = tuple[UUID, int]


class Stops:
    """Stopped runs, each remembered until its notice expires, and those who wait to hear of them.

    The store has the durable copy; this one aborts what the process holds or runs just now.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._expiries: dict[_Run, datetime] = {}
        self._by_expiry: list[tuple[datetime, _Run]] = []
        self._watches: dict[_Run, list[Signal]] = {}

    def __len__(self) -> int:
        """How many stops are remembered."""
        return len(self._expiries)

    @property
    def watched(self) -> tuple[tuple[UUID, int], ...]:
        """The runs in hand: what to ask the store about after a reconnect."""
        return tuple(self._watches)

    def stop(self, job_id: UUID, run: int, expires_at: datetime) -> None:
        """Remember until `expires_at` that a run is stopped, and tell those who watch it."""
        self._forget_expired()
        key = (job_id, run)
        if key not in self._expiries:
            self._expiries[key] = expires_at
            heapq.heappush(self._by_expiry, (expires_at, key))
        for signal in tuple(self._watches.get(key, ())):
            signal.set()

    def is_stopped(self, job_id: UUID, run: int) -> bool:
        """Whether the run was stopped."""
        self._forget_expired()
        return (job_id, run) in self._expiries

    @contextmanager
    def watching(self, job_id: UUID, run: int) -> Iterator[Signal]:
        """A signal that is raised when the run is stopped; raised already when it was."""
        key, signal = (job_id, run), Signal()
        if self.is_stopped(job_id, run):
            signal.set()
        self._watches.setdefault(key, []).append(signal)
        try:
            yield signal
        finally:
            self._watches[key].remove(signal)
            if not self._watches[key]:
                del self._watches[key]

    def _forget_expired(self) -> None:
        now = self._clock.now()
        while self._by_expiry and self._by_expiry[0][0] <= now:
            _, key = heapq.heappop(self._by_expiry)
            del self._expiries[key]
