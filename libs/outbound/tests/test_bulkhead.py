import asyncio

import pytest

from resume_outbound.bulkhead import Bulkhead
from resume_outbound.errors import ConcurrencyLimitError
from resume_outbound.testing import ManualTime


async def hold(
    bulkhead: Bulkhead, time: ManualTime, name: str, log: list[str], *, deadline: float
) -> None:
    async with bulkhead.slot(deadline=deadline, wait=10):
        log.append(name)
        await time.sleep(1)


async def test_bulkhead_never_admits_more_than_its_limit() -> None:
    time, now, most = ManualTime(), 0, 0
    bulkhead = Bulkhead("p", 3, time.sleep)

    async def work(index: int) -> None:
        nonlocal now, most
        async with bulkhead.slot(deadline=2000.0 + index, wait=100):
            now += 1
            most = max(most, now)
            await time.sleep(1)
            now -= 1

    await time.run(asyncio.gather(*(work(index) for index in range(20))))
    assert most == 3
    assert (bulkhead.free, bulkhead.waiting) == (3, 0)


async def test_bulkhead_serves_the_oldest_deadline_first() -> None:
    time, log = ManualTime(), list[str]()
    bulkhead = Bulkhead("p", 1, time.sleep)
    deadlines = {"first": 9000.0, "late": 3000.0, "early": 1500.0, "middle": 2000.0}
    await time.run(
        asyncio.gather(*(hold(bulkhead, time, n, log, deadline=d) for n, d in deadlines.items()))
    )
    assert log == ["first", "early", "middle", "late"]


async def test_bulkhead_full_for_too_long_raises_a_waitable_error() -> None:
    time, log = ManualTime(), list[str]()
    bulkhead = Bulkhead("p", 1, time.sleep)

    async def occupy() -> None:
        async with bulkhead.slot(deadline=9000.0, wait=10):
            await time.sleep(30)

    occupant = asyncio.create_task(occupy())
    await time.advance(0)
    with pytest.raises(ConcurrencyLimitError) as refusal:
        await time.run(hold(bulkhead, time, "x", log, deadline=2000.0))
    assert time.monotonic() == 1010.0
    assert refusal.value.retry_after > 0
    assert bulkhead.waiting == 0
    await time.run(occupant)
    assert bulkhead.free == 1


async def test_bulkhead_cancelled_waiter_leaves_the_queue() -> None:
    time, log = ManualTime(), list[str]()
    bulkhead = Bulkhead("p", 1, time.sleep)
    first = asyncio.create_task(hold(bulkhead, time, "first", log, deadline=2000.0))
    second = asyncio.create_task(hold(bulkhead, time, "second", log, deadline=2001.0))
    third = asyncio.create_task(hold(bulkhead, time, "third", log, deadline=2002.0))
    await time.advance(0)
    second.cancel()
    await time.run(asyncio.gather(first, second, third, return_exceptions=True))
    assert log == ["first", "third"]
    assert bulkhead.free == 1


async def test_bulkhead_slot_handed_to_a_cancelled_waiter_goes_on() -> None:
    """Hand-over and cancellation in the same turn of the loop must not lose the slot."""
    time, log = ManualTime(), list[str]()
    bulkhead = Bulkhead("p", 1, time.sleep)
    await bulkhead.acquire(1500.0, 10)
    waiter = asyncio.create_task(hold(bulkhead, time, "waiter", log, deadline=2000.0))
    await time.advance(0)
    bulkhead.release()
    waiter.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiter
    assert log == []
    assert bulkhead.free == 1
