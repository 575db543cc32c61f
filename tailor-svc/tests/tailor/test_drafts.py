"""The products by a model: what it is asked, what is kept of its draft, and when rules do it."""

import json
from typing import Any

import pytest
from pydantic import ValidationError

from resume_contracts.errors import ErrorCode
from resume_contracts.facts import Cited, Research
from resume_contracts.messages import Command, Usage
from resume_contracts.workflows import STAGES, Engine, Workflow
from resume_core.career import CareerDraft, DraftReason
from resume_core.facts import collect_facts
from resume_core.interview import DraftQuestion, InterviewDraft
from resume_core.letters import DraftParagraph, LetterDraft
from resume_messaging.core.outcome import Done, Fail
from resume_outbound.errors import CircuitOpenError, ProviderFailedError, ProviderRefusedError
from resume_sandbox.strict_schema import check_strict
from tailor_svc.budget import count_tokens
from tailor_svc.drafts import CAREER, INTERVIEW, LETTER
from tailor_svc.form import Form
from tailor_svc.ports import Author, RefusedByModelError, Reply
from tailor_svc.proposed import CHANGES

from .people import resumes
from .test_products import AUTO, FOR_A_POSTING, MODEL, PRODUCTS, STAFF, document, made, ordered
from .world import FakeModel, command

FORMS: tuple[Form[Any], ...] = (CHANGES, LETTER, INTERVIEW, CAREER)
USAGE = Usage(provider="openai", calls=1, input_tokens=10)
FOUND = Cited(text="Northwind Robotics opened a plant in Porto.", url="https://news.example/1")
BASE = resumes()[0]
TRUE = "At Blue Mill I built the billing service in Python and Postgres, used by 40 shops."
ALSO_TRUE = "At Blue Mill I moved nightly exports to message queues on RabbitMQ."
LIE = "At Blue Mill I led a team of 60 people."


def asked_for(workflow: Workflow, engine: Engine, **facts: object) -> Command:
    known = Research(available=True, findings=(FOUND,))
    given = {"demand": (STAFF,), "research": known} | facts
    return ordered(workflow, command(engine), **given)


async def data_of(workflow: Workflow, **facts: object) -> dict[str, Any]:
    """What a model is told."""
    model = FakeModel(RefusedByModelError())
    await made(asked_for(workflow, AUTO, **facts), model=model)
    ((question, _),) = model.asked
    data: dict[str, Any] = json.loads(question.text.splitlines()[1])
    return data


async def draft(workflow: Workflow, *says: str) -> Reply[Any]:
    """A reply that says the same of everything that it may speak of."""
    text, data = " ".join(says), await data_of(workflow)
    if workflow is Workflow.COVER_LETTER:
        answer: Any = LetterDraft(paragraphs=(DraftParagraph(text=text),))
    elif workflow is Workflow.INTERVIEW_PREP:
        ids = [subject["id"] for subject in data["subjects"]]
        answer = InterviewDraft(
            questions=tuple(DraftQuestion(subject_id=i, question="", outline=text) for i in ids)
        )
    else:
        ids = [role["id"] for role in data["roles"]]
        answer = CareerDraft(roles=tuple(DraftReason(role_id=i, reason=text) for i in ids))
    return Reply(answer, Author("openai", "m", "p.v1"))


def sentences(result: dict[str, Any]) -> list[dict[str, Any]]:
    """Every sentence of a letter, of an outline, or that is a reason."""
    letter = [s for p in result.get("paragraphs", ()) for s in p["sentences"]]
    outlines = [s for q in result.get("questions", ()) for s in q["outline"]]
    return letter + outlines + [s for r in result.get("roles", ()) for s in r["reasons"]]


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.name)
def test_schema_is_one_that_strict_structured_output_takes(form: Form[Any]) -> None:
    check_strict(form.schema, form.name, param="response_format")


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.name)
def test_answer_with_more_or_less_is_of_another_form(form: Form[Any]) -> None:
    (field,) = form.schema["properties"]
    form.answer.model_validate_json(f'{{"{field}": []}}', strict=True)
    for other in ("{}", f'{{"{field}": [], "more": 1}}', f'{{"{field}": [{{}}]}}'):
        with pytest.raises(ValidationError):
            form.answer.model_validate_json(other, strict=True)


