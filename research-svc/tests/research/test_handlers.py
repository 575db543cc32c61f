from datetime import date
from typing import Any
from uuid import UUID

import pytest

from research_svc.cache import NoAnswerError
from research_svc.handlers import ResearchHandlers, market_of, question_of
from research_svc.library import Library
from research_svc.ports import (
    Asking,
    CompanyFindings,
    CompanyQuestion,
    Entry,
    SalaryFigure,
    SalaryFindings,
    SalaryQuestion,
)
from resume_contracts.facts import BaseResume, Cited, Market, Research
from resume_contracts.messages import Command, Usage
from resume_messaging.core.outcome import Done, Outcome
from resume_messaging.core.ports import (
    BudgetExhaustedError,
    CallsExhaustedError,
    StoreUnavailableError,
)
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
    """The stage that asks for companies asks for no pay."""

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


async def test_budget_that_is_used_up_is_told() -> None:
    ended = await outcome(Companies(BudgetExhaustedError()))
    assert ended.unavailable == "The budget for paid calls is used up."
    assert ended.usage == (USAGE,)


async def test_store_in_trouble_never_holds_a_job() -> None:
    ended = await outcome(Companies(StoreUnavailableError("ConnectionError")))
    assert ended.unavailable == "The store of company research cannot be reached."


FIGURE = SalaryFigure(
    occupation="Engineers",
    low=70_000,
    high=90_000,
    currency="EUR",
    period="year",
    region="Berlin",
    as_of=date(2026, 3, 1),
    sample_size=120,
    url="https://pay.example/engineers",
)
PERSON: dict[str, Any] = {
    "basics": {"label": "Backend Developer", "location": {"city": "Berlin", "countryCode": "DE"}},
    "work": [{"position": "Senior Engineer", "name": "Engines"}, {"position": "Trainee"}],
}


class Pay:
    """Gives, or raises, what it was told, and bills it; `asked` is what it was asked for."""

    def __init__(self, answer: SalaryFindings | Exception) -> None:
        self._answer = answer
        self.asked: list[SalaryQuestion] = []

    async def get(self, question: SalaryQuestion, asking: Asking) -> Entry[SalaryFindings]:
        self.asked.append(question)
        asking.bill.append(USAGE)
        if isinstance(self._answer, Exception):
            raise self._answer
        return Entry(self._answer, bool(self._answer.figures), 0.1, NOW)


def of_person(document: dict[str, Any]) -> Command:
    asked = command()
    resume = BaseResume(resume_id=UUID(int=3), version=1, document=document)
    return asked.model_copy(
        update={"facts": asked.facts.model_copy(update={"resume": resume, "posting": None})}
    )


async def market(pay: Pay | None, document: dict[str, Any] = PERSON) -> Done:
    library = None if pay is None else Library(Companies(FOUND), pay)
    ended = await ResearchHandlers(library).research_market(of_person(document), Context())
    assert isinstance(ended, Done)
    assert isinstance(ended.fact, Market)
    assert ended.fact.reason == ended.unavailable
    return ended


async def test_pay_is_delivered_with_all_that_it_takes_to_judge_it() -> None:
    pay = Pay(SalaryFindings(figures=(FIGURE,)))
    ended = await market(pay)
    assert isinstance(ended.fact, Market)
    assert (ended.fact.available, ended.usage) == (True, (USAGE,))
    [found] = ended.fact.pay
    assert found.model_dump() == FIGURE.model_dump()
    assert pay.asked == [SalaryQuestion("Senior Engineer", "Berlin, DE")]


@pytest.mark.parametrize(
    ("document", "question"),
    [
        ({**PERSON, "work": []}, SalaryQuestion("Backend Developer", "Berlin, DE")),
        (
            {**PERSON, "work": [{"name": "Engines"}]},
            SalaryQuestion("Backend Developer", "Berlin, DE"),
        ),
        ({"basics": {"label": "Cook"}}, None),
        ({"basics": {"location": {"city": "Berlin"}}}, None),
        ({}, None),
    ],
)
def test_market_is_the_persons_occupation_where_they_live(
    document: dict[str, Any], question: SalaryQuestion | None
) -> None:
    assert market_of(of_person(document)) == question


async def test_market_without_figures_is_no_data() -> None:
    ended = await market(Pay(SalaryFindings()))
    assert ended.unavailable == "No published pay was found."
    assert ended.usage == (USAGE,)


async def test_market_of_nobody_asks_nobody() -> None:
    pay = Pay(SalaryFindings(figures=(FIGURE,)))
    ended = await market(pay, {})
    assert ended.unavailable == "The resume names no occupation, or no place."
    assert pay.asked == []


async def test_market_without_a_provider_is_not_configured() -> None:
    assert (await market(None)).unavailable == "Market research is not configured."


@pytest.mark.parametrize(
    "error", [CircuitOpenError("perplexity", 30), StoreUnavailableError("ConnectionError")]
)
async def test_market_in_trouble_never_holds_a_job(error: Exception) -> None:
    ended = await market(Pay(error))
    assert ended.unavailable is not None
    assert ended.usage == (USAGE,)
