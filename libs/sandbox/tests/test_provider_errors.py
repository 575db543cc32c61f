"""Every error row of the three paid providers, over the wire."""

from typing import Any

import httpx2
import pytest

from resume_sandbox.provider_errors import PROVIDER_ERRORS

PATHS = {
    "openai": ("openai.chat", "/openai/v1/chat/completions"),
    "openai-b": ("openai-b.chat", "/openai-b/v1/chat/completions"),
    "perplexity": ("perplexity.responses", "/perplexity/v1/responses"),
    "firecrawl": ("firecrawl.scrape", "/firecrawl/v2/scrape"),
}
Row = tuple[str, int, str | None, str | None]
INVALID = "invalid_request_error"
#: (name, HTTP status, type, code), from the providers' documentation.
OPENAI: list[Row] = [
    ("invalid_request", 400, INVALID, None),
    ("context_length_exceeded", 400, INVALID, "context_length_exceeded"),
    ("invalid_api_key", 401, INVALID, "invalid_api_key"),
    ("unsupported_country", 403, "request_forbidden", "unsupported_country_region_territory"),
    ("model_not_found", 404, INVALID, "model_not_found"),
    ("rate_limit_requests", 429, "requests", "rate_limit_exceeded"),
    ("rate_limit_tokens", 429, "tokens", "rate_limit_exceeded"),
    ("insufficient_quota", 429, "insufficient_quota", "insufficient_quota"),
    ("server_error", 500, "server_error", None),
    ("overloaded", 503, "server_error", None),
]
PERPLEXITY: list[Row] = [
    ("bad_request", 400, INVALID, None),
    ("unauthorized", 401, INVALID, "invalid_api_key"),
    ("forbidden", 403, "permission_error", None),
    ("not_found", 404, "not_found_error", None),
    ("conflict", 409, "conflict_error", None),
    ("unprocessable", 422, INVALID, None),
    ("rate_limited", 429, "rate_limit_error", "rate_limit_exceeded"),
    ("server_error", 500, "server_error", None),
    ("overloaded", 503, "server_error", None),
]
FIRECRAWL: list[Row] = [
    ("BAD_REQUEST", 400, None, "BAD_REQUEST"),
    ("UNAUTHORIZED", 401, None, None),
    ("PAYMENT_REQUIRED", 402, None, None),
    ("WEBSITE_NOT_SUPPORTED", 403, None, None),
    ("THIRD_PARTY_DATA_TERMS_REQUIRED", 403, None, "THIRD_PARTY_DATA_TERMS_REQUIRED"),
    ("NOT_FOUND", 404, None, None),
    ("SCRAPE_TIMEOUT", 408, None, "SCRAPE_TIMEOUT"),
    ("SCRAPE_TIMEOUT_CONTINUES", 408, None, "SCRAPE_TIMEOUT"),
    ("GONE", 410, None, None),
    ("RATE_LIMITED", 429, None, None),
    ("CONCURRENCY_LIMITED", 429, None, None),
    ("SCRAPE_ALL_ENGINES_FAILED", 500, None, "SCRAPE_ALL_ENGINES_FAILED"),
    ("SCRAPE_SSL_ERROR", 500, None, "SCRAPE_SSL_ERROR"),
    ("SCRAPE_SITE_ERROR", 500, None, "SCRAPE_SITE_ERROR"),
    ("SCRAPE_DNS_RESOLUTION_ERROR", 500, None, "SCRAPE_DNS_RESOLUTION_ERROR"),
    ("SCRAPE_ACTION_ERROR", 500, None, "SCRAPE_ACTION_ERROR"),
    ("SCRAPE_PDF_INSUFFICIENT_TIME_ERROR", 500, None, "SCRAPE_PDF_INSUFFICIENT_TIME_ERROR"),
    ("SCRAPE_PDF_ANTIBOT_ERROR", 500, None, "SCRAPE_PDF_ANTIBOT_ERROR"),
    ("SCRAPE_UNSUPPORTED_FILE_ERROR", 500, None, "SCRAPE_UNSUPPORTED_FILE_ERROR"),
    ("UNKNOWN_ERROR", 500, None, "UNKNOWN_ERROR"),
    ("BAD_GATEWAY", 502, None, None),
]
ROWS = [
    (provider, row)
    for provider, rows in (
        ("openai", OPENAI),
        ("openai-b", OPENAI),
        ("perplexity", PERPLEXITY),
        ("firecrawl", FIRECRAWL),
    )
    for row in rows
]


