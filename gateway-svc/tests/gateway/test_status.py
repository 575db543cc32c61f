"""Polling, long polls, streams, tickets, cancelling, lists: the job protocol."""

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import orjson
import pytest
from prometheus_client import CollectorRegistry

from gateway_svc.bootstrap import bootstrap_api
from gateway_svc.database import Pool
from gateway_svc.identity.tokens import Principal
from gateway_svc.jobs.polling import JobKey, stream
from resume_contracts.workflows import Workflow
from resume_runtime.clock import SystemClock, system_sleep
from resume_runtime.ids import uuid7

from .conftest import opened, settings_for
from .facts import Facts
from .world import World, until

pytestmark = pytest.mark.connected

RESULT: dict[str, object] = {"document": {"engine": "rules"}}


async def a_job(world: World) -> Facts:
    return Facts(await world.submit(), world.user_id)


def principal(world: World, *, lifetime_s: float = 600) -> Principal:
    expires_at = datetime.now(UTC) + timedelta(seconds=lifetime_s)
    return Principal(world.user_id, uuid4(), None, expires_at)


def key(facts: Facts) -> JobKey:
    return JobKey(facts.job_id, facts.user_id, Workflow.TAILOR_RESUME)


async def collect(chunks: AsyncIterator[bytes]) -> list[dict[str, Any]]:
    """The events of a stream, to its end."""
    return [event async for event in parsed(chunks)]


async def parsed(chunks: AsyncIterator[bytes]) -> AsyncIterator[dict[str, Any]]:
    async for chunk in chunks:
        fields = dict(line.split(": ", 1) for line in chunk.decode().strip().split("\n"))
        if "data" in fields:
            yield {"id": int(fields["id"]), **orjson.loads(fields["data"])}
        else:
            yield fields


async def test_status_of_a_foreign_or_unknown_job_is_404_everywhere(world: World) -> None:
    facts = await a_job(world)
    other = world.client_for(uuid7())
    for client, job_id in ((other, facts.job_id), (world.client, uuid4())):
        for method, path in (
            ("GET", ""),
            ("GET", "/events"),
            ("POST", "/cancel"),
            ("POST", "/ticket"),
        ):
            answer = await client.request(method, f"/api/tailor/job/{job_id}{path}")
            assert (answer.status_code, answer.json()["code"]) == (404, "job_not_found")
    wrong_product = await world.client.get(f"/api/resumes/job/{facts.job_id}")
    assert wrong_product.status_code == 404


async def test_unchanged_status_is_304_and_counts_for_nothing(
    migrated: str, pool: Pool, tmp_path: Path
) -> None:
    async with opened(settings_for(migrated, tmp_path, rate_status_per_min=2), pool) as world:
        path = f"/api/tailor/job/{await world.submit()}"
        first = await world.client.get(path)
        tag = {"If-None-Match": first.headers["etag"]}
        assert first.headers["etag"] == '"1"'
        assert first.headers["retry-after"] == "2"
        unchanged = [await world.client.get(path, headers=tag) for _ in range(10)]
        assert {answer.status_code for answer in unchanged} == {304}
        assert unchanged[0].content == b""
        statuses = [(await world.client.get(path)).status_code for _ in range(2)]
        assert statuses == [200, 429]
        refused = await world.client.get(path)
        assert refused.json()["code"] == "rate_limited"
        assert int(refused.headers["retry-after"]) > 0
        assert refused.headers["ratelimit"].startswith('"status";r=0')


async def test_long_poll_answers_on_change(world: World) -> None:
    facts = await a_job(world)
    path = f"/api/tailor/job/{facts.job_id}"
    waiting = asyncio.create_task(
        world.client.get(path, params={"wait": 20}, headers={"If-None-Match": '"1"'})
    )
    await until(lambda: world.edge.watcher.count == 1)
    await world.project(facts.started(0))
    answer = await asyncio.wait_for(waiting, 5)
    assert (answer.status_code, answer.json()["version"]) == (200, 2)
    assert world.edge.watcher.count == 0


