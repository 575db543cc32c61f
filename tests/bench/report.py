"""The report: on the terminal, as JSON, and as the page in docs/."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from tests.bench.settings import Settings
from tests.bench.statistics import spread

from resume_launcher.files import write_atomically
from resume_launcher.folders import find_folders

#: More of the machine than this for somebody else's work makes figures doubtful.
DOUBTFUL = 10.0


@dataclass(frozen=True, slots=True)
class Section:
    """One table with what it means.

    Attributes:
        title: its heading.
        about: what was measured, and how.
        heads: of the columns.
        body: the cells.
        verdicts: each target with what came of it.
        others: percent of the machine that somebody else used, turn by turn.
        data: everything, for the JSON report.
    """

    title: str
    about: str
    heads: Sequence[str]
    body: Sequence[Sequence[str]]
    verdicts: Sequence[str]
    data: Any
    others: Sequence[float] = ()

    @property
    def doubt(self) -> str | None:
        """A warning when something else ran on the machine."""
        if not self.others or spread(self.others).median <= DOUBTFUL:
            return None
        return (
            f"DOUBTFUL: something else used {spread(self.others).show()} % of the machine "
            "meanwhile; run it again on a quiet one."
        )


@dataclass(slots=True)
class Report:
    """All that was measured."""

    settings: Settings
    machine: Mapping[str, str]
    versions: Mapping[str, str]
    began: str
    ended: str = ""
    sections: list[Section] = field(default_factory=list)

    def write_json(self) -> Path:
        """Write build/reports/bench.json."""
        path = find_folders().repository / "build" / "reports" / "bench.json"
        document = {
            "began": self.began,
            "ended": self.ended,
            "machine": dict(self.machine),
            "versions": dict(self.versions),
            "settings": asdict(self.settings),
            "sections": [asdict(section) for section in self.sections],
        }
        write_atomically(path, json.dumps(document, indent=2))
        return path

    def write_page(self) -> Path:
        """Write docs/performance.md."""
        path = find_folders().repository / "docs" / "performance.md"
        write_atomically(path, self.page())
        return path

    def page(self) -> str:
        """The page, in Markdown."""
        facts = [f"| {name} | {value} |" for name, value in self.machine.items()]
        versions = ", ".join(f"{name} {number}" for name, number in self.versions.items())
        parts = [_markdown(section) for section in self.sections]
        settings = json.dumps(asdict(self.settings), indent=2)
        return "\n".join(
            [
                *_HEAD,
                f"Measured from {self.began} to {self.ended}.",
                "",
                "| | |",
                "|---|---|",
                *facts,
                f"| versions | {versions} |",
                "",
                *parts,
                "## Settings, fixed beforehand",
                "",
                f"```json\n{settings}\n```",
                "",
            ]
        )


_HEAD = (
    "# Performance",
    "",
    "Written by `make bench`; do not edit. Everybody has their turn in fresh processes, one after",
    "the other and round by round, on the same servers; figures are the median of the rounds with",
    "[smallest-largest], ratios are those within each round. All share the machine's cores,",
    "whoever submits and measures included. Rows that are quicker than ours are shown as well.",
    "",
)


def text(section: Section) -> str:
    """A section for the terminal."""
    rows = [list(section.heads), *section.body]
    widths = [max(len(row[n]) for row in rows) for n in range(len(section.heads))]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]
    said = [*section.verdicts, *([section.doubt] if section.doubt else [])]
    return "\n".join(["", section.title, *lines, "", *said])


def _markdown(section: Section) -> str:
    lines = [
        f"## {section.title}",
        "",
        section.about,
        "",
        _cells(section.heads),
        _cells(["---"] * len(section.heads)),
        *(_cells(row) for row in section.body),
        "",
        *(f"- {verdict}" for verdict in section.verdicts),
        *([f"- **{section.doubt}**"] if section.doubt else []),
        "",
    ]
    return "\n".join(lines)


def _cells(row: Sequence[str]) -> str:
    return "| " + " | ".join(row) + " |"
