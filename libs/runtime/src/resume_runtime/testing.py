"""A clock for tests: stands still until it is told to go on."""

import asyncio
from datetime import UTC, datetime, timedelta


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
