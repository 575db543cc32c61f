"""Pauses, patience, and being alone."""

import asyncio
import random
from itertools import pairwise

import pytest

from resume_messaging.core.patience import Patience
from resume_messaging.core.ports import StoreUnavailableError
from resume_messaging.core.settings import RunnerSettings
from resume_messaging.core.signals import Signal, pause
from resume_messaging.core.solo import Solo
from resume_messaging.sim.loop import VirtualClock
from resume_runtime.clock import system_sleep

from .bench import on_bench


def a_patience() -> tuple[Patience, VirtualClock]:
    clock = VirtualClock(asyncio.get_running_loop())
    patience = Patience(
        clock=clock, sleep=system_sleep, rng=random.Random(1), settings=RunnerSettings()
    )
    return patience, clock


@on_bench
async def test_pause_ends_with_a_signal() -> None:
    """Early when one is raised, at once when one was, else in its time."""
    clock = VirtualClock(asyncio.get_running_loop())
    signal = Signal()
    await pause(system_sleep, 3.0, signal)
    assert clock.monotonic() == 3.0
    asyncio.get_running_loop().call_later(2.0, signal.set)
    await pause(system_sleep, 30.0, Signal(), signal)
    assert clock.monotonic() == 5.0
    await pause(system_sleep, 30.0, signal)
    assert clock.monotonic() == 5.0


@on_bench
async def test_pause_raises_what_its_sleep_raises() -> None:
    """A sleep that fails is not a sleep that is over."""

    async def broken(_: float) -> None:
        raise RuntimeError("no time")

    with pytest.raises(RuntimeError):
        await pause(broken, 1.0)


def test_signal_calls_each_once() -> None:
    """Everybody once, not those who left, and latecomers at once."""
    signal, heard = Signal(), list[str]()
    signal.on_set(lambda: heard.append("a"))
    leave = signal.on_set(lambda: heard.append("b"))
    leave()
    leave()
    signal.set()
    signal.set()
    signal.on_set(lambda: heard.append("c"))
    assert heard == ["a", "c"]


@on_bench
async def test_patience_gives_up_in_time() -> None:
    """The pauses grow, are bounded, and the last try is at the limit."""
    patience, clock = a_patience()
    tries: list[float] = []

    async def away() -> None:
        tries.append(clock.monotonic())
        raise StoreUnavailableError

    with pytest.raises(StoreUnavailableError):
        await patience.insist(away, until=60.0, signals=())
    assert tries[-1] == 60.0
    gaps = [later - earlier for earlier, later in pairwise(tries)]
    assert max(gaps) <= 5.0
    assert gaps[0] <= 0.2


@on_bench
async def test_patience_ends_with_a_signal() -> None:
    """It tries once more and gives up with the weather's error."""
    patience, clock = a_patience()
    signal = Signal()
    asyncio.get_running_loop().call_later(7.0, signal.set)

    async def away() -> None:
        raise StoreUnavailableError

    with pytest.raises(StoreUnavailableError):
        await patience.insist(away, until=60.0, signals=(signal,))
    assert clock.monotonic() == 7.0


@on_bench
async def test_patience_does_not_repeat_a_bug() -> None:
    """Only weather is waited out."""
    patience, clock = a_patience()

    async def wrong() -> None:
        raise TypeError

    with pytest.raises(TypeError):
        await patience.insist(wrong, until=60.0, signals=())
    assert clock.monotonic() == 0.0


@on_bench
async def test_solo_gives_way_to_whoever_was_cancelled() -> None:
    """Who stops waiting to be alone leaves the others running."""
    solo = Solo()
    async with solo.entered(alone=False):
        waiting = asyncio.ensure_future(_enter(solo, alone=True))
        await system_sleep(1.0)
        waiting.cancel()
        await asyncio.wait({waiting})
        await asyncio.wait_for(_enter(solo, alone=False), 1.0)


@on_bench
async def test_solo_is_alone_one_after_the_other() -> None:
    """Two who must be alone are not together either."""
    clock = VirtualClock(asyncio.get_running_loop())
    solo = Solo()
    await asyncio.gather(*(_enter(solo, alone=True, seconds=5.0) for _ in range(3)))
    assert clock.monotonic() == 15.0


async def _enter(solo: Solo, *, alone: bool, seconds: float = 0.0) -> None:
    async with solo.entered(alone=alone):
        await system_sleep(seconds)
