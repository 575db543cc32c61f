"""Job boards' JSON to postings. Runs where a hostile answer can do no harm: `page_child`.

Fields: developers.greenhouse.io/job-board.html, github.com/lever/postings-api,
developers.ashbyhq.com (public job posting API).
"""

import html
import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any, Final

from extract_svc.boards import BoardKind
from extract_svc.text import clean, html_to_text, one_line
from resume_contracts.facts import Field, Posting, Source

_LONGEST_FIELD: Final = 300
_Json = Mapping[str, Any]


def posting_from_board(body: bytes, kind: BoardKind, job_id: str) -> Posting | None:
    """The posting in a board's answer; None when it is not there or has no title or text."""
    try:
        answer = json.loads(body)
        return _READERS[kind](answer, job_id) if isinstance(answer, dict) else None
    except (ValueError, RecursionError):
        return None


def _greenhouse(job: _Json, job_id: str) -> Posting | None:
    if str(job.get("id")) != job_id:
        return None
    pay = [
        _range(
            _cents(item.get("min_cents")), _cents(item.get("max_cents")), item.get("currency_type")
        )
        for item in _objects(job.get("pay_input_ranges"))
    ]
    # The content is HTML with its tags escaped once more.
    return _posting(
        job.get("title"),
        [html.unescape(_string(job.get("content")))],
        company=job.get("company_name"),
        location=_inner(job, "location", "name"),
        salary="; ".join(filter(None, pay)),
        date_posted=job.get("first_published"),
        language=job.get("language"),
    )


def _lever(job: _Json, job_id: str) -> Posting | None:
    if _string(job.get("id")).lower() != job_id:
        return None
    lists = [
        f"<h3>{html.escape(_string(item.get('text')))}</h3><ul>{_string(item.get('content'))}</ul>"
        for item in _objects(job.get("lists"))
    ]
    pay = job.get("salaryRange")
    pay = pay if isinstance(pay, dict) else {}
    created = job.get("createdAt")
    return _posting(
        job.get("text"),
        [_string(job.get("description")), *lists, _string(job.get("additional"))],
        location=_inner(job, "categories", "location"),
        employment_type=_inner(job, "categories", "commitment"),
        salary=_range(pay.get("min"), pay.get("max"), pay.get("currency"), pay.get("interval")),
        date_posted=_day(created) if isinstance(created, int) else None,
    )


def _ashby(board: _Json, job_id: str) -> Posting | None:
    jobs = _objects(board.get("jobs"))
    job = next((item for item in jobs if _string(item.get("id")).lower() == job_id), None)
    if job is None:
        return None
    location = _string(job.get("location")) or ("Remote" if job.get("isRemote") is True else "")
    shown = job.get("shouldDisplayCompensationOnJobPostings") is not False
    pay = _inner(job, "compensation", "compensationTierSummary") if shown else None
    return _posting(
        job.get("title"),
        [_string(job.get("descriptionHtml")) or html.escape(_string(job.get("descriptionPlain")))],
        location=location,
        employment_type=job.get("employmentType"),
        salary=pay,
        date_posted=job.get("publishedAt"),
    )


_READERS: Final[Mapping[BoardKind, Callable[[_Json, str], Posting | None]]] = MappingProxyType(
    {"greenhouse": _greenhouse, "lever": _lever, "lever_eu": _lever, "ashby": _ashby}
)


def _posting(
    title: Any, markup: list[str], *, language: Any = None, **fields: Any
) -> Posting | None:
    parts = [html_to_text(part) for part in markup if part]
    text = clean("\n\n".join(text for text, _ in parts))
    found = _field(title)
    if found is None or not text:
        return None
    stated = Posting(
        text=text,
        title=found,
        language=_string(language)[:2].lower() or None,
        route=Source.BOARD,
        hidden_removed=sum(removed for _, removed in parts),
    )
    return stated.model_copy(update={name: _field(value) for name, value in fields.items()})


def _field(value: Any) -> Field | None:
    text = one_line(_string(value))[:_LONGEST_FIELD]
    return Field(value=text, source=Source.BOARD) if text else None


def _range(low: Any, high: Any, currency: Any, interval: Any = None) -> str:
    """Pay only as stated: figures, currency, and per what."""
    figures = "-".join(
        dict.fromkeys(f"{f:g}" if isinstance(f, float) else str(f) for f in (low, high) if f)
    )
    unit = _string(interval).replace("-", " ")
    return " ".join(filter(None, (figures, _string(currency), unit))) if figures else ""


def _cents(value: Any) -> float | None:
    return value / 100 if isinstance(value, int | float) else None


def _day(milliseconds: int) -> str | None:
    try:
        return datetime.fromtimestamp(milliseconds / 1000, UTC).date().isoformat()
    except (OverflowError, ValueError, OSError):
        return None


def _inner(item: _Json, name: str, key: str) -> Any:
    inner = item.get(name)
    return inner.get(key) if isinstance(inner, dict) else None


def _objects(value: Any) -> list[_Json]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _string(value: Any) -> str:
    return value if isinstance(value, str) else ""
