"""Work that takes CPU, beside the event loop."""

import asyncio
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


class Computing:
    """Runs functions of some milliseconds in a thread, one at a time.

    Threads that compute share one interpreter: a second one would only stand in the way of the
    event loop, which acks and answers heartbeats.
    """

    def __init__(self) -> None:
        self._turn = asyncio.Lock()

    async def __call__(self, function: Callable[[], T]) -> T:
        """What the function returns, or raises."""
        async with self._turn:
            return await asyncio.to_thread(function)
