import json
from dataclasses import asdict
from typing import Any
from uuid import UUID

import pytest

from resume_contracts.errors import ErrorCode
from resume_contracts.facts import (
    ConfirmedFact,
    Facts,
    Research,
    RouteOutcome,
    RouteTried,
    Source,
    Submission,
    TailoredResume,
)
from resume_contracts.messages import Command, Usage
from resume_contracts.workflows import Engine
from resume_core.facts import collect_facts, highlight_ids
from resume_messaging.core.outcome import Done, Fail, Outcome, Wait
from resume_messaging.core.ports import BudgetExhaustedError, CallsExhaustedError
from resume_outbound.errors import (
    CircuitOpenError,
    ConcurrencyLimitError,
    DeadlineTooCloseError,
    ProviderFailedError,
    ProviderRefusedError,
    RateLimitedError,
    WaitableError,
)
from tailor_svc.computing import Computing
from tailor_svc.engines import Engines
from tailor_svc.handlers import TailorHandlers
from tailor_svc.ports import Author, RefusedByModelError, Reply
from tailor_svc.proposed import ProposedChange, ProposedChanges

from .people import resumes
from .world import CATALOG, Context, FakeModel, command

AUTO, MODEL, RULES = Engine.AUTO, Engine.MODEL, Engine.RULES
USAGE = Usage(provider="openai", calls=1, input_tokens=10)
BASE = resumes()[0]
BULLET = highlight_ids(BASE.work[0])[0]
TRUE = "Built the billing service in Python and PostgreSQL, used by 40 shops."


AUTHOR = Author("openai", "gpt-4.1-mini", "tailor_resume.v1")


def rewriting(after: str, *, notes: tuple[str, ...] = ()) -> Reply[Any]:
    change = ProposedChange(
        kind="rewrite_highlight",
        entry_id=BASE.work[0].id,
        target_id=BULLET,
        after=after,
        source_fact_ids=[BULLET],
        requirement_ids=[],
        reason="Uses the posting's word.",
    )
    return Reply(ProposedChanges(changes=[change]), AUTHOR, notes)


HONEST = rewriting(TRUE)


async def run(
    answer: Reply[Any] | Exception | None,
    engine: Engine,
    context: Context | None = None,
    *,
    asked: Command | None = None,
    costs: tuple[Usage, ...] = (),
) -> Outcome:
    model = FakeModel(answer, costs) if answer is not None else None
    handlers = TailorHandlers(Engines(model, Computing()), CATALOG)
    return await handlers.tailor_resume(asked or command(engine), context or Context())


def document(outcome: Outcome) -> dict[str, Any]:
    assert isinstance(outcome, Done)
    assert isinstance(outcome.fact, TailoredResume)
    assert outcome.degraded == outcome.fact.document["degraded"]
    return outcome.fact.document


async def note_of(outcome: Outcome) -> str:
    """The one note of a result that the rules made in the model's stead."""
    result = document(outcome)
    assert (result["engine"], result["degraded"]) == ("rules", True)
    assert result["writtenBy"] is None
    (note,) = result["notes"]
    assert note.endswith(": the rules did it.")
    return str(note).removesuffix(": the rules did it.")


@pytest.mark.parametrize("engine", [AUTO, MODEL])
async def test_model_that_answers_is_used(engine: Engine) -> None:
    outcome = await run(HONEST, engine, costs=(USAGE,))

    result = document(outcome)
    assert isinstance(outcome, Done)
    assert outcome.usage == (USAGE,)
    assert (result["engine"], result["degraded"], result["notes"]) == ("model", False, [])
    assert result["writtenBy"] == asdict(AUTHOR)
    assert TRUE in result["resume"]["work"][0]["highlights"]


@pytest.mark.parametrize("engine", [MODEL, RULES])
async def test_result_says_how_the_posting_was_read(engine: Engine) -> None:
    asked = command(engine)
    posting = asked.facts.posting
    assert posting is not None
    skipped = RouteTried(route=Source.RENDERED, outcome=RouteOutcome.NOT_CONFIGURED)
    update = {"expired": True, "hidden_removed": 2, "routes": (skipped,)}
    facts = asked.facts.model_copy(update={"posting": posting.model_copy(update=update)})

    result = document(await run(HONEST, engine, asked=asked.model_copy(update={"facts": facts})))

    read = result["posting"]["read"]
    assert (read["route"], read["expired"], read["hiddenRemoved"]) == ("page_text", True, 2)
    assert read["routes"] == [{"route": "rendered", "outcome": "not_configured", "code": None}]
    assert read["fields"]["title"] == {
        "value": result["posting"]["title"],
        "source": "page_text",
        "span": None,
    }
    assert posting.text not in str(read)


