"""What a line does with other replicas' news and with the fleet's probe, on hand-moved time."""
# ruff: noqa: ARG002  the fleet is asked as Valkey is

import asyncio
import random

import pytest

from resume_outbound.call import Outbound
from resume_outbound.errors import CircuitOpenError, DeadlineTooCloseError, RateLimitedError
from resume_outbound.fleet import Follower, LocalFleet
from resume_outbound.observer import NullObserver
from resume_outbound.policy import Policy
from resume_outbound.testing import ManualTime

POLICY = Policy("p", 9, timeout=30, retries=0, threshold=2, window=60, recovery=30)


class Fleet(LocalFleet):
    """Remembers what it is told; somebody else may have the probe."""

    def __init__(self, time: ManualTime) -> None:
        super().__init__(time.sleep)
        self.follower: Follower | None = None
        self.told: list[str] = []
        self.wait: float | None = None
        self.takes = 0.0
        self.answer = asyncio.Event()
        self.answer.set()

    def follow(self, provider: str, follower: Follower) -> None:
        self.follower = follower

    async def take_probe(self, provider: str) -> float | None:
        await self.answer.wait()
        if self.takes:
            await self._sleep(self.takes)
        return self.wait

    def return_probe(self, provider: str) -> None:
        self.told.append("returned")

    def opened(self, provider: str, seconds: float) -> None:
        self.told.append(f"opened {seconds:g}")

    def closed(self, provider: str) -> None:
        self.told.append("closed")

    def paused(self, provider: str, seconds: float) -> None:
        self.told.append(f"paused {seconds:g}")


class World:
    def __init__(self) -> None:
        self.time = ManualTime()
        self.fleet = Fleet(self.time)
        self.out = Outbound(
            {"p": POLICY},
            clock=self.time,
            sleep=self.time.sleep,
            rng=random.Random(1),
            observer=NullObserver(),
            fleet=self.fleet,
        )
        assert self.fleet.follower is not None
        self.news = self.fleet.follower
        self.calls = 0

    async def call(self, error: Exception | None = None, *, within: float = 100) -> str:
        async def attempt() -> str:
            self.calls += 1
            if error is not None:
                raise error
            return "ok"

        return await self.time.run(
            self.out.call("p", attempt, deadline=self.time.monotonic() + within)
        )

    async def trip(self) -> None:
        for _ in range(2):
            with pytest.raises(Exception, match="p: "):
                await self.call(ConnectionError())

    @property
    def kind(self) -> str:
        return self.out.state("p").kind


async def test_own_opening_and_closing_are_told() -> None:
    world = World()
    await world.trip()
    assert world.fleet.told == ["opened 30"]
    await world.time.advance(30)
    await world.call()
    assert world.fleet.told == ["opened 30", "closed", "returned"]


async def test_probe_that_was_waited_for_too_long_is_not_begun() -> None:
    """Under 5 s before the deadline nothing starts, and the permit is given back."""
    world = World()
    await world.trip()
    await world.time.advance(30)
    calls, world.fleet.takes = world.calls, 1.0
    with pytest.raises(DeadlineTooCloseError):
        await world.call(within=5.2)
    assert world.calls == calls
    assert world.fleet.told[-1] == "returned"


async def test_pause_that_a_person_ended_elsewhere_is_over() -> None:
    world = World()
    world.news.follow_pause(7)
    world.news.follow_pause(0)
    assert await world.call() == "ok"


async def test_followed_opening_refuses_half_opens_and_is_not_told_again() -> None:
    world = World()
    world.news.follow_opening(12)
    with pytest.raises(CircuitOpenError) as refusal:
        await world.call()
    assert refusal.value.retry_after == 12
    await world.time.advance(12)
    assert world.kind == "half_open"
    world.news.follow_closing()
    assert world.kind == "closed"
    assert world.fleet.told == []


async def test_opening_heard_of_again_changes_nothing() -> None:
    """Every beat says it, and its time left differs by the way it came."""
    world, states = World(), list[str]()
    await world.trip()
    until = world.out.blocked_until("p")
    world.out.subscribe(lambda state: states.append(state.kind))
    for left in (29.1, 28.0, 27.2):
        await world.time.advance(1)
        world.news.follow_opening(left)
    assert states == []
    assert world.out.blocked_until("p") == until


async def test_followed_closing_keeps_the_failures_of_a_closed_circuit() -> None:
    world = World()
    with pytest.raises(Exception, match="p: "):
        await world.call(ConnectionError())
    world.news.follow_closing()
    with pytest.raises(Exception, match="p: "):
        await world.call(ConnectionError())
    assert world.kind == "open"


async def test_followed_pause_refuses_and_is_not_told_again() -> None:
    world = World()
    world.news.follow_pause(7)
    with pytest.raises(RateLimitedError) as refusal:
        await world.call()
    assert refusal.value.retry_after == 7
    world.news.follow_pause(3)
    assert world.out.blocked_until("p") == world.time.monotonic() + 7
    await world.time.advance(7)
    assert await world.call() == "ok"
    assert world.fleet.told == []


async def test_news_do_not_open_by_hand_or_end_it() -> None:
    world = World()
    world.out.isolate("p")
    assert world.fleet.told == []
    world.news.follow_closing()
    world.news.follow_opening(1)
    await world.time.advance(100)
    assert world.kind == "open"


async def test_probe_of_another_replica_is_waited_for() -> None:
    world = World()
    await world.trip()
    await world.time.advance(30)
    called, world.fleet.wait = world.calls, 1.0
    for _ in range(3):
        with pytest.raises(CircuitOpenError) as refusal:
            await world.call()
        assert 0 < refusal.value.retry_after <= 1
        assert world.kind == "half_open"
    assert world.calls == called
    world.fleet.wait = None
    await world.time.advance(1)
    assert await world.call() == "ok"
    assert world.kind == "closed"


async def test_cancelled_while_it_asks_for_the_probe_hands_the_permit_back() -> None:
    world = World()
    await world.trip()
    await world.time.advance(30)
    world.fleet.answer.clear()
    asking = asyncio.create_task(world.call())
    await world.time.advance(0)
    asking.cancel()
    await asyncio.gather(asking, return_exceptions=True)
    world.fleet.answer.set()
    assert await world.call() == "ok"


async def test_probe_granted_after_the_circuit_changed_is_returned() -> None:
    world = World()
    await world.trip()
    await world.time.advance(30)
    world.fleet.told.clear()
    world.fleet.answer.clear()
    deadline = world.time.monotonic() + 100

    async def never() -> str:
        raise AssertionError

    asking = asyncio.create_task(world.out.call("p", never, deadline=deadline))
    await world.time.advance(0)
    world.news.follow_opening(20)
    world.fleet.answer.set()
    with pytest.raises(CircuitOpenError):
        await asking
    assert world.fleet.told == ["returned"]
    assert world.kind == "open"
