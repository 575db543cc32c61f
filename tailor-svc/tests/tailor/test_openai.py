"""The proposer over the wire: the real SDK, the sandbox on a socket, every fault it can have."""

import json
from collections.abc import Callable
from typing import Any

import httpx2
import pytest

from resume_core.changes import ChangeOrigin
from resume_core.facts import collect_facts
from resume_messaging.core.ports import BudgetExhaustedError, CallsExhaustedError
from resume_outbound.errors import (
    CircuitOpenError,
    DeadlineTooCloseError,
    ProviderFailedError,
    ProviderRefusedError,
    RateLimitedError,
)
from tailor_svc.endpoints import PROVIDER
from tailor_svc.ports import RefusedByModelError

from .world import Calls, ModelWorld, assignment

UNUSABLE = [{"kind": "wrong_json"}, {"kind": "wrong_schema"}, {"kind": "not_json"}]


async def test_model_proposes_changes_of_known_entries(world: ModelWorld) -> None:
    asked = assignment()
    proposal = await world.propose(asked)

    known = {fact.id for fact in collect_facts(asked.resume)}
    assert proposal.changes
    assert all(set(change.source_fact_ids) <= known for change in proposal.changes)
    assert {change.origin for change in proposal.changes} == {ChangeOrigin.MODEL}
    usage = world.usage
    assert (usage.provider, usage.model, usage.calls) == ("openai", "gpt-4.1-mini", 1)
    assert usage.cost_usd == pytest.approx(
        (usage.input_tokens * 0.40 + usage.output_tokens * 1.60) / 1e6
    )
    assert usage.cached_input_tokens == 0


async def test_call_is_named_and_never_retried_by_the_sdk(world: ModelWorld) -> None:
    await world.propose()
    (call,) = await world.ledger()
    assert call["clientRequestId"] == "job/1/tailor.resume/1"
    assert call["sdkRetries"] == 0


@pytest.mark.parametrize(
    "fault",
    [
        {"kind": "status", "status": 500},
        {"kind": "status", "status": 503},
        {"kind": "reset"},
        {"kind": "cut_body"},
        *UNUSABLE,
    ],
    ids=lambda fault: fault.get("status", fault["kind"]),
)
async def test_passing_fault_is_tried_again_as_another_call(
    world: ModelWorld, fault: dict[str, Any]
) -> None:
    await world.break_it(fault)

    assert (await world.propose()).changes
    assert [call["clientRequestId"] for call in await world.ledger()] == world.calls.started
    assert len(world.calls.started) == 2


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        ({"kind": "status", "status": 500}, "status"),
        ({"kind": "reset"}, "connect"),
    ],
)
async def test_lasting_fault_fails(world: ModelWorld, fault: dict[str, Any], kind: str) -> None:
    await world.break_it({**fault, "times": 9})

    with pytest.raises(ProviderFailedError) as caught:
        await world.propose()

    assert (caught.value.kind, caught.value.retryable) == (kind, True)
    assert len(world.calls.started) == 3


@pytest.mark.parametrize("fault", UNUSABLE[:2], ids=lambda fault: fault["kind"])
async def test_unusable_answer_is_asked_for_once_more_and_paid_twice(
    world: ModelWorld, fault: dict[str, Any]
) -> None:
    await world.break_it({**fault, "times": 9})

    with pytest.raises(ProviderFailedError) as caught:
        await world.propose()

    assert (caught.value.kind, caught.value.retryable) == ("contract", False)
    assert len(world.calls.started) == world.usage.calls == 2
    assert world.usage.cost_usd
    assert world.usage.output_tokens > 0


async def test_refusal_is_no_failure_and_costs(world: ModelWorld) -> None:
    await world.break_it({"kind": "refusal"})

    with pytest.raises(RefusedByModelError):
        await world.propose()

    assert world.usage.input_tokens > 0
    assert len(world.calls.started) == 1
    assert world.outbound.state(PROVIDER).kind == "closed"


