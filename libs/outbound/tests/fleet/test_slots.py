"""One process's slots beside a scripted fleet, on hand-moved time."""
# ruff: noqa: ARG002  the fleet is asked as Valkey is

import asyncio
import random
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from prometheus_client import CollectorRegistry

from resume_outbound.errors import ConcurrencyLimitError
from resume_outbound.fleet_metrics import FleetMetrics
from resume_outbound.fleet_slots import FleetSlots
from resume_outbound.policy import Policy
from resume_outbound.testing import ManualTime

POLICY = Policy("p", 6, timeout=90, retries=0, threshold=3, window=60, recovery=30)


class Fleet:
    """What Valkey would say; `delay` seconds later."""

    def __init__(self, time: ManualTime, free: int) -> None:
        self.is_shared = True
        self.granted = set[str]()
        self.free = free
        self.asked = 0
        self.delay = 0.0
        self._time = time

    async def acquire(self, policy: Policy, lease: str) -> bool | None:
        self.asked += 1
        if not self.is_shared:
            return None
        grants = len(self.granted) < self.free
        if grants:
            self.granted.add(lease)
        await self._time.sleep(self.delay)
        return grants

    def release(self, provider: str, lease: str) -> None:
        self.granted.discard(lease)


class World:
    def __init__(self, *, free: int = 6, share: int = 2) -> None:
        self.time = ManualTime()
        self.fleet = Fleet(self.time, free)
        self.registry = CollectorRegistry()
        self.slots = FleetSlots(
            POLICY,
            share,
            self.fleet,
            member="m",
            clock=self.time,
            sleep=self.time.sleep,
            rng=random.Random(1),
            metrics=FleetMetrics(self.registry, ["p"]),
        )

    async def take(self, wait: float = 10) -> str:
        return await self.time.run(self.slots.acquire(9000.0, wait))

    async def fails(self) -> bool:
        try:
            await self.take(wait=1)
        except ConcurrencyLimitError:
            return True
        return False

    def lose(self) -> None:
        self.fleet.is_shared = False
        self.slots.lost()

    def value(self, name: str) -> float | None:
        return self.registry.get_sample_value(name, {"provider": "p"})


async def test_slot_is_a_lease_and_is_given_back() -> None:
    world = World()
    async with world.slots.slot(deadline=9000, wait=10):
        assert len(world.fleet.granted) == 1
        assert world.value("outbound_fleet_leases") == 1
    assert world.fleet.granted == set()
    assert world.value("outbound_fleet_leases") == 0


async def test_full_fleet_is_asked_a_few_times_a_second_and_then_given_up() -> None:
    world = World(free=0)
    began = world.time.monotonic()
    with pytest.raises(ConcurrencyLimitError) as refusal:
        await world.take(wait=10)
    assert world.time.monotonic() == began + 10
    assert refusal.value.retry_after > 0
    assert 20 <= world.fleet.asked <= 52


async def test_news_of_a_free_slot_wakes_who_waits() -> None:
    world = World(free=0)
    waiting = asyncio.create_task(world.slots.acquire(9000.0, 10))
    await world.time.advance(0.01)
    world.fleet.free = 1
    world.slots.wake()
    await world.time.advance(0)
    assert waiting.done()


async def test_oldest_deadline_asks_first() -> None:
    world, order = World(free=0), list[str]()

    async def call(name: str, deadline: float) -> None:
        async with world.slots.slot(deadline=deadline, wait=30):
            order.append(name)

    calls = [asyncio.create_task(call("first", 5000))]
    await world.time.advance(0)
    calls += [asyncio.create_task(call("late", 4000)), asyncio.create_task(call("early", 2000))]
    await world.time.advance(0)
    world.fleet.free = 1
    await world.time.run(asyncio.gather(*calls))
    assert order == ["first", "early", "late"]


async def test_lease_granted_to_a_cancelled_caller_is_given_back() -> None:
    world = World()
    world.fleet.delay = 0.5
    waiting = asyncio.create_task(world.slots.acquire(9000.0, 10))
    await world.time.advance(0.1)
    assert world.fleet.granted
    waiting.cancel()
    with suppress(asyncio.CancelledError):
        await waiting
    await world.time.advance(1)
    assert world.fleet.granted == set()
    assert world.slots.running == ()
    world.fleet.delay = 0
    await world.take()  # nobody is left in its way


