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
    have been paid for. The work runs in the caller's own task, as with `asyncio.timeout`: one task
    for the timer is the whole cost.

    Raises:
        ElapsedError: the time passed first.
    """
    task = asyncio.current_task()
    if task is None:
        raise RuntimeError("needs a running task")
    rang, cancelled_before = False, task.cancelling()

    async def ring() -> None:
        nonlocal rang
        await sleep(seconds)
        rang = True
        task.cancel()

    timer = asyncio.create_task(ring())
    try:
        return await work()
    except asyncio.CancelledError:
        if rang and task.cancelling() - 1 <= cancelled_before:
            raise ElapsedError from None
        raise  # somebody else wants this task to end
    except Exception:
        if rang:  # it was raised while the work was being cancelled
            raise ElapsedError from None
        raise
    finally:
        timer.cancel()
        if rang:
            task.uncancel()
