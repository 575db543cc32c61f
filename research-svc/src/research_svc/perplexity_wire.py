"""Perplexity's answers: the document of a run, and what its state says about the provider.

Contract: docs.perplexity.ai, Agent API. A failed run is HTTP 200 with `status: "failed"`; the
search results are an output item of their own and may be missing; unknown item types appear.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from resume_contracts.messages import Usage
from resume_outbound.verdict import Verdict

PROVIDER: Final = "perplexity"
#: Characters; a longer address is left out with what it proves.
LONGEST_ADDRESS: Final = 600
#: PostgreSQL's `jsonb` takes no NUL, and no text needs the other control characters.
_UNSTORABLE = re.compile("[\u0000-\u0008\u000b-\u001f\u007f]")
_CODE = re.compile(r"[A-Za-z0-9_.\-]{1,64}")

M = TypeVar("M", bound=BaseModel)


class AnswerError(Exception):
    """The provider answered, but not with what was asked for; `verdict` says what that means.

    Asking again at once would only pay twice, so no verdict asks for it.
    """

    def __init__(self, verdict: Verdict) -> None:
        super().__init__(verdict.ending)
        self.verdict = verdict


@dataclass(frozen=True, slots=True)
class Page:
    """A web page as far as the search shows it; the search wrote this, not the model."""

    title: str
    text: str


class _Wire(BaseModel):
    model_config = ConfigDict(extra="ignore")


class _Part(_Wire):
    type: str = ""
    text: str | None = None


class _Result(_Wire):
    url: str | None = None
    title: str | None = None
    snippet: str | None = None


class _Message(_Wire):
    content: list[_Part] | None = None


class _Search(_Wire):
    results: list[_Result] | None = None


class _Cost(_Wire):
    currency: str | None = None
    total_cost: float | None = None


class _Tokens(_Wire):
    input_tokens: int | None = None
    output_tokens: int | None = None
    cost: _Cost | None = None


class _RunError(_Wire):
    type: str | None = None
    code: str | None = None


class Run(_Wire):
    """The document of one run, as far as it is read."""

    status: str
    model: str | None = None
    output: list[Any] | None = None
    error: _RunError | None = None
    usage: _Tokens | None = None

    @property
    def has_searched(self) -> bool:
        """Whether the run brought search results; searching is the model's choice."""
        return bool(self._items("search_results"))

    @property
    def addresses(self) -> frozenset[str]:
        """The addresses of the web pages that the search returned."""
        return frozenset(self.pages)

    @property
    def pages(self) -> Mapping[str, Page]:
        """The web pages that the search returned, by address; one found twice has both texts."""
        items = [_part(_Search, item) for item in self._items("search_results")]
        found: dict[str, Page] = {}
        for result in (result for item in items for result in item.results or []):
            if result.url and _is_address(result.url):
                title, text = result.title or "", result.snippet or ""
                former = found.get(result.url)
                text = text if former is None else f"{former.text}\n{text}"
                found[result.url] = Page(title, text)
        return found

    @property
    def text(self) -> str:
        """The text of the answer; empty when there is none."""
        items = [_part(_Message, item) for item in self._items("message")]
        parts = (part for item in items for part in item.content or [])
        return "".join(part.text or "" for part in parts if part.type == "output_text")

    def _items(self, kind: str) -> list[dict[str, Any]]:
        """The items of a type; those of unknown types are passed over, whatever is in them."""
        return [i for i in self.output or [] if isinstance(i, dict) and i.get("type") == kind]


def read_run(body: bytes) -> Run:
    """The run's document, whatever its state.

    Raises:
        AnswerError: it is none.
    """
    return parsed(Run, body)


def require_completed(run: Run) -> None:
    """Refuse a run that did not come to an answer.

    A failed run says by its code whose fault it is; runs that are queued or in progress were not
    asked for (`background` is off) and come from a provider that does not keep up. One that wants
    a tool's result, was cancelled or cut off is no sign of an outage.

    Raises:
        AnswerError: with what the state says about the provider.
    """
    match run.status:
        case "completed":
            return
        case "failed":
            raise AnswerError(_failed(run.error or _RunError()))
        case "queued" | "in_progress":
            raise AnswerError(Verdict.failure("status", retry=False))
        case _:
            raise AnswerError(Verdict.failure("contract", retry=False, counted=False))


def _failed(error: _RunError) -> Verdict:
    codes = {code for code in (error.code, error.type) if code and _CODE.fullmatch(code)}
    if codes & {"rate_limit_exceeded", "rate_limit_error"}:
        return Verdict.rate_limited()
    if codes & {"invalid_request_error", "authentication_error", "permission_error"}:
        return Verdict.refused(None, min(codes))
    return Verdict.failure("status", retry=False)


def usage_of(model: str, run: Run) -> Usage:
    """What a run of `model` cost; a price in another currency than USD is none."""
    tokens = run.usage or _Tokens()
    cost = tokens.cost or _Cost()
    return Usage(
        provider=PROVIDER,
        model=run.model or model,
        calls=1,
        input_tokens=tokens.input_tokens or 0,
        output_tokens=tokens.output_tokens or 0,
        cost_usd=cost.total_cost if cost.currency in {None, "USD"} else None,
    )


def parsed(model: type[M], text: str | bytes) -> M:
    """JSON of the provider.

    Raises:
        AnswerError: it is not of that shape.
    """
    try:
        return model.model_validate_json(text)
    except ValidationError:
        raise _poor_answer() from None


def storable(value: str, longest: int) -> str:
    """Text of the provider, without what cannot be stored as JSON."""
    return _UNSTORABLE.sub("", value)[:longest]


def _part(model: type[M], item: dict[str, Any]) -> M:
    try:
        return model.model_validate(item)
    except ValidationError:
        raise _poor_answer() from None


def _poor_answer() -> AnswerError:
    return AnswerError(Verdict.failure("contract", retry=False, counted=False))


def _is_address(url: str) -> bool:
    return url.startswith(("https://", "http://")) and len(url) <= LONGEST_ADDRESS
