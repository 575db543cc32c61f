"""Letter, interview pack and career path, from a command to the document."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

import pytest

from resume_contracts.errors import ErrorCode
from resume_contracts.facts import (
    Asked,
    CareerPath,
    Cited,
    Claim,
    ConfirmedFact,
    CoverLetter,
    InterviewPrep,
    Market,
    PayRange,
    PostingDemand,
    ProductResult,
    Research,
    Tailored,
)
from resume_contracts.messages import Command
from resume_contracts.workflows import STAGES, TABLE, Engine, Workflow
from resume_core.career import CareerDraft, load_ladders
from resume_core.facts import collect_facts, highlight_ids, resume_text
from resume_core.jsonresume import to_json_resume
from resume_core.letters import CoverLetter as Letter
from resume_core.letters import build_letter
from resume_core.model import Resume
from resume_core.posting import PostingView
from resume_messaging.core.outcome import Done, Fail, Outcome
from resume_messaging.core.ports import Handler
from resume_outbound.testing import ManualTime
from tailor_svc.computing import Computing
from tailor_svc.consumer import stages
from tailor_svc.engines import Engines, Order
from tailor_svc.handlers import TailorHandlers
from tailor_svc.ports import Model, Request
from tailor_svc.products import ProductHandlers
from tailor_svc.resumes import ReadingHandlers

from .people import POSTINGS, resumes
from .world import CATALOG, Calls, Context, FakeModel, command

CAREER_PATH = Workflow.CAREER_PATH
AUTO, MODEL, RULES = Engine.AUTO, Engine.MODEL, Engine.RULES
LADDERS = load_ladders()
TYPES: dict[Workflow, type[ProductResult]] = {
    Workflow.COVER_LETTER: CoverLetter,
    Workflow.INTERVIEW_PREP: InterviewPrep,
    Workflow.CAREER_PATH: CareerPath,
}
PRODUCTS = list(TYPES)
FOR_A_POSTING = PRODUCTS[:2]
STAFF = PostingDemand(
    posting_id=UUID(int=8),
    title="Staff Engineer",
    is_public=True,
    requirements=(Asked(name="Python", kind="skill", must=True),),
)
PAY = PayRange(
    low=4_500.5,
    high=6_000,
    currency="EUR",
    period="month",
    region="Berlin",
    as_of=date(2026, 9, 1),
    sample_size=120,
    url="https://pay.example/engineers",
)


def ordered(workflow: Workflow, asked: Command, **facts: object) -> Command:
    """The last stage of a product's job, with other facts where they are given."""
    slip = tuple(stage.name for stage in TABLE[workflow])
    update = {
        "workflow": workflow,
        "slip": slip,
        "stage_index": len(slip) - 1,
        "facts": asked.facts.model_copy(update=facts),
    }
    return asked.model_copy(update=update)


def handlers(model: Model | None = None) -> Mapping[str, Handler]:
    engines = Engines(model, Computing())
    return stages(
        TailorHandlers(engines, CATALOG),
        ProductHandlers(engines, CATALOG, LADDERS),
        ReadingHandlers(engines, ManualTime()),
    )


async def made(
    asked: Command, calls: Calls | None = None, *, model: Model | None = None
) -> Outcome:
    context = Context()
    context.start_call = calls or context.start_call
    return await handlers(model)[asked.stage](asked, context)


async def document(asked: Command, model: Model | None = None) -> dict[str, Any]:
    outcome = await made(asked, model=model)
    assert isinstance(outcome, Done), outcome
    assert type(outcome.fact) is TYPES[asked.workflow]
    assert outcome.fact.document["degraded"] == outcome.degraded
    return outcome.fact.document


def test_every_stage_of_the_service_has_a_handler() -> None:
    """What the table sends here is handled here."""
    assert set(handlers()) == {s.name for s in STAGES.values() if s.service == "tailor"}


