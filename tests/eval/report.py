"""The table of an evaluation: in the terminal, in `build/reports/eval.json`, in a page."""

import json
import subprocess
from pathlib import Path
from typing import Final

from tests.eval.imports import ALL_FIELDS as FIELDS
from tests.eval.lies import Family
from tests.eval.measures import RECALL, Findings, Measure, as_json, f1, families, share

ROOT: Final = Path(__file__).parents[2]
REPORT: Final = ROOT / "build" / "reports" / "eval.json"
PAGE: Final = ROOT / "docs" / "evaluation.md"
_DETAILS: Final = ("recall of ", "import F1: ")


def table(found: Findings, measures: list[Measure]) -> str:
    """All figures as Markdown."""
    plain = [m for m in measures if not m.name.startswith(_DETAILS)]
    rows = [[m.name, _number(m.value), _target(m), _verdict(m)] for m in plain]
    summary = _table(("measure", "value", "target", ""), rows)
    red = [f"- {m.name}: {_number(m.value)}, target {_target(m)}" for m in measures if not m.met]
    parts = [
        summary,
        "### Lies kept out, by class\n\n" + _lies(found),
        "### Import, F1 of each field\n\n" + _imports(found),
    ]
    if red:
        parts.append("### Missed targets\n\n" + "\n".join(red))
    return "\n\n".join(parts)


def write_json(found: Findings, measures: list[Measure]) -> None:
    """Write the report's data: equal runs write equal bytes."""
    REPORT.parent.mkdir(parents=True, exist_ok=True)
    data = as_json(found, measures)
    REPORT.write_text(json.dumps(data, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def write_page(found: Findings, measures: list[Measure]) -> None:
    """Write the page with the commit that was evaluated."""
    asked = ["git", "describe", "--always", "--dirty=, with changes"]
    commit = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=False).stdout  # noqa: S603  git of this checkout
    head = (
        "# Evaluation of the truth gate\n\n"
        f"Written by `make eval` at {commit.strip() or 'no commit'}. {found.people} resumes, each "
        f"with every posting: {found.pairs} pairs. A lie counts as kept out when the gate blocks "
        "it; one of scope also when it is left to the person. Whether a lie was delivered is told "
        "by comparing documents, never by asking the gate.\n\n"
    )
    PAGE.write_text(head + table(found, measures) + "\n", encoding="utf-8")


def _lies(found: Findings) -> str:
    rows = []
    counted = found.tally.lies
    for (way, name), family in families().items():
        tried = counted[way, name, "tried"]
        if tried:
            blocked, flagged = (counted[way, name, o] for o in ("blocked", "flagged"))
            caught = blocked + (flagged if family is Family.SCOPE else 0)
            delivered = found.tally.delivered[way, name]
            figures = (tried, blocked, flagged, delivered, share(caught, tried), RECALL[family])
            rows.append([way, family.value, name, *map(_number, figures)])
    head = (
        "way",
        "family",
        "class",
        "tried",
        "blocked",
        "flagged",
        "delivered",
        "recall",
        "target",
    )
    return _table(head, rows)


def _imports(found: Findings) -> str:
    layouts = list(dict.fromkeys(layout for layout, _, _ in found.imports))
    rows = [[x, *(f"{f1(found.imports, x, name):.3f}" for name in FIELDS)] for x in layouts]
    return _table(("layout", *FIELDS), rows)


def _table(head: tuple[str, ...], rows: list[list[str]]) -> str:
    lines = [list(head), ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _number(value: float) -> str:
    return str(int(value)) if value == int(value) and value != 1.0 else f"{value:g}"


def _target(measure: Measure) -> str:
    if measure.target is None:
        return ""
    return f"{'≤' if measure.at_most else '≥'} {measure.target:g}"


def _verdict(measure: Measure) -> str:
    return "" if measure.target is None else "met" if measure.met else "MISSED"
