from collections.abc import Callable

import pytest

from research_svc.handlers import ResearchHandlers
from resume_contracts.facts import Cited, Research
from resume_contracts.messages import Usage
from resume_messaging.core.outcome import Done, Outcome
from resume_messaging.core.ports import CallsExhaustedError
from resume_outbound.errors import (
    CircuitOpenError,
    ConcurrencyLimitError,
    DeadlineTooCloseError,
    OutboundError,
    ProviderFailedError,
    ProviderRefusedError,
    RateLimitedError,
)

from .making import Context, command

USAGE = Usage(provider="perplexity", calls=1)
FOUND = Research(
    available=True,
    company="Northwind",
    summary="Carts.",
    findings=(Cited(text="Carts.", url="https://n.example/"),),
)


class Researcher:
    """Gives, or raises, what it was told; `asked` is what it was asked for."""

    def __init__(self, answer: Research | Exception) -> None:
        self._answer = answer
        self.asked: list[tuple[str, float]] = []

    async def research(
        self, company: str, *, deadline: float, start_call: Callable[[], str]
    ) -> tuple[Research, Usage]:
        self.asked.append((company, deadline))
        start_call()
        if isinstance(self._answer, Exception):
            raise self._answer
        return self._answer, USAGE


async def outcome(
    researcher: Researcher | None, *, stated: str | None = "Northwind", asked: str | None = None
) -> Done:
    handlers = ResearchHandlers(researcher)
    ended: Outcome = await handlers.research_company(command(stated=stated, asked=asked), Context())
    assert isinstance(ended, Done)
    return ended


async def test_research_of_the_postings_company_is_delivered_with_its_cost() -> None:
    researcher = Researcher(FOUND)

    assert await outcome(researcher) == Done(FOUND, usage=(USAGE,))
    assert researcher.asked == [("Northwind", Context.deadline)]


async def test_unknown_company_is_unavailable_and_still_costs() -> None:
    nothing = Research(available=False, reason="Nothing found.", company="Northwind")
    ended = await outcome(Researcher(nothing))
    assert ended == Done(nothing, usage=(USAGE,), unavailable="Nothing found.")


@pytest.mark.parametrize(
    ("stated", "asked", "name"),
    [
        ("Northwind", "Blue Mill", "Northwind"),
        (None, "Blue  Mill\n", "Blue Mill"),
        ("", "Blue Mill", "Blue Mill"),
    ],
)
async def test_company_is_the_postings_before_the_users(
    stated: str | None, asked: str, name: str
) -> None:
    researcher = Researcher(FOUND)
    await outcome(researcher, stated=stated, asked=asked)
    assert [company for company, _ in researcher.asked] == [name]


@pytest.mark.parametrize("stated", [None, "", " \n", "x" * 201])
async def test_posting_without_a_company_is_unavailable_at_once(stated: str | None) -> None:
    researcher = Researcher(FOUND)
    ended = await outcome(researcher, stated=stated)

    assert ended.unavailable == "The posting names no company."
    assert ended.fact == Research(available=False, reason=ended.unavailable)
    assert researcher.asked == []


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
    ],
    ids=repr,
)
async def test_provider_in_trouble_never_holds_a_job(
    error: OutboundError | CallsExhaustedError,
) -> None:
    ended = await outcome(Researcher(error))

    assert ended.unavailable == "The research provider gave no answer in time."
    assert ended.fact == Research(available=False, reason=ended.unavailable, company="Northwind")
    assert not ended.degraded
