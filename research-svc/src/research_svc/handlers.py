"""What research-svc does: companies and pay, which no job has to wait for."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any, TypeVar

import structlog

from research_svc.cache import NoAnswerError
from research_svc.library import Library
from research_svc.names import domain_of, language_of, tidy
from research_svc.ports import Asking, CompanyQuestion, SalaryQuestion
from resume_contracts.facts import Market, PayRange, Research
from resume_contracts.messages import Command, Usage
from resume_messaging.core.outcome import Done, Outcome
from resume_messaging.core.ports import (
    BudgetExhaustedError,
    CallsExhaustedError,
    StageContext,
    StoreUnavailableError,
)
from resume_outbound.errors import OutboundError

log = structlog.get_logger()

A = TypeVar("A")

_NO_STORE = "The store of company research cannot be reached."
_NO_ANSWER = "The research provider gave no answer in time."
_NO_BUDGET = "The budget for paid calls is used up."


class ResearchHandlers:
    """The service's stages. `library` is None when no provider is configured."""

    def __init__(self, library: Library | None) -> None:
        self._library = library

    async def research_company(self, command: Command, context: StageContext) -> Outcome:
        """Research the posting's company; whatever is in the way, the job goes on and says so."""
        question = question_of(command)
        if question is None:
            return _unavailable("The posting names no company.")
        if self._library is None:
            return _unavailable("Company research is not configured.", question.name)
        library, asking = self._library, Asking(context.deadline, context.start_call)
        found = await _asked(lambda: library.company(question, asking))
        if isinstance(found, str):
            return _unavailable(found, question.name, asking.bill)
        unavailable = None if found.available else found.reason
        return Done(found, usage=tuple(asking.bill), unavailable=unavailable)

    async def research_market(self, command: Command, context: StageContext) -> Outcome:
        """Published pay for the person's occupation where they live, or why there is none."""
        question = market_of(command)
        if question is None:
            return _no_market("The resume names no occupation, or no place.")
        if self._library is None:
            return _no_market("Market research is not configured.", question)
        library, asking = self._library, Asking(context.deadline, context.start_call)
        found = await _asked(lambda: library.salary_for(question.title, question.region, asking))
        if isinstance(found, str):
            return _no_market(found, question, asking.bill)
        if not found.figures:
            return _no_market("No published pay was found.", question, asking.bill)
        market = Market(
            available=True,
            occupation=question.title,
            region=question.region,
            pay=tuple(PayRange(**figure.model_dump()) for figure in found.figures),
        )
        return Done(market, usage=tuple(asking.bill))


async def _asked(ask: Callable[[], Awaitable[A]]) -> A | str:
    """An answer, or why there is none."""
    try:
        return await ask()
    except StoreUnavailableError as error:
        log.warning("research.store_unavailable", error=str(error))
        return _NO_STORE
    except BudgetExhaustedError:
        return _NO_BUDGET
    except (OutboundError, CallsExhaustedError, NoAnswerError) as error:
        log.info("research.unavailable", error=str(error) or type(error).__name__)
        return _NO_ANSWER


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


def market_of(command: Command) -> SalaryQuestion | None:
    """Which occupation and where: what the resume says the person is, and the place they give.

    Nothing else of the resume is asked about.
    """
    document = command.facts.resume.document if command.facts.resume is not None else {}
    basics, work = document.get("basics") or {}, document.get("work") or []
    title = tidy(_text((work[0] if work else {}).get("position")) or _text(basics.get("label")))
    place = basics.get("location") or {}
    named = (_text(place.get(name)) for name in ("city", "region", "countryCode"))
    region = tidy(", ".join(dict.fromkeys(filter(None, named))))
    return None if title is None or region is None else SalaryQuestion(title, region)


def _text(value: Any) -> str:
    return value.strip() if isinstance(value, str) else ""


def _no_market(
    reason: str, question: SalaryQuestion | None = None, bill: Sequence[Usage] = ()
) -> Outcome:
    found = Market(
        available=False,
        reason=reason,
        occupation=None if question is None else question.title,
        region=None if question is None else question.region,
    )
    return Done(found, usage=tuple(bill), unavailable=reason)


def _unavailable(reason: str, company: str | None = None, bill: Sequence[Usage] = ()) -> Outcome:
    found = Research(available=False, reason=reason, company=company)
    return Done(found, usage=tuple(bill), unavailable=reason)
