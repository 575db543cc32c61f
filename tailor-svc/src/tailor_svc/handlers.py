"""What tailor-svc does: a resume tailored to a posting, by a model or by rules, never untrue."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import structlog

from resume_contracts.errors import ErrorCode
from resume_contracts.facts import BaseResume, Posting, TailoredResume
from resume_contracts.messages import Command
from resume_contracts.workflows import TAILOR_RESUME, Engine, reserve_of
from resume_core.facts import with_confirmed
from resume_core.model import Resume
from resume_core.requirements import extract_requirements
from resume_core.skills import SkillCatalog
from resume_core.tailor_rules import tailor_by_rules
from resume_core.tailoring import build_result
from resume_messaging.core.outcome import Done, Expired, Fail, Outcome, Retry, Wait
from resume_messaging.core.ports import CallsExhaustedError, StageContext
from resume_messaging.shells.outbound import outcome_of
from resume_outbound.errors import (
    DeadlineTooCloseError,
    OutboundError,
    ProviderFailedError,
    ProviderRefusedError,
    WaitableError,
)
from tailor_svc.bill import Bill
from tailor_svc.computing import Computing
from tailor_svc.merge import merge
from tailor_svc.ports import Asking, Assignment, Proposal, Proposer, RefusedByModelError
from tailor_svc.reading import PostingRead, view_of

log = structlog.get_logger()

_TOO_LATE: Final = "The model did not answer in time"


class TailorHandlers:
    """The tailoring of resumes. `proposer` is None when no model is configured."""

    def __init__(
        self, proposer: Proposer | None, catalog: SkillCatalog, compute: Computing
    ) -> None:
        self._proposer = proposer
        self._catalog = catalog
        self._compute = compute

    async def tailor_resume(self, command: Command, context: StageContext) -> Outcome:
        """Propose changes, and deliver those that the truth gate lets through."""
        facts = command.facts
        if facts.resume is None or facts.posting is None:
            return Fail(ErrorCode.INTERNAL_ERROR, "The job reached this stage without its facts.")
        outcome = await self._tailored(command, facts.resume, facts.posting, context)
        return _with_reading(outcome, facts.posting)

    async def _tailored(
        self, command: Command, resume: BaseResume, read: Posting, context: StageContext
    ) -> Outcome:
        engine, facts = command.engine, command.facts
        posting = view_of(read, facts.submission)
        assignment = Assignment(
            with_confirmed(Resume.model_validate(resume.document), facts.confirmed),
            posting,
            await self._compute(
                lambda: extract_requirements(posting.title, posting.text, self._catalog)
            ),
            facts.research,
            facts.submission.options.language,
            read.language,
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
        reserve = reserve_of(TAILOR_RESUME.name, engine) or 0.0
        asking = Asking(
            command.user_id, command.job_id, context.deadline - reserve, context.start_call
        )
        return await self._by_model(self._proposer, assignment, asking, context, engine)

    async def _by_model(
        self,
        proposer: Proposer,
        assignment: Assignment,
        asking: Asking,
        context: StageContext,
        engine: Engine,
    ) -> Outcome:
        """Ask the model; what the rules cannot stand in for is left to the runner.

        A `WaitableError` goes back to the gate, which says `do_without_provider` when the time for
        waiting is up.
        """
        try:
            return await self._propose(proposer, assignment, asking, context, engine)
        except (OutboundError, CallsExhaustedError) as error:
            outcome = outcome_of(error)
            usage = asking.bill.lines
            if isinstance(outcome, Wait):
                # A call that was told to wait did no work.
                usage = tuple(line for line in usage if line.input_tokens or line.output_tokens)
            if usage and isinstance(outcome, Wait | Retry | Fail | Expired):
                return replace(outcome, usage=usage)
            raise

    async def _propose(
        self,
        proposer: Proposer,
        assignment: Assignment,
        asking: Asking,
        context: StageContext,
        engine: Engine,
    ) -> Outcome:
        must_have_model, bill = engine is Engine.MODEL, asking.bill
        try:
            proposal = await proposer.propose(assignment, asking)
        except RefusedByModelError:
            if must_have_model:
                return Fail(
                    ErrorCode.CONTENT_REFUSED,
                    "The model declined to work on this posting or resume.",
                    usage=bill.lines,
                )
            return await self._deliver(assignment, note="The model declined", bill=bill)
        except (OutboundError, CallsExhaustedError) as error:
            if must_have_model or isinstance(error, WaitableError):
                raise
            is_worth_a_retry = isinstance(error, ProviderFailedError) and error.retryable
            if is_worth_a_retry and context.may_try_again:
                raise
            log.info("tailor.done_without_model", error=str(error) or type(error).__name__)
            return await self._deliver(assignment, note=_why(error), bill=bill)
        return await self._deliver(assignment, proposal, bill=bill)

    async def _deliver(
        self,
        assignment: Assignment,
        proposal: Proposal | None = None,
        *,
        note: str | None = None,
        bill: Bill | None = None,
    ) -> Outcome:
        """Rules order and re-label around what the model proposed; the gate has the last word.

        `note` says why there is no proposal though a model was wanted.
        """
        notes: Sequence[str] = proposal.notes if proposal else ()
        if note is not None:
            notes = (f"{note}: the rules did it.",)

        def build() -> TailoredResume:
            base, posting = assignment.resume, assignment.posting
            by_rules = tailor_by_rules(base, assignment.requirements, posting, self._catalog)
            by_model = proposal.changes if proposal else ()
            result = build_result(
                base,
                posting,
                merge(base, posting, by_model, by_rules, self._catalog),
                engine=("model" if proposal else "rules"),
                catalog=self._catalog,
                degraded=note is not None,
                notes=notes,
                language=assignment.language or assignment.posting_language,
            )
            return TailoredResume(document=result.model_dump(mode="json", by_alias=True))

        return Done(
            await self._compute(build),
            usage=bill.lines if bill else (),
            degraded=note is not None,
        )


def _with_reading(outcome: Outcome, posting: Posting) -> Outcome:
    """A result also says where the posting came from, and what of that could not be had."""
    if not isinstance(outcome, Done) or not isinstance(outcome.fact, TailoredResume):
        return outcome
    document = outcome.fact.document
    read = PostingRead.of(posting).model_dump(mode="json", by_alias=True)
    told = TailoredResume(document=document | {"posting": document["posting"] | {"read": read}})
    return replace(outcome, fact=told)


def _why(error: OutboundError | CallsExhaustedError) -> str:
    match error:
        case DeadlineTooCloseError():
            return _TOO_LATE
        case ProviderRefusedError():
            return "The model could not be used"
        case _:
            return "The model gave no usable answer"
