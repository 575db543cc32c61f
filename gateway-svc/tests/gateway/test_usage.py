"""What jobs cost: receipts, and the account's months, over a real database."""

from typing import Any

import pytest

from resume_contracts.messages import Usage
from resume_contracts.usage import spared
from resume_runtime.ids import uuid7

from .facts import Facts
from .world import World

pytestmark = pytest.mark.connected

MODEL = Usage(
    provider="openai",
    model="gpt-4.1-mini",
    calls=1,
    input_tokens=1000,
    cached_input_tokens=200,
    output_tokens=300,
    cost_usd=0.00082,
)
SEARCH = Usage(provider="perplexity", model="sonar", calls=1, input_tokens=50, cost_usd=0.005)
SCRAPE = Usage(provider="firecrawl", calls=1, credits=5)
MONTH = {"month": "2026-11"}


async def a_job(world: World) -> Facts:
    return Facts(await world.submit(), world.user_id)


async def usage(world: World, **params: str) -> dict[str, Any]:
    answer = await world.client.get("/api/account/usage", params=MONTH | params)
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


def figures(spent: dict[str, Any]) -> tuple[Any, ...]:
    return spent["jobs"], spent["calls"], spent["inputTokens"], spent["costUsd"]


async def test_receipt_adds_up_all_stages_and_attempts(world: World) -> None:
    facts = await a_job(world)
    await world.project(
        facts.succeeded(0, usage=(SCRAPE,)),
        facts.succeeded(1, usage=(SEARCH,)),
        facts.retrying(2, usage=(MODEL,)),
    )
    assert "receipt" not in await world.status(facts.job_id)
    await world.project(facts.succeeded(2, 2, usage=(MODEL,)))
    receipt = (await world.status(facts.job_id))["receipt"]
    lines = receipt.pop("lines")
    assert receipt == {
        "calls": 4,
        "inputTokens": 2050,
        "cachedInputTokens": 400,
        "outputTokens": 600,
        "credits": 5,
        "costUsd": pytest.approx(0.00664),
        "unpricedCalls": 1,
        "cachedAnswers": 0,
        "savedTokens": 0,
        "savedUsd": 0,
    }
    assert [(line["provider"], line.get("model"), line["calls"]) for line in lines] == [
        ("firecrawl", None, 1),
        ("perplexity", "sonar", 1),
        ("openai", "gpt-4.1-mini", 2),
    ]


async def test_job_that_called_nobody_has_an_empty_receipt(world: World) -> None:
    facts = await a_job(world)
    await world.project(facts.succeeded(2))
    receipt = (await world.status(facts.job_id))["receipt"]
    assert (receipt["calls"], receipt["costUsd"], receipt["lines"]) == (0, 0, [])
    assert figures((await usage(world))["total"]) == (0, 0, 0, 0)


async def test_facts_told_twice_and_in_any_order_are_paid_once(world: World) -> None:
    facts = await a_job(world)
    events = [facts.succeeded(2, usage=(MODEL,)), facts.succeeded(1, usage=(SEARCH,))]
    await world.project(*events, *reversed(events))
    await world.project(*reversed(events))
    assert figures((await usage(world))["total"]) == (1, 2, 1050, pytest.approx(0.00582))


async def test_what_came_too_late_was_spent_all_the_same(world: World) -> None:
    """A superseded result, a failed run and the run that followed it are on the receipt."""
    facts = await a_job(world)
    await world.project(facts.cancelled(), facts.succeeded(2, usage=(MODEL,)))
    status = await world.status(facts.job_id)
    assert (status["status"], status["receipt"]["calls"]) == ("cancelled", 1)
    await world.project(facts.redriven(2), facts.failed(2, run=2, usage=(MODEL,)))
    await world.project(facts.redriven(3), facts.succeeded(2, run=3, usage=spared([MODEL])))
    receipt = (await world.status(facts.job_id))["receipt"]
    assert (receipt["calls"], receipt["costUsd"]) == (2, pytest.approx(0.00164))
    assert (receipt["cachedAnswers"], receipt["savedTokens"]) == (1, 1300)
    assert receipt["savedUsd"] == pytest.approx(0.00082)
    assert figures((await usage(world))["total"]) == (1, 2, 2000, pytest.approx(0.00164))


