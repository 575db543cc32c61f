"""The vendor's own SDK against the sandbox, unchanged; a test tool only.

It is synchronous, and drops the path of its base address, so that it calls the sandbox's root.
"""

import asyncio
from collections.abc import Callable
from typing import Any

import httpx2
import pytest
from firecrawl import Firecrawl  # type: ignore[import-untyped]  # it has no types
from firecrawl.v2.utils import error_handler as sdk  # type: ignore[import-untyped]  # as above

TITLE = "Senior Backend Engineer, Fleet Platform"
SCHEMA = {
    "type": "object",
    "properties": {"title": {"type": "string"}, "company": {"type": "string"}},
    "required": ["title"],
}
Scrape = Callable[..., Any]


@pytest.fixture
def scrape(url: str, http: httpx2.AsyncClient) -> Scrape:
    async def call(path: str, *, key: str = "fc-x", **more: Any) -> Any:
        client = Firecrawl(
            api_key=key, api_url=f"{url}/firecrawl", timeout=5, max_retries=1, backoff_factor=0
        )
        page = path if "://" in path else f"{url}/careers/{path}"
        formats = ["markdown", {"type": "json", "schema": SCHEMA, "prompt": "the posting"}]
        given = {"formats": formats, "timeout": 4000, "max_age": 0} | more
        return await asyncio.to_thread(client.scrape, page, **given)

    return call


async def put_fault(http: httpx2.AsyncClient, **step: Any) -> None:
    script = {"route": "firecrawl.scrape", "script": [step]}
    (await http.put("/_sandbox/faults", json=script)).raise_for_status()


@pytest.mark.parametrize("path", ["northwind-robotics/senior-backend-engineer", "scripted/posting"])
async def test_sdk_reads_a_page(scrape: Scrape, path: str) -> None:
    document = await scrape(path)

    assert document.markdown.startswith(f"# {TITLE}")
    assert document.json == {"title": TITLE, "company": "Northwind Robotics"}
    assert document.metadata.status_code == 200
    assert document.metadata.credits_used == 5


async def test_sdk_reads_the_status_of_the_page(scrape: Scrape, http: httpx2.AsyncClient) -> None:
    missing = await scrape("trouble/removed")
    await put_fault(http, kind="target_status", status=410)
    gone = await scrape("northwind-robotics/senior-backend-engineer")

    assert (missing.metadata.status_code, gone.metadata.status_code) == (404, 410)


@pytest.mark.parametrize(
    ("name", "error"),
    [
        ("BAD_REQUEST", sdk.BadRequestError),
        ("UNAUTHORIZED", sdk.UnauthorizedError),
        ("PAYMENT_REQUIRED", sdk.PaymentRequiredError),
        ("WEBSITE_NOT_SUPPORTED", sdk.WebsiteNotSupportedError),
        ("THIRD_PARTY_DATA_TERMS_REQUIRED", sdk.ProviderTermsRequiredError),
        ("NOT_FOUND", sdk.FirecrawlError),
        ("SCRAPE_TIMEOUT", sdk.RequestTimeoutError),
        ("GONE", sdk.FirecrawlError),
        ("RATE_LIMITED", sdk.RateLimitError),
        ("SCRAPE_ALL_ENGINES_FAILED", sdk.InternalServerError),
        ("SCRAPE_SSL_ERROR", sdk.TLSError),
        ("SCRAPE_DNS_RESOLUTION_ERROR", sdk.DNSResolutionError),
        ("SCRAPE_UNSUPPORTED_FILE_ERROR", sdk.InternalServerError),
        ("BAD_GATEWAY", sdk.FirecrawlError),
    ],
)
async def test_sdk_raises_its_class(
    scrape: Scrape, http: httpx2.AsyncClient, name: str, error: type[sdk.FirecrawlError]
) -> None:
    await put_fault(http, kind="error", code=name)

    with pytest.raises(error) as caught:
        await scrape("northwind-robotics/senior-backend-engineer")

    assert type(caught.value) is error
    assert caught.value.code in {None, name}


async def test_sdk_does_not_wait_for_ever(scrape: Scrape, http: httpx2.AsyncClient) -> None:
    await put_fault(http, kind="error", code="SCRAPE_TIMEOUT_CONTINUES")

    with pytest.raises(sdk.RequestTimeoutError):
        await scrape("northwind-robotics/senior-backend-engineer", auto_resume=False)


@pytest.mark.parametrize("kind", ["not_json", "unsuccessful", "reset"])
async def test_sdk_sees_broken_answers(scrape: Scrape, http: httpx2.AsyncClient, kind: str) -> None:
    await put_fault(http, kind=kind)

    with pytest.raises((sdk.FirecrawlError, OSError)):
        await scrape("northwind-robotics/senior-backend-engineer")


async def test_sdk_hears_of_a_wrong_address(scrape: Scrape) -> None:
    with pytest.raises(sdk.DNSResolutionError):
        await scrape("https://nobody.example/jobs/1")


async def test_sdk_times_out_on_a_page_without_end(scrape: Scrape) -> None:
    with pytest.raises(sdk.RequestTimeoutError):
        await scrape("scripted/loop", timeout=1000)