async def test_by_rules_no_question_is_made() -> None:
    """A question needs the product once over; who asks for rules does not pay for it."""

    def question() -> Request[CareerDraft]:
        raise AssertionError("nobody is asked")

    def make(answer: CareerDraft | None, /, *, degraded: bool, notes: Sequence[str]) -> CareerPath:
        assert answer is None
        return CareerPath(document={"engine": "rules", "degraded": degraded, "notes": list(notes)})

    asked = ordered(Workflow.CAREER_PATH, command(RULES))
    order: Order[CareerDraft] = Order(question, make)
    outcome = await Engines(None, Computing()).make(asked, Context(), order)
    assert isinstance(outcome, Done)


@pytest.mark.parametrize("workflow", PRODUCTS)
@pytest.mark.parametrize("engine", [RULES, AUTO])
async def test_rules_make_every_product(workflow: Workflow, engine: Engine) -> None:
    """Nobody is called; who wished for a model is told that there is none."""
    calls = Calls()
    asked, degraded = ordered(workflow, command(engine), demand=(STAFF,)), engine is AUTO
    outcome = await made(asked, calls)
    assert isinstance(outcome, Done)
    assert (outcome.degraded, outcome.usage, calls.started) == (degraded, (), [])
    result = await document(asked)
    assert result["engine"] == "rules"
    assert any("No model is configured" in note for note in result["notes"]) is degraded


@pytest.mark.parametrize("workflow", PRODUCTS)
async def test_model_alone_is_refused_with_a_code(workflow: Workflow) -> None:
    """Who wants no rules is not given any."""
    outcome = await made(ordered(workflow, command(MODEL), demand=(STAFF,)))
    assert isinstance(outcome, Fail)
    assert (outcome.code, outcome.retryable) == (ErrorCode.PROVIDER_MISCONFIGURED, False)


@pytest.mark.parametrize("engine", [AUTO, MODEL])
async def test_without_next_roles_there_is_nothing_to_write(engine: Engine) -> None:
    """Nobody is paid for ordering nothing, and nobody who wants a model alone gets rules."""
    model = FakeModel(AssertionError("asked"))
    nobody = Resume.model_validate({"basics": {"name": "Ada Example"}})
    outcome = await made(ordered(CAREER_PATH, command(engine, resume=nobody)), model=model)
    assert model.asked == []
    if engine is AUTO:
        assert isinstance(outcome, Done)
        assert not outcome.degraded
    else:
        assert isinstance(outcome, Fail)
        assert outcome.code is ErrorCode.ENGINE_UNAVAILABLE


@pytest.mark.parametrize("workflow", PRODUCTS)
async def test_product_without_a_resume_is_a_bug(workflow: Workflow) -> None:
    """It is said, not made up for."""
    outcome = await made(ordered(workflow, command(RULES), resume=None))
    assert isinstance(outcome, Fail)
    assert outcome.code is ErrorCode.INTERNAL_ERROR


@pytest.mark.parametrize("workflow", FOR_A_POSTING)
async def test_product_for_a_posting_without_one_is_a_bug(workflow: Workflow) -> None:
    """It is said, not made up for."""
    outcome = await made(ordered(workflow, command(RULES), posting=None))
    assert isinstance(outcome, Fail)
    assert outcome.code is ErrorCode.INTERNAL_ERROR


@pytest.mark.parametrize("resume", resumes(), ids=lambda r: r.basics.name)
@pytest.mark.parametrize("posting", POSTINGS, ids=lambda p: p.company)
async def test_letter_is_of_this_person_to_this_company(
    resume: Resume, posting: PostingView
) -> None:
    """Every sentence about the person rests on facts of the resume, whoever asks whom."""
    asked = command(RULES, resume=resume, posting=posting)
    letter = await document(ordered(Workflow.COVER_LETTER, asked))
    assert (letter["company"], letter["role"]) == (posting.company, posting.title)
    assert letter["signature"] == resume.basics.name
    assert letter["posting"]["read"]["route"] == "page_text"
    assert posting.text not in str(letter)
    known = {fact.id for fact in collect_facts(resume)}
    told = [s for p in letter["paragraphs"] for s in p["sentences"] if s["about"] == "person"]
    assert all(s["grounds"] for s in told)
    assert {g["ref"] for s in told for g in s["grounds"]} <= known


