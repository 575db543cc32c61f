"""The table of an evaluation: in the terminal, in `build/reports/eval.json`, in a page."""

import json
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from tests.eval.imports import ALL_FIELDS as FIELDS
from tests.eval.liar import Family
from tests.eval.measures import RECALL, Findings, Measure, as_json, f1, families, measure, share
from tests.eval.prose import PRODUCTS

ROOT: Final = Path(__file__).parents[2]
REPORT: Final = ROOT / "build" / "reports" / "eval.json"
PAGE: Final = ROOT / "docs" / "evaluation.md"
#: What the held-out set gave when the code under evaluation had never met it.
FIRST_LOOK: Final = Path(__file__).with_name("first_look.json")
_DETAILS: Final = ("recall of ", "import F1: ")
_HEAD: Final = """# Evaluation of the truth gate

Written by `make eval` at {commit}. The golden set ({golden}) is what the rules were built against;
the held-out set ({heldout}) was written afterwards, without their word lists in sight. Its *first
look*, at {first}, is what the code did with it before anything was mended; nothing is fitted to its
words, but general faults that it showed were mended, so that its figures flatter since then.
A lie counts as kept out when the gate blocks it; one of scope also when it is left to the person.
Whether a lie was delivered is told by comparing documents, never by asking the gate; of letters,
interview packs and career paths by reading them beside the resume, never by asking the grounding.

"""

Report = Mapping[str, Findings]


def is_met(report: Report) -> bool:
    """Whether every target holds on the golden set, and no set had a lie delivered.

    What else the held-out set misses is shown, not forced: who must make it green fits it.
    """
    return all(
        m.met
        for of, found in report.items()
        for m in measure(found)
        if of == "golden" or "lies delivered" in m.name
    )


def table(report: Report) -> str:
    """All figures as Markdown."""
    sets = {of: {m.name: m for m in measure(found)} for of, found in report.items()}
    names = list(dict.fromkeys(name for measures in sets.values() for name in measures))
    first: dict[str, float] = json.loads(FIRST_LOOK.read_text(encoding="utf-8"))["values"]
    rows, red = [], []
    for name in names:
        found = {of: measures[name] for of, measures in sets.items() if name in measures}
        missed = [of for of, m in found.items() if not m.met]
        targets = list(dict.fromkeys(map(_target, found.values())))
        verdict = f"MISSED: {', '.join(missed)}" if missed else "met"
        values = [_number(found[of].value) if of in found else "" for of in report]
        look = _number(first[name]) if name in first else ""
        row = [name, *values, look, "; ".join(targets), verdict if any(targets) else ""]
        if missed:
            red.append(row)
        if not name.startswith(_DETAILS):
            rows.append(row)
    head = ("measure", *report, "held out, first look", "target", "")
    parts = [
        _table(head, rows),
        "### Lies kept out, by class\n\n" + _lies(report),
        "### Sentences of letters, interview packs and career paths\n\n" + _sentences(report),
        "### Import, F1 of each field\n\n" + _imports(report),
    ]
    if red:
        parts.append("### Missed targets\n\n" + _table(head, red))
    return "\n\n".join(parts)


def write_json(report: Report) -> None:
    """Write the report's data: equal runs write equal bytes."""
    REPORT.parent.mkdir(parents=True, exist_ok=True)
    data: dict[str, Any] = {"met": is_met(report)}
    data |= {of: as_json(found, measure(found)) for of, found in report.items()}
    REPORT.write_text(json.dumps(data, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def write_page(report: Report) -> None:
    """Write the page with the commit that was evaluated."""
    asked = ["git", "describe", "--always", "--dirty=, with changes"]
    commit = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=False).stdout  # noqa: S603  git of this checkout
    first = json.loads(FIRST_LOOK.read_text(encoding="utf-8"))["commit"]
    sizes = {
        of.replace(" ", ""): f"{found.people} resumes, {found.pairs} pairs with postings"
        for of, found in report.items()
    }
    head = _HEAD.format(commit=commit.strip() or "no commit", first=first, **sizes)
    PAGE.write_text(head + table(report) + "\n", encoding="utf-8")


def _lies(report: Report) -> str:
    rows = []
    for (way, name), family in families().items():
        row, told = [way, family.value, name], 0
        for found in report.values():
            counted = found.tally.lies
            tried, blocked, flagged = (
                counted[way, name, o] for o in ("tried", "blocked", "flagged")
            )
            caught = blocked + (flagged if family is Family.SCOPE else 0)
            row += [*map(str, (tried, blocked, flagged)), _number(share(caught, tried))]
            told += found.tally.delivered[way, name]
        if any(cell not in {"0", "1"} for cell in row[3:]):
            rows.append([*row, str(told), _number(RECALL[family])])
    figures = [
        f"{of}: {what}" for of in report for what in ("tried", "blocked", "flagged", "recall")
    ]
    return _table(("way", "family", "class", *figures, "delivered", "target"), rows)


def _sentences(report: Report) -> str:
    """Of each class of sentence: told and delivered, all sets together."""
    names = list(
        dict.fromkeys(
            name for found in report.values() for _, name, what in found.prose if what == "tried"
        )
    )
    rows = []
    for name in names:
        row = [name]
        for product in PRODUCTS:
            for whats in (("tried",), ("delivered", "kept")):
                counts = [f.prose[product, name, w] for f in report.values() for w in whats]
                row.append(str(sum(counts)))
        rows.append(row)
    figures = [f"{product}: {what}" for product in PRODUCTS for what in ("told", "delivered")]
    return _table(("class", *figures), rows)


def _imports(report: Report) -> str:
    layouts = dict.fromkeys(x for f in report.values() for x, _, _ in f.imports)
    rows = [
        [x, of, *(f"{f1(found.imports, x, name):.3f}" for name in FIELDS)]
        for x in layouts
        for of, found in report.items()
        if any(layout == x for layout, _, _ in found.imports)
    ]
    return _table(("layout", "set", *FIELDS), rows)


def _table(head: Sequence[str], rows: list[list[str]]) -> str:
    lines = [list(head), ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _number(value: float) -> str:
    return str(int(value)) if value == int(value) and value != 1.0 else f"{value:g}"


def _target(measure: Measure) -> str:
    if measure.target is None:
        return ""
    return f"{'≤' if measure.at_most else '≥'} {measure.target:g}"