async def test_long_poll_of_a_client_that_knows_nothing_waits_for_the_next_change(
    world: World,
) -> None:
    """Otherwise a client without entity tags would ask without a pause."""
    facts = await a_job(world)
    path = f"/api/tailor/job/{facts.job_id}"
    waiting = asyncio.create_task(world.client.get(path, params={"wait": 20}))
    await world.watched(facts.job_id)
    await world.project(facts.started(0))
    answer = await asyncio.wait_for(waiting, 5)
    assert answer.json()["version"] == 2


async def test_status_knows_lists_of_tags_and_weak_ones(world: World) -> None:
    path = f"/api/tailor/job/{await world.submit()}"
    for header, status in (('W/"1"', 304), ('"7", "1"', 304), ('"7"', 200), ("", 200)):
        answer = await world.client.get(path, headers={"If-None-Match": header})
        assert answer.status_code == status


async def test_long_poll_of_an_unchanged_job_ends_with_304(world: World) -> None:
    facts = await a_job(world)
    answer = await world.client.get(
        f"/api/tailor/job/{facts.job_id}", params={"wait": 1}, headers={"If-None-Match": '"1"'}
    )
    assert answer.status_code == 304


async def test_long_poll_of_a_finished_job_does_not_wait(world: World) -> None:
    facts = await a_job(world)
    await world.project(facts.failed(0))
    answer = await asyncio.wait_for(
        world.client.get(
            f"/api/tailor/job/{facts.job_id}", params={"wait": 30}, headers={"If-None-Match": '"2"'}
        ),
        5,
    )
    assert answer.status_code == 304
    assert "retry-after" not in answer.headers


async def test_waiting_twin_answers_with_the_finished_job(world: World) -> None:
    body = {"baseResumeId": await world.resume(), "jobText": "text"}
    waiting = asyncio.create_task(world.client.post("/api/tailor/tailor", json=body))
    await until(lambda: world.edge.watcher.count == 1)
    job_id = await world.pool.fetchval("select id from gateway.jobs")
    await world.project(Facts(job_id, world.user_id).succeeded(2, result=RESULT))
    answer = await asyncio.wait_for(waiting, 5)
    assert (answer.status_code, answer.json()["status"]) == (200, "completed")


async def test_stream_tells_every_change_and_ends_with_the_job(world: World) -> None:
    facts = await a_job(world)
    chunks = stream(world.edge, key(facts), principal(world), last_event_id=0)
    reading = asyncio.create_task(collect(chunks))
    await world.watched(facts.job_id)
    await world.project(facts.started(0))
    await world.watched(facts.job_id, 2)
    await world.project(facts.succeeded(2, result=RESULT))
    retry, *statuses = await asyncio.wait_for(reading, 5)
    assert retry == {"retry": "2000"}
    assert [status["id"] for status in statuses] == [1, 2, 3]
    assert [status["status"] for status in statuses] == ["pending", "processing", "completed"]
    assert world.edge.watcher.count == 0


async def test_stream_resumes_after_the_last_event(world: World) -> None:
    facts = await a_job(world)
    chunks = parsed(stream(world.edge, key(facts), principal(world), last_event_id=1))
    assert "retry" in await anext(chunks)
    reading = asyncio.create_task(collect_rest(chunks))
    await until(lambda: world.edge.watcher.count == 1)
    await world.project(facts.failed(0))
    assert [status["id"] for status in await asyncio.wait_for(reading, 5)] == [2]


async def collect_rest(chunks: AsyncIterator[dict[str, Any]]) -> list[dict[str, Any]]:
    return [chunk async for chunk in chunks]