async def test_usage_is_told_in_all_by_provider_and_by_product(world: World) -> None:
    for _ in range(3):
        facts = await a_job(world)
        await world.project(facts.succeeded(2, usage=(MODEL, SCRAPE)))
    read = Facts(await world.submit(), world.user_id)
    await world.project(read.succeeded(1, usage=(SEARCH,)))
    told = await usage(world)
    assert told["month"] == "2026-11"
    assert figures(told["total"]) == (4, 7, 3050, pytest.approx(0.00746))
    assert told["total"]["unpricedCalls"] == 3
    assert [(each["provider"], *figures(each)) for each in told["byProvider"]] == [
        ("firecrawl", 3, 3, 0, 0),
        ("openai", 3, 3, 3000, pytest.approx(0.00246)),
        ("perplexity", 1, 1, 50, pytest.approx(0.005)),
    ]
    assert [(each["product"], each["jobs"]) for each in told["byProduct"]] == [("tailor_resume", 4)]


async def test_usage_is_a_users_and_a_months_own(world: World) -> None:
    facts = await a_job(world)
    await world.project(facts.succeeded(2, usage=(MODEL,)))
    assert figures((await usage(world, month="2026-10"))["total"]) == (0, 0, 0, 0)
    assert figures((await usage(world, month="2026-12"))["total"]) == (0, 0, 0, 0)
    async with world.client_for(uuid7()) as other:
        total = (await other.get("/api/account/usage", params=MONTH)).json()["total"]
    assert figures(total) == (0, 0, 0, 0)
    now = (await world.client.get("/api/account/usage")).json()["month"]
    assert now == f"{world.edge.clock.now():%Y-%m}"


@pytest.mark.parametrize("month", ["2026-13", "2026", "0000-01", "2026-1", "2026-11-01", "x"])
async def test_month_must_be_one(world: World, month: str) -> None:
    answer = await world.client.get("/api/account/usage", params={"month": month})
    assert answer.status_code == 422


async def test_usage_needs_a_user(world: World) -> None:
    answer = await world.client.get("/api/account/usage", headers={"Authorization": ""})
    assert answer.status_code == 401


async def test_erased_jobs_leave_no_bill(world: World) -> None:
    facts = await a_job(world)
    await world.project(facts.succeeded(2, usage=(MODEL,)))
    await world.pool.execute("delete from gateway.jobs where user_id = $1", world.user_id)
    assert figures((await usage(world))["total"]) == (0, 0, 0, 0)


async def test_history_of_before_has_its_bill(world: World) -> None:
    """Facts that were stored before savings were counted."""
    facts = await a_job(world)
    await world.project(facts.succeeded(2, usage=(MODEL,)))
    await world.pool.execute(
        """update gateway.job_events set body = jsonb_set(body, '{usage,0}',
              (body #> '{usage,0}') - 'cached_answers' - 'saved_tokens' - 'saved_usd')
            where jsonb_path_exists(body, '$.usage[0]')"""
    )
    assert figures((await usage(world))["total"]) == (1, 1, 1000, pytest.approx(0.00082))
    assert (await world.status(facts.job_id))["receipt"]["savedUsd"] == 0


async def test_months_are_found_by_an_index(world: World) -> None:
    """However long a history is, only facts that cost something are read."""
    async with world.pool.acquire() as connection, connection.transaction():
        await connection.execute("set local enable_seqscan = off")
        plan = await connection.fetch(
            "explain select * from gateway.usage where user_id = $1 and occurred_at >= now()",
            world.user_id,
        )
    assert "job_events_billed" in "\n".join(row[0] for row in plan)