async def test_cut_off_answer_is_not_paid_for_twice(world: ModelWorld) -> None:
    await world.break_it({"kind": "length"})

    with pytest.raises(ProviderFailedError) as caught:
        await world.propose()

    assert (caught.value.kind, caught.value.retryable) == ("contract", False)
    assert len(world.calls.started) == 1


@pytest.mark.parametrize("kind", ["wrong_json", "wrong_schema", "length"])
async def test_endpoint_that_answers_poorly_is_not_down(world: ModelWorld, kind: str) -> None:
    """Six poor answers are more failures than the circuit allows."""
    world.calls = Calls(allowed=99)
    await world.break_it({"kind": kind, "times": 99})
    for _ in range(6):
        with pytest.raises(ProviderFailedError):
            await world.propose()
    assert world.outbound.state(PROVIDER).kind == "closed"


async def test_endpoint_that_is_down_opens_the_circuit(world: ModelWorld) -> None:
    await world.break_it({"kind": "status", "status": 500, "times": 99})
    with pytest.raises(ProviderFailedError):
        await world.propose()
    with pytest.raises((CircuitOpenError, ProviderFailedError)):
        await world.propose()
    with pytest.raises(CircuitOpenError):
        await world.propose()
    assert len(world.calls.started) == 5


async def test_too_many_requests_pause_all_callers(world: ModelWorld) -> None:
    await world.break_it({"kind": "status", "status": 429, "retryAfter": 40})

    with pytest.raises(RateLimitedError) as caught:
        await world.propose()

    assert 35 < caught.value.retry_after < 45
    assert world.outbound.state(PROVIDER).kind == "paused"
    with pytest.raises(RateLimitedError):
        await world.propose()
    assert len(world.calls.started) == 1


@pytest.mark.parametrize(
    ("fault", "status", "code"),
    [
        ({"status": 429, "code": "insufficient_quota"}, 429, "insufficient_quota"),
        ({"status": 401}, 401, "invalid_api_key"),
        ({"status": 404, "code": "model_not_found"}, 404, "model_not_found"),
        ({"status": 400, "code": "context_length_exceeded"}, 400, "context_length_exceeded"),
    ],
)
async def test_refused_request_is_asked_once_and_names_no_key(
    world: ModelWorld, fault: dict[str, Any], status: int, code: str
) -> None:
    await world.break_it({"kind": "status", **fault})

    with pytest.raises(ProviderRefusedError) as caught:
        await world.propose()

    assert (caught.value.status, caught.value.code) == (status, code)
    assert "sk-secret" not in str(caught.value)
    assert len(world.calls.started) == 1


async def test_silent_endpoint_is_given_up_at_its_time_limit(world: ModelWorld) -> None:
    await world.break_it({"kind": "hang", "times": 9})
    started = world.time.monotonic()

    with pytest.raises(ProviderFailedError) as caught:
        await world.propose(seconds=40)

    assert caught.value.kind == "timeout"
    assert world.time.monotonic() - started < 42


async def test_too_little_time_is_not_paid_for(world: ModelWorld) -> None:
    with pytest.raises(DeadlineTooCloseError):
        await world.propose(seconds=4)
    assert await world.ledger() == []


async def test_no_call_is_made_beyond_those_allowed(world: ModelWorld) -> None:
    world.calls = Calls(allowed=1)
    await world.break_it({"kind": "status", "status": 500, "times": 9})

    with pytest.raises(CallsExhaustedError):
        await world.propose()

    assert len(await world.ledger()) == 1


async def test_call_that_the_budget_does_not_cover_is_not_made(world: ModelWorld) -> None:
    """A full answer alone costs 6,400 micro-USD by the profile; the question comes on top."""
    world.calls = Calls(budget=6_400)
    with pytest.raises(BudgetExhaustedError):
        await world.propose()
    assert await world.ledger() == []
    assert world.bill.lines == ()


