"""Flights on PostgreSQL: rows with a lease."""

from datetime import datetime
from importlib import resources
from uuid import UUID

from resume_messaging.core.flights import Flight
from resume_messaging.shells.storage import connection
from resume_runtime.database import Pool


def flights_schema(schema: str) -> str:
    """The DDL of the table, for a service's migration."""
    text = resources.files("resume_messaging").joinpath("sql/flights.sql").read_text("utf-8")
    return text.replace("{schema}", schema)


class PostgresFlights:
    """`Flights` on asyncpg. `schema` is a constant of the service, never input."""

    def __init__(self, pool: Pool, schema: str) -> None:
        self._pool = pool
        self._take_off = f"""
            insert into {schema}.flights as f (key, token, until) values ($1, $2, $3)
            on conflict (key) do update
               set token = excluded.token, until = excluded.until, failed_at = null
             where case when f.failed_at is null then f.until <= $4 or f.token = $2
                        else f.failed_at <= coalesce($5, f.failed_at) end
            returning 1"""  # noqa: S608  the schema is a constant
        self._look = f"""
            select token, failed_at is not null as has_failed from {schema}.flights
             where key = $1 and (until > $2 or failed_at is not null)"""  # noqa: S608  the schema is a constant
        self._land = f"delete from {schema}.flights where key = $1 and token = $2"  # noqa: S608  the schema is a constant
        self._fail = f"update {schema}.flights set failed_at = $3 where key = $1 and token = $2"  # noqa: S608  the schema is a constant
        self._purge = (
            f"delete from {schema}.flights where until < $1::timestamptz - interval '1 day'"  # noqa: S608  the schema is a constant
        )

    async def take_off(
        self,
        key: bytes,
        token: UUID,
        *,
        now: datetime,
        until: datetime,
        failed_before: datetime | None,
    ) -> bool:
        """Insert the row, or take over one whose lease is over or that failed long enough ago."""
        async with connection(self._pool) as c:
            mine = await c.fetchval(self._take_off, key, token, until, now, failed_before)
        return mine is not None

    async def look(self, key: bytes, now: datetime) -> Flight | None:
        """Read the row; one whose lease is over is none."""
        async with connection(self._pool) as c:
            row = await c.fetchrow(self._look, key, now)
        return None if row is None else Flight(row["token"], row["has_failed"])

    async def land(self, key: bytes, token: UUID) -> None:
        """Delete the row, if it is still this flight's."""
        async with connection(self._pool) as c:
            await c.execute(self._land, key, token)

    async def fail(self, key: bytes, token: UUID, now: datetime) -> None:
        """Mark the row, if it is still this flight's; forget failures of another day."""
        async with connection(self._pool) as c, c.transaction():
            await c.execute(self._fail, key, token, now)
            await c.execute(self._purge, now)
