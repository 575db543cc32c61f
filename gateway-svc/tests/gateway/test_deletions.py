"""What a person deletes leaves nothing of itself behind."""

from pathlib import Path
from uuid import UUID

import pytest

from resume_contracts.workflows import Workflow

from .facts import Facts
from .test_decisions import a_tailored_resume
from .test_postings import capture, posting
from .test_resumes import files_of, parsed
from .world import RESUME, World

pytestmark = pytest.mark.connected

_TABLES = """
    select table_name from information_schema.tables
     where table_schema = 'gateway' and table_type = 'BASE TABLE'
"""


async def holding(world: World, text: str) -> set[str]:
    """The tables that have a text anywhere."""
    found = set()
    for record in await world.pool.fetch(_TABLES):
        table = record["table_name"]
        statement = f"select exists (select from gateway.{table} t where t::text like $1)"  # noqa: S608  from the catalogue
        if await world.pool.fetchval(statement, f"%{text}%"):
            found.add(table)
    return found


@pytest.mark.parametrize("ending", ["in time", "after the deletion", "too late"])
async def test_deleted_resume_leaves_no_row_and_no_file(
    world: World, tmp_path: Path, ending: str
) -> None:
    """Whenever its reading ends: what was read of it goes with it."""
    answer = await world.client.post("/api/resumes/upload", files={"file": ("c.txt", b"text")})
    resume_id, job_id = answer.json()["resumeId"], UUID(answer.json()["jobId"])
    facts = Facts(job_id, world.user_id, Workflow.PARSE_RESUME)
    read = parsed(resume_id) | {"document": {"basics": {"name": "Canary"}}}
    done = facts.succeeded(1, result=read)
    path = f"/api/resumes/{resume_id}"
    if ending == "in time":
        await world.project(done)
        canary = {**RESUME, "basics": {"name": "Canary"}}
        assert (await world.client.put(path, json=canary)).status_code == 200
        confirmed = await world.client.post(f"{path}/facts", json={"statement": "Canary"})
        assert confirmed.status_code == 201
    if ending == "too late":
        await world.project(facts.cancelled(), done)
        assert "results" in await holding(world, "Canary")
    assert (await world.client.delete(path)).status_code == 204
    if ending == "after the deletion":
        await world.project(done)
    assert await holding(world, "Canary") == set()
    assert files_of(world, tmp_path) == []
    status = await world.client.get(f"/api/resumes/job/{job_id}")
    assert (status.status_code, "result" in status.json()) == (200, False)


async def test_deleted_posting_stays_only_where_it_was_ordered_for(world: World) -> None:
    captured = await capture(world, posting("Requirements:\n- Canary"))
    posting_id = captured["postingId"]
    assert await holding(world, posting_id) == {"postings", "jobs", "results"}
    assert (await world.client.delete(f"/api/jobs/{posting_id}")).status_code == 204
    assert await holding(world, posting_id) == set()
    assert await holding(world, "Canary") == set()
    status = await world.client.get(f"/api/jobs/job/{captured['jobId']}")
    assert (status.json()["status"], "postingId" in status.json()) == ("completed", False)


async def test_deleted_result_takes_its_decisions_along(world: World) -> None:
    tailored = await a_tailored_resume(world)
    assert (await tailored.decide("c-model", "edited", "Canary")).status_code == 200
    assert await holding(world, tailored.id) == {"results", "result_decisions"}
    assert (await world.client.delete(tailored.path)).status_code == 204
    assert await holding(world, tailored.id) == set()
    assert await holding(world, "Canary") == set()