def test_draft_without_words_is_not_kept() -> None:
    assert LETTER.worth(LetterDraft(paragraphs=(DraftParagraph(text=" \n"),))) is None
    assert INTERVIEW.worth(InterviewDraft(questions=())) is None
    assert CAREER.worth(CareerDraft(roles=())) is None


@pytest.mark.parametrize("workflow", PRODUCTS)
async def test_model_is_told_facts_and_no_contact_details(workflow: Workflow) -> None:
    data = await data_of(workflow)
    told = json.dumps(data)
    for detail in ("Ada Example", "private.example", "555-01", "Hidden Town", "Secret Lane"):
        assert detail not in told
    assert [fact["id"] for fact in data["facts"]] == [fact.id for fact in collect_facts(BASE)]
    assert data["language"] == "en"


@pytest.mark.parametrize("workflow", FOR_A_POSTING)
async def test_model_is_told_the_posting_and_the_cited_findings(workflow: Workflow) -> None:
    data = await data_of(workflow)
    assert data["posting"]["company"] == "Northwind Robotics"
    assert {r["skill"] for r in data["requirements"]} >= {"Python", "PostgreSQL"}
    assert data["findings"] == [FOUND.model_dump(mode="json")]
    unknown = Research(available=False, findings=(FOUND,))
    assert "findings" not in await data_of(workflow, research=unknown)


async def test_interview_subjects_are_requirements_and_lines() -> None:
    data = await data_of(Workflow.INTERVIEW_PREP)
    known = {fact["id"] for fact in data["facts"]} | {r["id"] for r in data["requirements"]}
    assert data["subjects"]
    assert {subject["id"] for subject in data["subjects"]} <= known


async def test_career_roles_are_told_with_counts() -> None:
    data = await data_of(Workflow.CAREER_PATH)
    staff = next(role for role in data["roles"] if role["title"] == "Staff Engineer")
    assert (staff["present"], staff["missing"]) == (["Python"], [])
    assert data["demand"]["postings"] == 1
    assert data["demand"]["present"] == [{"skill": "Python", "count": 1, "of": 1}]


@pytest.mark.parametrize("workflow", PRODUCTS)
@pytest.mark.parametrize("engine", [AUTO, MODEL])
async def test_true_sentences_are_the_models_with_their_grounds(
    workflow: Workflow, engine: Engine
) -> None:
    model = FakeModel(await draft(workflow, TRUE, LIE, ALSO_TRUE), (USAGE,))
    asked = asked_for(workflow, engine)
    outcome = await made(asked, model=model)
    result = await document(asked, model)
    assert isinstance(outcome, Done)
    assert (outcome.usage, outcome.degraded) == ((USAGE,), False)
    assert result["engine"] == "model"
    assert not any("the rules did it" in note for note in result["notes"])
    assert result["writtenBy"] == {"provider": "openai", "model": "m", "prompt": "p.v1"}
    by_model = [s for s in sentences(result) if s["origin"] == "model"]
    assert {s["text"] for s in by_model} == {TRUE, ALSO_TRUE}
    assert all(s["grounds"] for s in by_model)
    assert LIE not in json.dumps(result)
    assert result["dropped"] > 0


@pytest.mark.parametrize("workflow", PRODUCTS[:2])
async def test_nothing_proved_is_the_rules_doing(workflow: Workflow) -> None:
    """With `auto` degraded and said; with `model` it is no result at all, and it is paid for."""
    model = FakeModel(await draft(workflow, LIE), (USAGE,))
    result = await document(asked_for(workflow, AUTO), model)
    assert (result["engine"], result["degraded"], result["writtenBy"]) == ("rules", True, None)
    assert any("the rules did it" in note for note in result["notes"])
    assert {s["origin"] for s in sentences(result)} <= {"rules"}
    outcome = await made(asked_for(workflow, MODEL), model=model)
    assert isinstance(outcome, Fail)
    assert (outcome.code, outcome.usage) == (ErrorCode.ANSWER_UNUSABLE, (USAGE,))


