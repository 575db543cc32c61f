"""Letter, interview pack and career path, as rules make them of the person's own words."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import structlog

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
from resume_contracts.workflows import Engine
from resume_core.career import CareerOrder, DemandPosting, Ladders, PayFigure, build_career
from resume_core.facts import with_confirmed
from resume_core.gate.violations import Violation
from resume_core.grounding import Citation, Shown
from resume_core.interview import InterviewOrder, build_interview
from resume_core.languages import language_of
from resume_core.letters import LetterOrder, build_letter
from resume_core.model import Resume
from resume_core.pack import check_pack
from resume_core.posting import PostingView
from resume_core.requirements import skill_asked_for
from resume_core.skills import SkillCatalog
from resume_messaging.core.outcome import Done, Fail, Outcome
from resume_messaging.core.ports import StageContext
from tailor_svc.computing import Computing
from tailor_svc.reading import PostingRead, view_of

log = structlog.get_logger()

_BY_RULES: Final = "Written by rules: no model writes this yet."


class SelfContradictionError(Exception):
    """What was made names another company, role, person or fact than what it was made from."""

    def __init__(self, violations: list[Violation]) -> None:
        self.codes = tuple(sorted({violation.code for violation in violations}))
        super().__init__(", ".join(self.codes))


@dataclass(frozen=True, slots=True)
class Commission:
    """What every product is made from, and what its reader is told of how it came about.

    `base` is what it speaks of: the tailored resume it goes with, if there is one, else `record`,
    the person's own.
    """

    base: Resume
    record: Resume
    facts: Facts
    language: str
    month: str
    degraded: bool
    notes: tuple[str, ...]

    @classmethod
    def of(cls, command: Command, base: dict[str, Any]) -> "Commission":
        """A command's, with the facts that were confirmed; the month is that of the order."""
        facts, degraded = command.facts, command.engine is not Engine.RULES
        read = facts.posting.language if facts.posting else None
        language, note = language_of(facts.submission.options.language, read)
        notes = (_BY_RULES if degraded else None, note)
        record = _with_confirmed(base, facts)
        tailored = facts.tailored
        return cls(
            record if tailored is None else _with_confirmed(tailored.document, facts),
            record,
            facts,
            language,
            f"{command.accepted_at:%Y-%m}",
            degraded,
            tuple(told for told in notes if told),
        )

    @property
    def tailored(self) -> Resume | None:
        """The tailored resume it goes with."""
        return None if self.facts.tailored is None else self.base


class ProductHandlers:
    """The stages that make the products beside the tailored resume."""

    def __init__(self, catalog: SkillCatalog, ladders: Ladders, compute: Computing) -> None:
        self._catalog = catalog
        self._ladders = ladders
        self._compute = compute

    async def cover_letter(self, command: Command, context: StageContext) -> Outcome:
        """A letter to the posting's company."""
        del context
        return await self._for_posting(command, self._letter)

    async def interview_prep(self, command: Command, context: StageContext) -> Outcome:
        """A pack for an interview about the posting."""
        del context
        return await self._for_posting(command, self._interview)

    async def career_path(self, command: Command, context: StageContext) -> Outcome:
        """Next roles, over all that the person's stored postings ask for."""
        del context
        return await self._made(command, self._career)

    async def _for_posting(
        self, command: Command, make: Callable[[Commission, Posting], ProductResult]
    ) -> Outcome:
        posting = command.facts.posting
        if posting is None:
            return _without_facts()
        return await self._made(command, lambda commission: make(commission, posting))

    async def _made(self, command: Command, make: Callable[[Commission], ProductResult]) -> Outcome:
        resume = command.facts.resume
        if resume is None:
            return _without_facts()
        if command.engine is Engine.MODEL:
            return Fail(
                ErrorCode.ENGINE_UNAVAILABLE,
                "No model writes this yet. Use the engine «rules» or «auto».",
            )
        try:
            fact = await self._compute(lambda: make(Commission.of(command, resume.document)))
        except SelfContradictionError as error:
            log.error("product.contradicts_itself", stage=command.stage, codes=error.codes)
            return Fail(ErrorCode.INTERNAL_ERROR, "What was made did not pass its own check.")
        return Done(fact, degraded=command.engine is not Engine.RULES)

    def _letter(self, commission: Commission, read: Posting) -> ProductResult:
        base, facts = commission.base, commission.facts
        posting = view_of(read, facts.submission)
        order = LetterOrder(
            base,
            posting,
            commission.language,
            _citations(facts.research),
            facts.submission.options.tone,
        )
        made = build_letter(
            order, None, self._catalog, degraded=commission.degraded, notes=commission.notes
        )
        if violations := check_pack(
            commission.record, posting, tailored=commission.tailored, letter=made
        ):
            raise SelfContradictionError(violations)
        return CoverLetter(document=_told(made) | _read(posting, read) | _goes_with(facts))

    def _interview(self, commission: Commission, read: Posting) -> ProductResult:
        base, facts = commission.base, commission.facts
        posting = view_of(read, facts.submission)
        order = InterviewOrder(
            base,
            posting,
            commission.language,
            _citations(facts.research),
            *_brought_forward(facts.tailored),
        )
        made = build_interview(
            order, None, self._catalog, degraded=commission.degraded, notes=commission.notes
        )
        if violations := check_pack(
            commission.record, posting, tailored=commission.tailored, interview=made
        ):
            raise SelfContradictionError(violations)
        return InterviewPrep(document=_told(made) | _read(posting, read) | _goes_with(facts))

    def _career(self, commission: Commission) -> ProductResult:
        order = CareerOrder(
            commission.base,
            tuple(map(_demanded, commission.facts.demand)),
            _pay(commission.facts.market),
            commission.language,
            commission.month,
        )
        made = build_career(
            order,
            None,
            self._catalog,
            self._ladders,
            degraded=commission.degraded,
            notes=commission.notes,
        )
        return CareerPath(document=_told(made))


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
