"""What research-svc does: company research, which no job has to wait for."""

from collections.abc import Sequence

import structlog

from research_svc.cache import NoAnswerError
from research_svc.library import Library
from research_svc.names import domain_of, language_of, tidy
from research_svc.ports import Asking, CompanyQuestion
from resume_contracts.facts import Research
from resume_contracts.messages import Command, Usage
from resume_messaging.core.outcome import Done, Outcome
from resume_messaging.core.ports import CallsExhaustedError, StageContext, StoreUnavailableError
from resume_outbound.errors import OutboundError

log = structlog.get_logger()

_NO_ANSWER = "The research provider gave no answer in time."


class ResearchHandlers:
    """The service's stage. `library` is None when no provider is configured."""

    def __init__(self, library: Library | None) -> None:
        self._library = library

    async def research_company(self, command: Command, context: StageContext) -> Outcome:
        """Research the posting's company; whatever is in the way, the job goes on and says so."""
        question = question_of(command)
        if question is None:
            return _unavailable("The posting names no company.")
        if self._library is None:
            return _unavailable("Company research is not configured.", question.name)
        asking = Asking(context.deadline, context.start_call)
        try:
            found = await self._library.company(question, asking)
        except StoreUnavailableError as error:
            log.warning("research.store_unavailable", error=str(error))
            reason = "The store of company research cannot be reached."
        except (OutboundError, CallsExhaustedError, NoAnswerError) as error:
            log.info("research.unavailable", error=str(error) or type(error).__name__)
            reason = _NO_ANSWER
        else:
            unavailable = None if found.available else found.reason
            return Done(found, usage=tuple(asking.bill), unavailable=unavailable)
        return _unavailable(reason, question.name, asking.bill)


def question_of(command: Command) -> CompanyQuestion | None:
    """Which company a job is about: the posting's name before the user's; only the user's domain.

    A user who gives an address or a host in place of a name has given the domain.
    """
    posting, submission = command.facts.posting, command.facts.submission
    stated = posting.company.value if posting is not None and posting.company is not None else None
    name = tidy(stated) if stated and stated.strip() else tidy(submission.company)
    if name is None:
        return None
    language = language_of(submission.options.language, posting.language if posting else None)
    return CompanyQuestion(name, domain_of(submission.company), language)


def _unavailable(reason: str, company: str | None = None, bill: Sequence[Usage] = ()) -> Outcome:
    found = Research(available=False, reason=reason, company=company)
    return Done(found, usage=tuple(bill), unavailable=reason)
