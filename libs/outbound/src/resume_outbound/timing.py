"""A time limit made of the caller's own sleep, so that a fake clock rules it too."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from resume_runtime.clock import Sleep

T = TypeVar("T")


class ElapsedError(TimeoutError):
    """Our own time limit passed; the work was cancelled and is over."""


async def within(seconds: float, work: Callable[[], Awaitable[T]], sleep: Sleep) -> T:
    """Await `work()` for at most `seconds`.

    Work that still comes to a result while it is being cancelled has its result returned: it may
    have been paid for.

    Raises:
        ElapsedError: the time passed first.
    """

    async def run() -> T:
        return await work()

    async def ring() -> None:
        await sleep(seconds)

    task, timer = asyncio.create_task(run()), asyncio.create_task(ring())
    try:
        await asyncio.wait((task, timer), return_when=asyncio.FIRST_COMPLETED)
    finally:
        elapsed = not task.done()
        task.cancel()
        timer.cancel()
        await asyncio.gather(task, timer, return_exceptions=True)
    if elapsed and (task.cancelled() or task.exception() is not None):
        raise ElapsedError
    return task.result()
