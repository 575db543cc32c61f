"""What tailor-svc does: a resume tailored to a posting, by a model or by rules, never untrue."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from resume_contracts.errors import ErrorCode
from resume_contracts.facts import BaseResume, Posting, Research, TailoredResume
from resume_contracts.messages import Command
from resume_core.facts import with_confirmed
from resume_core.languages import language_of
from resume_core.model import Resume
from resume_core.posting import PostingView
from resume_core.requirements import Requirement, extract_requirements
from resume_core.skills import SkillCatalog
from resume_core.tailor_rules import tailor_by_rules
from resume_core.tailoring import build_result
from resume_messaging.core.outcome import Fail, Outcome
from resume_messaging.core.ports import StageContext
from tailor_svc.budget import fit
from tailor_svc.engines import Engines, Order
from tailor_svc.merge import merge
from tailor_svc.model import Material, sendable_facts, to_changes
from tailor_svc.ports import Request
from tailor_svc.proposed import CHANGES, ProposedChanges
from tailor_svc.reading import PostingRead, view_of


@dataclass(frozen=True, slots=True)
class Assignment:
    """What changes are proposed for, and the languages asked for and written in."""

    resume: Resume
    posting: PostingView
    requirements: Sequence[Requirement]
    research: Research | None
    language: str | None
    posting_language: str | None = None

    def to_request(self) -> Request[ProposedChanges]:
        """What a model is asked."""
        frame: dict[str, Any] = {
            "posting": {"title": self.posting.title, "company": self.posting.company},
            "language": self.language,
        }
        known = self.research is not None and self.research.available
        extra = {"company_notes": self.research.summary} if self.research and known else {}
        facts = sendable_facts(self.resume)
        return Request(CHANGES, partial(fit, Material(facts, self.requirements, frame, extra)))


class TailorHandlers:
    """The tailoring of resumes."""

    def __init__(self, engines: Engines, catalog: SkillCatalog) -> None:
        self._engines = engines
        self._catalog = catalog

    async def tailor_resume(self, command: Command, context: StageContext) -> Outcome:
        """Propose changes, and deliver those that the truth gate lets through."""
        facts = command.facts
        if facts.resume is None or facts.posting is None:
            return Fail(ErrorCode.INTERNAL_ERROR, "The job reached this stage without its facts.")
        resume, read = facts.resume, facts.posting
        order = await self._engines.compute(lambda: self._order(command, resume, read))
        return await self._engines.make(command, context, order)

    def _order(self, command: Command, resume: BaseResume, read: Posting) -> Order[ProposedChanges]:
        facts = command.facts
        posting = view_of(read, facts.submission)
        assignment = Assignment(
            with_confirmed(Resume.model_validate(resume.document), facts.confirmed),
            posting,
            extract_requirements(posting.title, posting.text, self._catalog),
            facts.research,
            facts.submission.options.language,
            read.language,
        )
        return Order(assignment.to_request, partial(self._build, assignment, read))

    def _build(
        self,
        assignment: Assignment,
        read: Posting,
        answer: ProposedChanges | None,
        /,
        *,
        degraded: bool,
        notes: Sequence[str],
    ) -> TailoredResume:
        """Rules order and re-label around what the model proposed; the gate has the last word."""
        base, posting = assignment.resume, assignment.posting
        language, note = language_of(assignment.language, assignment.posting_language)
        by_rules = tailor_by_rules(
            base, assignment.requirements, posting, self._catalog, language=language
        )
        by_model = to_changes(base, answer.changes) if answer else ()
        result = build_result(
            base,
            posting,
            merge(base, posting, by_model, by_rules, self._catalog),
            engine="model" if answer else "rules",
            catalog=self._catalog,
            degraded=degraded,
            notes=(*notes, note) if note else notes,
            language=language,
        )
        document = result.model_dump(mode="json", by_alias=True)
        # A result also says where the posting came from, and what of that could not be had.
        how = PostingRead.of(read).model_dump(mode="json", by_alias=True)
        return TailoredResume(document=document | {"posting": document["posting"] | {"read": how}})
