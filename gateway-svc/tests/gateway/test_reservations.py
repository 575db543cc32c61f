"""Budgets over a real database: acceptance, races, settling, redrive, the operator's word."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx2
import pytest

from gateway_svc import operate
from gateway_svc.account.budgets import Limits
from gateway_svc.account.reserving import BudgetPolicy
from gateway_svc.database import Pool
from gateway_svc.jobs.accept import JobAcceptor, Order
from gateway_svc.operate import redrive_job
from gateway_svc.origin import Origin
from gateway_svc.settings import GatewaySettings
from resume_contracts.errors import ErrorCode, JobError
from resume_contracts.facts import Facts as JobFacts
from resume_contracts.facts import Options, Submission
from resume_contracts.messages import StageFailed, Usage
from resume_contracts.workflows import Engine, Workflow
from resume_runtime.clock import SystemClock
from resume_runtime.ids import uuid7
from resume_runtime.process import StartupError

from .conftest import NO_BROKER, opened, settings_for
from .facts import Facts
from .world import World

pytestmark = pytest.mark.connected

#: What an order with a pasted posting sets aside: a search and two answers of a model.
NEED = 60_000
MODEL = Usage(provider="openai", model="m", calls=1, input_tokens=10, cost_usd=0.003)
SEARCH = Usage(provider="perplexity", model="sonar", calls=1, cost_usd=0.005)


@pytest.fixture
async def frugal(migrated: str, pool: Pool, tmp_path: Path) -> AsyncIterator[World]:
    """An edge where everybody has 0.2 USD a day and 10 a month."""
    settings = settings_for(migrated, tmp_path, budget_day_usd=0.2, budget_month_usd=10)
    async with opened(settings, pool) as world:
        yield world


async def order(world: World, resume: str, engine: str = "auto", **headers: str) -> httpx2.Response:
    return await world.client.post(
        "/api/tailor/tailor-async",
        json={
            "baseResumeId": resume,
            "jobText": "We need an engineer.",
            "options": {"engine": engine},
        },
        headers=headers,
    )


async def ordered(world: World, engine: str = "auto") -> Facts:
    answer = await order(world, await world.resume(), engine)
    assert answer.status_code == 202, answer.text
    return Facts(UUID(answer.json()["jobId"]), world.user_id)


async def budget(world: World) -> dict[str, Any]:
    answer = await world.client.get("/api/account/usage")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()["budget"]
    return found


async def day(world: World) -> tuple[float, float, float]:
    """Spent, reserved and left of the day."""
    found = (await budget(world))["day"]
    return found["spentUsd"], found["reservedUsd"], found["leftUsd"]


async def commands(world: World) -> list[dict[str, Any]]:
    records = await world.pool.fetch(
        "select body from gateway.outbox where kind = 'command' order by id"
    )
    return [json.loads(record["body"]) for record in records]


def failed(
    facts: Facts, code: ErrorCode, run: int = 1, usage: tuple[Usage, ...] = ()
) -> StageFailed:
    error = JobError(code=code, message="It failed.", retryable=False)
    return facts.failed(2, run=run, usage=usage).model_copy(update={"error": error})


def an_order(user_id: UUID, engine: Engine = Engine.AUTO) -> Order:
    submission = Submission(job_text="We need an engineer.", options=Options(engine=engine))
    return Order(user_id, Workflow.TAILOR_RESUME, None, JobFacts(submission=submission))


@pytest.mark.parametrize(
    ("limits", "statements"),
    [(Limits(), 1), (Limits(day=200_000), 5)],
    ids=["without a budget", "with one"],
)
async def test_acceptance_is_one_statement_unless_it_is_paid_for(
    pool: Pool, limits: Limits, statements: int
) -> None:
    """With a budget: begin, hold, accept, keep, commit."""
    seen: list[str] = []
    acceptor = JobAcceptor(
        new_id=uuid7, deadline=timedelta(seconds=420), budgets=BudgetPolicy(limits)
    )
    origin = Origin("correlation", None)
    async with pool.acquire() as connection:
        log = lambda record: seen.append(record.query)  # noqa: E731
        connection.add_query_logger(log)
        await acceptor.accept(connection, an_order(uuid7()), now=SystemClock().now(), origin=origin)
        connection.remove_query_logger(log)
    assert len(seen) == statements, seen


async def test_order_sets_aside_what_it_may_cost(frugal: World) -> None:
    await ordered(frugal)
    assert await day(frugal) == pytest.approx((0, 0.06, 0.14))
    (command,) = await commands(frugal)
    assert command["budget_left_micro_usd"] == NEED


async def test_without_a_budget_nothing_is_set_aside(world: World) -> None:
    await ordered(world)
    assert await budget(world) == {"day": None, "month": None}
    (command,) = await commands(world)
    assert command["budget_left_micro_usd"] is None
    assert await world.pool.fetchval("select count(*) from gateway.budgets") == 0


@pytest.mark.parametrize("engine", ["auto", "model", "rules"])
async def test_orders_at_once_never_set_aside_more_than_there_is(
    frugal: World, engine: str
) -> None:
    """Twelve at the same time, over several connections."""
    resume = await frugal.resume()
    answers = await asyncio.gather(*(order(frugal, resume, engine) for _ in range(12)))
    codes = sorted(answer.status_code for answer in answers)
    given = sorted((c["budget_left_micro_usd"] for c in await commands(frugal)), reverse=True)
    if engine == "model":
        assert codes == [202] * 3 + [402] * 9
        assert given == [NEED] * 3
    elif engine == "auto":
        assert codes == [202] * 12
        assert given == [NEED] * 3 + [20_000] + [0] * 8
    else:
        assert codes == [202] * 12
        assert given == [20_000] * 10 + [0] * 2
    assert (await day(frugal))[1] == pytest.approx(sum(given) / 1e6)


async def test_refusal_says_when_to_come_back(frugal: World) -> None:
    resume = await frugal.resume()
    for _ in range(3):
        assert (await order(frugal, resume, "model")).status_code == 202
    refused = await order(frugal, resume, "model")
    assert refused.status_code == 402
    assert refused.headers["content-type"] == "application/problem+json"
    problem = refused.json()
    assert (problem["code"], problem["retryable"]) == ("budget_exhausted", False)
    assert "It is renewed at 20" in problem["detail"]
    assert await frugal.pool.fetchval("select count(*) from gateway.jobs") == 3


async def test_receipt_settles_what_was_set_aside(frugal: World) -> None:
    """Told twice, in any order and late, the bill is borne once."""
    facts = await ordered(frugal)
    events = [facts.succeeded(1, usage=(SEARCH,)), facts.succeeded(2, usage=(MODEL,))]
    await frugal.project(events[1])
    assert await day(frugal) == pytest.approx((0.003, 0, 0.197))
    await frugal.project(events[0])
    await frugal.project(*events, *reversed(events))
    assert await day(frugal) == pytest.approx((0.008, 0, 0.192))
    assert (await budget(frugal))["month"]["spentUsd"] == pytest.approx(0.008)
    receipt = (await frugal.status(facts.job_id))["receipt"]
    assert receipt["chargedUsd"] == pytest.approx(receipt["costUsd"]) == pytest.approx(0.008)


@pytest.mark.parametrize(
    ("code", "charged"),
    [
        (ErrorCode.PROVIDER_UNAVAILABLE, 0),
        (ErrorCode.INTERNAL_ERROR, 0),
        (ErrorCode.BUDGET_EXHAUSTED, 0.008),
        (ErrorCode.CONTENT_REFUSED, 0.008),
    ],
)
async def test_failure_that_was_not_the_users_is_not_charged(
    frugal: World, code: ErrorCode, charged: float
) -> None:
    facts = await ordered(frugal)
    await frugal.project(facts.succeeded(1, usage=(SEARCH,)), failed(facts, code, usage=(MODEL,)))
    assert await day(frugal) == pytest.approx((charged, 0, 0.2 - charged))
    # A result that comes too late is on the receipt, and the run stays what it is.
    await frugal.project(facts.succeeded(2, 2, usage=(MODEL,)))
    late = 0.003 if charged else 0
    assert (await day(frugal))[0] == pytest.approx(charged + late)
    receipt = (await frugal.status(facts.job_id))["receipt"]
    assert receipt["costUsd"] == pytest.approx(0.011)
    assert receipt["chargedUsd"] == pytest.approx(charged + late)


async def test_cancelled_job_is_charged_what_was_spent(frugal: World) -> None:
    facts = await ordered(frugal)
    await frugal.project(facts.succeeded(1, usage=(SEARCH,)))
    answer = await frugal.client.post(f"/api/tailor/job/{facts.job_id}/cancel")
    assert answer.status_code == 202
    assert await day(frugal) == pytest.approx((0.005, 0, 0.195))
    await frugal.project(facts.succeeded(2, usage=(MODEL,)))
    assert (await day(frugal))[0] == pytest.approx(0.008)


async def test_jobs_of_several_users_are_settled_in_one_batch(frugal: World) -> None:
    mine = [await ordered(frugal) for _ in range(2)]
    other = World(frugal.app, frugal.pool, frugal.database_url)
    async with other:
        theirs = await ordered(other)
        await frugal.project(
            *(facts.succeeded(2, usage=(MODEL,)) for facts in (*mine, theirs)),
        )
        assert await day(frugal) == pytest.approx((0.006, 0, 0.194))
        assert await day(other) == pytest.approx((0.003, 0, 0.197))


async def test_redrive_reserves_anew_and_is_charged_alone(frugal: World) -> None:
    """The failed run is forgiven; the next one is paid for like any other."""
    facts = await ordered(frugal)
    await frugal.project(failed(facts, ErrorCode.INTERNAL_ERROR, usage=(MODEL,)))
    run = await redrive_job(
        frugal.pool,
        facts.job_id,
        now=SystemClock().now(),
        deadline=timedelta(seconds=420),
        budgets=frugal.edge.budgets,
    )
    assert await day(frugal) == pytest.approx((0, 0.06, 0.14))
    assert (await commands(frugal))[-1]["budget_left_micro_usd"] == NEED
    await frugal.project(facts.succeeded(2, run=run, usage=(MODEL,)))
    assert await day(frugal) == pytest.approx((0.003, 0, 0.197))
    receipt = (await frugal.status(facts.job_id))["receipt"]
    assert receipt["costUsd"] == pytest.approx(0.006)
    assert receipt["chargedUsd"] == pytest.approx(0.003)


async def test_same_key_reserves_once(frugal: World) -> None:
    resume = await frugal.resume()
    first = await order(frugal, resume, **{"Idempotency-Key": "k"})
    again = await order(frugal, resume, **{"Idempotency-Key": "k"})
    assert first.json()["jobId"] == again.json()["jobId"]
    assert (await day(frugal))[1] == pytest.approx(0.06)


async def test_refused_key_can_be_used_again(frugal: World) -> None:
    """Nothing of a refused order is kept."""
    resume = await frugal.resume()
    jobs = [await ordered(frugal) for _ in range(3)]
    key = {"Idempotency-Key": "k"}
    assert (await order(frugal, resume, "model", **key)).status_code == 402
    await frugal.project(jobs[0].succeeded(2))
    assert (await order(frugal, resume, "model", **key)).status_code == 202


async def test_erased_user_gets_no_budget(frugal: World) -> None:
    resume = await frugal.resume()
    await frugal.pool.execute("insert into gateway.erased (user_id) values ($1)", frugal.user_id)
    assert (await order(frugal, resume)).status_code in {403, 404}
    acceptor = frugal.edge.acceptor
    async with frugal.pool.acquire() as connection:
        with pytest.raises(Exception, match="erased"):
            await acceptor.accept(
                connection,
                an_order(frugal.user_id),
                now=SystemClock().now(),
                origin=Origin("correlation", None),
            )
    assert await frugal.pool.fetchval("select count(*) from gateway.budgets") == 0


def operators(world: World, **values: Any) -> GatewaySettings:
    return GatewaySettings.model_validate(
        {"database_url": world.database_url, "amqp_url": NO_BROKER, **values}
    )


async def test_operator_gives_a_user_limits_of_their_own(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    """Where nobody else has any: the one statement does nothing, and the budget is asked."""
    resume = await world.resume()
    await operate.budget(operators(world), str(world.user_id), ("0.05", "-"))
    told = capsys.readouterr().out.splitlines()
    assert told[0].startswith("day: 0.050000 USD; spent 0.000000, reserved 0.000000, left 0.050000")
    assert told[1] == "month: no limit"
    assert (await order(world, resume, "model")).status_code == 402
    assert (await order(world, resume)).status_code == 202
    assert [c["budget_left_micro_usd"] for c in await commands(world)] == [50_000]
    async with World(world.app, world.pool) as other:
        answer = await order(other, await other.resume(), "model")
        assert answer.status_code == 202
    await operate.budget(operators(world), str(world.user_id), ("0", "0"))
    assert (await order(world, resume, "model")).status_code == 202


async def test_operator_lifts_the_limits_of_a_user(frugal: World) -> None:
    resume = await frugal.resume()
    values = {"budget_day_usd": 0.2, "budget_month_usd": 10}
    await operate.budget(operators(frugal, **values), str(frugal.user_id), ("0", "0"))
    for _ in range(4):
        assert (await order(frugal, resume, "model")).status_code == 202
    assert await budget(frugal) == {"day": None, "month": None}
    await operate.budget(operators(frugal, **values), str(frugal.user_id), ("-", "-"))
    assert (await day(frugal))[2] == pytest.approx(0.2)


@pytest.mark.parametrize(
    ("user", "limits"),
    [
        ("nobody", ()),
        (str(uuid7()), ("much", "-")),
        (str(uuid7()), ("-1", "-")),
        (str(uuid7()), ("nan", "-")),
    ],
    ids=["no user", "no amount", "less than nothing", "no number"],
)
async def test_operator_is_told_what_is_wrong(
    world: World, user: str, limits: tuple[str, ...]
) -> None:
    with pytest.raises(StartupError, match="give a user's id"):
        await operate.budget(operators(world), user, limits)
