"""For tests: a clock that stands still until it is told to go on, and what it lets happen."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from prometheus_client import CollectorRegistry

from resume_runtime.database import Pool
from resume_runtime.retention import Kind, Retention, RetentionMetrics


class FakeClock:
    """`Clock` whose time moves only by `advance` or by its own `sleep`."""

    def __init__(self, start: datetime = datetime(2026, 1, 1, tzinfo=UTC)) -> None:
        self._now = start
        self._monotonic = 1000.0

    def now(self) -> datetime:
        """The time of day."""
        return self._now

    def monotonic(self) -> float:
        """Seconds since some moment."""
        return self._monotonic

    def advance(self, seconds: float) -> None:
        """Let time pass at once."""
        self._now += timedelta(seconds=seconds)
        self._monotonic += seconds

    async def sleep(self, seconds: float) -> None:
        """`Sleep` that lets the time pass instead of waiting."""
        self.advance(seconds)
        await asyncio.sleep(0)  # noqa: TID251  only lets other tasks run


async def enforce_at(pool: Pool, kinds: Sequence[Kind], now: datetime) -> CollectorRegistry:
    """One round of retention at a time of one's choice; the registry tells what it deleted."""
    registry = CollectorRegistry()
    metrics = RetentionMetrics(registry)
    await Retention(kinds, pool, clock=FakeClock(now), metrics=metrics).enforce()
    return registry
