"""When jobs were completed: the moment a LISTENer hears of the commit, the same for everybody."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg

CHANNEL = "bench_done"

#: A trigger of the benchmark's own, on the table that holds a contender's job rows.
_TRIGGER = """
    create or replace function bench_done() returns trigger language plpgsql as $$
    begin
        perform pg_notify('bench_done', new.id || ':' || new.status);
        return null;
    end $$;
    create trigger bench_done after insert or update of status on {table} for each row
      when (new.status in ('completed', 'failed', 'cancelled')) execute function bench_done();
"""


class JobFailedError(Exception):
    """A job of the benchmark did not end well, so its figures mean nothing."""


class Completions:
    """The moments, by job."""

    def __init__(self) -> None:
        self.at: dict[str, float] = {}
        self._changed = asyncio.Event()
        self._failed: str | None = None

    def forget(self) -> None:
        """Begin anew."""
        self.at.clear()

    async def wait(self, count: int, *, within: float) -> None:
        """Return when `count` jobs are completed.

        Raises:
            JobFailedError: one failed.
            TimeoutError: they were not in time.
        """
        async with asyncio.timeout(within):
            while len(self.at) < count:
                self._changed.clear()
                await self._changed.wait()
                if self._failed is not None:
                    raise JobFailedError(self._failed)

    def hear(self, payload: str) -> None:
        """Note one notification."""
        now = time.perf_counter()
        job, _, status = payload.partition(":")
        if status != "completed":
            self._failed = payload
        self.at.setdefault(job, now)
        self._changed.set()


async def add_trigger(database_url: str, table: str) -> None:
    """Let a table of jobs tell of those that are over."""
    connection = await asyncpg.connect(database_url)
    try:
        await connection.execute(_TRIGGER.format(table=table))
    finally:
        await connection.close()


@asynccontextmanager
async def listening(database_url: str) -> AsyncIterator[Completions]:
    """Hear of every job that is completed in a database."""
    heard = Completions()
    connection = await asyncpg.connect(database_url)
    try:
        await connection.add_listener(CHANNEL, lambda *said: heard.hear(str(said[3])))
        yield heard
    finally:
        await connection.close()
