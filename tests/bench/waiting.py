"""Waiting for what lives in another process."""

import asyncio
from collections.abc import Awaitable, Callable

POLL_S = 0.1


async def until(condition: Callable[[], Awaitable[bool]], *, within: float) -> None:
    """Return once the condition holds.

    Raises:
        TimeoutError: it did not in time.
    """
    async with asyncio.timeout(within):
        while not await condition():
            await asyncio.sleep(POLL_S)
