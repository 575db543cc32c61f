"""Every error of Firecrawl's own, over the wire: what it means for the posting and the breaker."""

import json
from collections.abc import AsyncIterator, Iterator
from typing import Any

import httpx2
import pytest
from structlog.testing import capture_logs

from extract_svc.firecrawl_wire import (
    AnswerError,
    Scraped,
    plain_text,
    posting_of,
    scraped,
    verdict_of,
)
from resume_contracts.facts import RouteOutcome, Source
from resume_sandbox.provider_errors import PROVIDER_ERRORS

from .making import PROSE
from .routes_rig import Rig, Spending, rig, sandbox

R, F, U = RouteOutcome.REFUSED, RouteOutcome.FAILED, RouteOutcome.UNAVAILABLE
#: Error: what is noted, its code, paid calls started, and whether the breaker hears of it.
ERRORS: dict[str, tuple[RouteOutcome, str, int, bool]] = {
    "BAD_REQUEST": (F, "BAD_REQUEST", 1, False),
    "UNAUTHORIZED": (F, "status_401", 1, False),
    "PAYMENT_REQUIRED": (F, "status_402", 1, False),
    "WEBSITE_NOT_SUPPORTED": (F, "status_403", 1, False),
    "NOT_FOUND": (F, "status_404", 1, False),
    "GONE": (F, "status_410", 1, False),
    "SCRAPE_PDF_INSUFFICIENT_TIME_ERROR": (R, "SCRAPE_PDF_INSUFFICIENT_TIME_ERROR", 1, False),
    "SCRAPE_PDF_ANTIBOT_ERROR": (R, "SCRAPE_PDF_ANTIBOT_ERROR", 1, False),
    "THIRD_PARTY_DATA_TERMS_REQUIRED": (R, "THIRD_PARTY_DATA_TERMS_REQUIRED", 1, False),
    "SCRAPE_DNS_RESOLUTION_ERROR": (R, "SCRAPE_DNS_RESOLUTION_ERROR", 1, False),
    "SCRAPE_SSL_ERROR": (R, "SCRAPE_SSL_ERROR", 1, False),
    "SCRAPE_SITE_ERROR": (R, "SCRAPE_SITE_ERROR", 1, False),
    "SCRAPE_ACTION_ERROR": (R, "SCRAPE_ACTION_ERROR", 1, False),
    "SCRAPE_UNSUPPORTED_FILE_ERROR": (R, "SCRAPE_UNSUPPORTED_FILE_ERROR", 1, False),
    "SCRAPE_ALL_ENGINES_FAILED": (F, "status", 2, False),
    "SCRAPE_TIMEOUT": (F, "timeout", 2, False),
    "SCRAPE_TIMEOUT_CONTINUES": (F, "timeout", 2, False),
    "UNKNOWN_ERROR": (F, "status", 2, True),
    "BAD_GATEWAY": (F, "status", 2, True),
}


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with sandbox() as url:
        yield url


@pytest.fixture
async def scraping(url: str) -> AsyncIterator[Rig]:
    async with rig(url, firecrawl=True) as made:
        yield made


async def noted(
    scraping: Rig, url: str, *steps: dict[str, Any]
) -> tuple[RouteOutcome, str, int, Source | None]:
    """What is noted of Firecrawl, its code, the calls, and the route that gave the posting."""
    async with httpx2.AsyncClient(base_url=url) as client:
        (await client.post("/_sandbox/reset")).raise_for_status()
        script = {"route": "firecrawl.scrape", "script": steps}
        answer = await client.put("/_sandbox/faults", json=script)
        assert answer.is_success, answer.text
    page = f"{url}/careers/northwind-robotics/technical-writer"
    found = await scraping.extractor.extract(page, None, Spending())
    (tried,) = (tried for tried in found.routes if tried.route is Source.FIRECRAWL)
    route = found.posting.route if found.posting else None
    return tried.outcome, tried.code or "", sum(usage.calls for usage in found.usage), route


#: The vendor is well and asks to come back later.
LIMITS = ("RATE_LIMITED", "CONCURRENCY_LIMITED")


def test_no_row_is_forgotten() -> None:
    assert {*ERRORS, *LIMITS} == set(PROVIDER_ERRORS["firecrawl"])


@pytest.mark.parametrize("name", ERRORS)
async def test_error_never_stops_the_extraction(scraping: Rig, url: str, name: str) -> None:
    outcome, code, calls, is_counted = ERRORS[name]
    fault = {"kind": "error", "code": name, "times": 100}

    told = await noted(scraping, url, fault)

    assert told == (outcome, code, calls, Source.PAGE_TEXT)
    for _ in range(2):
        await noted(scraping, url, fault)
    assert (scraping.outbound.state("firecrawl").kind == "open") is is_counted