async def test_out_of_reach_calls_replace_only_what_ran_then_have_the_share() -> None:
    world = World(share=2)
    held = await world.take()
    world.lose()
    assert await world.fails()  # others may have five under way
    world.slots.release(held)
    again = await world.take()
    assert await world.fails()
    await world.time.advance(POLICY.timeout)
    await world.take()
    assert await world.fails()
    world.slots.release(again)
    assert world.slots.allowance == 2


async def test_calls_beyond_the_share_are_let_finish() -> None:
    world = World(share=2)
    held = [await world.take() for _ in range(5)]
    world.lose()
    for lease in held[:3]:
        assert await world.fails()
        world.slots.release(lease)
    assert len(world.slots.running) == 2
    assert await world.fails()
    world.slots.release(held[3])
    await world.take()


async def test_alone_its_share_is_everything_at_once() -> None:
    world = World(share=6)
    world.lose()
    for _ in range(6):
        await world.take()
    assert await world.fails()


async def test_more_replicas_than_slots_wait_while_the_fleet_is_away() -> None:
    world = World(share=0)
    world.lose()
    await world.time.advance(POLICY.timeout)
    assert await world.fails()
    world.fleet.is_shared = True
    await world.take()


async def test_lost_lease_is_counted_and_its_call_goes_on() -> None:
    world = World()
    lease = await world.take()
    world.slots.renewed([lease], [])
    assert world.value("outbound_fleet_leases_lost_total") == 0
    world.slots.renewed([lease], [lease])
    assert world.value("outbound_fleet_leases_lost_total") == 1
    assert world.slots.running == (lease,)


async def test_share_becomes_a_lease_without_being_a_lost_one() -> None:
    world = World(share=2)
    world.lose()
    await world.time.advance(POLICY.timeout)
    lease = await world.take()
    assert world.value("outbound_fleet_leases") == 0
    world.fleet.granted.add(lease)
    world.slots.renewed([lease], [lease])
    assert world.value("outbound_fleet_leases") == 1
    assert world.value("outbound_fleet_leases_lost_total") == 0
    world.slots.release(lease)
    assert world.fleet.granted == set()


async def test_call_that_ended_while_it_was_renewed_leaves_no_lease() -> None:
    world = World(share=2)
    lease = await world.take()
    asked = world.slots.running
    world.slots.release(lease)
    world.fleet.granted.add(lease)  # the beat came after the release
    world.slots.renewed(asked, [lease])
    assert world.fleet.granted == set()


STEPS = st.lists(st.tuples(st.integers(0, 2), st.sampled_from(["take", "end", "wait"])))


@settings(max_examples=60, deadline=None)
@given(before=STEPS, after=STEPS, share=st.integers(0, 2))
def test_three_processes_stay_within_the_total_when_they_lose_the_fleet(
    before: list[tuple[int, str]], after: list[tuple[int, str]], share: int
) -> None:
    """Whoever held what at that moment: ends and new calls in any order never exceed it."""

    async def history() -> None:
        first = World(share=share)
        worlds = [first, World(share=share), World(share=share)]
        for world in worlds[1:]:  # one fleet, one time
            world.fleet, world.time = first.fleet, first.time
            world.slots._lessor, world.slots._clock = first.fleet, first.time
            world.slots._sleep, world.slots._member = first.time.sleep, f"m{id(world)}"
            world.slots._turn._sleep = first.time.sleep
        for steps in (before, after):
            for index, step in steps:
                world = worlds[index]
                if step == "take":
                    await world.fails()
                elif step == "end" and world.slots.running:
                    world.slots.release(world.slots.running[0])
                elif step == "wait":
                    await first.time.advance(10)
                assert sum(len(w.slots.running) for w in worlds) <= POLICY.max_concurrent
            for world in worlds:
                world.lose()

    asyncio.run(history())
