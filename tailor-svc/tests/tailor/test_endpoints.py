"""Several endpoints in order, over the wire: which one answers, and what waiting means then."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from resume_contracts.facts import TailoredResume
from resume_contracts.workflows import Engine
from resume_messaging.core.gate import Gate, Verdict
from resume_messaging.core.outcome import Done, Wait
from resume_messaging.core.ports import BudgetExhaustedError
from resume_messaging.core.signals import Signal
from resume_messaging.shells.outbound import outcome_of
from resume_outbound.availability import ProviderState
from resume_outbound.errors import (
    CircuitOpenError,
    ProviderFailedError,
    ProviderRefusedError,
    WaitableError,
)
from tailor_svc.computing import Computing
from tailor_svc.endpoints import PROVIDER, REST_S
from tailor_svc.engines import Engines
from tailor_svc.handlers import TailorHandlers
from tailor_svc.ports import RefusedByModelError

from .world import CATALOG, Calls, Context, ModelWorld, command

DOWN: dict[str, Any] = {"kind": "status", "status": 500, "times": 99}
BUSY: dict[str, Any] = {"kind": "status", "status": 429, "retryAfter": 40, "times": 99}
B_CHAT = "openai-b.chat"
NOTE = "The first choice of model was not available: «openai-b» answered."


@pytest.fixture
async def two(sandbox_url: str) -> AsyncIterator[ModelWorld]:
    models = {"openai": "gpt-4.1-mini", "openai-b": "sandbox-json"}
    world = ModelWorld(sandbox_url, models=models)
    world.calls = Calls(allowed=99)
    async with world.http:
        (await world.http.post("/_sandbox/reset")).raise_for_status()
        yield world


async def test_first_endpoint_is_asked_while_it_answers(two: ModelWorld) -> None:
    assert (await two.propose()).notes == ()
    assert await two.ledger("openai-b") == []
    assert two.usage.provider == "openai"


@pytest.mark.parametrize(
    "fault",
    [
        DOWN,
        BUSY,
        {"kind": "reset", "times": 99},
        {"kind": "wrong_schema", "times": 99},
        {"kind": "length"},
        {"kind": "error", "code": "invalid_api_key"},
        {"kind": "error", "code": "model_not_found"},
        {"kind": "error", "code": "insufficient_quota"},
        {"kind": "error", "code": "context_length_exceeded"},
    ],
    ids=lambda fault: fault.get("code") or fault.get("status") or fault["kind"],
)
async def test_next_endpoint_stands_in(two: ModelWorld, fault: dict[str, Any]) -> None:
    await two.break_it(fault)

    proposal = await two.propose()

    assert proposal.changes
    assert proposal.notes == (NOTE,)
    assert [line.provider for line in two.bill.lines] == ["openai", "openai-b"]
    assert sum(line.calls for line in two.bill.lines) == len(two.calls.started)


async def test_endpoint_that_is_too_dear_is_passed_over(two: ModelWorld) -> None:
    """The other one's price is not known, so none is left; without a budget the first answers."""
    two.calls = Calls(budget=100)
    with pytest.raises(BudgetExhaustedError):
        await two.propose()
    assert await two.ledger() == await two.ledger("openai-b") == []
    assert two.outbound.state("openai").kind == "closed"


async def test_cheaper_endpoint_is_asked_when_the_first_is_too_dear(sandbox_url: str) -> None:
    models = {"openai": "gpt-4.1", "openai-b": "gpt-4.1-nano"}
    world = ModelWorld(sandbox_url, models=models)
    world.calls = Calls(budget=10_000)
    async with world.http:
        (await world.http.post("/_sandbox/reset")).raise_for_status()
        assert (await world.propose()).notes == (NOTE,)
        assert await world.ledger() == []
        assert len(await world.ledger("openai-b")) == 1


@pytest.mark.parametrize(
    ("kind", "error"),
    [("refusal", RefusedByModelError), ("content_filter", ProviderRefusedError)],
)
async def test_no_other_model_is_asked_to_give_in(
    two: ModelWorld, kind: str, error: type[Exception]
) -> None:
    await two.break_it({"kind": kind})
    with pytest.raises(error):
        await two.propose()
    assert await two.ledger("openai-b") == []


