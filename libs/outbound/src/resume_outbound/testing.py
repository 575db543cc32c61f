"""Time by hand, for the tests of whoever calls out: no test waits for a real clock.

`resume_runtime.testing.FakeClock` lets a sleeper move the clock; an attempt raced against its own
time limit needs many sleepers that wake in order, which is what `ManualTime` does.
"""

import asyncio
import heapq
from collections.abc import Awaitable
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import TypeVar

T = TypeVar("T")

_EPOCH = datetime(2026, 1, 1, tzinfo=UTC)
_TURNS = 30


class ManualTime:
    """A clock and a sleep that only move when told to. Starts at monotonic 1000."""

    def __init__(self) -> None:
        self._now = 1000.0
        self._order = count()
        self._sleepers: list[tuple[float, int, asyncio.Future[None]]] = []

    def monotonic(self) -> float:
        """Seconds; never steps back."""
        return self._now

    def now(self) -> datetime:
        """Aware UTC."""
        return _EPOCH + timedelta(seconds=self._now)

    async def sleep(self, seconds: float) -> None:
        """Sleep until time was moved by `seconds`."""
        if seconds <= 0:
            await asyncio.sleep(0)  # noqa: TID251  yields, takes no time
            return
        wake: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._sleepers, (self._now + seconds, next(self._order), wake))
        await wake

    def jump(self, seconds: float) -> None:
        """Move time without letting anybody run; who should have woken wakes late."""
        self._now += seconds

    async def advance(self, seconds: float) -> None:
        """Move time; sleepers wake in order, each at its own moment."""
        end = self._now + seconds
        await self._settle()
        while (due := self._next()) is not None and due <= end:
            await self._wake_next()
        self._now = end
        await self._settle()

    async def run(self, work: Awaitable[T]) -> T:
        """Await `work`, jumping to the next sleeper whenever all are asleep.

        Raises:
            RuntimeError: nobody sleeps and the work is not done: it would hang for ever.
        """
        task = asyncio.ensure_future(work)
        await self._settle()
        while not task.done():
            if self._next() is None:
                task.cancel()
                raise RuntimeError("nobody sleeps and the work is not done")
            await self._wake_next()
        return await task

    def _next(self) -> float | None:
        while self._sleepers and self._sleepers[0][2].done():
            heapq.heappop(self._sleepers)
        return self._sleepers[0][0] if self._sleepers else None

    async def _wake_next(self) -> None:
        due, _, wake = heapq.heappop(self._sleepers)
        self._now = max(self._now, due)
        wake.set_result(None)
        await self._settle()

    async def _settle(self) -> None:
        for _ in range(_TURNS):
            await asyncio.sleep(0)  # noqa: TID251  yields, takes no time
