"""What tailor-svc does: a resume tailored to a posting, by a model or by rules, never untrue."""

import asyncio
from collections.abc import Sequence

from resume_contracts.errors import ErrorCode
from resume_contracts.facts import Facts, TailoredResume
from resume_contracts.messages import Command, Usage
from resume_contracts.workflows import TAILOR_RESUME, Engine, reserve_of
from resume_core.changes import Change
from resume_core.model import Resume
from resume_core.requirements import Requirement, extract_requirements
from resume_core.skills import SkillCatalog
from resume_core.tailor_rules import tailor_by_rules
from resume_core.tailoring import PostingView, build_result
from resume_messaging.core.outcome import Done, Fail, Outcome
from resume_messaging.core.ports import CallsExhaustedError, StageContext
from resume_outbound.errors import OutboundError, ProviderFailedError, WaitableError
from tailor_svc.ports import Assignment, Proposal, Proposer, RefusedByModelError


class TailorHandlers:
    """The service's stage. `proposer` is None when no model is configured."""

    def __init__(self, proposer: Proposer | None, catalog: SkillCatalog) -> None:
        self._proposer = proposer
        self._catalog = catalog

    async def tailor_resume(self, command: Command, context: StageContext) -> Outcome:
        """Propose changes, and deliver those that the truth gate lets through."""
        facts = command.facts
        if facts.resume is None or facts.posting is None:
            return Fail(ErrorCode.INTERNAL_ERROR, "The job reached this stage without its facts.")
        base = Resume.model_validate(facts.resume.document)
        posting = _posting(facts)
        # Reading a long posting takes milliseconds of CPU: off the event loop.
        requirements = await asyncio.to_thread(
            extract_requirements, posting.title or "", posting.text, self._catalog
        )
        engine = command.engine
        if engine is Engine.RULES:
            return await self._deliver(base, posting, requirements, (), engine="rules")
        if self._proposer is None:
            if engine is Engine.MODEL:
                return Fail(
                    ErrorCode.PROVIDER_MISCONFIGURED,
                    "No model is configured here. Use the engine «rules» or «auto».",
                )
            note = "No model is configured: the rules did it."
            return await self._deliver(
                base, posting, requirements, (), engine="rules", notes=(note,), degraded=True
            )
        assignment = Assignment(
            base, posting, requirements, facts.research, facts.submission.options.language
        )
        return await self._by_model(self._proposer, assignment, context, engine)

    async def _by_model(
        self, proposer: Proposer, assignment: Assignment, context: StageContext, engine: Engine
    ) -> Outcome:
        reserve = reserve_of(TAILOR_RESUME.name, engine) or 0.0
        proposal: Proposal | None = None
        usage: tuple[Usage, ...] = ()
        note = "The model did not answer in time: the rules did it."
        if not context.do_without_provider:
            try:
                proposal = await proposer.propose(
                    assignment,
                    deadline=context.deadline - reserve,
                    start_call=context.start_call,
                )
            except RefusedByModelError as error:
                if engine is Engine.MODEL:
                    return Fail(
                        ErrorCode.CONTENT_REFUSED,
                        "The model declined to work on this posting or resume.",
                        usage=(error.usage,),
                    )
                usage = (error.usage,)
                note = "The model declined: the rules did it."
            except WaitableError:
                # Back to the gate; it says `do_without_provider` when the time for waiting is up.
                raise
            except ProviderFailedError:
                if engine is Engine.MODEL or context.may_try_again:
                    raise
            except (OutboundError, CallsExhaustedError):
                if engine is Engine.MODEL:
                    raise
        if proposal is None:
            return await self._deliver(
                assignment.resume,
                assignment.posting,
                assignment.requirements,
                (),
                engine="rules",
                notes=(note,),
                degraded=True,
                usage=usage,
            )
        return await self._deliver(
            assignment.resume,
            assignment.posting,
            assignment.requirements,
            proposal.changes,
            engine="model",
            usage=(proposal.usage,),
        )

    async def _deliver(
        self,
        base: Resume,
        posting: PostingView,
        requirements: Sequence[Requirement],
        proposals: Sequence[Change],
        *,
        engine: str,
        notes: tuple[str, ...] = (),
        degraded: bool = False,
        usage: tuple[Usage, ...] = (),
    ) -> Outcome:
        """Rules order and re-label around what the model proposed; the gate has the last word."""

        def build() -> TailoredResume:
            by_rules = tailor_by_rules(base, requirements, posting, self._catalog)
            result = build_result(
                base,
                posting,
                [*proposals, *by_rules],
                engine=engine,
                catalog=self._catalog,
                degraded=degraded,
                notes=notes,
            )
            return TailoredResume(document=result.model_dump(mode="json", by_alias=True))

        return Done(await asyncio.to_thread(build), usage=usage, degraded=degraded)


def _posting(facts: Facts) -> PostingView:
    posting = facts.posting
    if posting is None:
        raise ValueError("no posting")
    return PostingView(
        title=posting.title.value if posting.title else "",
        company=posting.company.value if posting.company else (facts.submission.company or ""),
        text=posting.text,
    )
