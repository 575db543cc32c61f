"""The kept answers on a real PostgreSQL, and replicas in front of it."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from resume_contracts.messages import Usage
from resume_messaging.core.ports import StoreUnavailableError
from resume_messaging.shells.flights import PostgresFlights
from resume_messaging.shells.memos import PostgresMemoStore
from resume_runtime.database import Pool, create_asyncpg_pool, migrate
from resume_runtime.testing import enforce_at
from tailor_svc.app import MIGRATIONS
from tailor_svc.ports import Answered
from tailor_svc.proposed import CHANGES, ProposedChange, ProposedChanges
from tailor_svc.store import KINDS, LONGEST, PostgresAnswers

from .world import Calls, ModelWorld, assignment

pytestmark = pytest.mark.connected

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
DAY, DIGEST = timedelta(days=1), b"d" * 32
USER, OTHER = UUID(int=1), UUID(int=2)


@pytest.fixture
async def pool(database_url: str) -> AsyncIterator[Pool]:
    await migrate(database_url, "tailor", MIGRATIONS)
    async with await create_asyncpg_pool(database_url, 0, 8) as made:
        yield made


def answer(after: str = "Built it.\u0000") -> Answered[ProposedChanges]:
    change = ProposedChange(
        kind="rewrite_highlight",
        entry_id="e",
        target_id="t",
        after=after,
        source_fact_ids=["t"],
        requirement_ids=[],
        reason="r",
    )
    usage = Usage(provider="openai", model="m", calls=1, input_tokens=3, cost_usd=0.25)
    return Answered(ProposedChanges(changes=[change]), usage)


async def write(
    pool: Pool,
    given: Answered[ProposedChanges],
    *,
    user: UUID = USER,
    now: datetime = NOW,
    days: float = 1,
) -> bool:
    until = now + days * DAY
    return await PostgresAnswers(pool).write(user, DIGEST, given, now=now, until=until)


async def read(
    pool: Pool, *, user: UUID = USER, now: datetime = NOW
) -> Answered[ProposedChanges] | None:
    return await PostgresAnswers(pool).read(user, DIGEST, CHANGES, now)


async def count(pool: Pool) -> int:
    rows: int = await pool.fetchval("select count(*) from tailor.answers")
    return rows


async def test_answer_comes_back_as_it_was_until_its_time_is_over(pool: Pool) -> None:
    assert await write(pool, answer())
    assert await read(pool) == answer()
    assert await read(pool, user=OTHER) is None
    assert await read(pool, now=NOW + DAY) is None


async def test_newer_answer_takes_the_place_and_a_late_one_does_not(pool: Pool) -> None:
    await write(pool, answer("new"))
    await write(pool, answer("late"), now=NOW - DAY, days=3)
    assert await read(pool) == answer("new")
    await write(pool, answer("newest"), now=NOW + DAY)
    assert await read(pool, now=NOW + DAY) == answer("newest")


async def test_rows_are_bounded(pool: Pool) -> None:
    assert not await write(pool, answer("x" * LONGEST))
    assert await count(pool) == 0


async def test_row_of_another_version_is_none(pool: Pool) -> None:
    await write(pool, answer())
    await pool.execute("update tailor.answers set answer = '{\"changed\": []}'")
    assert await read(pool) is None


async def test_erased_user_has_no_answers_and_gets_none(pool: Pool) -> None:
    await write(pool, answer())
    await write(pool, answer(), user=OTHER)
    await PostgresMemoStore(pool, "tailor").erase(USER)
    assert not await write(pool, answer("late"))
    await PostgresAnswers(pool).erase(USER)
    assert await read(pool) is None
    assert await read(pool, user=OTHER) == answer()


async def test_purge_takes_what_is_over_and_what_an_erasure_missed(pool: Pool) -> None:
    await write(pool, answer())
    await write(pool, answer(), user=OTHER, days=3)
    await enforce_at(pool, KINDS, NOW + DAY)
    assert await count(pool) == 1
    # The row of a statement that was under way while its user was erased.
    await pool.execute("insert into tailor.erased (user_id) values ($1)", OTHER)
    await enforce_at(pool, KINDS, NOW + DAY)
    assert await count(pool) == 0


async def test_database_that_is_not_there_is_weather() -> None:
    async with await create_asyncpg_pool("postgresql://u@127.0.0.1:1/d", 0, 1) as nowhere:
        with pytest.raises(StoreUnavailableError):
            await read(nowhere)


async def test_racing_replicas_pay_once(pool: Pool, sandbox_url: str) -> None:
    """Eight jobs of one user on two replicas ask the same: the ledger has one call."""
    replicas = [
        ModelWorld(
            sandbox_url, answers=PostgresAnswers(pool), flights=PostgresFlights(pool, "tailor")
        )
        for _ in range(2)
    ]
    async with replicas[0].http, replicas[1].http:
        (await replicas[0].http.post("/_sandbox/reset")).raise_for_status()
        for world in replicas:
            world.calls = Calls(allowed=9)
        races = [
            world.wait(
                asyncio.gather(
                    *(
                        world.proposal(assignment(), world.asking(job=4 * n + job))
                        for job in range(4)
                    )
                )
            )
            for n, world in enumerate(replicas)
        ]
        proposals = [p for race in await asyncio.gather(*races) for p in race]
        assert len(await replicas[0].ledger()) == 1
    assert len(proposals) == 8
    assert len({proposal.changes for proposal in proposals}) == 1
    assert await pool.fetchval("select count(*) from tailor.flights") == 0
