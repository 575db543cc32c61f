"""The named cases: each is a way in which breakers go wrong. An AssertionError is a failed one."""

import gc
import tracemalloc
from collections.abc import Awaitable, Callable
from traceback import walk_tb

from .rig import BadRequestError, ProviderDownError, Rig

Case = Callable[[Rig], Awaitable[None]]

REJECTIONS = 10_000


async def opens_at_exactly_the_threshold(rig: Rig) -> None:
    await rig.fail(rig.spec.threshold - 1)
    last = await rig.attempt(ProviderDownError())
    assert last.entered, "opened too early"
    assert await rig.rejects(), "did not open"


async def window_slides(rig: Rig) -> None:
    await rig.fail(rig.spec.threshold - 1)
    await rig.clocks.advance(rig.spec.window + 1)
    await rig.fail(rig.spec.threshold - 1)
    last = await rig.attempt(ProviderDownError())
    assert last.entered, "old failures still counted"
    assert await rig.rejects(), "did not open"


async def success_does_not_reset(rig: Rig) -> None:
    for _ in range(rig.spec.threshold):
        await rig.attempt()
        await rig.fail()
    assert await rig.rejects(), "a success in between forgot the failures"


async def half_open_admits_one_of_fifty(rig: Rig) -> None:
    await rig.half_open()
    calls = [await rig.begin() for _ in range(50)]
    entered = sum(call.entered for call in calls)
    rejected = sum(call.rejected for call in calls)
    assert entered == 1, f"{entered} of 50 entered"
    assert rejected == 49, f"{49 - rejected} were left hanging"


async def successful_probe_closes(rig: Rig) -> None:
    await rig.half_open()
    assert not await rig.rejects(), "no probe"
    calls = [await rig.begin() for _ in range(2)]
    assert all(call.entered for call in calls), "not closed"


async def failed_probe_reopens_for_the_full_time(rig: Rig) -> None:
    await rig.half_open()
    await rig.fail()
    await rig.clocks.advance(rig.spec.recovery - 1)
    assert await rig.rejects(), "not open for the full time"
    await rig.clocks.advance(1.1)
    assert not await rig.rejects(), "no second probe"


async def cancelled_probe_hands_its_permit_back(rig: Rig) -> None:
    await rig.half_open()
    await (await rig.begin()).cancel()
    assert (await rig.begin()).entered, "no probe after a cancelled one"
    assert not (await rig.begin()).entered, "a cancelled probe closed it"


async def cancellations_do_not_count(rig: Rig) -> None:
    for _ in range(rig.spec.threshold):
        await (await rig.begin()).cancel()
    assert not await rig.rejects(), "our own cancellations opened it"


async def excluded_error_is_neutral(rig: Rig) -> None:
    await rig.fail(rig.spec.threshold - 1)
    await rig.attempt(BadRequestError())
    assert not (await rig.attempt(ProviderDownError())).rejected, "a bad request counted"
    assert await rig.rejects(), "a bad request forgot the failures"


async def excluded_error_of_a_probe_is_neutral(rig: Rig) -> None:
    await rig.half_open()
    await rig.attempt(BadRequestError())
    assert (await rig.begin()).entered, "a bad request opened it"
    assert not (await rig.begin()).entered, "a bad request closed it"


async def hung_probe_loses_its_lease(rig: Rig) -> None:
    await rig.half_open()
    assert (await rig.begin(deaf=True)).entered, "no probe"
    assert not (await rig.begin()).entered, "more than one probe"
    await rig.clocks.advance(rig.spec.lease + 0.1)
    assert (await rig.begin()).entered, "a lost probe keeps it shut for ever"


async def late_success_of_an_older_era_is_ignored(rig: Rig) -> None:
    old = await rig.begin()
    await rig.half_open()
    await rig.begin()
    await old.end()
    assert not (await rig.begin()).entered, "a call from before the outage closed it"


async def late_failure_of_an_older_era_is_ignored(rig: Rig) -> None:
    old = await rig.begin()
    await rig.half_open()
    probe = await rig.begin()
    await old.end(ProviderDownError())
    await probe.end()
    assert not await rig.rejects(), "a call from before the outage opened it"


async def rejection_is_fresh_and_says_when(rig: Rig) -> None:
    await rig.fail(rig.spec.threshold)
    await rig.clocks.advance(10)
    first, second = [await (await rig.attempt()).end() for _ in range(2)]
    assert first is not None, "not rejected"
    assert second is not None, "not rejected"
    assert first is not second, "always the same exception"
    assert abs(rig.adapter.retry_after(second) - (rig.spec.recovery - 10)) < 1


async def rejections_grow_nothing(rig: Rig) -> None:
    await rig.fail(rig.spec.threshold)

    async def frames(times: int) -> int:
        last: BaseException | None = None
        for _ in range(times):
            try:
                await rig.adapter.call(_never)
            except Exception as error:  # noqa: BLE001  whatever the library raises
                last = error
        return len(list(walk_tb(last.__traceback__))) if last is not None else 0

    before = await frames(1000)
    gc.collect()
    tracemalloc.start()
    start = tracemalloc.get_traced_memory()[0]
    after = await frames(REJECTIONS)
    gc.collect()
    grown = tracemalloc.get_traced_memory()[0] - start
    tracemalloc.stop()
    assert after <= before, f"the traceback grew to {after} frames"
    assert grown < 50_000, f"{grown // 1000} kB more"


async def raising_listener_cannot_hurt(rig: Rig) -> None:
    def broken() -> None:
        raise LookupError("a listener's bug")

    rig.adapter.listen(broken)
    for _ in range(rig.spec.threshold):
        call = await rig.begin()
        error = await call.end(ProviderDownError())
        assert not isinstance(error, LookupError), "the listener's error reached the caller"
    assert await rig.rejects(), "the listener's error kept it from opening"


async def clock_steps_do_not_move_it(rig: Rig) -> None:
    await rig.fail(rig.spec.threshold)
    rig.clocks.step(3600)
    assert await rig.rejects(), "an hour forwards closed it early"
    rig.clocks.step(-7200)
    await rig.clocks.advance(rig.spec.recovery + 0.1)
    assert not await rig.rejects(), "an hour backwards keeps it open"


async def isolated_by_hand_until_reset(rig: Rig) -> None:
    await rig.adapter.isolate()
    await rig.clocks.advance(10 * rig.spec.recovery)
    assert await rig.rejects(), "it opened itself up again"
    await rig.adapter.reset()
    calls = [await rig.begin() for _ in range(2)]
    assert all(call.entered for call in calls), "reset did not close it"


async def _never() -> str:
    raise AssertionError("the provider was called")


CASES: tuple[Case, ...] = (
    opens_at_exactly_the_threshold,
    window_slides,
    success_does_not_reset,
    half_open_admits_one_of_fifty,
    successful_probe_closes,
    failed_probe_reopens_for_the_full_time,
    cancelled_probe_hands_its_permit_back,
    cancellations_do_not_count,
    excluded_error_is_neutral,
    excluded_error_of_a_probe_is_neutral,
    hung_probe_loses_its_lease,
    late_success_of_an_older_era_is_ignored,
    late_failure_of_an_older_era_is_ignored,
    rejection_is_fresh_and_says_when,
    rejections_grow_nothing,
    raising_listener_cannot_hurt,
    clock_steps_do_not_move_it,
    isolated_by_hand_until_reset,
)
