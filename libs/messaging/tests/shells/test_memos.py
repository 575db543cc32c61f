"""The memo stores, PostgreSQL's and the simulation's, keep the promises of their port."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from resume_contracts.errors import ErrorCode, JobError
from resume_messaging.core.ports import Bid, Memo, MemoKey
from resume_messaging.shells.expiring import consumer_kinds
from resume_messaging.shells.memos import PostgresMemoStore, consumer_schema
from resume_messaging.sim.store import MemoryMemoStore
from resume_runtime.database import Pool, create_asyncpg_pool
from resume_runtime.testing import enforce_at

Store = PostgresMemoStore | MemoryMemoStore

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
UNTIL = NOW + timedelta(seconds=20)
USER = UUID(int=1)


@pytest.fixture
async def pool(database_url: str) -> AsyncIterator[Pool]:
    async with await create_asyncpg_pool(database_url, 1, 8) as pool:
        await pool.execute("create schema svc")
        await pool.execute(consumer_schema("svc"))
        yield pool


@pytest.fixture(params=["memory", pytest.param("postgres", marks=pytest.mark.connected)])
def store(request: pytest.FixtureRequest) -> Store:
    """Each of the two: what the scenarios run on behaves as what the services run on."""
    if request.param == "memory":
        return MemoryMemoStore()
    return PostgresMemoStore(request.getfixturevalue("pool"), "svc")


def a_key() -> MemoKey:
    return MemoKey(uuid4(), "tailor.resume", "stage", b"digest")


def a_memo(kind: str = "done", *, run: int = 1, attempt: int = 1, degraded: bool = False) -> Memo:
    error = JobError(code=ErrorCode.PROVIDER_UNAVAILABLE, message="down", retryable=True)
    return Memo(
        run=run,
        attempt=attempt,
        kind=kind,
        started_at=NOW,
        finished_at=NOW + timedelta(seconds=1),
        fact={"document": {"n": 1}} if kind == "done" else None,
        error=error if kind in {"retry", "fail"} else None,
        degraded=degraded,
    )


def bid(owner: str, *, attempt: int = 1, now: datetime = NOW) -> Bid:
    return Bid(1, attempt, USER, owner, until=now + timedelta(seconds=20), now=now)


async def claim(
    store: Store, key: MemoKey, owner: str, *, attempt: int = 1, now: datetime = NOW
) -> bool:
    return (await store.claim(key, bid(owner, attempt=attempt, now=now))).claimed


async def test_memo_comes_back_as_it_was_saved(store: Store) -> None:
    """What was stored is what a redelivery finds, times and errors included."""
    for memo in (a_memo(), a_memo("fail")):
        key = a_key()
        assert await store.save(key, memo, user_id=USER)
        assert (await store.look(key, run=1, user_id=USER)).memo == memo


async def test_claim_excludes_others_until_it_ends(store: Store) -> None:
    """One live claim at a time; its owner extends it, a release or its end frees it."""
    key = a_key()
    assert await claim(store, key, "a")
    assert not await claim(store, key, "b")
    assert await claim(store, key, "a")
    await store.release(key, owner="a")
    assert await claim(store, key, "b")
    assert await claim(store, key, "c", now=UNTIL)


async def test_claim_is_refused_to_an_attempt_that_has_its_outcome(store: Store) -> None:
    """A second delivery of a failed attempt finds what it came to, whatever it saw before."""
    key = a_key()
    await store.save(key, a_memo("retry", attempt=2), user_id=USER)
    for attempt in (1, 2):
        look = await store.claim(key, bid("a", attempt=attempt))
        assert (look.claimed, look.memo) == (False, a_memo("retry", attempt=2))


async def test_claim_sees_what_a_look_sees(store: Store) -> None:
    """Whoever claims is told of an outcome by the same statement, and is refused."""
    key = a_key()
    assert (await store.claim(key, bid("a"))).memo is None
    await store.save(key, a_memo(), user_id=USER)
    look = await store.claim(key, bid("a"))
    assert (look.claimed, look.memo) == (False, a_memo())


async def test_claim_is_refused_for_a_stopped_run(store: Store) -> None:
    """A stop is checked in the statement that gives the right to pay."""
    key = a_key()
    await store.stop(key.job_id, 1, UNTIL)
    look = await store.claim(key, bid("a"))
    assert (look.claimed, look.stopped) == (False, True)


@pytest.mark.connected
async def test_claim_that_waits_for_an_outcome_is_refused(pool: Pool) -> None:
    """It saw nothing when it began; the outcome committed while it waited still counts."""
    store, key = PostgresMemoStore(pool, "svc"), a_key()
    assert await claim(store, key, "a")
    async with pool.acquire() as connection:
        transaction = connection.transaction()
        await transaction.start()
        await connection.execute(
            """update svc.memos set kind = 'retry', attempt = 1, memo = '{}',
                      claimed_by = null, claimed_until = null where job_id = $1""",
            key.job_id,
        )
        waiting = asyncio.create_task(store.claim(key, bid("b")))
        while not await connection.fetchval(
            "select exists (select from pg_locks where not granted)"
        ):
            assert not waiting.done()
        await transaction.commit()
    assert not (await waiting).claimed


async def test_fifty_claims_at_once_give_one(store: Store) -> None:
    """The database decides the race."""
    key = a_key()
    won = await asyncio.gather(*(claim(store, key, f"p{n}") for n in range(50)))
    assert sum(won) == 1


async def test_first_outcome_of_an_attempt_wins(store: Store) -> None:
    """A second save of the same run changes nothing."""
    key = a_key()
    await store.save(key, a_memo(), user_id=USER)
    await store.save(key, a_memo("fail"), user_id=USER)
    memo = (await store.look(key, run=1, user_id=USER)).memo
    assert memo is not None
    assert memo.kind == "done"


async def test_retry_memo_gives_way_to_the_next_attempt(store: Store) -> None:
    """After a counted failure the next attempt may claim and store."""
    key = a_key()
    await store.save(key, a_memo("retry"), user_id=USER)
    assert await claim(store, key, "b", attempt=2)
    await store.save(key, a_memo(attempt=2), user_id=USER)
    memo = (await store.look(key, run=1, user_id=USER)).memo
    assert memo is not None
    assert (memo.kind, memo.attempt) == ("done", 2)


@pytest.mark.parametrize(
    ("memo", "is_reused"),
    [(a_memo(), True), (a_memo(degraded=True), False), (a_memo("fail"), False)],
)
async def test_later_run_reuses_only_what_was_done_well(
    store: Store, memo: Memo, *, is_reused: bool
) -> None:
    """A redrive pays again for failures and lesser results, not for good ones."""
    key = a_key()
    await store.save(key, memo, user_id=USER)
    assert ((await store.look(key, run=2, user_id=USER)).memo is not None) == is_reused


async def test_stop_is_seen_by_its_run_only(store: Store) -> None:
    """The next run of a cancelled job is not stopped."""
    key = a_key()
    await store.stop(key.job_id, 1, UNTIL)
    assert (await store.look(key, run=1, user_id=USER)).stopped
    assert not (await store.look(key, run=2, user_id=USER)).stopped


@pytest.mark.connected
async def test_claims_of_a_dead_process_end_when_it_starts_again(pool: Pool) -> None:
    """A restarted process does not wait for its own former claims, and leaves others' alone."""
    store = PostgresMemoStore(pool, "svc")
    own, other = a_key(), a_key()
    assert await claim(store, own, "tailor@host:1/7")
    assert await claim(store, other, "tailor@host:12/7")
    await store.release_of("tailor@host:1")
    assert await claim(store, own, "tailor@host:1/1")
    assert not await claim(store, other, "tailor@host:1/2")


