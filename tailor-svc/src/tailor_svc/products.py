"""Letter, interview pack and career path: a model's draft as far as it is proved, or the rules'."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from resume_contracts.errors import ErrorCode
from resume_contracts.facts import (
    CareerPath,
    CoverLetter,
    Facts,
    InterviewPrep,
    Market,
    Posting,
    PostingDemand,
    ProductResult,
    Research,
    Tailored,
)
from resume_contracts.messages import Command
from resume_core.career import (
    CareerDraft,
    CareerOrder,
    DemandPosting,
    Ladders,
    PayFigure,
    build_career,
)
from resume_core.facts import with_confirmed
from resume_core.gate.violations import Violation
from resume_core.grounding import Citation, Shown
from resume_core.interview import InterviewDraft, InterviewOrder, build_interview
from resume_core.languages import language_of
from resume_core.letters import LetterDraft, LetterOrder, build_letter
from resume_core.model import Resume
from resume_core.pack import check_pack
from resume_core.posting import PostingView
from resume_core.requirements import Requirement, extract_requirements, skill_asked_for
from resume_core.skills import SkillCatalog
from resume_messaging.core.outcome import Fail, Outcome
from resume_messaging.core.ports import StageContext
from tailor_svc.drafts import career_request, interview_request, letter_request
from tailor_svc.engines import Engines, Order, SelfContradictionError
from tailor_svc.form import A
from tailor_svc.ports import Request
from tailor_svc.reading import PostingRead, view_of


@dataclass(frozen=True, slots=True)
class Commission:
    """What every product is made from, and what its reader is told of its language.

    `base` is what it speaks of: the tailored resume it goes with, if there is one, else `record`,
    the person's own.
    """

    base: Resume
    record: Resume
    facts: Facts
    language: str
    month: str
    notes: tuple[str, ...]

    @classmethod
    def of(cls, command: Command, base: dict[str, Any]) -> "Commission":
        """A command's, with the facts that were confirmed; the month is that of the order."""
        facts = command.facts
        read = facts.posting.language if facts.posting else None
        language, note = language_of(facts.submission.options.language, read)
        record = _with_confirmed(base, facts)
        tailored = facts.tailored
        return cls(
            record if tailored is None else _with_confirmed(tailored.document, facts),
            record,
            facts,
            language,
            f"{command.accepted_at:%Y-%m}",
            (note,) if note else (),
        )

    @property
    def tailored(self) -> Resume | None:
        """The tailored resume it goes with."""
        return None if self.facts.tailored is None else self.base


