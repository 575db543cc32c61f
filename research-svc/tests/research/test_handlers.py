import pytest

from research_svc.cache import NoAnswerError
from research_svc.handlers import ResearchHandlers, question_of
from research_svc.library import Library
from research_svc.ports import (
    Asking,
    CompanyFindings,
    CompanyQuestion,
    Entry,
    SalaryFindings,
    SalaryQuestion,
)
from resume_contracts.facts import Cited, Research
from resume_contracts.messages import Usage
from resume_messaging.core.outcome import Done, Outcome
from resume_messaging.core.ports import CallsExhaustedError, StoreUnavailableError
from resume_outbound.errors import (
    CircuitOpenError,
    ConcurrencyLimitError,
    DeadlineTooCloseError,
    ProviderFailedError,
    ProviderRefusedError,
    RateLimitedError,
)

from .making import NOW, Context, command

USAGE = Usage(provider="perplexity", calls=1)
FOUND = Research(
    available=True,
    summary="Carts.",
    findings=(Cited(text="Carts.", url="https://n.example/"),),
)
NOTHING = Research(available=False, reason="Nothing found.")


class Companies:
    """Gives, or raises, what it was told, and bills it; `asked` is what it was asked for."""

    def __init__(self, answer: Research | Exception) -> None:
        self._answer = answer
        self.asked: list[tuple[CompanyQuestion, float]] = []

    async def get(self, question: CompanyQuestion, asking: Asking) -> Entry[CompanyFindings]:
        self.asked.append((question, asking.deadline))
        asking.start_call()
        asking.bill.append(USAGE)
        if isinstance(self._answer, Exception):
            raise self._answer
        findings = CompanyFindings(research=self._answer)
        return Entry(findings, self._answer.available, 0.1, NOW)


class NoPay:
    """No stage asks for pay."""

    async def get(self, question: SalaryQuestion, asking: Asking) -> Entry[SalaryFindings]:
        raise NotImplementedError


async def outcome(companies: Companies | None, *, stated: str | None = "Northwind") -> Done:
    library = None if companies is None else Library(companies, NoPay())
    ended: Outcome = await ResearchHandlers(library).research_company(
        command(stated=stated), Context()
    )
    assert isinstance(ended, Done)
    return ended


async def test_research_is_delivered_under_the_askers_name_with_its_cost() -> None:
    companies = Companies(FOUND)
    named = FOUND.model_copy(update={"company": "Northwind"})

    assert await outcome(companies) == Done(named, usage=(USAGE,))
    assert companies.asked == [(CompanyQuestion("Northwind"), Context.deadline)]


async def test_unknown_company_is_unavailable_and_still_costs() -> None:
    ended = await outcome(Companies(NOTHING))
    nothing = NOTHING.model_copy(update={"company": "Northwind"})
    assert ended == Done(nothing, usage=(USAGE,), unavailable="Nothing found.")


@pytest.mark.parametrize(
    ("stated", "asked", "name", "domain"),
    [
        ("Northwind", "Blue Mill", "Northwind", None),
        (None, "Blue  Mill\n", "Blue Mill", None),
        ("", "Blue Mill", "Blue Mill", None),
        ("Northwind", "https://northwind.example/jobs", "Northwind", "northwind.example"),
        (None, "northwind.example", "northwind.example", "northwind.example"),
        ("claimed.example", None, "claimed.example", None),
    ],
)
def test_name_is_the_postings_before_the_users_and_the_domain_only_the_users(
    stated: str | None, asked: str | None, name: str, domain: str | None
) -> None:
    assert question_of(command(stated=stated, asked=asked)) == CompanyQuestion(name, domain)


def test_language_is_the_postings() -> None:
    question = question_of(command(stated="Northwind", language="de-DE"))
    assert question is not None
    assert question.language == "de"


@pytest.mark.parametrize("stated", [None, "", " \n", "x" * 201, "x" * 20_000])
async def test_posting_without_a_company_is_unavailable_at_once(stated: str | None) -> None:
    companies = Companies(FOUND)
    ended = await outcome(companies, stated=stated)

    assert ended.unavailable == "The posting names no company."
    assert ended.fact == Research(available=False, reason=ended.unavailable)
    assert companies.asked == []


async def test_no_key_is_unavailable_at_once() -> None:
    ended = await outcome(None)
    assert ended.unavailable == "Company research is not configured."
    assert ended.usage == ()


@pytest.mark.parametrize(
    "error",
    [
        CircuitOpenError("perplexity", 30),
        RateLimitedError("perplexity", 30),
        ConcurrencyLimitError("perplexity", 1),
        DeadlineTooCloseError("perplexity", 2),
        ProviderFailedError("perplexity", "timeout"),
        ProviderFailedError("perplexity", "contract", retryable=False),
        ProviderRefusedError("perplexity", 401, "invalid_api_key"),
        CallsExhaustedError(),
        NoAnswerError("the provider named no sources"),
    ],
    ids=repr,
)
async def test_provider_in_trouble_never_holds_a_job(error: Exception) -> None:
    ended = await outcome(Companies(error))

    assert ended.unavailable == "The research provider gave no answer in time."
    assert ended.fact == Research(available=False, reason=ended.unavailable, company="Northwind")
    assert ended.usage == (USAGE,)
    assert not ended.degraded


async def test_store_in_trouble_never_holds_a_job() -> None:
    ended = await outcome(Companies(StoreUnavailableError("ConnectionError")))
    assert ended.unavailable == "The store of company research cannot be reached."
