"""Every error that a provider is known to answer with, by a name for fault scripts.

Sources: platform.openai.com/docs/guides/error-codes; docs.perplexity.ai, Agent API, and the
official SDK's error classes; docs.firecrawl.dev/api-reference/errors and the official SDK's
error handler.
"""

from dataclasses import dataclass
from typing import Any, Final

from resume_sandbox.routes import Provider


@dataclass(frozen=True, slots=True)
class ErrorRow:
    """One error: HTTP status, then what its body says.

    Attributes:
        kind: the body's `type` (not at Firecrawl).
        code: the body's `code`; None: null, or absent at Firecrawl.
        details: the body's `details` (Firecrawl).
        more: further members of the body (Firecrawl).
    """

    status: int
    message: str
    kind: str = "invalid_request_error"
    code: str | None = None
    details: Any = None
    more: dict[str, Any] | None = None


_OPENAI: Final = {
    "invalid_request": ErrorRow(400, "The request is invalid."),
    "context_length_exceeded": ErrorRow(
        400,
        "This model's maximum context length is 128000 tokens.",
        code="context_length_exceeded",
    ),
    "invalid_api_key": ErrorRow(401, "Incorrect API key provided.", code="invalid_api_key"),
    "unsupported_country": ErrorRow(
        403,
        "Country, region, or territory not supported",
        "request_forbidden",
        "unsupported_country_region_territory",
    ),
    "model_not_found": ErrorRow(404, "The model does not exist.", code="model_not_found"),
    "rate_limit_requests": ErrorRow(
        429, "Rate limit reached: requests per min.", "requests", "rate_limit_exceeded"
    ),
    "rate_limit_tokens": ErrorRow(
        429, "Rate limit reached: tokens per min.", "tokens", "rate_limit_exceeded"
    ),
    "insufficient_quota": ErrorRow(
        429,
        "You exceeded your current quota, please check your plan and billing details.",
        "insufficient_quota",
        "insufficient_quota",
    ),
    "server_error": ErrorRow(500, "The server had an error.", "server_error"),
    "overloaded": ErrorRow(503, "The engine is currently overloaded.", "server_error"),
}

_PERPLEXITY: Final = {
    "bad_request": ErrorRow(400, "The request is invalid."),
    "unauthorized": ErrorRow(401, "Invalid API key.", code="invalid_api_key"),
    "forbidden": ErrorRow(403, "Not allowed.", "permission_error"),
    "not_found": ErrorRow(404, "Not found.", "not_found_error"),
    "conflict": ErrorRow(409, "Conflict.", "conflict_error"),
    "unprocessable": ErrorRow(422, "The request cannot be processed."),
    "rate_limited": ErrorRow(429, "Too many requests.", "rate_limit_error", "rate_limit_exceeded"),
    "server_error": ErrorRow(500, "Internal error.", "server_error"),
    "overloaded": ErrorRow(503, "Overloaded.", "server_error"),
}


def _scrape(status: int, code: str, message: str, details: Any = None) -> ErrorRow:
    return ErrorRow(status, message, code=code, details=details)


_FIRECRAWL: Final = {
    "BAD_REQUEST": _scrape(
        400,
        "BAD_REQUEST",
        "Bad Request",
        [{"code": "custom", "path": ["url"], "message": "Invalid URL"}],
    ),
    "UNAUTHORIZED": ErrorRow(401, "Unauthorized: Invalid token"),
    "PAYMENT_REQUIRED": ErrorRow(402, "Payment Required: Insufficient credits"),
    "WEBSITE_NOT_SUPPORTED": ErrorRow(403, "This website is not currently supported."),
    "THIRD_PARTY_DATA_TERMS_REQUIRED": ErrorRow(
        403,
        "The provider's data terms must be accepted first.",
        code="THIRD_PARTY_DATA_TERMS_REQUIRED",
        more={"requiresAction": {"type": "accept_terms", "terms": "third-party-data"}},
    ),
    "NOT_FOUND": ErrorRow(404, "Not found"),
    "SCRAPE_TIMEOUT": _scrape(408, "SCRAPE_TIMEOUT", "The scrape operation timed out."),
    "SCRAPE_TIMEOUT_CONTINUES": _scrape(
        408,
        "SCRAPE_TIMEOUT",
        "The scrape operation timed out; it is still being processed.",
        {"state": "processing_continues", "retryAfterSeconds": 1},
    ),
    "GONE": ErrorRow(410, "Gone"),
    "RATE_LIMITED": ErrorRow(429, "Rate limit exceeded."),
    "CONCURRENCY_LIMITED": ErrorRow(429, "Concurrency limit reached."),
    "SCRAPE_ALL_ENGINES_FAILED": _scrape(
        500, "SCRAPE_ALL_ENGINES_FAILED", "All scraping engines failed."
    ),
    "SCRAPE_SSL_ERROR": _scrape(500, "SCRAPE_SSL_ERROR", "The site's certificate is not valid."),
    "SCRAPE_SITE_ERROR": _scrape(500, "SCRAPE_SITE_ERROR", "The site could not be loaded."),
    "SCRAPE_DNS_RESOLUTION_ERROR": _scrape(
        500, "SCRAPE_DNS_RESOLUTION_ERROR", "DNS resolution failed for the hostname."
    ),
    "SCRAPE_ACTION_ERROR": _scrape(500, "SCRAPE_ACTION_ERROR", "An action failed."),
    "SCRAPE_PDF_INSUFFICIENT_TIME_ERROR": _scrape(
        500, "SCRAPE_PDF_INSUFFICIENT_TIME_ERROR", "Not enough time to read the PDF."
    ),
    "SCRAPE_PDF_ANTIBOT_ERROR": _scrape(
        500, "SCRAPE_PDF_ANTIBOT_ERROR", "The PDF is kept from robots."
    ),
    "SCRAPE_UNSUPPORTED_FILE_ERROR": _scrape(
        500, "SCRAPE_UNSUPPORTED_FILE_ERROR", "The file's type is not supported."
    ),
    "UNKNOWN_ERROR": _scrape(500, "UNKNOWN_ERROR", "An unknown error occurred."),
    "BAD_GATEWAY": ErrorRow(502, "Bad gateway"),
}

#: By provider and name; the boards and the career site have statuses only.
PROVIDER_ERRORS: Final[dict[Provider, dict[str, ErrorRow]]] = {
    "openai": _OPENAI,
    "openai-b": _OPENAI,
    "perplexity": _PERPLEXITY,
    "firecrawl": _FIRECRAWL,
    "greenhouse": {},
    "lever": {},
    "ashby": {},
    "careers": {},
}
