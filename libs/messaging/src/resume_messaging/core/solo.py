"""Handlers run side by side, unless one is a suspect and must be alone in its process."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class Solo:
    """Many ordinary handlers at a time, or one suspect. Whoever wants to be alone goes first."""

    def __init__(self) -> None:
        self._changed = asyncio.Condition()
        self._running = 0
        self._is_taken = False

    @asynccontextmanager
    async def entered(self, *, alone: bool) -> AsyncIterator[None]:
        """Run the body beside others, or `alone`: after all that run, before any that wait."""
        await (self._enter_alone() if alone else self._enter())
        try:
            yield
        finally:
            # No await between the change and its announcement can fail: the lock is never held
            # across one.
            if alone:
                self._is_taken = False
            else:
                self._running -= 1
            await self._announce()

    async def _enter(self) -> None:
        if not self._is_taken:
            self._running += 1
            return
        async with self._changed:
            await self._changed.wait_for(lambda: not self._is_taken)
            self._running += 1

    async def _enter_alone(self) -> None:
        async with self._changed:
            await self._changed.wait_for(lambda: not self._is_taken)
            self._is_taken = True
            try:
                await self._changed.wait_for(lambda: self._running == 0)
            except BaseException:
                self._is_taken = False
                self._changed.notify_all()
                raise

    async def _announce(self) -> None:
        async with self._changed:
            self._changed.notify_all()