async def test_order_of_the_roles_is_the_models_even_without_a_proved_reason() -> None:
    path = Workflow.CAREER_PATH
    reply = await draft(path, LIE)
    backwards = CareerDraft(roles=tuple(reversed(reply.answer.roles)))
    result = await document(asked_for(path, MODEL), FakeModel(Reply(backwards, reply.author)))
    wanted = [role.role_id for role in backwards.roles]
    assert [role["id"] for role in result["roles"]] == wanted
    assert not any(role["reasons"] for role in result["roles"])


async def test_control_characters_are_not_delivered() -> None:
    """PostgreSQL's `jsonb` takes no NUL."""
    workflow = Workflow.COVER_LETTER
    model = FakeModel(await draft(workflow, TRUE.replace("built", "built\0"), ALSO_TRUE))
    result = await document(asked_for(workflow, MODEL), model)
    assert ALSO_TRUE in {s["text"] for s in sentences(result)}
    assert "\\u0000" not in json.dumps(result)


@pytest.mark.parametrize("workflow", PRODUCTS)
@pytest.mark.parametrize(
    ("error", "note"),
    [
        (RefusedByModelError(), "The model declined"),
        (ProviderRefusedError("openai", 401), "The model could not be used"),
        (
            ProviderFailedError("openai", "contract", retryable=False),
            "The model gave no usable answer",
        ),
    ],
    ids=["declined", "refused", "unusable"],
)
async def test_auto_goes_on_with_the_rules(workflow: Workflow, error: Exception, note: str) -> None:
    result = await document(asked_for(workflow, AUTO), FakeModel(error, (USAGE,)))
    assert (result["engine"], result["degraded"]) == ("rules", True)
    assert f"{note}: the rules did it." in result["notes"]


@pytest.mark.parametrize("workflow", PRODUCTS)
async def test_model_that_declines_fails_when_it_is_a_must(workflow: Workflow) -> None:
    outcome = await made(asked_for(workflow, MODEL), model=FakeModel(RefusedByModelError()))
    assert isinstance(outcome, Fail)
    assert outcome.code is ErrorCode.CONTENT_REFUSED


@pytest.mark.parametrize("workflow", PRODUCTS)
@pytest.mark.parametrize("engine", [AUTO, MODEL])
async def test_busy_model_is_waited_for(workflow: Workflow, engine: Engine) -> None:
    with pytest.raises(CircuitOpenError):
        await made(asked_for(workflow, engine), model=FakeModel(CircuitOpenError("openai", 20)))


@pytest.mark.parametrize("workflow", PRODUCTS)
@pytest.mark.parametrize(("engine", "deadline"), [(AUTO, 1340.0), (MODEL, 1400.0)])
async def test_auto_keeps_time_for_the_rules(
    workflow: Workflow, engine: Engine, deadline: float
) -> None:
    model = FakeModel(await draft(workflow, TRUE))
    asked = asked_for(workflow, engine)
    await made(asked, model=model)
    assert [until for _, until in model.asked] == [deadline]
    assert STAGES[asked.stage].provider == "openai"


@pytest.mark.parametrize("workflow", PRODUCTS)
async def test_what_does_not_fit_is_left_out_and_told(workflow: Workflow) -> None:
    """The extra goes first; what a draft may speak of is told in any case."""
    model = FakeModel(RefusedByModelError())
    await made(asked_for(workflow, AUTO), model=model)
    ((whole, _),) = model.asked
    room = count_tokens(whole.text) - 5
    cramped = FakeModel(RefusedByModelError(), room=room)
    await made(asked_for(workflow, AUTO), model=cramped)
    ((question, _),) = cramped.asked
    data = json.loads(question.text.splitlines()[1])
    assert count_tokens(question.text) <= room
    assert not {"findings", "demand", "pay"} & set(data)
    assert data.get("subjects") or data.get("roles") or data["tone"]
    assert question.notes[0].endswith("too long for the model and not shown to it.")
