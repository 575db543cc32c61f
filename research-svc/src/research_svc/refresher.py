"""Work in the background: a few at a time, one a key, and none left over at the end."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

import structlog

log = structlog.get_logger()

#: At once in one process; the provider's slots are for jobs first.
MOST_AT_ONCE: Final = 2


class Refresher:
    """Runs refreshes until it is closed, which cancels them: nobody waits for any."""

    def __init__(self, most: int = MOST_AT_ONCE) -> None:
        self._most = most
        self._running: dict[bytes, asyncio.Task[None]] = {}
        self._is_closed = False

    def start(self, key: bytes, work: Callable[[], Awaitable[None]]) -> bool:
        """Start the work unless that key's is under way; False when too many are."""
        if key in self._running:
            return True
        if self._is_closed or len(self._running) >= self._most:
            return False
        self._running[key] = asyncio.create_task(self._run(key, work))
        return True

    async def idle(self) -> None:
        """Return when nothing is under way."""
        while self._running:
            await asyncio.wait(set(self._running.values()))

    async def aclose(self) -> None:
        """Cancel everything and take no more."""
        self._is_closed = True
        tasks = list(self._running.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _run(self, key: bytes, work: Callable[[], Awaitable[None]]) -> None:
        try:
            await work()
        except Exception as error:  # noqa: BLE001  nobody waits for it; the next asker tries again
            log.warning("research.refresh_failed", error=type(error).__name__)
        finally:
            del self._running[key]
