"""Submitting: one statement, idempotent, whatever the broker does."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import orjson
import pytest

from gateway_svc.database import Pool
from gateway_svc.jobs.admission import Admission
from resume_contracts.facts import POSTING_LIMIT
from resume_contracts.messages import Command
from resume_runtime.errors import ProblemError
from resume_runtime.ids import uuid7

from .conftest import opened, settings_for
from .world import RESUME, World

pytestmark = pytest.mark.connected


async def test_submission_writes_job_event_and_command_at_once(world: World) -> None:
    """RabbitMQ is away, and the answer is 202 all the same."""
    answer = await world.order(
        await world.resume(),
        traceparent=f"00-{'a' * 32}-{'b' * 16}-01",
        **{"X-Correlation-Id": "c-1"},
    )
    assert answer.status_code == 202
    assert answer.json()["status"] == "pending"
    assert answer.headers["location"] == f"/api/tailor/job/{answer.json()['jobId']}"
    assert answer.headers["retry-after"] == "2"
    record = await world.pool.fetchrow("select * from gateway.outbox")
    assert record is not None
    command = Command.model_validate_json(record["body"])
    assert (command.stage, command.run, command.attempt) == ("extract.posting", 1, 1)
    assert command.facts.resume is not None
    assert record["message_id"] == command.message_id
    assert record["correlation_id"] == "c-1"
    assert record["headers"]["traceparent"].startswith(f"00-{'a' * 32}-")
    seqs = await world.pool.fetch("select seq, kind from gateway.job_events")
    assert [(r["seq"], r["kind"]) for r in seqs] == [(1, "job.accepted")]
    status = await world.status(command.job_id)
    assert (status["status"], status["message"], status["progress"]) == ("pending", "Queued", 0)


async def test_submission_of_an_unknown_or_foreign_resume_is_404(world: World) -> None:
    resume_id = await world.resume()
    other = world.client_for(uuid7())
    body = {"baseResumeId": resume_id, "jobText": "text"}
    for client, payload in ((other, body), (world.client, {**body, "baseResumeId": str(uuid4())})):
        answer = await client.post("/api/tailor/tailor-async", json=payload)
        assert (answer.status_code, answer.json()["code"]) == (404, "resume_not_found")
    assert await world.outbox() == []


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({}, 422, "invalid_request"),
        ({"jobUrl": "http://x.test", "jobText": "both"}, 422, "invalid_request"),
        ({"jobUrl": "ftp://x.test/posting"}, 422, "invalid_request"),
        ({"jobUrl": "http://user:secret@x.test/"}, 422, "invalid_request"),
        ({"jobText": "x" * (POSTING_LIMIT + 1)}, 413, "posting_too_large"),
        ({"jobText": "t", "options": {"engine": "magic-word"}}, 422, "invalid_request"),
        ({"jobText": "t", "surprise": "magic-word"}, 422, "invalid_request"),
        ({"jobText": "magic-word\x00"}, 422, "invalid_request"),
        ({"jobText": "t", "company": "magic-word\x00"}, 422, "invalid_request"),
        ({"jobText": "t", "options": {"tone": "magic-word\x00"}}, 422, "invalid_request"),
        ({"jobUrl": "http://x.test/magic-word\x00"}, 422, "invalid_request"),
    ],
)
async def test_submission_refuses_bad_input_without_echoing_it(
    world: World, body: dict[str, object], status: int, code: str
) -> None:
    answer = await world.client.post(
        "/api/tailor/tailor-async", json={"baseResumeId": await world.resume(), **body}
    )
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.headers["content-type"] == "application/problem+json"
    assert "secret" not in answer.text
    assert "magic-word" not in answer.text


async def test_malformed_body_is_a_problem(world: World) -> None:
    answer = await world.client.post(
        "/api/tailor/tailor-async",
        content=b'{"baseResumeId": ',
        headers={"Content-Type": "application/json"},
    )
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request")


async def test_idempotency_key_makes_one_job_of_a_race(world: World) -> None:
    """Twenty equal requests at once: one job; the others replay it or say that it is under way."""
    resume_id = await world.resume()
    answers = await asyncio.gather(
        *(world.order(resume_id, **{"Idempotency-Key": "k-1"}) for _ in range(20))
    )
    assert {answer.status_code for answer in answers} <= {202, 409}
    accepted = [answer for answer in answers if answer.status_code == 202]
    assert len({answer.json()["jobId"] for answer in accepted}) == 1
    assert sum("idempotent-replayed" not in answer.headers for answer in accepted) == 1
    assert await world.pool.fetchval("select count(*) from gateway.jobs") == 1
    again = await world.order(resume_id, **{"Idempotency-Key": '"k-1"'})
    assert again.headers["idempotent-replayed"] == "true"


async def test_idempotency_key_with_another_body_is_refused(world: World) -> None:
    resume_id = await world.resume()
    await world.order(resume_id, **{"Idempotency-Key": "k-1"})
    other = await world.order(resume_id, text="Another posting.", **{"Idempotency-Key": "k-1"})
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")


async def test_idempotency_key_is_the_users_own(world: World) -> None:
    first = await world.client.post("/api/resumes/", json=RESUME, headers={"Idempotency-Key": "k"})
    second = await world.client_for(uuid7()).post(
        "/api/resumes/", json=RESUME, headers={"Idempotency-Key": "k"}
    )
    assert first.json()["id"] != second.json()["id"]


async def test_erased_user_may_write_nothing(world: World) -> None:
    resume_id = await world.resume()
    await world.pool.execute("insert into gateway.erased (user_id) values ($1)", world.user_id)
    ordered = await world.order(resume_id)
    stored = await world.client.post("/api/resumes/", json=RESUME)
    assert [a.json()["code"] for a in (ordered, stored)] == ["user_erased", "user_erased"]
    assert await world.outbox() == []


async def test_submission_whose_deadline_cannot_be_met_is_refused(
    migrated: str, world: World, pool: Pool, tmp_path: Path
) -> None:
    """The oldest job has stood in line for longer than a new one could afford."""
    job_id = await world.submit()
    await world.pool.execute(
        "update gateway.jobs set accepted_at = accepted_at - interval '370 s' where id = $1", job_id
    )
    # Another edge: this one remembers for a second what it was told when the job came.
    async with opened(settings_for(migrated, tmp_path), pool) as other:
        answer = await other.order(await other.resume())
    assert (answer.status_code, answer.json()["code"]) == (503, "overloaded")
    assert int(answer.headers["retry-after"]) > 0
    assert answer.json()["retryable"] is True


async def test_length_of_the_line_is_asked_for_once_a_second(world: World) -> None:
    """What is remembered holds for its second, also for a clock that was set back."""
    admission, now = Admission(timedelta(seconds=420)), datetime.now(UTC)
    job_id = await world.submit()
    async with world.pool.acquire() as connection:
        await admission.check(connection, now)
        await connection.execute(
            "update gateway.jobs set accepted_at = accepted_at - interval '370 s' where id = $1",
            job_id,
        )
        await admission.check(connection, now + timedelta(seconds=0.9))
        for later in (timedelta(seconds=1), timedelta(seconds=-1)):
            with pytest.raises(ProblemError):
                await admission.check(connection, now + later)


async def test_waiting_twin_answers_202_when_the_time_is_up(
    migrated: str, pool: Pool, tmp_path: Path
) -> None:
    settings = settings_for(migrated, tmp_path, wait_s=0.2)
    async with opened(settings, pool) as world:
        body = {"baseResumeId": await world.resume(), "jobText": "text"}
        answer = await world.client.post("/api/tailor/tailor", json=body)
    assert answer.status_code == 202
    assert answer.json()["status"] == "pending"
    assert UUID(answer.json()["jobId"]).version == 7


async def test_answers_carry_guards_and_ids(world: World) -> None:
    answer = await world.client.get("/api/tailor/jobs")
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["x-correlation-id"]
    assert answer.headers["ratelimit-policy"] == '"reads";q=1000;w=60'
    assert orjson.loads(answer.content) == {"items": [], "nextCursor": None}
