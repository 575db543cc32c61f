"""The projector over a real database: batches, duplicates, expiry, results, providers."""

import asyncio
import json
import random
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from gateway_svc.jobs.event_store import lock
from gateway_svc.jobs.model import JobRow
from gateway_svc.operate import NotRedrivableError, rebuild_projection, redrive_job
from resume_contracts.messages import (
    Event,
    ExpireDue,
    JobEvent,
    ProviderStateChanged,
    ProviderStateKind,
)
from resume_messaging.shells.batch import Raw
from resume_runtime.ids import uuid7

from .facts import Facts
from .world import World

pytestmark = pytest.mark.connected

RESULT: dict[str, object] = {"document": {"engine": "rules", "resume": {"basics": {"name": "Ada"}}}}


async def a_job(world: World) -> Facts:
    return Facts(await world.submit(), world.user_id)


async def row_of(world: World, job_id: UUID) -> JobRow:
    async with world.pool.acquire() as connection, connection.transaction():
        return (await lock(connection, [job_id]))[job_id]


async def test_job_runs_to_its_result(world: World) -> None:
    facts = await a_job(world)
    await world.project(facts.started(0), facts.succeeded(0))
    status = await world.status(facts.job_id)
    assert (status["status"], status["stage"]) == ("processing", "research.company")
    assert status["message"] == "Researching company…"
    await world.project(facts.succeeded(1, unavailable="not configured"), facts.started(2))
    await world.project(facts.succeeded(2, result=RESULT))
    status = await world.status(facts.job_id)
    assert (status["status"], status["progress"], status["version"]) == ("completed", 100, 6)
    assert status["result"] == RESULT["document"]
    assert status["notes"] == [
        {"stage": "research.company", "unavailable": "not configured", "degraded": False}
    ]
    stored = await world.client.get(f"/api/tailor/results/{status['resultId']}")
    assert stored.json()["document"] == RESULT["document"]


async def test_facts_told_twice_are_counted_once(world: World) -> None:
    facts = await a_job(world)
    events: list[JobEvent] = [facts.started(0), facts.succeeded(0), facts.started(0)]
    await world.project(*events)
    await world.project(*events)
    assert (await row_of(world, facts.job_id)).version == 3
    seqs = await world.pool.fetch("select seq from gateway.job_events order by seq")
    assert [record["seq"] for record in seqs] == [1, 2, 3]


async def test_concurrent_batches_in_any_order_end_in_the_same_row(world: World) -> None:
    """Three projectors, shuffled and repeated facts of twenty jobs: every row is the same."""
    jobs = [await a_job(world) for _ in range(20)]
    everything: list[JobEvent] = []
    for facts in jobs:
        everything += [facts.started(0), facts.succeeded(0), facts.started(1), facts.succeeded(1)]
        everything += [facts.started(2), facts.retrying(2), facts.started(2, 2)]
    shares = []
    for seed in range(3):
        share = list(everything)
        random.Random(seed).shuffle(share)
        shares += [share[i : i + 25] for i in range(0, len(share), 25)]
    await asyncio.gather(*(world.project(*share) for share in shares))
    rows = [await row_of(world, facts.job_id) for facts in jobs]
    assert {(r.position, r.progress, r.version, r.status) for r in rows} == {
        ((2, 2, 1), 60, 8, "processing")
    }


async def test_late_result_is_kept_as_superseded(world: World) -> None:
    facts = await a_job(world)
    await world.project(facts.expired())
    await world.project(facts.succeeded(2, result=RESULT))
    status = await world.status(facts.job_id)
    assert (status["status"], status["error"]["code"]) == ("failed", "deadline_exceeded")
    assert "result" not in status
    page = (await world.client.get("/api/tailor/results")).json()
    assert [item["superseded"] for item in page["items"]] == [True]


async def test_expire_due_ends_a_run_unless_it_is_over(world: World) -> None:
    running, finished = await a_job(world), await a_job(world)
    await world.project(finished.succeeded(2, result=RESULT))
    await world.project(running.expire_due(), finished.expire_due(), running.expire_due(run=2))
    assert (await row_of(world, running.job_id)).status == "failed"
    assert (await row_of(world, finished.job_id)).status == "completed"
    assert (await row_of(world, finished.job_id)).version == 2


async def test_facts_of_an_erased_job_are_dropped(world: World) -> None:
    facts = await a_job(world)
    await world.pool.execute("delete from gateway.jobs where id = $1", facts.job_id)
    await world.project(facts.started(0), facts.succeeded(2, result=RESULT))
    assert await world.pool.fetchval("select count(*) from gateway.results") == 0
    assert await world.pool.fetchval("select count(*) from gateway.jobs") == 0


async def test_facts_of_an_erased_user_are_dropped(world: World) -> None:
    facts = await a_job(world)
    await world.pool.execute("insert into gateway.erased (user_id) values ($1)", world.user_id)
    await world.project(facts.started(0), facts.succeeded(2, result=RESULT))
    assert await world.pool.fetchval("select count(*) from gateway.results") == 0
    assert await world.pool.fetchval("select version from gateway.jobs") == 1


