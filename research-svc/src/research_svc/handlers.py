"""What research-svc does: company research, which no job has to wait for."""

from research_svc.ports import Researcher
from resume_contracts.facts import Research
from resume_contracts.messages import Command
from resume_messaging.core.outcome import Done, Outcome
from resume_messaging.core.ports import StageContext
from resume_outbound.errors import OutboundError


class ResearchHandlers:
    """The service's stage. `researcher` is None when no provider is configured."""

    def __init__(self, researcher: Researcher | None) -> None:
        self._researcher = researcher

    async def research_company(self, command: Command, context: StageContext) -> Outcome:
        """Research the posting's company; whatever is in the way, the job goes on and says so."""
        company = _company(command)
        if company is None:
            return _unavailable("The posting names no company.")
        if self._researcher is None:
            return _unavailable("Company research is not configured.", company)
        try:
            found, usage = await self._researcher.research(
                company, deadline=context.deadline, request_id=context.start_call()
            )
        except OutboundError:
            return _unavailable("The research provider did not answer in time.", company)
        if not found.available:
            return Done(found, usage=(usage,), unavailable=found.reason)
        return Done(found, usage=(usage,))


def _company(command: Command) -> str | None:
    posting = command.facts.posting
    if posting is not None and posting.company is not None:
        return posting.company.value
    return command.facts.submission.company


def _unavailable(reason: str, company: str | None = None) -> Outcome:
    return Done(Research(available=False, reason=reason, company=company), unavailable=reason)