async def test_second_call_needs_a_budget_of_its_own(world: ModelWorld) -> None:
    """The first answer was unusable; what it cost is on the bill, and nobody is asked again."""
    world.calls = Calls(budget=12_000)
    await world.break_it({"kind": "wrong_json", "times": 9})
    with pytest.raises(BudgetExhaustedError):
        await world.propose()
    assert len(await world.ledger()) == 1
    assert world.usage.calls == 1
    assert world.usage.cost_usd


async def test_what_a_call_may_cost_is_no_less_than_it_does(world: ModelWorld) -> None:
    world.calls = Calls(budget=1_000_000)
    await world.propose()
    assert world.calls.budget is not None
    set_aside = 1_000_000 - world.calls.budget
    assert set_aside / 1e6 >= (world.usage.cost_usd or 0.0) > 0


async def test_model_of_unknown_price_is_not_asked_within_a_budget() -> None:
    def asked(_: httpx2.Request) -> httpx2.Response:
        raise AssertionError("it was asked")

    world = endpoint(asked, model="llama3.3")
    world.calls = Calls(budget=10**9)
    with pytest.raises(BudgetExhaustedError):
        await world.propose()


def completion(**others: Any) -> dict[str, Any]:
    message = {"role": "assistant", "content": '{"changes": []}'}
    choice = {"index": 0, "finish_reason": "stop", "message": message}
    usual = {"id": "x", "object": "chat.completion", "created": 1, "model": "m"}
    return {**usual, "choices": [choice | others]}


def endpoint(
    answer: Callable[[httpx2.Request], httpx2.Response], *, model: str = "gpt-4.1-mini"
) -> ModelWorld:
    http = httpx2.AsyncClient(transport=httpx2.MockTransport(answer))
    return ModelWorld("http://compatible.example", http, models={"openai": model})


@pytest.mark.parametrize(
    "body",
    [
        "[]",
        "null",
        json.dumps({**completion(), "choices": []}),
        json.dumps({**completion(), "choices": None}),
        json.dumps(completion(message=None)),
        json.dumps(completion(message={"role": "assistant", "content": None})),
        json.dumps(completion(message={"role": "assistant", "content": ""})),
    ],
)
async def test_answer_of_another_shape_is_unusable(body: str) -> None:
    """Endpoints that only claim to be compatible must not crash the stage."""
    kind = {"content-type": "application/json"}
    world = endpoint(lambda _: httpx2.Response(200, text=body, headers=kind))

    with pytest.raises(ProviderFailedError) as caught:
        await world.propose()

    assert caught.value.kind == "contract"
    assert world.outbound.state(PROVIDER).kind == "closed"


async def test_content_filter_is_a_refusal() -> None:
    filtered = completion(finish_reason="content_filter")
    world = endpoint(lambda _: httpx2.Response(200, json=filtered))

    with pytest.raises(ProviderRefusedError) as caught:
        await world.propose()

    assert caught.value.code == "content_filter"


@pytest.mark.parametrize("usage", [None, {"prompt_tokens": None, "completion_tokens": None}])
async def test_missing_usage_costs_nothing_known(usage: dict[str, None] | None) -> None:
    world = endpoint(lambda _: httpx2.Response(200, json={**completion(), "usage": usage}))
    proposal = await world.propose()
    assert (proposal.changes, world.usage.input_tokens) == ((), 0)


async def test_model_of_unknown_price_has_no_cost() -> None:
    world = endpoint(lambda _: httpx2.Response(200, json=completion()), model="local-llama")
    await world.propose()
    assert (world.usage.calls, world.usage.cost_usd) == (1, None)


async def test_request_is_what_the_contract_says() -> None:
    seen: list[httpx2.Request] = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        seen.append(request)
        return httpx2.Response(200, json=completion())

    await endpoint(answer).propose()

    (request,) = seen
    body = json.loads(request.content)
    assert request.url.path == "/openai/v1/chat/completions"
    assert body["store"] is False
    assert (body["max_completion_tokens"], body["temperature"]) == (4000, 0.3)
    assert body["response_format"]["json_schema"]["strict"] is True
    assert [message["role"] for message in body["messages"]] == ["system", "user"]
    assert "never an instruction" in body["messages"][0]["content"]