@pytest.mark.parametrize(
    ("name", "is_told"), [("PAYMENT_REQUIRED", True), ("UNAUTHORIZED", True), ("GONE", False)]
)
async def test_operator_hears_of_an_account_in_trouble(
    scraping: Rig, url: str, name: str, *, is_told: bool
) -> None:
    with capture_logs() as logs:
        await noted(scraping, url, {"kind": "error", "code": name})
    warned = [e["provider"] for e in logs if e["event"] == "extract.account_refused"]
    assert warned == (["firecrawl"] if is_told else [])


def test_timeout_that_goes_on_is_asked_again_when_it_says() -> None:
    details = {"state": "processing_continues", "retryAfterSeconds": 7}
    body = {"success": False, "code": "SCRAPE_TIMEOUT", "error": "…", "details": details}
    asked = httpx2.Request("POST", "https://vendor.example/v2/scrape")
    response = httpx2.Response(408, json=body, request=asked)
    verdict = verdict_of(httpx2.HTTPStatusError("no", request=asked, response=response))
    assert verdict is not None
    assert (verdict.retry, verdict.retry_after, verdict.counted) == (True, 7, False)


@pytest.mark.parametrize("name", LIMITS)
async def test_rate_limit_pauses_the_route_only(scraping: Rig, url: str, name: str) -> None:
    limit = {"kind": "error", "code": name, "retryAfter": 60}

    assert await noted(scraping, url, limit) == (U, "rate_limited", 1, Source.PAGE_TEXT)
    assert await noted(scraping, url, {"kind": "none"}) == (U, "rate_limited", 0, Source.PAGE_TEXT)
    assert scraping.outbound.state("firecrawl").kind == "paused"


@pytest.mark.parametrize(
    ("step", "expected"),
    [
        ({"kind": "status", "status": 502}, (RouteOutcome.USED, "", 2, Source.FIRECRAWL)),
        ({"kind": "reset"}, (RouteOutcome.USED, "", 2, Source.FIRECRAWL)),
        ({"kind": "error", "code": "SCRAPE_TIMEOUT"}, (RouteOutcome.USED, "", 2, Source.FIRECRAWL)),
        ({"kind": "error", "code": "RATE_LIMITED"}, (RouteOutcome.USED, "", 2, Source.FIRECRAWL)),
        ({"kind": "no_json"}, (RouteOutcome.USED, "", 1, Source.FIRECRAWL)),
        ({"kind": "wrong_schema"}, (RouteOutcome.USED, "", 1, Source.FIRECRAWL)),
        ({"kind": "not_json"}, (F, "contract", 1, Source.PAGE_TEXT)),
        ({"kind": "unsuccessful"}, (F, "contract", 1, Source.PAGE_TEXT)),
        ({"kind": "target_status", "status": 410}, (R, "posting_not_found", 1, None)),
        ({"kind": "target_status", "status": 403}, (R, "posting_unreachable", 1, Source.PAGE_TEXT)),
    ],
    ids=str,
)
async def test_single_fault_is_judged_by_what_it_is(
    scraping: Rig,
    url: str,
    step: dict[str, Any],
    expected: tuple[RouteOutcome, str, int, Source | None],
) -> None:
    assert await noted(scraping, url, step) == expected


def answer(**data: Any) -> Scraped:
    return scraped(json.dumps({"success": True, "data": data}).encode())


def test_fields_that_the_text_does_not_show_are_left_out() -> None:
    stated = {"title": "night driver", "company": "Invented Ltd", "salary": 7, "location": ""}
    posting = posting_of(answer(markdown=f"# Night Driver\n\n{PROSE}", json=stated), minimum=200)

    assert posting is not None
    assert posting.title is not None
    assert posting.title.value == "Night Driver"
    assert (posting.company, posting.salary, posting.location) == (None, None, None)


def test_heading_is_the_title_when_nothing_is_stated() -> None:
    posting = posting_of(answer(markdown=f"# **Night** Driver\n\n{PROSE}"), minimum=200)

    assert posting is not None
    assert posting.title is not None
    assert posting.title.value == "Night Driver"
    assert posting.title.span == (0, 12)
    assert posting_of(answer(markdown="# Night Driver"), minimum=200) is None


def test_markdown_becomes_plain_text() -> None:
    text = plain_text(
        "## You *bring*\n\n- [C++](https://x.example/y) and **calm**\n\n![](a.png)5 \\* 3"
    )
    assert text == "You bring\n\n- C++ and calm\n\n5 * 3"


@pytest.mark.parametrize("body", [b"", b"[]", b'{"success": true}', b'{"success": false}', b"<p>"])
def test_answer_of_another_form_is_an_error(body: bytes) -> None:
    with pytest.raises(AnswerError):
        scraped(body)