async def test_stream_of_a_finished_job_that_is_known_is_not_opened_again(world: World) -> None:
    facts = await a_job(world)
    await world.project(facts.failed(0))
    path = f"/api/tailor/job/{facts.job_id}/events"
    known = await world.client.get(path, headers={"Last-Event-ID": "2"})
    assert known.status_code == 204
    for version in ("1", "9" * 30, "x"):
        unknown = await world.client.get(path, headers={"Last-Event-ID": version})
        assert unknown.headers["content-type"].startswith("text/event-stream")
        assert unknown.text.count("data: ") == 1
    status = await world.client.get(
        path.removesuffix("/events"), headers={"If-None-Match": f'"{"9" * 30}"'}
    )
    assert status.status_code == 200


async def test_stream_ends_with_the_token(world: World) -> None:
    facts = await a_job(world)
    chunks = stream(world.edge, key(facts), principal(world, lifetime_s=0.3), last_event_id=0)
    events = await asyncio.wait_for(collect(chunks), 5)
    assert [set(event) & {"retry", "id"} for event in events] == [{"retry"}, {"id"}, {"retry"}]


async def test_stream_ends_when_its_session_is_revoked_or_the_edge_stops(world: World) -> None:
    facts = await a_job(world)
    who = principal(world)
    assert who.session_id is not None
    session_id = who.session_id
    ends: list[Callable[[], None]] = [
        lambda: world.edge.revocations.add(session_id, who.expires_at),
        world.edge.watcher.close,
    ]
    for end in ends:
        reading = asyncio.create_task(collect(stream(world.edge, key(facts), who, last_event_id=0)))
        await world.watched(facts.job_id)
        end()
        last = (await asyncio.wait_for(reading, 5))[-1]
        assert 1000 <= int(last["retry"]) <= 5000
        world.edge.revocations.add(session_id, datetime.now(UTC) - timedelta(seconds=1))


async def test_stream_survives_the_loss_of_the_listening_connection(world: World) -> None:
    """Notifications of the time in between are not lost: versions are read again."""
    facts = await a_job(world)
    reading = asyncio.create_task(
        collect(stream(world.edge, key(facts), principal(world), last_event_id=0))
    )
    await world.watched(facts.job_id)
    await world.pool.execute(
        "select pg_terminate_backend(pid) from pg_stat_activity"
        " where datname = current_database() and query ilike 'listen%'"
    )
    await until(lambda: not world.edge.watcher.is_listening)
    await world.project(facts.failed(0))
    events = await asyncio.wait_for(reading, 10)
    assert events[-1]["status"] == "failed"


async def test_ticket_opens_one_stream_once(world: World) -> None:
    facts = await a_job(world)
    await world.project(facts.failed(0))
    issued = await world.client.post(f"/api/tailor/job/{facts.job_id}/ticket")
    assert issued.status_code == 201
    bare = world.client_for(uuid7())
    del bare.headers["Authorization"]
    first = await bare.get(issued.json()["url"])
    second = await bare.get(issued.json()["url"])
    assert first.status_code == 200
    assert '"status":"failed"' in first.text
    assert (second.status_code, second.json()["code"]) == (401, "ticket_invalid")


async def test_ticket_is_for_one_job_and_one_minute(world: World) -> None:
    facts, other = await a_job(world), await a_job(world)
    bare = world.client_for(uuid7())
    del bare.headers["Authorization"]
    for spoil in ("", "update gateway.tickets set expires_at = now() - interval '1 s'"):
        issued = (await world.client.post(f"/api/tailor/job/{facts.job_id}/ticket")).json()
        url = issued["url"]
        if spoil:
            await world.pool.execute(spoil)
        else:
            url = url.replace(str(facts.job_id), str(other.job_id))
        assert (await bare.get(url)).status_code == 401


async def test_cancel_stops_the_run_once(world: World) -> None:
    facts = await a_job(world)
    path = f"/api/tailor/job/{facts.job_id}/cancel"
    first, second = await world.client.post(path), await world.client.post(path)
    assert (first.status_code, first.json()["status"]) == (202, "cancelled")
    assert (second.status_code, second.json()["status"]) == (200, "cancelled")
    assert await world.outbox() == ["command", "job.stopped"]
    await world.project(facts.started(0), facts.succeeded(2, result=RESULT))
    assert (await world.status(facts.job_id))["status"] == "cancelled"


