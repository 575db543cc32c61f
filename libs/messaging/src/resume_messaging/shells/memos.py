"""The memo store on PostgreSQL: what a consumer service remembers about its stages."""

from collections.abc import Collection
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from importlib import resources
from uuid import UUID

import asyncpg
from pydantic import TypeAdapter

from resume_messaging.core.ports import Bid, Look, Memo, MemoKey
from resume_messaging.shells import memo_statements as sql
from resume_messaging.shells.storage import connection
from resume_runtime.database import Pool, PooledConnection

_memo = TypeAdapter(Memo)


def consumer_schema(schema: str) -> str:
    """The DDL of the tables that every consumer service keeps, for its first migration."""
    text = resources.files("resume_messaging").joinpath("sql/consumer.sql").read_text("utf-8")
    return text.replace("{schema}", schema)


class PostgresMemoStore:
    """`MemoStore` on asyncpg. `schema` is a constant of the service, never input."""

    def __init__(self, pool: Pool, schema: str) -> None:
        self._pool = pool
        self._look = sql.LOOK.format(schema=schema)
        self._claim = sql.CLAIM.format(schema=schema)
        self._save = sql.SAVE.format(schema=schema)
        self._release = sql.RELEASE.format(schema=schema)
        self._release_of = sql.RELEASE_OF.format(schema=schema)
        self._count_start = sql.COUNT_START.format(schema=schema)
        self._erased = sql.ERASED.format(schema=schema)
        self._stop = sql.STOP.format(schema=schema)
        self._stopped = sql.STOPPED.format(schema=schema)
        self._erase = sql.ERASE.format(schema=schema)

    async def look(self, key: MemoKey, *, run: int, user_id: UUID) -> Look:
        """Read stop, erasure and memo in one statement."""
        async with self._connection() as c:
            return _seen(await c.fetchrow(self._look, *_key(key), run, user_id))

    async def claim(self, key: MemoKey, bid: Bid) -> Look:
        """Look, and claim the right to pay until `bid.until`, in one statement."""
        async with self._connection() as c:
            record = await c.fetchrow(
                self._claim,
                *_key(key),
                bid.run,
                bid.user_id,
                bid.owner,
                bid.until,
                bid.now,
                bid.attempt,
            )
        return _seen(record)

    async def save(self, key: MemoKey, memo: Memo, *, user_id: UUID) -> bool:
        """Store an outcome, the first of (key, run, attempt); False when the user is erased."""
        async with self._connection() as c:
            saved = await c.fetchval(
                self._save,
                *_key(key),
                memo.run,
                user_id,
                memo.attempt,
                memo.kind,
                _memo.dump_python(memo, mode="json"),
                memo.degraded,
            )
            if saved is not None:
                return True
            return not await c.fetchval(self._erased, user_id)

    async def release(self, key: MemoKey, *, owner: str) -> None:
        """End a claim without an outcome."""
        async with self._connection() as c:
            await c.execute(self._release, *_key(key), owner)

    async def release_of(self, process: str) -> None:
        """End all claims of a process that is no more, so that nobody waits them out."""
        async with self._connection() as c:
            await c.execute(self._release_of, f"{process}/")

    async def count_start(self, message_id: UUID) -> int:
        """Count one more start of a suspect delivery."""
        async with self._connection() as c:
            count: int = await c.fetchval(self._count_start, message_id)
        return count

    async def stop(self, job_id: UUID, run: int, expires_at: datetime) -> None:
        """Remember that a run must start no more calls."""
        async with self._connection() as c:
            await c.execute(self._stop, job_id, run, expires_at)

    async def stopped(self, runs: Collection[tuple[UUID, int]]) -> list[tuple[UUID, int, datetime]]:
        """Those of the runs that are stopped, and until when that is remembered."""
        if not runs:
            return []
        jobs, numbers = zip(*runs, strict=True)
        async with self._connection() as c:
            rows = await c.fetch(self._stopped, jobs, numbers)
        return [(row["job_id"], row["run"], row["expires_at"]) for row in rows]

    async def erase(self, user_id: UUID) -> None:
        """Forget everything of a user and refuse to store anything more."""
        async with self._connection() as c:
            await c.execute(self._erase, user_id)

    async def ping(self) -> None:
        """Raise `StoreUnavailableError` when PostgreSQL does not answer."""
        async with self._connection() as c:
            await c.execute("select 1")

    def _connection(self) -> AbstractAsyncContextManager[PooledConnection]:
        return connection(self._pool, within_s=10)


def _seen(record: asyncpg.Record | None) -> Look:
    if record is None:
        return Look()
    memo = None if record["memo"] is None else _memo.validate_python(record["memo"])
    return Look(record["stopped"], record["erased"], memo, record["claimed"])


def _key(key: MemoKey) -> tuple[UUID, str, str, bytes]:
    return key.job_id, key.stage, key.call, key.digest