@pytest.mark.parametrize("resume", resumes(), ids=lambda r: r.basics.name)
async def test_interview_pack_rests_on_the_persons_own_lines(resume: Resume) -> None:
    """What is to be defended stands in the resume; what is missing is admitted."""
    pack = await document(ordered(Workflow.INTERVIEW_PREP, command(RULES, resume=resume)))
    assert (pack["company"], pack["role"]) == (POSTINGS[0].company, POSTINGS[0].title)
    assert pack["questions"]
    assert pack["gaps"]
    text = resume_text(resume)
    for question in pack["questions"]:
        if question["star"]:
            assert question["star"]["action"] in text


async def test_cited_findings_are_asked_about() -> None:
    """What a page says of the company becomes a question with its address, if it was found."""
    found = Cited(text="Northwind Robotics opened a plant in Porto.", url="https://news.example/1")
    for available, urls in ((True, {found.url}), (False, set[str]())):
        research = Research(available=available, findings=(found,))
        asked = ordered(Workflow.INTERVIEW_PREP, command(RULES, research=research))
        assert {q["url"] for q in (await document(asked))["companyQuestions"]} == urls


@pytest.mark.parametrize(
    ("asked_for", "posting", "used", "notes"),
    [
        (None, None, "en", 0),
        (None, "de", "de", 0),
        ("fr-CA", "de", "fr", 0),
        ("nl", "de", "de", 0),
        ("nl", None, "en", 1),
    ],
)
async def test_language_is_the_asked_one_or_the_postings(
    asked_for: str | None, posting: str | None, used: str, notes: int
) -> None:
    """English with a note when neither is spoken here."""
    asked = command(RULES, language=asked_for)
    read = asked.facts.posting
    assert read is not None
    told = read.model_copy(update={"language": posting})
    letter = await document(ordered(Workflow.COVER_LETTER, asked, posting=told))
    assert letter["language"] == used
    assert len(letter["notes"]) == notes


async def test_confirmed_fact_is_spoken_of() -> None:
    """A gap that was answered is no gap of the pack, and its answer is the evidence."""
    fact = ConfirmedFact(id=UUID(int=7), name="Kubernetes", statement="Runs two clusters.")
    before = await document(ordered(Workflow.INTERVIEW_PREP, command(RULES)))
    after = await document(ordered(Workflow.INTERVIEW_PREP, command(RULES), confirmed=(fact,)))
    assert any(gap["text"] == "Kubernetes" for gap in before["gaps"])
    assert not any(gap["text"] == "Kubernetes" for gap in after["gaps"])


async def test_career_path_counts_the_persons_postings() -> None:
    """N of m with the postings' ids; years and degrees have no name to count by."""
    python, kubernetes = (Asked(name=n, kind="skill", must=True) for n in ("Python", "Kubernetes"))
    years = Asked(name="5 years", kind="years", must=True)
    demand = (
        PostingDemand(
            posting_id=UUID(int=8),
            title="Staff Engineer",
            is_public=True,
            requirements=(python, kubernetes, years),
        ),
        PostingDemand(posting_id=UUID(int=9), is_public=False, requirements=(kubernetes,)),
    )
    path = await document(ordered(Workflow.CAREER_PATH, command(RULES), demand=demand))
    (missing,) = path["missing"]
    assert (missing["skill"], missing["count"], missing["of"]) == ("Kubernetes", 2, 2)
    assert missing["postingIds"] == [str(one.posting_id) for one in demand]
    (present,) = path["present"]
    assert (present["skill"], present["count"], present["of"]) == ("Python", 1, 2)
    assert present["factIds"]
    assert path["postings"] == 2
    assert path["current"]["asOf"] == "2026-11"
    assert "posting" not in path


