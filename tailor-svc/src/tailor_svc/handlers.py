"""What tailor-svc does: a resume tailored to a posting, by a model or by rules, never untrue."""

import asyncio
from typing import Final

import structlog

from resume_contracts.errors import ErrorCode
from resume_contracts.facts import Posting, Submission, TailoredResume
from resume_contracts.messages import Command, Usage
from resume_contracts.workflows import TAILOR_RESUME, Engine, reserve_of
from resume_core.model import Resume
from resume_core.requirements import extract_requirements
from resume_core.skills import SkillCatalog
from resume_core.tailor_rules import tailor_by_rules
from resume_core.tailoring import PostingView, build_result
from resume_messaging.core.outcome import Done, Fail, Outcome
from resume_messaging.core.ports import CallsExhaustedError, StageContext
from resume_outbound.errors import (
    DeadlineTooCloseError,
    OutboundError,
    ProviderFailedError,
    ProviderRefusedError,
    WaitableError,
)
from tailor_svc.ports import Assignment, Proposal, Proposer, RefusedByModelError

log = structlog.get_logger()

_TOO_LATE: Final = "The model did not answer in time"


class TailorHandlers:
    """The service's stage. `proposer` is None when no model is configured."""

    def __init__(self, proposer: Proposer | None, catalog: SkillCatalog) -> None:
        self._proposer = proposer
        self._catalog = catalog

    async def tailor_resume(self, command: Command, context: StageContext) -> Outcome:
        """Propose changes, and deliver those that the truth gate lets through."""
        facts, engine = command.facts, command.engine
        if facts.resume is None or facts.posting is None:
            return Fail(ErrorCode.INTERNAL_ERROR, "The job reached this stage without its facts.")
        posting = _view(facts.posting, facts.submission)
        assignment = Assignment(
            Resume.model_validate(facts.resume.document),
            posting,
            # Reading a long posting takes milliseconds of CPU: off the event loop.
            await asyncio.to_thread(
                extract_requirements, posting.title, posting.text, self._catalog
            ),
            facts.research,
            facts.submission.options.language,
        )
        if engine is Engine.RULES:
            return await self._deliver(assignment)
        if self._proposer is None:
            if engine is Engine.MODEL:
                return Fail(
                    ErrorCode.PROVIDER_MISCONFIGURED,
                    "No model is configured here. Use the engine «rules» or «auto».",
                )
            return await self._deliver(assignment, note="No model is configured")
        if context.do_without_provider:
            return await self._deliver(assignment, note=_TOO_LATE)
        return await self._by_model(self._proposer, assignment, context, engine)

    async def _by_model(
        self, proposer: Proposer, assignment: Assignment, context: StageContext, engine: Engine
    ) -> Outcome:
        """Ask the model; what the rules cannot stand in for is left to the runner.

        A `WaitableError` goes back to the gate, which says `do_without_provider` when the time for
        waiting is up.
        """
        must_have_model = engine is Engine.MODEL
        reserve = reserve_of(TAILOR_RESUME.name, engine) or 0.0
        try:
            proposal = await proposer.propose(
                assignment, deadline=context.deadline - reserve, start_call=context.start_call
            )
        except RefusedByModelError as error:
            if must_have_model:
                return Fail(
                    ErrorCode.CONTENT_REFUSED,
                    "The model declined to work on this posting or resume.",
                    usage=(error.usage,),
                )
            return await self._deliver(assignment, note="The model declined", usage=(error.usage,))
        except (OutboundError, CallsExhaustedError) as error:
            if must_have_model or isinstance(error, WaitableError):
                raise
            is_worth_a_retry = isinstance(error, ProviderFailedError) and error.retryable
            if is_worth_a_retry and context.may_try_again:
                raise
            log.info("tailor.done_without_model", error=str(error) or type(error).__name__)
            return await self._deliver(assignment, note=_why(error))
        return await self._deliver(assignment, proposal)

    async def _deliver(
        self,
        assignment: Assignment,
        proposal: Proposal | None = None,
        *,
        note: str | None = None,
        usage: tuple[Usage, ...] = (),
    ) -> Outcome:
        """Rules order and re-label around what the model proposed; the gate has the last word.

        `note` says why there is no proposal though a model was wanted.
        """

        def build() -> TailoredResume:
            base, posting = assignment.resume, assignment.posting
            by_rules = tailor_by_rules(base, assignment.requirements, posting, self._catalog)
            result = build_result(
                base,
                posting,
                [*(proposal.changes if proposal else ()), *by_rules],
                engine=("model" if proposal else "rules"),
                catalog=self._catalog,
                degraded=note is not None,
                notes=(f"{note}: the rules did it.",) if note else (),
            )
            return TailoredResume(document=result.model_dump(mode="json", by_alias=True))

        return Done(
            await asyncio.to_thread(build),
            usage=(proposal.usage,) if proposal else usage,
            degraded=note is not None,
        )


def _why(error: OutboundError | CallsExhaustedError) -> str:
    match error:
        case DeadlineTooCloseError():
            return _TOO_LATE
        case ProviderRefusedError():
            return "The model could not be used"
        case _:
            return "The model gave no usable answer"


def _view(posting: Posting, submission: Submission) -> PostingView:
    return PostingView(
        title=posting.title.value if posting.title else "",
        company=posting.company.value if posting.company else (submission.company or ""),
        text=posting.text,
    )
