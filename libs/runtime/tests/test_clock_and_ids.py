from datetime import UTC, timedelta

from resume_runtime.clock import Clock, SystemClock, system_sleep
from resume_runtime.ids import uuid7
from resume_runtime.testing import FakeClock


def test_ids_are_version_7_and_sort_by_the_time_they_were_made() -> None:
    ids = [uuid7() for _ in range(500)]
    assert {made.version for made in ids} == {7}
    assert ids == sorted(ids)
    assert len(set(ids)) == 500


async def test_system_clock_is_aware_and_goes_forward() -> None:
    clock: Clock = SystemClock()
    now, moment = clock.now(), clock.monotonic()
    await system_sleep(0.001)
    assert now.tzinfo is UTC
    assert clock.monotonic() > moment


async def test_fake_clock_moves_only_when_told() -> None:
    clock = FakeClock()
    now, moment = clock.now(), clock.monotonic()
    assert clock.now() == now
    clock.advance(2)
    await clock.sleep(3)
    assert clock.now() - now == timedelta(seconds=5)
    assert clock.monotonic() - moment == 5
