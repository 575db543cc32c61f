"""Time as an argument: the simulation and the tests own it."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Protocol

#: Waits for a number of seconds.
Sleep = Callable[[float], Awaitable[None]]


class Clock(Protocol):
    """The time of day, and a time that only goes forward."""

    def now(self) -> datetime:
        """The time of day, aware, in UTC."""

    def monotonic(self) -> float:
        """Seconds since some moment; never goes back."""


class SystemClock:
    """The machine's clocks."""

    def now(self) -> datetime:
        """The time of day, aware, in UTC."""
        return datetime.now(UTC)  # noqa: TID251  the one place that reads it

    def monotonic(self) -> float:
        """Seconds since some moment; never goes back."""
        return time.monotonic()  # noqa: TID251  the one place that reads it


async def system_sleep(seconds: float) -> None:
    """Really wait."""
    await asyncio.sleep(seconds)  # noqa: TID251  the one place that waits
