"""The flights, PostgreSQL's and the memory's, keep the promises of their port."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from resume_messaging.core.flights import Flights, SingleFlight, Turn
from resume_messaging.shells.expiring import flight_kind
from resume_messaging.shells.flights import PostgresFlights, flights_schema
from resume_messaging.sim.flights import MemoryFlights
from resume_outbound.testing import ManualTime
from resume_runtime.database import Pool, create_asyncpg_pool
from resume_runtime.testing import enforce_at

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
DAY, KEY = timedelta(days=1), b"k" * 32
ONE, OTHER = UUID(int=1), UUID(int=2)


@pytest.fixture
async def pool(database_url: str) -> AsyncIterator[Pool]:
    async with await create_asyncpg_pool(database_url, 1, 8) as pool:
        await pool.execute("create schema svc")
        await pool.execute(flights_schema("svc"))
        yield pool


@pytest.fixture(params=["memory", pytest.param("postgres", marks=pytest.mark.connected)])
def flights(request: pytest.FixtureRequest) -> Flights:
    """Each of the two: what the caches' tests run on behaves as what the services run on."""
    if request.param == "memory":
        return MemoryFlights()
    return PostgresFlights(request.getfixturevalue("pool"), "svc")


async def test_one_flight_at_a_time(flights: Flights) -> None:
    until = NOW + timedelta(seconds=30)
    taken = await asyncio.gather(
        *(
            flights.take_off(KEY, UUID(int=n), now=NOW, until=until, failed_before=None)
            for n in range(1, 9)
        )
    )
    assert sum(taken) == 1
    flight = await flights.look(KEY, NOW)
    assert flight is not None
    assert flight.token == UUID(int=taken.index(True) + 1)


async def test_lease_failure_and_landing(flights: Flights) -> None:
    until = NOW + timedelta(seconds=30)
    assert await flights.take_off(KEY, ONE, now=NOW, until=until, failed_before=None)
    assert await flights.look(KEY, until) is None
    assert await flights.take_off(KEY, OTHER, now=until, until=until + DAY, failed_before=None)
    await flights.land(KEY, ONE)  # no longer its own
    assert await flights.look(KEY, until) is not None

    await flights.fail(KEY, OTHER, until)
    failed = await flights.look(KEY, until + 2 * DAY)
    assert failed is not None
    assert failed.has_failed
    for before, may in ((until - DAY, False), (until, True)):
        taken = await flights.take_off(KEY, ONE, now=until, until=until + DAY, failed_before=before)
        assert taken is may
    await flights.fail(KEY, ONE, until)
    assert await flights.take_off(KEY, OTHER, now=NOW, until=until, failed_before=None)
    await flights.land(KEY, OTHER)
    assert await flights.look(KEY, NOW) is None


async def test_who_comes_again_with_the_token_has_the_flight(flights: Flights) -> None:
    """A job whose process died takes its own flight up again instead of waiting for its lease."""
    until = NOW + timedelta(seconds=30)
    for token, may in ((ONE, True), (OTHER, False), (ONE, True)):
        taken = await flights.take_off(KEY, token, now=NOW, until=until, failed_before=None)
        assert taken is may


@pytest.mark.connected
async def test_flights_of_another_day_are_forgotten(pool: Pool) -> None:
    flights = PostgresFlights(pool, "svc")
    for key in (b"o" * 32, b"p" * 32):
        await flights.take_off(key, ONE, now=NOW - 3 * DAY, until=NOW - 2 * DAY, failed_before=None)
    await flights.fail(b"o" * 32, ONE, NOW - 2 * DAY)
    await flights.take_off(KEY, ONE, now=NOW, until=NOW, failed_before=None)
    assert await pool.fetchval("select count(*) from svc.flights") == 3
    await flights.fail(KEY, ONE, NOW)
    assert await pool.fetchval("select count(*) from svc.flights") == 1
    await enforce_at(pool, [flight_kind("svc")], NOW + 2 * DAY)
    assert await pool.fetchval("select count(*) from svc.flights") == 0


@pytest.mark.parametrize(
    ("ending", "turn"), [("land", Turn.LANDED), ("fail", Turn.FAILED), (None, Turn.LATE)]
)
async def test_who_waits_is_told_how_the_flight_ended(ending: str | None, turn: Turn) -> None:
    time = ManualTime()
    single = SingleFlight(MemoryFlights(), time, time.sleep)
    until = time.monotonic() + 30
    assert await single.turn(KEY, ONE, deadline=until, wait_until=until) is Turn.MINE
    waiting = asyncio.ensure_future(
        single.turn(KEY, OTHER, deadline=until, wait_until=time.monotonic() + 10)
    )
    await time.advance(3)
    assert not waiting.done()
    if ending is not None:
        await single.end(KEY, ONE, has_failed=ending == "fail")
    assert await time.run(waiting) is turn
