"""The order of the routes, and what a provider's trouble does to it, over real sockets."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import replace

import httpx2
import pytest

from extract_svc.boards import BoardPosting
from extract_svc.extraction import Extractor, pair_of
from extract_svc.postings import PostingError
from extract_svc.search import Extraction
from resume_contracts.facts import Posting, RouteOutcome, RouteTried, Source
from resume_outbound.fetch import Page
from resume_outbound.fetch_errors import FetchRefusedError
from resume_outbound.testing import ManualTime

from .making import PROSE, Answers, page
from .routes_rig import Rig, Spending, rig, sandbox

TEXT_PAGE = "northwind-robotics/technical-writer"


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with sandbox() as url:
        yield url


@pytest.fixture
async def scraping(url: str) -> AsyncIterator[Rig]:
    async with httpx2.AsyncClient(base_url=url) as client:
        (await client.post("/_sandbox/reset")).raise_for_status()
    async with rig(url, firecrawl=True) as made:
        yield made


async def extract(
    rig: Rig, url: str, path: str = TEXT_PAGE, context: Spending | None = None
) -> Extraction:
    return await rig.extractor.extract(f"{url}/careers/{path}", None, context or Spending())


def firecrawl(found: Extraction) -> RouteTried:
    return next(tried for tried in found.routes if tried.route is Source.FIRECRAWL)


async def test_scraped_fields_point_into_the_text_and_cost_is_counted(
    scraping: Rig, url: str
) -> None:
    found = await extract(scraping, url)

    assert found.posting is not None
    assert found.posting.route is Source.FIRECRAWL
    title = found.posting.title
    assert title is not None
    assert title.span is not None
    assert found.posting.text[slice(*title.span)] == title.value == "Technical Writer"
    (usage,) = found.usage
    assert (usage.provider, usage.calls, usage.credits) == ("firecrawl", 1, 5)
    assert usage.cost_usd == pytest.approx(0.005)
    assert found.posting.routes == found.routes
    assert [tried.outcome for tried in found.routes] == [
        RouteOutcome.NOT_APPLICABLE,
        RouteOutcome.NOTHING_FOUND,
        RouteOutcome.USED,
    ]


async def test_open_circuit_is_left_out_and_noted(scraping: Rig, url: str) -> None:
    scraping.outbound.isolate("firecrawl")
    found = await extract(scraping, url)

    assert found.posting is not None
    assert found.posting.route is Source.PAGE_TEXT
    assert firecrawl(found).code == "circuit_open"
    assert firecrawl(found).outcome is RouteOutcome.UNAVAILABLE
    assert found.is_degraded
    assert found.usage == ()


async def test_job_without_paid_calls_left_goes_on(scraping: Rig, url: str) -> None:
    found = await extract(scraping, url, context=Spending(calls=0))
    assert firecrawl(found).code == "calls_exhausted"
    assert found.posting is not None


async def test_scrape_that_failed_is_counted_and_costs_nothing(scraping: Rig, url: str) -> None:
    script = {"route": "firecrawl.scrape", "script": [{"kind": "not_json"}]}
    async with httpx2.AsyncClient(base_url=url) as client:
        (await client.put("/_sandbox/faults", json=script)).raise_for_status()
    (usage,) = (await extract(scraping, url)).usage
    assert (usage.calls, usage.credits, usage.cost_usd) == (1, 0, 0.0)


async def test_scrape_that_the_budget_does_not_cover_is_left_out(scraping: Rig, url: str) -> None:
    """Nine credits at the rig's 0.001 USD are what it may cost."""
    found = await extract(scraping, url, context=Spending(budget=8_999))
    assert firecrawl(found).code == "budget_exhausted"
    assert firecrawl(found).outcome is RouteOutcome.UNAVAILABLE
    assert found.posting is not None
    assert found.usage == ()

    found = await extract(scraping, url, context=Spending(budget=9_000))
    assert firecrawl(found).outcome is RouteOutcome.USED


async def test_job_with_little_time_left_makes_no_detour(scraping: Rig, url: str) -> None:
    context = Spending()
    context.deadline -= 330
    found = await extract(scraping, url, context=context)

    assert firecrawl(found).code == "too_little_time"
    assert found.posting is not None
    assert found.usage == ()


async def test_address_that_the_sandbox_does_not_know_is_refused_once(
    scraping: Rig, url: str
) -> None:
    found = await scraping.extractor.extract(f"{url}/health", None, Spending())

    assert firecrawl(found).code == "SCRAPE_DNS_RESOLUTION_ERROR"
    assert firecrawl(found).outcome is RouteOutcome.REFUSED
    assert [usage.calls for usage in found.usage] == [1]
    assert isinstance(found.refusal, PostingError)
    assert not found.is_degraded


async def test_without_further_routes_the_result_says_so(url: str) -> None:
    async with rig(url) as made:
        found = await extract(made, url)

    assert {tried.route: tried.outcome.value for tried in found.routes} == {
        Source.BOARD: "not_applicable",
        Source.JSON_LD: "nothing_found",
        Source.FIRECRAWL: "not_configured",
        Source.RENDERED: "not_configured",
        Source.PAGE_TEXT: "used",
    }
    assert not found.is_degraded


class OffBoard:
    """`Boards` whose board does not list the posting."""

    async def get(self, posting: BoardPosting, *, deadline: float) -> Page:
        assert (posting.job_id, deadline > 0) == ("7", True)
        raise FetchRefusedError("posting_not_found", "Not there.")


@pytest.mark.parametrize(
    ("final_url", "is_gone"),
    [("https://job-boards.greenhouse.io/acme/jobs/7", False), ("https://acme.example/jobs", True)],
)
async def test_posting_off_its_board_is_gone_when_its_address_leads_elsewhere(
    final_url: str, *, is_gone: bool
) -> None:
    fetched = replace(page(PROSE), final_url=final_url)
    posting = Posting(text=PROSE, route=Source.JSON_LD, final_url=final_url)
    answers = Answers(fetched=fetched, posting=posting)
    extractor = Extractor(
        answers,
        answers.read_page,
        boards=OffBoard(),
        scraper=None,
        browser=None,
        clock=ManualTime(),
    )
    asked = "https://boards.greenhouse.io/acme/jobs/7"
    found = await extractor.extract(asked, None, Spending())

    assert found.routes[0].outcome is RouteOutcome.NOTHING_FOUND
    assert (found.posting is None) is is_gone
    if found.refusal is not None:
        assert found.refusal.code == "posting_not_found"


@pytest.mark.parametrize(
    ("address", "pair"),
    [
        ("https://Jobs.example/1", "jobs.example:443"),
        ("http://jobs.example:80/1", "jobs.example:80"),
        ("http://[::1]:8080/1", "[::1]:8080"),
        ("http://127.0.0.1:8090", "127.0.0.1:8090"),
    ],
)
def test_pair_of_an_address_is_as_in_fetch_allow(address: str, pair: str) -> None:
    assert pair_of(address) == pair
