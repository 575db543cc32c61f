"""What research-svc does: company research, which no job has to wait for."""

import structlog

from research_svc.ports import Researcher
from resume_contracts.facts import Research
from resume_contracts.messages import Command
from resume_messaging.core.outcome import Done, Outcome
from resume_messaging.core.ports import CallsExhaustedError, StageContext
from resume_outbound.errors import OutboundError

log = structlog.get_logger()

#: Characters of a company's name; a longer one is no name.
LONGEST_NAME = 200


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
                company, deadline=context.deadline, start_call=context.start_call
            )
        except (OutboundError, CallsExhaustedError) as error:
            log.info("research.unavailable", error=str(error) or type(error).__name__)
            return _unavailable("The research provider gave no answer in time.", company)
        return Done(found, usage=(usage,), unavailable=None if found.available else found.reason)


def _company(command: Command) -> str | None:
    posting = command.facts.posting
    stated = posting.company.value if posting is not None and posting.company is not None else None
    name = " ".join((stated or command.facts.submission.company or "").split())
    return name if name and len(name) <= LONGEST_NAME else None


def _unavailable(reason: str, company: str | None = None) -> Outcome:
    return Done(Research(available=False, reason=reason, company=company), unavailable=reason)
