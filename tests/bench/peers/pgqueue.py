"""The playbook's own queue: job rows in PostgreSQL, claimed with `SKIP LOCKED`; no broker.

`python -m tests.bench.peers.pgqueue WORKERS POLL_MS`
"""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import asyncpg
import orjson
import uvloop
from tests.bench.contender import Command, Running, python_module, spawned, submit_all
from tests.bench.peers.common import (
    STAGES,
    TABLE,
    grown,
    new_message,
    prepare_table,
    provider_s,
    status_of,
)
from tests.bench.site import Place, Site

if TYPE_CHECKING:
    Pool = asyncpg.Pool[asyncpg.Record]
else:
    Pool = asyncpg.Pool

POOL = 30
_SUBMIT = f"insert into {TABLE} (id, step, status, payload) values ($1, 0, 'queued', $2)"  # noqa: S608  constants
_CLAIM = f"""
    update {TABLE} set status = 'processing', updated_at = now()
     where id = (select id from {TABLE} where status = 'queued' and run_after <= now()
                  order by run_after for update skip locked limit 1)
    returning id, payload
"""  # noqa: S608  the table's name is a constant
_STEP = f"update {TABLE} set step = $2, status = $3, result = $4, updated_at = now() where id = $1"  # noqa: S608  constants


async def work(pool: Pool, poll_s: float, wait_s: float) -> None:
    """One worker: claim a job, take its steps, or sleep until the next look."""
    while True:
        claimed = await pool.fetchrow(_CLAIM)
        if claimed is None:
            await asyncio.sleep(poll_s)
            continue
        job = {"id": claimed["id"], **orjson.loads(claimed["payload"])}
        for step in range(1, len(STAGES) + 1):
            if wait_s:
                await asyncio.sleep(wait_s)
            job = grown(job)
            result = orjson.dumps(job["facts"][0]).decode() if step == len(STAGES) else None
            # Committed step by step, as the playbook's workers tell their progress.
            await pool.execute(_STEP, job["id"], step, status_of(step), result)


async def main(workers: int, poll_s: float) -> None:
    """Run the workers until the process is ended."""
    async with (
        asyncpg.create_pool(os.environ["DATABASE_URL"], min_size=2, max_size=POOL) as pool,
        asyncio.TaskGroup() as group,
    ):
        for _ in range(workers):
            group.create_task(work(pool, poll_s, provider_s()))


class Submitter:
    """Inserts queued rows."""

    def __init__(self, pool: Pool, processes: Mapping[str, int]) -> None:
        self._pool = pool
        self.processes = processes

    async def submit(self) -> str:
        """Submit one job."""
        job = new_message()
        await self._pool.execute(_SUBMIT, job["id"], orjson.dumps({"facts": job["facts"]}).decode())
        return str(job["id"])

    async def submit_many(self, count: int) -> None:
        """Submit a burst."""
        await submit_all(self, count)


class PostgresQueue:
    """One process with many workers."""

    jobs_table = TABLE
    is_slow = False
    durability = (
        "everything is a committed row; a worker that dies leaves its row to a reaper that this "
        "peer does not have; no history"
    )

    def __init__(self, workers: int, poll_ms: int, provider_ms: int = 0) -> None:
        self.name = f"Postgres queue, {workers} workers, poll {poll_ms} ms"
        self._argv = (str(workers), str(poll_ms))
        self._env = {"BENCH_PROVIDER_MS": str(provider_ms)}
        self._short = f"pgqueue_{workers}_{poll_ms}_{provider_ms}"

    async def prepare(self, site: Site) -> Place:
        """Its table."""
        self._logs = site.folder / self._short
        return await prepare_table(site, self._short)

    @asynccontextmanager
    async def running(self, place: Place) -> AsyncIterator[Running]:
        """Its process, from start to end."""
        command = Command("workers", python_module(__name__, *self._argv), self._env)
        async with (
            spawned([command], place, logs=self._logs) as processes,
            asyncpg.create_pool(place.database_url, min_size=10, max_size=10) as pool,
        ):
            yield Submitter(pool, processes)


if __name__ == "__main__":
    uvloop.run(main(int(sys.argv[1]), int(sys.argv[2]) / 1000))
