"""Firecrawl v2's wire format: `POST /v2/scrape`, its answer, and what its errors mean.

Sources: docs.firecrawl.dev/api-reference (scrape, errors). An error is judged by its code before
its status: dead links of users come as 500.
"""

import re
from collections.abc import Mapping
from typing import Any, Final

import httpx2
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from extract_svc import prompts
from extract_svc.text import clean, one_line
from resume_contracts.facts import Field as Evidence
from resume_contracts.facts import Posting, Source
from resume_outbound.verdict import Verdict

PROVIDER: Final = "firecrawl"
#: Milliseconds; the vendor's must end before ours (45 s), or a paid answer is thrown away.
LONGEST_MS: Final = 40_000
SHORTEST_MS: Final = 1_000
#: How old a cached copy may be (ms): its default of days would show postings that are gone.
MAX_AGE_MS: Final = 3_600_000
_LONGEST_FIELD: Final = 300

_FIELDS: Final = ("title", "company", "location", "employment_type", "salary", "date_posted")
_SCHEMA: Final[Mapping[str, Any]] = {
    "type": "object",
    "properties": {name: {"type": "string"} for name in _FIELDS},
    "required": ["title"],
}
#: The address is at fault: no waiting cures it, and the vendor is well.
_ADDRESS_AT_FAULT: Final = frozenset(
    {
        "SCRAPE_DNS_RESOLUTION_ERROR",
        "SCRAPE_SSL_ERROR",
        "SCRAPE_SITE_ERROR",
        "SCRAPE_UNSUPPORTED_FILE_ERROR",
        "SCRAPE_ACTION_ERROR",
        "THIRD_PARTY_DATA_TERMS_REQUIRED",
    }
)
#: The site was too much for the vendor this time.
_SITE_TOO_HARD: Final = frozenset({"SCRAPE_ALL_ENGINES_FAILED", "SCRAPE_TIMEOUT"})
_LINK = re.compile(r"!?\[([^\]\n]{0,300})\]\([^)\s]{0,2000}(?:\s\"[^\"\n]{0,300}\")?\)")
_HEADING = re.compile(r"^# +(\S.{0,200})$", re.MULTILINE)
_MARKUP = re.compile(
    r"^ {0,3}#{1,6} +|(?<![\w\\])[*_]{1,3}(?=\S)|(?<![\s\\])[*_]{1,3}(?!\w)|\\(?=[-*_.#>])",
    re.MULTILINE,
)
_LONGEST_MARKDOWN: Final = 400_000


class _Lenient(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True, populate_by_name=True)


class Metadata(_Lenient):
    """About the target; `status_code` is the target's own."""

    status_code: int | None = Field(default=None, alias="statusCode")
    url: str | None = None
    language: str | None = None
    credits_used: int = Field(default=0, alias="creditsUsed")


class Scraped(_Lenient):
    """What was scraped."""

    markdown: str | None = None
    stated: dict[str, Any] | None = Field(default=None, alias="json")
    metadata: Metadata = Metadata()


class _Answer(_Lenient):
    success: bool
    data: Scraped | None = None


class AnswerError(Exception):
    """A 200 that is no answer of the agreed form."""


def request(url: str, timeout_ms: int) -> dict[str, Any]:
    """The body of a scrape."""
    return {
        "url": url,
        "formats": [
            "markdown",
            {"type": "json", "prompt": prompts.load(prompts.POSTING), "schema": _SCHEMA},
        ],
        "onlyMainContent": True,
        "timeout": timeout_ms,
        "maxAge": MAX_AGE_MS,
    }


def scraped(body: bytes) -> Scraped:
    """Parse a 200.

    Raises:
        AnswerError: it has not the agreed form, or says it is no success.
    """
    try:
        answer = _Answer.model_validate_json(body)
    except ValidationError:
        raise AnswerError from None
    if not answer.success or answer.data is None:
        raise AnswerError
    return answer.data


def posting_of(data: Scraped, *, minimum: int) -> Posting | None:
    """The posting; None: too little text. Fields that the text does not show are left out.

    The fields come from a model: only what can be found in the text again counts as stated.
    """
    markdown = (data.markdown or "")[:_LONGEST_MARKDOWN]
    text = plain_text(markdown)
    if len(text) < minimum:
        return None
    stated = data.stated or {}
    fields = {name: _evidence(stated.get(name), text) for name in _FIELDS}
    heading = _HEADING.search(markdown)
    if fields["title"] is None and heading is not None:
        fields["title"] = _evidence(plain_text(heading[1]), text)
    language = re.match(r"[A-Za-z]{2,3}(?![A-Za-z])", data.metadata.language or "")
    posting = Posting(
        text=text,
        language=language[0].lower() if language else None,
        final_url=data.metadata.url,
        route=Source.FIRECRAWL,
    )
    return posting.model_copy(update=fields)


def plain_text(markdown: str) -> str:
    """Markdown without its marks: link texts stay, addresses go."""
    return clean(_MARKUP.sub("", _LINK.sub(r"\1", markdown)))


def verdict_of(error: BaseException) -> Verdict | None:
    """Judge an error by the vendor's code; None leaves it to the default, which goes by status."""
    if isinstance(error, AnswerError):
        return Verdict.failure("contract", retry=False)
    if not isinstance(error, httpx2.HTTPStatusError):
        return None
    status = error.response.status_code
    code, details = _error_of(error.response)
    if is_about_the_address(code):
        return Verdict.refused(status, code)
    if code in _SITE_TOO_HARD:
        wait = details.get("retryAfterSeconds")
        return Verdict.failure(
            "timeout" if code == "SCRAPE_TIMEOUT" else "status",
            status=status,
            counted=False,
            retry_after=float(wait) if isinstance(wait, int | float) else None,
        )
    return None


def is_about_the_address(code: str) -> bool:
    """Whether an error's code blames the address that was to be scraped."""
    return code in _ADDRESS_AT_FAULT or code.startswith("SCRAPE_PDF_")


def _error_of(response: httpx2.Response) -> tuple[str, Mapping[str, Any]]:
    try:
        body = response.json()
    except (ValueError, httpx2.StreamError):
        return "", {}
    if not isinstance(body, dict):
        return "", {}
    code, details = body.get("code"), body.get("details")
    return (code if isinstance(code, str) else ""), (details if isinstance(details, dict) else {})


def _evidence(value: Any, text: str) -> Evidence | None:
    if not isinstance(value, str) or not (value := one_line(value)[:_LONGEST_FIELD]):
        return None
    start = text.casefold().find(value.casefold())
    if start < 0:
        return None
    end = start + len(value)
    return Evidence(value=text[start:end], source=Source.FIRECRAWL, span=(start, end))
