"""Perplexity's answers: the document of a run, the asked-for JSON inside it, and what both mean.

Contract: docs.perplexity.ai, Agent API. A failed run is HTTP 200 with `status: "failed"`; the
search results are an output item of their own and may be missing; unknown item types appear.
"""

import re
from typing import Any, Final, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from resume_contracts.facts import RESEARCH_LIMIT, Cited, Research
from resume_contracts.messages import Usage

PROVIDER: Final = "perplexity"
_MAX_FINDINGS: Final = 8
#: Characters; a longer address is left out with its finding.
_LONGEST_ADDRESS: Final = 600
#: PostgreSQL's `jsonb` takes no NUL, and no text needs the other control characters.
_UNSTORABLE = re.compile("[\u0000-\u0008\u000b-\u001f\u007f]")


class AnswerError(Exception):
    """The provider answered, but not with what was asked for; `kind` as in `Verdict.failure`."""

    def __init__(self, kind: Literal["contract", "status"]) -> None:
        super().__init__(kind)
        self.kind: Literal["contract", "status"] = kind


class _Wire(BaseModel):
    model_config = ConfigDict(extra="ignore")


class _Finding(_Wire):
    text: str
    url: str


class _Answer(_Wire):
    known: bool
    summary: str
    findings: list[_Finding]


class _Part(_Wire):
    type: str = ""
    text: str | None = None


class _Result(_Wire):
    url: str | None = None


class _Item(_Wire):
    type: str = ""
    content: list[_Part] | None = None
    results: list[_Result] | None = None


class _Cost(_Wire):
    total_cost: float | None = None


class _Tokens(_Wire):
    input_tokens: int | None = None
    output_tokens: int | None = None
    cost: _Cost | None = None


class Run(_Wire):
    """The document of one run, as far as it is read."""

    status: str
    model: str | None = None
    output: list[_Item] | None = None
    usage: _Tokens | None = None


#: What the model is asked to fill, in the strict subset of JSON Schema.
SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "known": {"type": "boolean"},
        "summary": {"type": "string"},
        "findings": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"text": {"type": "string"}, "url": {"type": "string"}},
                "required": ["text", "url"],
                "additionalProperties": False,
            },
        },
    },
    "required": ["known", "summary", "findings"],
    "additionalProperties": False,
}


def completed_run(body: bytes) -> Run:
    """The run's document.

    Raises:
        AnswerError: it is none, or a run that failed.
    """
    try:
        run = Run.model_validate_json(body)
    except ValidationError:
        raise AnswerError("contract") from None
    if run.status != "completed":
        raise AnswerError("status")
    return run


def research_of(company: str, run: Run) -> Research:
    """What a run found out about a company, in our terms and within our limit.

    Raises:
        AnswerError: its text is not the JSON that was asked for.
    """
    items = run.output or []
    parts = [p for i in items if i.type == "message" for p in i.content or []]
    try:
        answer = _Answer.model_validate_json(
            "".join(p.text or "" for p in parts if p.type == "output_text")
        )
    except ValidationError:
        raise AnswerError("contract") from None
    results = [r for i in items if i.type == "search_results" for r in i.results or []]
    found = {r.url for r in results if r.url and _is_address(r.url)}
    # A finding counts only with an address that the search really returned.
    cited = [Cited(text=_text(f.text, 600), url=f.url) for f in answer.findings if f.url in found]
    if not answer.known or not cited:
        return Research(
            available=False, reason="Nothing citable was found about this company.", company=company
        )
    summary, findings = _text(answer.summary, 2000), tuple(cited[:_MAX_FINDINGS])
    research = Research(available=True, company=company, summary=summary, findings=findings)
    while research.findings and len(research.model_dump_json().encode()) > RESEARCH_LIMIT:
        research = research.model_copy(update={"findings": research.findings[:-1]})
    return research


def _is_address(url: str) -> bool:
    return url.startswith(("https://", "http://")) and len(url) <= _LONGEST_ADDRESS


def _text(value: str, longest: int) -> str:
    """Text of the provider, without what cannot be stored as JSON."""
    return _UNSTORABLE.sub("", value)[:longest]


def usage_of(model: str, run: Run) -> Usage:
    """What a run of `model` cost."""
    tokens = run.usage or _Tokens()
    return Usage(
        provider=PROVIDER,
        model=run.model or model,
        calls=1,
        input_tokens=tokens.input_tokens or 0,
        output_tokens=tokens.output_tokens or 0,
        cost_usd=tokens.cost.total_cost if tokens.cost else None,
    )