async def test_cancel_of_a_finished_job_changes_nothing(world: World) -> None:
    facts = await a_job(world)
    await world.project(facts.succeeded(2, result=RESULT))
    answer = await world.client.post(f"/api/tailor/job/{facts.job_id}/cancel")
    assert (answer.status_code, answer.json()["status"]) == (200, "completed")
    assert await world.outbox() == ["command"]


async def test_lists_are_paged_newest_first_and_filtered(world: World) -> None:
    jobs = [await a_job(world) for _ in range(5)]
    await world.project(jobs[0].failed(0))
    seen: list[str] = []
    cursor = None
    while True:
        params = {"limit": "2", **({"cursor": cursor} if cursor else {})}
        page = (await world.client.get("/api/tailor/jobs", params=params)).json()
        seen += [item["jobId"] for item in page["items"]]
        cursor = page["nextCursor"]
        if cursor is None:
            break
    assert seen == [str(facts.job_id) for facts in reversed(jobs)]
    failed = (await world.client.get("/api/tailor/jobs", params={"status": "failed"})).json()
    assert [item["jobId"] for item in failed["items"]] == [str(jobs[0].job_id)]
    assert (await world.client.get("/api/tailor/jobs?cursor=%21")).status_code == 422


async def test_results_export_as_json_and_markdown(world: World) -> None:
    facts = await a_job(world)
    document = {"resume": {"basics": {"name": "Ada Example"}, "work": [{"id": "w1", "name": "E"}]}}
    await world.project(facts.succeeded(2, result={"document": document}))
    result_id = (await world.status(facts.job_id))["resultId"]
    path = f"/api/tailor/results/{result_id}/export"
    plain = await world.client.get(path)
    assert plain.json()["basics"] == {"name": "Ada Example"}
    assert "id" not in plain.json()["work"][0]
    markdown = await world.client.get(path, params={"format": "md"})
    assert markdown.text.startswith("# Ada Example")
    pdf = await world.client.get(path, params={"format": "pdf", "template": "modern"})
    assert pdf.content.startswith(b"%PDF")
    assert pdf.headers["content-disposition"].startswith("attachment; filename=")
    for wrong in ({"format": "exe"}, {"template": "mine"}, {"paper": "a0"}, {"language": "../x"}):
        assert (await world.client.get(path, params=wrong)).status_code == 422
    assert (await world.client_for(uuid7()).get(path)).status_code == 404


async def test_database_away_is_503_with_retry_after(pool: Pool, tmp_path: Path) -> None:
    """The edge starts, answers 503, and is unready while PostgreSQL is away."""
    away = settings_for("postgresql://postgres@127.0.0.1:1/postgres", tmp_path)
    async with bootstrap_api(
        away, clock=SystemClock(), sleep=system_sleep, registry=CollectorRegistry()
    ) as app:
        world = World(app, pool)
        body = {"baseResumeId": str(uuid7()), "jobText": "text"}
        for answer in (
            await world.client.post("/api/tailor/tailor-async", json=body),
            await world.client.get(f"/api/tailor/job/{uuid7()}"),
        ):
            assert (answer.status_code, answer.json()["retryable"]) == (503, True)
            assert int(answer.headers["retry-after"]) > 0
        ready = await world.client.get("/health/ready")
        assert ready.status_code == 503
        assert ready.json()["checks"]["postgres"]["status"] == "failed"
        assert (await world.client.get("/health")).status_code == 200


async def test_readiness_reports_the_broker_as_degraded(world: World) -> None:
    answer = await world.client.get("/health/ready")
    assert (answer.status_code, answer.json()["checks"]["rabbitmq"]["status"]) == (200, "degraded")
