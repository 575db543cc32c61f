"""`build/reports/chaos.json`, the table in the terminal and in docs/reliability.md."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from tests.system.conftest import ROOT

REPORT = ROOT / "build" / "reports" / "chaos.json"
PAGE = ROOT / "docs" / "reliability.md"
BEGIN, END = "<!-- make chaos: begin -->", "<!-- make chaos: end -->"
_HEAD = (
    *("fault", "build", "jobs", "completed", "lost or failed", "calls", "calls failed"),
    *("attempts burnt", "wasted USD", "most at once", "seconds"),
)


@dataclass(frozen=True)
class Row:
    """What came of one fault with one build."""

    fault: str
    what: str
    build: str
    jobs: int
    completed: int
    calls: int
    calls_failed: int
    burnt: int
    wasted_usd: float
    most_at_once: int
    seconds: float
    notes: dict[str, Any]


def record(row: Row) -> None:
    """Add a row to the report, in place of an earlier one of the same run."""
    REPORT.parent.mkdir(parents=True, exist_ok=True)
    kept = [each for each in read() if (each.what, each.build) != (row.what, row.build)]
    rows = sorted([*kept, row], key=lambda each: (each.fault, each.what))
    REPORT.write_text(json.dumps([asdict(each) for each in rows], indent=2))
    print(f"\n{row}")


def read() -> list[Row]:
    """The report so far."""
    if not REPORT.exists():
        return []
    return [Row(**row) for row in json.loads(REPORT.read_text())]


def table(rows: Sequence[Row]) -> str:
    """The report as a table."""
    lines = [_line(_HEAD), _line(["---"] * len(_HEAD))]
    for row in rows:
        counts = (row.jobs, row.completed, row.jobs - row.completed, row.calls, row.calls_failed)
        rest = (row.burnt, f"{row.wasted_usd:.4f}", row.most_at_once, row.seconds)
        lines.append(_line((f"{row.fault} {row.what}", row.build, *counts, *rest)))
    return "\n".join(lines)


def write_page(rows: Sequence[Row]) -> None:
    """Put the table into the page, between its marks."""
    before, _, rest = PAGE.read_text().partition(BEGIN)
    after = rest.partition(END)[2]
    PAGE.write_text(f"{before}{BEGIN}\n\n{table(rows)}\n\n{END}{after}")


def _line(cells: Sequence[object]) -> str:
    return f"| {' | '.join(map(str, cells))} |"
