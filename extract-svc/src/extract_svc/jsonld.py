"""schema.org `JobPosting` from a page's JSON-LD: the most exact route.

Fields: https://schema.org/JobPosting. Expect a single object, a list or a `@graph`, strings where
objects are due, HTML or plain text in the description, and broken JSON.
"""

import html
import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from typing import Any
from urllib.parse import urldefrag, urljoin

from selectolax.lexbor import LexborHTMLParser

from extract_svc.text import clean, html_to_text, one_line
from resume_contracts.facts import Field, Posting, Source

_TAG = re.compile(r"<[a-zA-Z!/]")
_LONGEST_FIELD = 300
#: What content management systems wrap scripts in.
_COMMENT = re.compile(r"^\s*(?:<!--|//\s*<!\[CDATA\[)|(?:-->|//\s*\]\]>)\s*$")
_COMMA_TOO_MANY = re.compile(r",\s*([}\]])")


class SeveralPostingsError(Exception):
    """The page states several postings, and neither its address nor its heading names one."""


def posting_from_json_ld(
    tree: LexborHTMLParser, *, minimum: int, url: str, now: datetime
) -> Posting | None:
    """The page's `JobPosting` with a title and at least `minimum` characters of text, or None.

    Of several it is the one that names the page's own `url`, or whose title is the page's heading.
    `now` tells whether it has expired.

    Raises:
        SeveralPostingsError: the user has to choose.
    """
    found: list[dict[str, Any]] = []
    for item in _items(tree):
        if _is_posting(item) and item not in found:
            found.append(item)
    if not found:
        return None
    item = found[0] if len(found) == 1 else _own(found, tree, url)
    title = _text(item.get("title"))
    parts = item.get("description")
    parts = parts if isinstance(parts, list) else [parts]
    described = [_description(part) for part in parts if isinstance(part, str)]
    if not title or not described:
        return None
    text = clean("\n\n".join(text for text, _ in described))
    removed = sum(count for _, count in described)
    if len(text) < minimum:
        return None
    return Posting(
        text=text,
        title=_field(title),
        company=_field(_name(item.get("hiringOrganization"))),
        location=_field(_location(item)),
        employment_type=_field(_text(item.get("employmentType"))),
        salary=_field(_salary(item.get("baseSalary"))),
        date_posted=_field(_text(item.get("datePosted"))),
        valid_through=_field(_text(item.get("validThrough"))),
        expired=_is_past(_text(item.get("validThrough")), now),
        route=Source.JSON_LD,
        hidden_removed=removed,
    )


def _own(found: list[dict[str, Any]], tree: LexborHTMLParser, url: str) -> dict[str, Any]:
    headings = {one_line(node.text(separator=" ")) for node in tree.css("h1")}
    same_address = [i for i in found if _same_page(_text(i.get("url") or i.get("@id")), url)]
    same_title = [i for i in found if _text(i.get("title")) in headings]
    for matching in (same_address, same_title):
        if len(matching) == 1:
            return matching[0]
    raise SeveralPostingsError


def _same_page(stated: str | None, url: str) -> bool:
    if not stated:
        return False
    try:
        return urldefrag(urljoin(url, stated)).url.rstrip("/") == urldefrag(url).url.rstrip("/")
    except ValueError:
        return False


def _is_past(moment: str | None, now: datetime) -> bool:
    """Whether an ISO 8601 date or time lies before `now`; a date lasts until its end anywhere."""
    try:
        parsed = datetime.fromisoformat(moment or "")
    except ValueError:
        return False
    if parsed.tzinfo is not None:
        return parsed < now
    # The day ends last 12 hours west of UTC.
    slack = timedelta(hours=36 if parsed.time() == time.min else 12)
    return parsed.replace(tzinfo=UTC) < now - slack


def _description(value: str) -> tuple[str, int]:
    """Text of a description that is HTML, HTML with its tags escaped, or plain text."""
    markup = value if _TAG.search(value) else html.unescape(value)
    return html_to_text(markup) if _TAG.search(markup) else (clean(markup), 0)


def _items(tree: LexborHTMLParser) -> Iterator[dict[str, Any]]:
    for script in tree.css('script[type^="application/ld+json" i]'):
        source = _COMMENT.sub("", script.text(deep=True, strip=True))
        # A comma too many only where it is no JSON anyway: a string may hold the same characters.
        for attempt in (source, _COMMA_TOO_MANY.sub(r"\1", source)):
            try:
                # Raw line breaks inside strings are the commonest fault of hand-made JSON-LD.
                items = list(_flatten(json.loads(attempt, strict=False)))
            except (ValueError, RecursionError):
                continue
            yield from items
            break


def _flatten(node: Any) -> Iterator[dict[str, Any]]:
    if isinstance(node, list):
        for child in node:
            yield from _flatten(child)
    elif isinstance(node, dict):
        yield node
        yield from _flatten(node.get("@graph"))
        yield from _flatten(node.get("mainEntity"))
        yield from _flatten(node.get("itemListElement"))
        yield from _flatten(node.get("item"))


def _is_posting(item: dict[str, Any]) -> bool:
    kinds = item.get("@type")
    names = kinds if isinstance(kinds, list) else [kinds]
    return any(re.split(r"[/:#]", str(name))[-1] == "JobPosting" for name in names)


def _text(value: Any) -> str | None:
    if isinstance(value, list):
        parts = [text for text in (_text(v) for v in value) if text]
        return ", ".join(parts) or None
    if isinstance(value, str | int | float) and not isinstance(value, bool):
        return one_line(html.unescape(str(value))) or None
    return None


def _name(value: Any) -> str | None:
    if isinstance(value, list):
        value = value[0] if value else None
    return _text(value.get("name")) if isinstance(value, dict) else _text(value)


def _location(item: dict[str, Any]) -> str | None:
    if item.get("jobLocationType") == "TELECOMMUTE":
        return "Remote"
    places = item.get("jobLocation")
    names = []
    for place in places if isinstance(places, list) else [places]:
        address = place.get("address") if isinstance(place, dict) else place
        if isinstance(address, dict):
            keys = ("addressLocality", "addressRegion", "addressCountry")
            names.append(", ".join(t for t in (_name(address.get(k)) for k in keys) if t))
        else:
            names.append(_text(address) or "")
    return "; ".join(dict.fromkeys(name for name in names if name)) or None


def _salary(value: Any) -> str | None:
    """Pay only as stated: currency, range and unit."""
    if not isinstance(value, dict):
        return None
    amount = value.get("value")
    currency = _text(value.get("currency")) or ""
    if not isinstance(amount, dict):
        return f"{_text(amount)} {currency}".strip() if _text(amount) else None
    low, high = _text(amount.get("minValue")), _text(amount.get("maxValue"))
    figures = "-".join(dict.fromkeys(f for f in (low, high) if f)) or _text(amount.get("value"))
    if not figures:
        return None
    unit = _text(amount.get("unitText"))
    return " ".join(
        part for part in (figures, currency, f"per {unit.lower()}" if unit else "") if part
    )


def _field(value: str | None) -> Field | None:
    return Field(value=value[:_LONGEST_FIELD], source=Source.JSON_LD) if value else None
