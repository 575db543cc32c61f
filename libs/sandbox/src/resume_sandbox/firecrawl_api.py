"""Firecrawl's v2 scrape, of the sandbox's own career site.

Wire format: docs.firecrawl.dev/api-reference/endpoint/scrape; shapes as in the official SDK.
"""

from typing import Any, Final, Literal
from urllib.parse import urlsplit

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic.alias_generators import to_camel
from starlette.responses import JSONResponse, Response

from resume_sandbox.error_answers import named_error
from resume_sandbox.faults import FaultStep
from resume_sandbox.filling import fill
from resume_sandbox.observe import call_of
from resume_sandbox.posting_source import PostingSource
from resume_sandbox.scraping import Scraped, ScrapeError, Scraper
from resume_sandbox.state import SandboxState

_JSON_CREDITS: Final = 5


class _Wire(BaseModel):
    """Firecrawl refuses unknown members; v1's `jsonOptions` and `extract` are such."""

    model_config = ConfigDict(extra="forbid", alias_generator=to_camel, populate_by_name=True)


class _JsonFormat(_Wire):
    type: Literal["json"]
    prompt: str | None = None
    json_schema: dict[str, Any] | None = Field(default=None, alias="schema")


class _PlainFormat(_Wire):
    type: Literal["markdown", "html", "rawHtml", "links", "summary"]


class _ScrapeRequest(_Wire):
    url: str = Field(max_length=2048)
    formats: list[_JsonFormat | _PlainFormat | Literal["markdown", "html", "rawHtml", "links"]] = [
        "markdown"
    ]
    only_main_content: bool = True
    timeout: int = Field(default=60_000, ge=1000, le=300_000)
    wait_for: int = Field(default=0, ge=0, le=60_000)
    max_age: int | None = Field(default=None, ge=0)
    min_age: int | None = Field(default=None, ge=0)
    store_in_cache: bool = True
    proxy: Literal["basic", "stealth", "enhanced", "auto"] = "auto"
    block_ads: bool = True
    mobile: bool = False
    skip_tls_verification: bool = True
    remove_base64_images: bool = True
    fast_mode: bool = False
    zero_data_retention: bool = False
    check_prompt_injection: bool = False
    headers: dict[str, str] | None = None
    include_tags: list[str] | None = None
    exclude_tags: list[str] | None = None
    parsers: list[Any] | None = None
    actions: list[Any] | None = None
    location: dict[str, Any] | None = None
    integration: str | None = None
    origin: str | None = None

    @property
    def json_format(self) -> _JsonFormat | None:
        """The structured extraction that is asked for."""
        return next((f for f in self.formats if isinstance(f, _JsonFormat)), None)

    @property
    def wants_markdown(self) -> bool:
        """Whether Markdown is asked for."""
        kinds = [f if isinstance(f, str) else f.type for f in self.formats]
        return "markdown" in kinds


def firecrawl_router(state: SandboxState, scraper: Scraper) -> APIRouter:
    """The route, below `/firecrawl` and at the root."""
    router = APIRouter(tags=["firecrawl"])

    # The official Python SDK drops the path of its base address.
    @router.post("/v2/scrape")
    @router.post("/firecrawl/v2/scrape")
    async def scrape(request: Request) -> Response:
        """Scrape one page."""
        if not request.headers.get("authorization", "").lower().startswith("bearer "):
            return named_error("firecrawl", "UNAUTHORIZED")
        try:
            asked = _ScrapeRequest.model_validate_json(await request.body())
        except ValidationError as error:
            return _invalid(error)
        parts = urlsplit(asked.url)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            return named_error("firecrawl", "BAD_REQUEST")
        fault = call_of(request).fault
        try:
            scraped = await scraper.scrape(
                asked.url,
                own_port=request.url.port or 80,
                timeout_s=asked.timeout / 1000,
                only_main=asked.only_main_content,
            )
        except ScrapeError as error:
            return named_error("firecrawl", error.name)
        return JSONResponse(_answer(state.new_id().hex, asked, scraped, fault))

    return router


def _invalid(error: ValidationError) -> Response:
    details = [
        {"code": "custom", "path": list(problem["loc"]), "message": problem["msg"]}
        for problem in error.errors(include_input=False, include_url=False)
    ]
    body = {"success": False, "code": "BAD_REQUEST", "error": "Bad Request", "details": details}
    return JSONResponse(body, 400)


def _answer(
    id_: str, asked: _ScrapeRequest, scraped: Scraped, fault: FaultStep | None
) -> dict[str, Any]:
    kind = fault.kind if fault else None
    if kind == "unsuccessful":
        return {"success": False, "error": "The scrape failed."}
    status = scraped.status
    if fault and kind == "target_status" and fault.status:
        status = fault.status
    page, wanted = scraped.page, asked.json_format
    data: dict[str, Any] = {"warning": None}
    if asked.wants_markdown:
        data["markdown"] = page.markdown
    if wanted is not None and kind == "no_json":
        data["warning"] = "LLM extraction failed; the json format is missing."
    elif wanted is not None:
        data["json"] = fill(wanted.json_schema or {}, PostingSource(page))
        if kind == "wrong_schema":
            data["json"] = {"unexpected": page.heading}
    data["metadata"] = {
        "title": page.title,
        "language": page.language,
        "ogSiteName": page.site,
        "sourceURL": asked.url,
        "url": scraped.url,
        "statusCode": status,
        "contentType": scraped.content_type,
        "scrapeId": id_,
        "proxyUsed": "basic",
        "cacheState": "miss",
        "cachedAt": None,
        "creditsUsed": _JSON_CREDITS if wanted else 1,
        "concurrencyLimited": False,
    }
    return {"success": True, "data": data}