@pytest.mark.parametrize(
    ("market", "shown"),
    [
        (None, 0),
        (Market(available=False, reason="No published pay was found."), 0),
        (Market(available=True, occupation="Engineer", region="Berlin", pay=(PAY,)), 1),
        (
            Market(
                available=True,
                occupation="Engineer",
                pay=(PAY.model_copy(update={"sample_size": 0}),),
            ),
            0,
        ),
    ],
    ids=["not asked", "nothing found", "published", "of nobody"],
)
async def test_pay_is_shown_as_published_or_not_at_all(market: Market | None, shown: int) -> None:
    """With its bounds as they were read, its date and its address."""
    path = await document(ordered(Workflow.CAREER_PATH, command(RULES), market=market))
    assert len(path["pay"]) == shown
    assert any("No data on pay" in note for note in path["notes"]) is (shown == 0)
    for pay in path["pay"]:
        assert (pay["low"], pay["high"], pay["period"]) == (4_500.5, 6_000, "month")
        assert (pay["date"], pay["url"]) == ("2026-09-01", PAY.url)


@pytest.mark.parametrize("workflow", FOR_A_POSTING)
async def test_product_goes_with_its_tailored_resume(workflow: Workflow) -> None:
    """It speaks of the tailored lines, says which document that was, and asks about claims."""
    base = resumes()[0]
    entry = base.work[0]
    reworded = "Also: " + entry.highlights[0]
    first = entry.model_copy(update={"highlights": (reworded, *entry.highlights[1:])})
    resume = base.model_copy(update={"work": (first, *base.work[1:])})
    tailored = Tailored(
        result_id=UUID(int=7),
        version=3,
        document=to_json_resume(resume),
        emphasised=(highlight_ids(first)[0],),
        claims=(Claim(entry_id=entry.id, text="Flew to the moon"),),
    )
    result = await document(ordered(workflow, command(RULES), tailored=tailored))
    assert result["tailored"] == {"resultId": str(UUID(int=7)), "version": 3}
    known = {fact.id for fact in collect_facts(resume)}
    if workflow is Workflow.INTERVIEW_PREP:
        defended = [q["claim"] for q in result["questions"] if q["kind"] == "defend"]
        assert defended[:2] == ["Flew to the moon", reworded]
        assert entry.highlights[0] not in defended
        assert {ref for q in result["questions"] for ref in q["evidence"]} <= known
    else:
        grounds = [g for p in result["paragraphs"] for s in p["sentences"] for g in s["grounds"]]
        assert {g["ref"] for g in grounds if g["kind"] == "fact"} <= known
        assert "moon" not in str(result)


@pytest.mark.parametrize("workflow", FOR_A_POSTING)
async def test_tailored_resume_of_another_person_goes_with_nothing(workflow: Workflow) -> None:
    """Its entries are not those of the base: the pack contradicts itself and is not delivered."""
    tailored = Tailored(result_id=UUID(int=7), version=0, document=to_json_resume(resumes()[1]))
    outcome = await made(ordered(workflow, command(RULES), tailored=tailored))
    assert isinstance(outcome, Fail)
    assert outcome.code is ErrorCode.INTERNAL_ERROR


async def test_letter_to_another_company_is_not_delivered(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Whatever went wrong in writing: what contradicts its posting stays here."""

    def to_another(*args: Any, **others: Any) -> Letter:
        return build_letter(*args, **others).model_copy(update={"company": "Globex"})

    monkeypatch.setattr("tailor_svc.products.build_letter", to_another)
    outcome = await made(ordered(Workflow.COVER_LETTER, command(RULES)))
    assert isinstance(outcome, Fail)
    assert outcome.code is ErrorCode.INTERNAL_ERROR
    assert "Globex" not in outcome.message
