"""The memo store on PostgreSQL: what a consumer service remembers about its stages."""

from collections.abc import Collection
from contextlib import AbstractAsyncContextManager
from datetime import datetime, timedelta
from importlib import resources
from uuid import UUID

from pydantic import TypeAdapter

from resume_messaging.core.ports import Look, Memo, MemoKey
from resume_messaging.shells.storage import connection
from resume_runtime.database import Pool, PooledConnection

#: How long a memo is kept; a redrive later than this pays again.
RETENTION = timedelta(days=7)

_memo = TypeAdapter(Memo)


def consumer_schema(schema: str) -> str:
    """The DDL of the tables that every consumer service keeps, for its first migration."""
    text = resources.files("resume_messaging").joinpath("sql/consumer.sql").read_text("utf-8")
    return text.replace("{schema}", schema)


class PostgresMemoStore:
    """`MemoStore` on asyncpg. `schema` is a constant of the service, never input."""

    def __init__(self, pool: Pool, schema: str) -> None:
        self._pool = pool
        self._look = f"""
            select exists (select from {schema}.stops where job_id = $1 and run = $5) as stopped,
                   exists (select from {schema}.erased where user_id = $6) as erased,
                   (select memo from {schema}.memos
                     where job_id = $1 and stage = $2 and call = $3 and digest = $4
                       and memo is not null
                       and (run = $5 or (run < $5 and kind = 'done' and not degraded))
                     order by run desc limit 1) as memo"""  # noqa: S608  the schema is a constant
        self._claim = f"""
            insert into {schema}.memos as m
                   (job_id, stage, call, digest, run, user_id, claimed_by, claimed_until)
            select $1, $2, $3, $4, $5, $6, $7, $8
             where not exists (select from {schema}.erased where user_id = $6)
            on conflict (job_id, stage, call, digest, run) do update
               set claimed_by = excluded.claimed_by, claimed_until = excluded.claimed_until
             where (m.kind is null or m.kind = 'retry')
               and (m.claimed_until is null or m.claimed_until <= $9 or m.claimed_by = $7)
            returning 1"""  # noqa: S608  the schema is a constant
        self._save = f"""
            insert into {schema}.memos as m
                   (job_id, stage, call, digest, run, user_id, attempt, kind, memo, degraded)
            select $1, $2, $3, $4, $5, $6, $7, $8, $9, $10
             where not exists (select from {schema}.erased where user_id = $6)
            on conflict (job_id, stage, call, digest, run) do update
               set attempt = excluded.attempt, kind = excluded.kind, memo = excluded.memo,
                   degraded = excluded.degraded, claimed_by = null, claimed_until = null
             where m.kind is null or (m.kind = 'retry' and m.attempt < excluded.attempt)
            returning 1"""  # noqa: S608  the schema is a constant
        self._release = f"""
            update {schema}.memos set claimed_by = null, claimed_until = null
             where job_id = $1 and stage = $2 and call = $3 and digest = $4
               and claimed_by = $5"""  # noqa: S608  the schema is a constant
        self._release_of = f"""
            update {schema}.memos set claimed_by = null, claimed_until = null
             where starts_with(claimed_by, $1)"""  # noqa: S608  the schema is a constant
        self._count_start = f"""
            insert into {schema}.suspects as s (message_id, starts) values ($1, 1)
            on conflict (message_id) do update set starts = s.starts + 1, last_start = now()
            returning starts"""  # noqa: S608  the schema is a constant
        self._erased = f"select exists (select from {schema}.erased where user_id = $1)"  # noqa: S608  the schema is a constant
        self._stop = f"""
            insert into {schema}.stops (job_id, run, expires_at) values ($1, $2, $3)
            on conflict do nothing"""  # noqa: S608  the schema is a constant
        self._stopped = f"""
            select s.job_id, s.run, s.expires_at
              from unnest($1::uuid[], $2::integer[]) as asked (job_id, run)
              join {schema}.stops s using (job_id, run)"""  # noqa: S608  the schema is a constant
        self._erase = f"""
            with gone as (delete from {schema}.memos where user_id = $1)
            insert into {schema}.erased (user_id) values ($1)
            on conflict do nothing"""  # noqa: S608  the schema is a constant
        self._purge = (
            f"delete from {schema}.memos where created_at < $1",  # noqa: S608  the schema is a constant
            f"delete from {schema}.stops where expires_at < $1",  # noqa: S608  the schema is a constant
            f"delete from {schema}.suspects where last_start < $1",  # noqa: S608  the schema is a constant
        )

    async def look(self, key: MemoKey, *, run: int, user_id: UUID) -> Look:
        """Read stop, erasure and memo in one statement."""
        async with self._connection() as c:
            row = await c.fetchrow(self._look, *_key(key), run, user_id)
        if row is None:
            return Look()
        memo = None if row["memo"] is None else _memo.validate_python(row["memo"])
        return Look(stopped=row["stopped"], erased=row["erased"], memo=memo)

    async def claim(
        self, key: MemoKey, *, run: int, user_id: UUID, owner: str, until: datetime, now: datetime
    ) -> bool:
        """Claim the right to pay until `until`; False: an outcome or another's live claim."""
        async with self._connection() as c:
            claimed = await c.fetchval(self._claim, *_key(key), run, user_id, owner, until, now)
        return claimed is not None

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

    async def purge(self, now: datetime) -> None:
        """Delete what is past its time."""
        limits = (now - RETENTION, now, now - RETENTION)
        async with self._connection() as c:
            for statement, limit in zip(self._purge, limits, strict=True):
                await c.execute(statement, limit)

    async def ping(self) -> None:
        """Raise `StoreUnavailableError` when PostgreSQL does not answer."""
        async with self._connection() as c:
            await c.execute("select 1")

    def _connection(self) -> AbstractAsyncContextManager[PooledConnection]:
        return connection(self._pool, within_s=10)


def _key(key: MemoKey) -> tuple[UUID, str, str, bytes]:
    return key.job_id, key.stage, key.call, key.digest