async def test_lie_of_the_model_is_kept_out_and_said_so() -> None:
    lie = "Built the billing service in Python and Kubernetes, used by 4000 shops."
    outcome = await run(rewriting(lie), MODEL)

    result = document(outcome)
    assert lie not in str(result["resume"])
    assert [blocked["origin"] for blocked in result["blocked"]] == ["model"]
    assert lie not in str(result["blocked"])


async def test_rules_never_ask_the_model() -> None:
    outcome = await run(AssertionError("asked"), RULES)

    result = document(outcome)
    assert isinstance(outcome, Done)
    assert outcome.usage == ()
    assert (result["engine"], result["degraded"], result["notes"]) == ("rules", False, [])


async def test_no_key_leaves_it_to_the_rules_or_fails() -> None:
    assert await note_of(await run(None, AUTO)) == "No model is configured"
    assert not document(await run(None, RULES))["degraded"]
    failed = await run(None, MODEL)
    assert isinstance(failed, Fail)
    assert failed.code is ErrorCode.PROVIDER_MISCONFIGURED


@pytest.mark.parametrize("engine", [AUTO, MODEL])
@pytest.mark.parametrize(
    "error",
    [
        CircuitOpenError("openai", 20),
        RateLimitedError("openai", 20),
        ConcurrencyLimitError("openai", 1),
    ],
    ids=repr,
)
async def test_busy_model_is_waited_for(error: WaitableError, engine: Engine) -> None:
    with pytest.raises(type(error)):
        await run(error, engine, Context(may_try_again=False))


async def test_what_was_paid_before_waiting_is_on_the_bill() -> None:
    """A call that was told to wait did no work: only what brought an answer is billed."""
    refused = Usage(provider="second", calls=1)
    outcome = await run(RateLimitedError("openai", 20), MODEL, costs=(USAGE, refused))
    assert outcome == Wait("openai", 20, (USAGE,))


async def test_model_that_did_not_come_back_is_not_asked() -> None:
    outcome = await run(AssertionError("asked"), AUTO, Context(do_without_provider=True))
    assert await note_of(outcome) == "The model did not answer in time"


@pytest.mark.parametrize(
    ("error", "engine", "may_try_again"),
    [
        (ProviderFailedError("openai", "timeout"), AUTO, True),
        (ProviderFailedError("openai", "timeout"), MODEL, True),
        (ProviderFailedError("openai", "timeout"), MODEL, False),
        (ProviderFailedError("openai", "contract", retryable=False), MODEL, True),
        (ProviderRefusedError("openai", 401), MODEL, True),
        (DeadlineTooCloseError("openai", 2), MODEL, True),
        (CallsExhaustedError(), MODEL, True),
        (BudgetExhaustedError(), MODEL, True),
        (ValueError("a bug"), AUTO, False),
    ],
)
async def test_error_the_rules_cannot_stand_in_for_is_the_runners(
    error: Exception,
    engine: Engine,
    may_try_again: bool,  # noqa: FBT001  a parameter of the test
) -> None:
    with pytest.raises(type(error)):
        await run(error, engine, Context(may_try_again=may_try_again))


@pytest.mark.parametrize(
    ("error", "may_try_again", "note"),
    [
        (ProviderFailedError("openai", "timeout"), False, "The model gave no usable answer"),
        (
            ProviderFailedError("openai", "contract", retryable=False),
            True,
            "The model gave no usable answer",
        ),
        (ProviderRefusedError("openai", 401), True, "The model could not be used"),
        (
            ProviderRefusedError("openai", 429, "insufficient_quota"),
            True,
            "The model could not be used",
        ),
        (DeadlineTooCloseError("openai", 2), True, "The model did not answer in time"),
        (CallsExhaustedError(), False, "The model gave no usable answer"),
        (BudgetExhaustedError(), True, "The budget for paid calls is used up"),
    ],
)
async def test_auto_goes_on_with_the_rules_and_says_why(
    error: Exception,
    may_try_again: bool,  # noqa: FBT001  a parameter of the test
    note: str,
) -> None:
    outcome = await run(error, AUTO, Context(may_try_again=may_try_again))
    assert await note_of(outcome) == note


async def test_first_call_is_on_the_bill_when_the_second_is_not_covered() -> None:
    outcome = await run(BudgetExhaustedError(), MODEL, costs=(USAGE,))

    assert isinstance(outcome, Fail)
    assert (outcome.code, outcome.retryable) == (ErrorCode.BUDGET_EXHAUSTED, False)
    assert outcome.usage == (USAGE,)


async def test_model_that_declines_costs_and_leaves_it_to_the_rules() -> None:
    outcome = await run(RefusedByModelError(), AUTO, costs=(USAGE,))

    assert await note_of(outcome) == "The model declined"
    assert isinstance(outcome, Done)
    assert outcome.usage == (USAGE,)


