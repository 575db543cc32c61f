"""What every peer shares: the same message, the same status rows."""

import os
from typing import Any
from uuid import uuid4

import asyncpg
from tests.bench.completions import add_trigger
from tests.bench.settings import GROWTH, PAYLOAD
from tests.bench.site import Place, Site

TABLE = "bench_jobs"
STAGES = ("extract", "research", "tailor")

_CREATE = f"""
    create table {TABLE} (
        id uuid primary key,
        step integer not null,
        status text not null,
        payload jsonb,
        result jsonb,
        run_after timestamptz not null default now(),
        updated_at timestamptz not null default now()
    ) with (fillfactor = 80);
    create index bench_jobs_queue on {TABLE} (run_after) where status = 'queued';
"""

#: One status row a job, written step by step; a step that comes late changes nothing.
UPSERT = f"""
    insert into {TABLE} as j (id, step, status, result)
    select * from unnest($1::uuid[], $2::int[], $3::text[], $4::jsonb[])
    on conflict (id) do update
       set step = excluded.step, status = excluded.status, result = excluded.result,
           updated_at = now()
     where j.step < excluded.step
"""  # noqa: S608  the table's name is a constant


def new_message() -> dict[str, Any]:
    """A job as it is submitted."""
    return {"id": str(uuid4()), "facts": ["x" * PAYLOAD]}


def grown(message: dict[str, Any]) -> dict[str, Any]:
    """The message with what a stage found."""
    return {**message, "facts": [*message["facts"], "x" * GROWTH]}


def status_of(step: int) -> str:
    """What the status row says after this many steps."""
    return "completed" if step == len(STAGES) else "processing"


def provider_s() -> float:
    """Seconds that the scripted provider of each stage takes; 0: there is none."""
    return int(os.environ.get("BENCH_PROVIDER_MS", "0")) / 1000


async def prepare_table(site: Site, name: str) -> Place:
    """A place with the peers' table in it."""
    place = await site.place(name)
    connection = await asyncpg.connect(place.database_url)
    try:
        await connection.execute(_CREATE)
    finally:
        await connection.close()
    await add_trigger(place.database_url, TABLE)
    return place