@pytest.mark.connected
async def test_stops_of_the_runs_in_hand_are_told(pool: Pool) -> None:
    """After a reconnect a process asks for the runs it holds, and only for those."""
    store = PostgresMemoStore(pool, "svc")
    first, second = uuid4(), uuid4()
    await store.stop(first, 1, UNTIL)
    await store.stop(second, 2, UNTIL)
    assert await store.stopped([(first, 1), (second, 1)]) == [(first, 1, UNTIL)]
    assert await store.stopped([]) == []


async def test_erased_user_leaves_nothing_and_gets_nothing(store: Store) -> None:
    """Erasure deletes memos and refuses later ones in the statement that would write them."""
    key = a_key()
    await store.save(key, a_memo(), user_id=USER)
    await store.erase(USER)
    look = await store.look(key, run=1, user_id=USER)
    assert (look.memo, look.erased) == (None, True)
    assert not await store.save(key, a_memo(), user_id=USER)
    assert not await claim(store, key, "a")


async def test_starts_of_a_suspect_are_counted(store: Store) -> None:
    """Each start of a suspect counts, whichever process it happens in."""
    message = uuid4()
    assert [await store.count_start(message) for _ in range(3)] == [1, 2, 3]


@pytest.mark.connected
async def test_purge_deletes_what_is_past_its_time(pool: Pool) -> None:
    """Memos are kept as long as the setting says, stops until they expire, suspects a week."""
    store, now = PostgresMemoStore(pool, "svc"), datetime.now(UTC)
    key = a_key()
    await store.save(key, a_memo(), user_id=USER)
    await store.stop(key.job_id, 1, now + timedelta(days=5))
    await store.count_start(uuid4())

    async def left(days: float, memos_days: int = 6) -> tuple[int, ...]:
        kinds = consumer_kinds("svc", memos_days=memos_days)
        await enforce_at(pool, kinds, now + timedelta(days=days))
        tables = ("memos", "stops", "suspects")
        counts = [f"select count(*) from svc.{table}" for table in tables]  # noqa: S608  constants
        return tuple([await pool.fetchval(count) for count in counts])

    assert await left(4.9) == (1, 1, 1)
    assert await left(5.1) == (1, 0, 1)
    assert await left(6.1, memos_days=0) == (1, 0, 1)
    assert await left(6.1) == (0, 0, 1)
    assert await left(7.1) == (0, 0, 0)