class ProductHandlers:
    """The stages that make the products beside the tailored resume."""

    def __init__(self, engines: Engines, catalog: SkillCatalog, ladders: Ladders) -> None:
        self._engines = engines
        self._catalog = catalog
        self._ladders = ladders

    async def cover_letter(self, command: Command, context: StageContext) -> Outcome:
        """A letter to the posting's company."""
        return await self._for_posting(command, context, self._letter)

    async def interview_prep(self, command: Command, context: StageContext) -> Outcome:
        """A pack for an interview about the posting."""
        return await self._for_posting(command, context, self._interview)

    async def career_path(self, command: Command, context: StageContext) -> Outcome:
        """Next roles, over all that the person's stored postings ask for."""
        return await self._made(command, context, self._career)

    async def _for_posting(
        self,
        command: Command,
        context: StageContext,
        order: Callable[[Commission, Posting], Order[A]],
    ) -> Outcome:
        posting = command.facts.posting
        if posting is None:
            return _without_facts()
        return await self._made(command, context, lambda commission: order(commission, posting))

    async def _made(
        self, command: Command, context: StageContext, order: Callable[[Commission], Order[A]]
    ) -> Outcome:
        resume = command.facts.resume
        if resume is None:
            return _without_facts()
        ordered = await self._engines.compute(
            lambda: order(Commission.of(command, resume.document))
        )
        return await self._engines.make(command, context, ordered)

    def _letter(self, commission: Commission, read: Posting) -> Order[LetterDraft]:
        base, facts = commission.base, commission.facts
        posting = view_of(read, facts.submission)
        order = LetterOrder(
            base,
            posting,
            commission.language,
            _citations(facts.research),
            facts.submission.options.tone,
        )

        def make(
            draft: LetterDraft | None, /, *, degraded: bool, notes: Sequence[str]
        ) -> ProductResult:
            told = (*notes, *commission.notes)
            made = build_letter(order, draft, self._catalog, degraded=degraded, notes=told)
            record, tailored = commission.record, commission.tailored
            _require(check_pack(record, posting, tailored=tailored, letter=made))
            return CoverLetter(document=_told(made) | _read(posting, read) | _goes_with(facts))

        return Order(lambda: letter_request(order, self._requirements(posting)), make)

    def _interview(self, commission: Commission, read: Posting) -> Order[InterviewDraft]:
        base, facts = commission.base, commission.facts
        posting = view_of(read, facts.submission)
        order = InterviewOrder(
            base,
            posting,
            commission.language,
            _citations(facts.research),
            *_brought_forward(facts.tailored),
        )

        def make(
            draft: InterviewDraft | None, /, *, degraded: bool, notes: Sequence[str]
        ) -> ProductResult:
            told = (*notes, *commission.notes)
            made = build_interview(order, draft, self._catalog, degraded=degraded, notes=told)
            record, tailored = commission.record, commission.tailored
            _require(check_pack(record, posting, tailored=tailored, interview=made))
            return InterviewPrep(document=_told(made) | _read(posting, read) | _goes_with(facts))

        def request() -> Request[InterviewDraft] | None:
            by_rules = build_interview(order, None, self._catalog)
            return interview_request(order, self._requirements(posting), by_rules)

        return Order(request, make)

    def _career(self, commission: Commission) -> Order[CareerDraft]:
        order = CareerOrder(
            commission.base,
            tuple(map(_demanded, commission.facts.demand)),
            _pay(commission.facts.market),
            commission.language,
            commission.month,
        )
        known = (self._catalog, self._ladders)

        def make(
            draft: CareerDraft | None, /, *, degraded: bool, notes: Sequence[str]
        ) -> ProductResult:
            told = (*notes, *commission.notes)
            return CareerPath(
                document=_told(build_career(order, draft, *known, degraded=degraded, notes=told))
            )

        return Order(lambda: career_request(order, build_career(order, None, *known)), make)

    def _requirements(self, posting: PostingView) -> list[Requirement]:
        return extract_requirements(posting.title, posting.text, self._catalog)


def _require(violations: Sequence[Violation]) -> None:
    if violations:
        raise SelfContradictionError([violation.code for violation in violations])


def _without_facts() -> Fail:
    return Fail(ErrorCode.INTERNAL_ERROR, "The job reached this stage without its facts.")


def _told(made: Shown) -> dict[str, Any]:
    return made.model_dump(mode="json", by_alias=True)


def _read(posting: PostingView, read: Posting) -> dict[str, Any]:
    """Which posting it was, and how it was read; never its text."""
    how = PostingRead.of(read).model_dump(mode="json", by_alias=True)
    return {"posting": {"title": posting.title, "company": posting.company, "read": how}}


def _with_confirmed(document: dict[str, Any], facts: Facts) -> Resume:
    return with_confirmed(Resume.model_validate(document), facts.confirmed)


def _brought_forward(
    tailored: Tailored | None,
) -> tuple[tuple[str, ...], tuple[tuple[str, str], ...]]:
    """The lines that a tailored resume emphasises, and those that nothing proves."""
    if tailored is None:
        return (), ()
    return tailored.emphasised, tuple((one.entry_id, one.text) for one in tailored.claims)


def _goes_with(facts: Facts) -> dict[str, Any]:
    """Which tailored resume it goes with, and after how many decisions."""
    tailored = facts.tailored
    if tailored is None:
        return {}
    return {"tailored": {"resultId": str(tailored.result_id), "version": tailored.version}}


def _citations(research: Research | None) -> tuple[Citation, ...]:
    findings = research.findings if research is not None and research.available else ()
    return tuple(Citation(text=found.text, url=found.url) for found in findings)


def _demanded(posting: PostingDemand) -> DemandPosting:
    """Only skills are counted: they alone have a name that is the same in every posting."""
    skills = (asked for asked in posting.requirements if asked.kind == "skill")
    return DemandPosting(
        id=str(posting.posting_id),
        title=posting.title or "",
        requirements=tuple(skill_asked_for(asked.name, must=asked.must) for asked in skills),
    )


def _pay(market: Market | None) -> tuple[PayFigure, ...]:
    if market is None or not market.available or market.occupation is None:
        return ()
    return tuple(
        PayFigure(
            role=pay.occupation or market.occupation,
            low=pay.low,
            high=pay.high,
            currency=pay.currency,
            period=pay.period,
            region=pay.region,
            date=pay.as_of.isoformat(),
            sample_size=pay.sample_size,
            url=pay.url,
        )
        for pay in market.pay
    )