async def test_stand_in_is_told_in_the_result(two: ModelWorld) -> None:
    await two.break_it(BUSY)
    context = Context(deadline=two.time.monotonic() + 400)
    handlers = TailorHandlers(Engines(two.model, Computing()), CATALOG)

    outcome = await two.wait(handlers.tailor_resume(command(Engine.AUTO), context))

    assert isinstance(outcome, Done)
    assert isinstance(outcome.fact, TailoredResume)
    document = outcome.fact.document
    assert (document["engine"], document["degraded"]) == ("model", False)
    assert document["notes"] == [NOTE]
    assert [line.provider for line in outcome.usage] == ["openai", "openai-b"]


async def test_delivery_is_held_only_while_no_endpoint_is_free(two: ModelWorld) -> None:
    gate = Gate(two.states, two.time, two.time.sleep)
    await two.break_it(BUSY)
    await two.propose()
    assert two.outbound.state("openai").kind == "paused"
    passage = await gate.passage(PROVIDER, deadline=two.time.monotonic() + 300, stop=Signal())
    assert passage.verdict is Verdict.PASSED

    two.outbound.isolate("openai-b")
    ends = [two.outbound.blocked_until(name) for name in two.endpoints]
    assert two.states.blocked_until(PROVIDER) == min(end for end in ends if end)
    before = two.time.monotonic()
    held = await two.wait(gate.passage(PROVIDER, deadline=before + 300, stop=Signal()))
    assert held.verdict is Verdict.PASSED
    assert two.time.monotonic() - before > 20


async def test_all_waiting_is_waiting_for_the_soonest(two: ModelWorld) -> None:
    await two.break_it(BUSY)
    await two.break_it({**BUSY, "retryAfter": 20}, route=B_CHAT)

    with pytest.raises(WaitableError) as caught:
        await two.propose()

    outcome = outcome_of(caught.value)
    assert isinstance(outcome, Wait)
    assert outcome.provider == PROVIDER
    assert 15 < outcome.seconds <= 22
    until = two.states.blocked_until(PROVIDER)
    assert until == two.outbound.blocked_until("openai-b")


async def test_broken_and_busy_is_a_counted_failure(two: ModelWorld) -> None:
    """Waiting would not hold it: the broken one may still be called."""
    await two.break_it(DOWN)
    await two.break_it(BUSY, route=B_CHAT)
    with pytest.raises(ProviderFailedError):
        await two.propose()


async def test_endpoint_without_quota_is_passed_over_for_a_while(two: ModelWorld) -> None:
    await two.break_it({"kind": "error", "code": "insufficient_quota", "times": 1})
    await two.propose()
    await two.propose()
    assert len(await two.ledger()) == 1
    await two.time.advance(REST_S + 1)
    assert (await two.propose()).notes == ()


async def test_endpoint_without_quota_keeps_nobody_from_waiting(two: ModelWorld) -> None:
    await two.break_it({"kind": "error", "code": "insufficient_quota", "times": 99})
    await two.break_it(BUSY, route=B_CHAT)
    with pytest.raises(WaitableError):
        await two.propose()
    assert two.states.state(PROVIDER).kind == "paused"


async def test_all_without_access_is_a_refusal(two: ModelWorld) -> None:
    wrong: dict[str, Any] = {"kind": "error", "code": "invalid_api_key", "times": 99}
    await two.break_it(wrong)
    await two.break_it(wrong, route=B_CHAT)
    for _ in range(2):
        with pytest.raises(ProviderRefusedError):
            await two.propose()


async def test_change_is_told_only_when_the_best_state_changes(two: ModelWorld) -> None:
    heard: list[ProviderState] = []
    unsubscribe = two.states.subscribe(heard.append)
    two.outbound.isolate("openai")
    assert heard == []
    two.outbound.isolate("openai-b")
    two.outbound.reset("openai-b")
    assert [(state.provider, state.kind) for state in heard] == [
        (PROVIDER, "open"),
        (PROVIDER, "closed"),
    ]
    unsubscribe()
    two.outbound.isolate("openai-b")
    assert len(heard) == 2


async def test_both_open_is_open(two: ModelWorld) -> None:
    two.outbound.isolate("openai")
    two.outbound.isolate("openai-b")
    with pytest.raises(CircuitOpenError):
        await two.propose()
    assert two.calls.started == []