async def test_model_that_declines_fails_when_it_is_a_must() -> None:
    outcome = await run(RefusedByModelError(), MODEL, costs=(USAGE,))

    assert isinstance(outcome, Fail)
    assert (outcome.code, outcome.retryable) == (ErrorCode.CONTENT_REFUSED, False)
    assert outcome.usage == (USAGE,)


@pytest.mark.parametrize(("engine", "deadline"), [(AUTO, 1340.0), (MODEL, 1400.0)])
async def test_auto_keeps_time_for_the_rules(engine: Engine, deadline: float) -> None:
    model = FakeModel(HONEST)
    handlers = TailorHandlers(Engines(model, Computing()), CATALOG)
    await handlers.tailor_resume(command(engine), Context())
    assert [until for _, until in model.asked] == [deadline]


async def test_assignment_is_what_the_stages_found() -> None:
    model = FakeModel(HONEST)
    known = Research(available=True, summary="They make carts.")
    asked = command(MODEL, language="de", research=known)

    handlers = TailorHandlers(Engines(model, Computing()), CATALOG)
    await handlers.tailor_resume(asked, Context())

    ((question, _),) = model.asked
    data = json.loads(question.text.splitlines()[1])
    assert [fact["id"] for fact in data["facts"]] == [fact.id for fact in collect_facts(BASE)]
    assert data["posting"]["company"] == "Northwind Robotics"
    assert {r["skill"] for r in data["requirements"]} >= {"Python", "PostgreSQL"}
    assert (data["company_notes"], data["language"]) == (known.summary, "de")


def with_facts(asked: Command, **facts: object) -> Command:
    return asked.model_copy(update={"facts": asked.facts.model_copy(update=facts)})


async def test_gaps_are_asked_in_the_asked_language_or_the_postings() -> None:
    asked = command(RULES)
    assert asked.facts.posting is not None
    posting = asked.facts.posting.model_copy(update={"language": "de"})
    german = document(await run(None, RULES, asked=with_facts(asked, posting=posting)))
    assert german["gaps"][0]["question"].startswith("Die Stelle")
    assert all("posting" not in change["reason"] for change in german["changes"])
    french = with_facts(command(RULES, language="fr-CH"), posting=posting)
    gaps = document(await run(None, RULES, asked=french))["gaps"]
    assert gaps[0]["question"].startswith("L\u2019annonce")
    # A language we do not write gives the posting's, else English with a note.
    dutch = command(RULES, language="nl")
    in_german = document(await run(None, RULES, asked=with_facts(dutch, posting=posting)))
    assert (in_german["language"], in_german["notes"]) == ("de", [])
    told = document(await run(None, RULES, asked=dutch))
    assert (told["language"], len(told["notes"])) == ("en", 1)


async def test_job_without_its_facts_fails() -> None:
    whole = command(RULES)
    empty = whole.model_copy(update={"facts": Facts(submission=Submission())})
    outcome = await run(None, RULES, asked=empty)
    assert isinstance(outcome, Fail)
    assert outcome.code is ErrorCode.INTERNAL_ERROR


async def test_tokens_spent_on_a_failure_are_on_its_outcome() -> None:
    error = ProviderFailedError("openai", "contract", retryable=False)
    outcome = await run(error, MODEL, costs=(USAGE,))
    assert isinstance(outcome, Fail)
    assert outcome.usage == (USAGE,)


async def test_notes_of_the_proposal_are_the_results() -> None:
    result = document(await run(rewriting(TRUE, notes=("Left out.",)), MODEL))
    assert (result["notes"], result["degraded"]) == (["Left out."], False)


async def test_confirmed_fact_answers_its_gap_and_lifts_the_ceiling() -> None:
    """What the person confirmed beside the resume is as true as the resume."""
    asked = command(RULES)
    before = document(await run(None, RULES, asked=asked))
    gap = next(gap for gap in before["gaps"] if gap["skill"])
    fact = ConfirmedFact(id=UUID(int=9), name=gap["skill"], requirement_id=gap["requirementId"])
    facts = asked.facts.model_copy(update={"confirmed": (fact,)})

    after = document(await run(None, RULES, asked=asked.model_copy(update={"facts": facts})))

    assert after["coverage"]["ceiling"] > before["coverage"]["ceiling"]
    assert after["coverage"]["after"] <= after["coverage"]["ceiling"]
    assert gap["requirementId"] not in {each["requirementId"] for each in after["gaps"]}
    added = next(c for c in after["changes"] if c["sourceFactIds"] == [str(fact.id)])
    assert "You confirmed it" in added["reason"]
