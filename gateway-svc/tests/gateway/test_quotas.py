"""Quotas of orders: given back once for what was not the input's fault, and shown."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from gateway_svc.database import Pool
from gateway_svc.operate import redrive_job
from resume_contracts.errors import FAULTS, ErrorCode, JobError
from resume_contracts.messages import StageFailed
from resume_runtime.clock import SystemClock

from .conftest import opened, settings_for
from .facts import Facts
from .world import World

pytestmark = pytest.mark.connected

LIMIT = 2


@pytest.fixture
async def scarce(migrated: str, pool: Pool, tmp_path: Path) -> AsyncIterator[World]:
    """An edge that takes two tailorings an hour."""
    settings = settings_for(migrated, tmp_path, rate_tailor_per_hour=LIMIT)
    async with opened(settings, pool) as world:
        yield world


async def quota(world: World, product: str = "tailor_resume") -> tuple[int, int, int]:
    """Used, returned and left."""
    answer = await world.client.get("/api/account/usage")
    assert answer.status_code == 200, answer.text
    (found,) = [q for q in answer.json()["quotas"] if q["product"] == product]
    return found["used"], found["returned"], found["left"]


def failed(facts: Facts, code: ErrorCode, run: int = 1) -> StageFailed:
    error = JobError(code=code, message="It failed.", retryable=False)
    return facts.failed(2, run=run).model_copy(update={"error": error})


async def orders(world: World, number: int) -> list[Facts]:
    resume = await world.resume()
    answers = [await world.order(resume) for _ in range(number)]
    assert [answer.status_code for answer in answers] == [202] * number
    return [Facts(UUID(answer.json()["jobId"]), world.user_id) for answer in answers]


async def code(world: World) -> int:
    return (await world.order(await world.resume())).status_code


async def test_quota_is_used_up(scarce: World) -> None:
    await orders(scarce, LIMIT)
    assert await quota(scarce) == (2, 0, 0)
    assert await code(scarce) == 429


@pytest.mark.parametrize("error", ErrorCode)
async def test_failure_gives_back_what_was_not_the_inputs_fault(
    scarce: World, error: ErrorCode
) -> None:
    first, _ = await orders(scarce, LIMIT)
    await scarce.project(failed(first, error))
    returns = FAULTS[error].returns_quota
    assert await code(scarce) == (202 if returns else 429)


async def test_usage_shows_what_was_given_back(scarce: World) -> None:
    first, second = await orders(scarce, LIMIT)
    await scarce.project(
        failed(first, ErrorCode.PROVIDER_UNAVAILABLE), failed(second, ErrorCode.POSTING_EMPTY)
    )
    assert await quota(scarce) == (1, 1, 1)


async def test_quota_is_given_back_once_whatever_happens(scarce: World) -> None:
    """Facts told twice, and a redrive that fails again."""
    first, _ = await orders(scarce, LIMIT)
    failure = failed(first, ErrorCode.INTERNAL_ERROR)
    await scarce.project(failure, failure)
    await scarce.project(failure)
    assert await quota(scarce) == (1, 1, 1)
    run = await redrive_job(
        scarce.pool, first.job_id, now=SystemClock().now(), deadline=timedelta(seconds=420)
    )
    await scarce.project(failed(first, ErrorCode.INTERNAL_ERROR, run))
    assert await quota(scarce) == (1, 1, 1)
    assert await code(scarce) == 202
    assert await code(scarce) == 429


@pytest.mark.parametrize("has_begun", [False, True])
async def test_cancel_before_the_start_is_not_counted(scarce: World, *, has_begun: bool) -> None:
    first, _ = await orders(scarce, LIMIT)
    if has_begun:
        await scarce.project(first.started(0))
    answer = await scarce.client.post(f"/api/tailor/job/{first.job_id}/cancel")
    assert answer.status_code == 202
    assert await quota(scarce) == ((2, 0, 0) if has_begun else (1, 1, 1))


async def test_no_more_is_given_back_than_the_quota_itself(scarce: World) -> None:
    """Orders that fail again and again end: twice the quota an hour, and no more."""
    accepted = 0
    for _ in range(4 * LIMIT):
        # The looks for what was given back are a second apart.
        for book in scarce.edge.quotas._users.values():
            book.looked_at = None
        answer = await scarce.order(await scarce.resume())
        if answer.status_code == 202:
            accepted += 1
            facts = Facts(UUID(answer.json()["jobId"]), scarce.user_id)
            await scarce.project(failed(facts, ErrorCode.PROVIDER_UNAVAILABLE))
    assert accepted == 2 * LIMIT


async def test_refusal_for_trouble_or_money_is_not_counted(
    migrated: str, pool: Pool, tmp_path: Path
) -> None:
    settings = settings_for(migrated, tmp_path, rate_tailor_per_hour=1, budget_day_usd=0.01)
    async with opened(settings, pool) as world:
        body: dict[str, Any] = {
            "baseResumeId": await world.resume(),
            "jobText": "We need an engineer.",
            "options": {"engine": "model"},
        }
        for _ in range(3):
            answer = await world.client.post("/api/tailor/tailor-async", json=body)
            assert answer.status_code == 402
        assert await quota(world) == (0, 0, 1)
        body["options"] = {"engine": "nobody"}
        assert (await world.client.post("/api/tailor/tailor-async", json=body)).status_code == 422
        assert await quota(world) == (0, 0, 0)


async def test_same_order_again_is_not_counted(migrated: str, pool: Pool, tmp_path: Path) -> None:
    """A client that asks again after a lost answer is given the job it has."""
    settings = settings_for(
        migrated,
        tmp_path,
        rate_tailor_per_hour=LIMIT,
        rate_postings_per_hour=LIMIT,
        rate_uploads_per_hour=LIMIT,
    )
    key = {"Idempotency-Key": "k"}
    async with opened(settings, pool) as world:
        resume = await world.resume()
        for again in (False, True, True):
            answers = [
                await world.order(resume, **key),
                await world.client.post("/api/jobs/", json={"jobText": "Wanted."}, headers=key),
                await world.client.post(
                    "/api/resumes/upload", files={"file": ("cv.txt", b"text")}, headers=key
                ),
            ]
            assert [answer.status_code for answer in answers] == [202] * 3
            assert ["idempotent-replayed" in answer.headers for answer in answers] == [again] * 3
        for product in ("tailor_resume", "capture_posting", "parse_resume"):
            assert await quota(world, product) == (1, 0, 1)


async def test_order_that_is_still_being_accepted_is_counted_once(scarce: World) -> None:
    resume = await scarce.resume()
    place = f"{scarce.user_id}//api/tailor/tailor-async/k"
    async with scarce.pool.acquire() as connection, connection.transaction():
        await connection.execute("select pg_advisory_xact_lock(hashtextextended($1, 0))", place)
        answer = await scarce.order(resume, **{"Idempotency-Key": "k"})
    assert (answer.status_code, answer.json()["code"]) == (409, "request_in_progress")
    assert await quota(scarce) == (0, 0, 2)


async def test_every_product_has_a_quota(scarce: World) -> None:
    answer = await scarce.client.get("/api/account/usage")
    found = {q["product"]: (q["limit"], q["windowS"]) for q in answer.json()["quotas"]}
    assert found["tailor_resume"] == (LIMIT, 3600)
    assert set(found) == {
        "tailor_resume",
        "cover_letter",
        "interview_prep",
        "career_path",
        "parse_resume",
        "capture_posting",
    }