async def test_undecodable_events_go_to_the_dead_letters_and_the_rest_is_folded(
    world: World,
) -> None:
    facts = await a_job(world)
    broken = Raw(b"{not json", None, None, None, {})
    empty = facts.succeeded(2, result={"no": "document"})
    wrong = Raw(empty.model_dump_json().encode(), None, None, None, {})
    good = Raw(facts.started(0).model_dump_json().encode(), None, None, None, {})
    dead = await world.projector.handle([broken, good, wrong])
    assert list(dead) == [broken, wrong]
    assert (await row_of(world, facts.job_id)).version == 2


async def test_a_fact_that_cannot_be_stored_does_not_hold_up_the_others(world: World) -> None:
    """PostgreSQL's text has no NUL: such a fact is valid JSON and no attempt can store it."""
    jobs = [await a_job(world) for _ in range(5)]
    raws = [Raw(f.started(0).model_dump_json().encode(), None, None, None, {}) for f in jobs]
    failed = jobs[3].failed(0).model_dump(mode="json")
    failed["error"]["message"] = "a\x00b"
    poison = Raw(json.dumps(failed).encode(), None, None, None, {})
    dead = await world.projector.handle([*raws[:3], poison, *raws[3:]])
    assert list(dead) == [poison]
    assert [(await row_of(world, facts.job_id)).version for facts in jobs] == [2] * 5


async def test_a_broken_provider_is_what_the_job_waits_for(world: World) -> None:
    """The message comes from the provider's state when it is read; the entity tag follows."""
    facts = await a_job(world)
    await world.project(facts.succeeded(0), facts.succeeded(1))
    now = world.edge.clock.now()
    before = await world.client.get(f"/api/tailor/job/{facts.job_id}")
    await world.project(provider(ProviderStateKind.OPEN, at=now, until=now + timedelta(seconds=25)))
    waiting = await world.client.get(
        f"/api/tailor/job/{facts.job_id}", headers={"If-None-Match": before.headers["etag"]}
    )
    assert waiting.status_code == 200
    assert waiting.json()["message"].startswith("Waiting for OpenAI to recover (about 2")
    await world.project(provider(ProviderStateKind.OPEN, at=now - timedelta(seconds=5)))
    await world.project(provider(ProviderStateKind.CLOSED, at=now + timedelta(seconds=9)))
    assert (await world.status(facts.job_id))["message"] == "Tailoring resume…"


async def test_rules_do_not_wait_for_a_provider(world: World) -> None:
    answer = await world.client.post(
        "/api/tailor/tailor-async",
        json={
            "baseResumeId": await world.resume(),
            "jobText": "text",
            "options": {"engine": "rules"},
        },
    )
    facts = Facts(UUID(answer.json()["jobId"]), world.user_id)
    now = world.edge.clock.now()
    await world.project(facts.succeeded(1), provider(ProviderStateKind.OPEN, at=now, until=now))
    assert (await world.status(facts.job_id))["message"] == "Tailoring resume…"


async def test_rebuild_finds_the_same_rows_and_mends_a_spoilt_one(world: World) -> None:
    jobs = [await a_job(world) for _ in range(5)]
    for facts in jobs:
        await world.project(facts.started(0), facts.expired(), facts.succeeded(2, result=RESULT))
    rows = [await row_of(world, facts.job_id) for facts in jobs]
    assert await rebuild_projection(world.pool) == (5, 0)
    await world.pool.execute("update gateway.jobs set progress = 1, at_n = 5")
    assert await rebuild_projection(world.pool) == (5, 5)
    assert [await row_of(world, facts.job_id) for facts in jobs] == rows


async def test_redrive_starts_the_next_run(world: World) -> None:
    facts = await a_job(world)
    now = world.edge.clock.now()
    with pytest.raises(NotRedrivableError):
        await redrive_job(world.pool, facts.job_id, now=now, deadline=timedelta(seconds=420))
    await world.project(facts.started(0), facts.failed(0))
    run = await redrive_job(world.pool, facts.job_id, now=now, deadline=timedelta(seconds=420))
    assert run == 2
    status = await world.status(facts.job_id)
    assert (status["status"], status["progress"], status["run"]) == ("pending", 0, 2)
    assert "error" not in status
    assert await world.outbox() == ["command", "command"]
    await world.project(facts.succeeded(2, result=RESULT))
    assert (await world.status(facts.job_id))["status"] == "pending"
    await world.project(facts.succeeded(2, run=2, result=RESULT))
    assert (await world.status(facts.job_id))["status"] == "completed"


async def test_redrive_of_an_unknown_job_is_refused(world: World) -> None:
    with pytest.raises(NotRedrivableError, match="no such job"):
        await redrive_job(
            world.pool, uuid4(), now=world.edge.clock.now(), deadline=timedelta(seconds=1)
        )


async def test_expire_due_for_a_job_nobody_knows_is_dropped(world: World) -> None:
    event: Event = ExpireDue(job_id=uuid7(), run=1, occurred_at=world.edge.clock.now())
    await world.project(event)
    assert await world.pool.fetchval("select count(*) from gateway.job_events") == 0


def provider(state: ProviderStateKind, *, at: object, until: object = None) -> ProviderStateChanged:
    return ProviderStateChanged.model_validate(
        {
            "provider": "openai",
            "state": state,
            "until": until,
            "process": "tailor@host:1",
            "occurred_at": at,
        }
    )
