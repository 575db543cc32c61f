"""Every route against every kind of page of the sandbox: what is extracted from where.

The table is printed, and written to `build/reports/extraction.json`.
"""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console
from rich.table import Table

from extract_svc.chromium import find_chromium
from extract_svc.search import Extraction
from resume_contracts.facts import Field, Posting

from .kinds import KINDS, Kind
from .routes_rig import Spending, rig, sandbox

REPORT = Path(__file__).parents[3] / "build" / "reports" / "extraction.json"
COLUMNS = ("our own fetch", "with Firecrawl", "with Chromium")


async def column(url: str, *, firecrawl: bool, chromium: str | None) -> list[dict[str, Any]]:
    async with rig(url, firecrawl=firecrawl, chromium=chromium) as made:
        return [
            told(await made.extractor.extract(kind.address(url), None, Spending()))
            for kind in KINDS
        ]


def told(found: Extraction) -> dict[str, Any]:
    routes = {tried.route.value: tried.code or tried.outcome.value for tried in found.routes}
    cost = sum(usage.credits for usage in found.usage)
    if found.posting is None:
        assert found.refusal is not None
        return {"outcome": str(found.refusal.code), "routes": routes, "credits": cost}
    return {
        "outcome": found.posting.route.value,
        "title": found.posting.title.value if found.posting.title else None,
        "characters": len(found.posting.text),
        "fields": fields(found.posting),
        "hidden": found.posting.hidden_removed,
        "expired": found.posting.expired,
        "language": found.posting.language,
        "routes": routes,
        "credits": cost,
    }


def fields(posting: Posting) -> dict[str, str]:
    stated = ((name, getattr(posting, name)) for name in Posting.model_fields)
    return {name: value.source.value for name, value in stated if isinstance(value, Field)}


def cell(answer: dict[str, Any]) -> str:
    if "fields" not in answer:
        return f"- {answer['outcome']}"
    flags = " expired" * answer["expired"] + f" hidden:{answer['hidden']}" * bool(answer["hidden"])
    return f"{answer['outcome']}: {len(answer['fields'])} fields, {answer['characters']} ch{flags}"


def show(console: Console, rows: list[tuple[Kind, list[dict[str, Any]]]]) -> None:
    table = Table("page", *COLUMNS, title="Route x page kind: what was extracted from where")
    for kind, answers in rows:
        table.add_row(kind.page, *map(cell, answers))
    console.print(table)


@pytest.mark.connected
@pytest.mark.timeout(400)
async def test_every_kind_of_page_by_every_route(capsys: pytest.CaptureFixture[str]) -> None:
    chromium = find_chromium(None)
    with sandbox() as url:
        free, scraped, rendered = await asyncio.gather(
            column(url, firecrawl=False, chromium=None),
            column(url, firecrawl=True, chromium=None),
            column(url, firecrawl=False, chromium=chromium),
        )
    rows = [(kind, [a, b, c]) for kind, a, b, c in zip(KINDS, free, scraped, rendered, strict=True)]

    REPORT.parent.mkdir(parents=True, exist_ok=True)
    report = [
        {"page": kind.page, "routes": dict(zip(COLUMNS, answers, strict=True))}
        for kind, answers in rows
    ]
    REPORT.write_text(json.dumps(report, indent=1, ensure_ascii=False))
    with capsys.disabled():
        show(Console(width=150), rows)

    wrong = [
        (kind.page, name, answer["outcome"], expected)
        for kind, answers in rows
        for name, answer, expected in zip(COLUMNS, answers, kind.expected, strict=True)
        if answer["outcome"] != expected and (chromium or name != COLUMNS[2])
    ]
    assert not wrong
    assert not [
        (kind.page, answer["title"])
        for kind, answers in rows
        for answer in answers
        if "fields" in answer and answer["title"] != kind.title
    ]
    hidden = {kind.page: [a.get("hidden", 0) for a in answers] for kind, answers in rows}
    assert hidden["trouble/hidden-by-class"][:2] == [1, 1]
    killed = {kind.page: answers[2]["routes"].get("rendered") for kind, answers in rows}
    if chromium:
        # Only a browser knows what a linked style sheet hides.
        assert (hidden["trouble/hidden-by-class"][2], hidden["trouble/hidden-by-link"][2]) == (1, 1)
        assert killed["scripted/memory"] == "too_much_memory"
        assert killed["scripted/reload"] == "too_slow"
