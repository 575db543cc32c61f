"""Rows that had their time go in batches, whoever else is deleting, and are counted."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
from prometheus_client import CollectorRegistry

from resume_runtime.database import Pool, create_asyncpg_pool
from resume_runtime.ids import first_uuid7, uuid7
from resume_runtime.retention import Kind, Retention, RetentionMetrics, aged, days
from resume_runtime.testing import FakeClock, enforce_at

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
async def pool(database_url: str) -> AsyncIterator[Pool]:
    async with await create_asyncpg_pool(database_url, 1, 4) as pool:
        await pool.execute("create table things (n bigint primary key, at timestamptz not null)")
        await pool.execute("create index on things (at)")
        yield pool


async def add(pool: Pool, number: int, at: datetime) -> None:
    first = await pool.fetchval("select count(*) from things")
    await pool.execute(
        "insert into things select $1 + n, $2 from generate_series(1, $3) n", first, at, number
    )


def things(keep: timedelta | None) -> Kind:
    return aged("things", "things", "at", keep)


def sample(registry: CollectorRegistry, name: str) -> float | None:
    return registry.get_sample_value(name, {"kind": "things"})


@pytest.mark.connected
async def test_old_rows_go_and_are_counted_and_the_oldest_is_told(pool: Pool) -> None:
    await add(pool, 1200, NOW - 3 * DAY)
    await add(pool, 7, NOW - DAY)
    registry = await enforce_at(pool, [things(2 * DAY)], NOW)
    assert sample(registry, "retention_deleted_total") == 1200
    assert sample(registry, "retention_oldest_age_seconds") == DAY.total_seconds()
    assert await pool.fetchval("select count(*) from things") == 7


@pytest.mark.connected
async def test_nothing_goes_that_is_kept_for_ever(pool: Pool) -> None:
    await add(pool, 3, NOW - 3650 * DAY)
    registry = await enforce_at(pool, [things(days(0))], NOW)
    assert not sample(registry, "retention_deleted_total")
    assert sample(registry, "retention_oldest_age_seconds") == (3650 * DAY).total_seconds()


@pytest.mark.connected
async def test_several_at_once_do_not_wait_for_rows_in_hand(pool: Pool) -> None:
    await add(pool, 3, NOW - 3 * DAY)
    async with pool.acquire() as other, other.transaction():
        await other.execute("select from things where n = 1 for update")
        async with asyncio.timeout(5):
            await enforce_at(pool, [things(DAY)], NOW)
        assert await pool.fetchval("select count(*) from things") == 1


@pytest.mark.connected
async def test_one_kind_has_its_time_and_goes_on_in_the_next_round(pool: Pool) -> None:
    """A clock that moves with every look lets one batch through a round."""

    class Hurried(FakeClock):
        def monotonic(self) -> float:
            self.advance(3)
            return super().monotonic()

    await add(pool, 1700, NOW - 3 * DAY)
    metrics = RetentionMetrics(CollectorRegistry())
    retention = Retention([things(DAY)], pool, clock=Hurried(NOW), metrics=metrics)
    left = []
    for _ in range(4):
        await retention.enforce()
        left.append(await pool.fetchval("select count(*) from things"))
    assert left == [1200, 700, 200, 0]


def test_days_of_a_setting() -> None:
    assert (days(0), days(3)) == (None, 3 * DAY)


def test_first_id_of_a_moment_stands_before_what_is_made_then() -> None:
    made = uuid7()
    now = datetime.now(UTC)
    assert first_uuid7(now - timedelta(seconds=5)) < made < first_uuid7(now + DAY)
    assert first_uuid7(datetime(1960, 1, 1, tzinfo=UTC)).int == 0
