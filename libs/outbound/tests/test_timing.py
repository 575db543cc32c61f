import asyncio

import pytest

from resume_outbound.testing import ManualTime
from resume_outbound.timing import ElapsedError, within


async def test_within_returns_the_result_in_time() -> None:
    time = ManualTime()

    async def work() -> str:
        await time.sleep(3)
        return "done"

    assert await time.run(within(5, work, time.sleep)) == "done"


async def test_within_cancels_the_work_and_waits_for_its_end() -> None:
    time, ended = ManualTime(), []

    async def work() -> None:
        try:
            await time.sleep(100)
        finally:
            await asyncio.sleep(0)
            ended.append(time.monotonic())

    with pytest.raises(ElapsedError):
        await time.run(within(5, work, time.sleep))
    assert ended == [1005.0]


async def test_within_returns_a_result_that_came_while_cancelling() -> None:
    """It may have been paid for."""
    time = ManualTime()

    async def work() -> str:
        try:
            await time.sleep(100)
        except asyncio.CancelledError:
            return "paid"
        return "late"

    assert await time.run(within(5, work, time.sleep)) == "paid"


async def test_within_calls_an_error_while_cancelling_a_timeout() -> None:
    time = ManualTime()

    async def work() -> None:
        try:
            await time.sleep(100)
        except asyncio.CancelledError:
            raise ConnectionResetError from None

    with pytest.raises(ElapsedError):
        await time.run(within(5, work, time.sleep))


async def test_within_passes_the_works_own_error_on() -> None:
    time = ManualTime()

    async def work() -> None:
        raise KeyError("mine")

    with pytest.raises(KeyError, match="mine"):
        await time.run(within(5, work, time.sleep))


async def test_within_cancelled_from_outside_leaves_no_task_behind() -> None:
    time = ManualTime()
    before = len(asyncio.all_tasks())

    async def work() -> None:
        await time.sleep(100)

    task = asyncio.create_task(within(5, work, time.sleep))
    await time.advance(1)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert len(asyncio.all_tasks()) == before