async def answer_with(http: httpx2.AsyncClient, provider: str, **step: Any) -> httpx2.Response:
    route, path = PATHS[provider]
    script = {"route": route, "script": [step]}
    (await http.put("/_sandbox/faults", json=script)).raise_for_status()
    return await http.post(path, json={})


@pytest.mark.parametrize(("provider", "row"), ROWS, ids=[f"{p}-{row[0]}" for p, row in ROWS])
async def test_error_is_answered_in_the_providers_words(
    http: httpx2.AsyncClient, provider: str, row: Row
) -> None:
    name, status, kind, code = row

    answer = await answer_with(http, provider, kind="error", code=name)

    body = answer.json()
    assert answer.status_code == status
    assert "retry-after" not in answer.headers
    if provider == "firecrawl":
        assert (body["success"], body.get("code")) == (False, code)
        assert isinstance(body["error"], str)
    else:
        assert (body["error"]["type"], body["error"]["code"]) == (kind, code)
        assert isinstance(body["error"]["message"], str)


def test_rows_are_all_the_errors_there_are() -> None:
    assert {(provider, row[0]) for provider, row in ROWS} == {
        (provider, name) for provider, errors in PROVIDER_ERRORS.items() for name in errors
    }


async def test_timeout_that_goes_on_says_when_to_come_back(http: httpx2.AsyncClient) -> None:
    answer = await answer_with(http, "firecrawl", kind="error", code="SCRAPE_TIMEOUT_CONTINUES")

    assert answer.json()["details"] == {"state": "processing_continues", "retryAfterSeconds": 1}


@pytest.mark.parametrize("provider", PATHS)
async def test_error_carries_retry_after_when_told(http: httpx2.AsyncClient, provider: str) -> None:
    name = next(name for name, row in PROVIDER_ERRORS[provider].items() if row.status == 429)  # type: ignore[index]  # its keys are provider names

    answer = await answer_with(http, provider, kind="error", code=name, retryAfter=7)

    assert answer.headers["retry-after"] == "7"


@pytest.mark.parametrize("wanted", [True, False])
async def test_error_says_whether_to_retry_when_told(
    http: httpx2.AsyncClient, *, wanted: bool
) -> None:
    answer = await answer_with(
        http, "openai", kind="error", code="server_error", shouldRetry=wanted
    )

    assert answer.headers["x-should-retry"] == str(wanted).lower()


@pytest.mark.parametrize(
    "step",
    [
        {"kind": "error"},
        {"kind": "error", "code": "SCRAPE_TIMEOUT"},
        {"kind": "target_status"},
        {"kind": "run_failed"},
    ],
)
async def test_script_of_another_provider_is_refused(
    http: httpx2.AsyncClient, step: dict[str, Any]
) -> None:
    answer = await http.put("/_sandbox/faults", json={"route": "openai.chat", "script": [step]})

    assert answer.status_code == 422


@pytest.mark.parametrize(
    ("route", "path", "body"),
    [
        ("boards.greenhouse", "/boards/greenhouse/v1/boards/x/jobs", '{"status":503'),
        ("boards.lever", "/boards/lever/v0/postings/x", '{"ok":false'),
        ("boards.ashby", "/boards/ashby/posting-api/job-board/x", "Service Unavailable"),
    ],
)
async def test_board_fails_in_its_own_words(
    http: httpx2.AsyncClient, route: str, path: str, body: str
) -> None:
    script = {"route": route, "script": [{"kind": "status", "status": 503}]}
    (await http.put("/_sandbox/faults", json=script)).raise_for_status()

    answer = await http.get(path)

    assert answer.status_code == 503
    assert answer.text.startswith(body)
