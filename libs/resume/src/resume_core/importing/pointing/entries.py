"""The entries of an imported resume, each with what was read of it, to be changed one by one."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from resume_core.importing.evidence import Range
from resume_core.importing.pointing.answer import Section
from resume_core.importing.pointing.checked import Text
from resume_core.importing.report import Doubt, FieldRead

SECTIONS: Final[tuple[Section, ...]] = ("work", "volunteer", "education", "projects")


@dataclass(slots=True)
class Entry:
    """One entry; its fields and doubts by their path within it ("position", "highlights[2]")."""

    section: Section
    data: dict[str, Any]
    fields: dict[str, FieldRead] = field(default_factory=dict)
    doubts: list[Doubt] = field(default_factory=list)

    def lines(self, text: Text) -> set[int]:
        """The lines that its fields stand on."""
        return {
            number
            for read in self.fields.values()
            for start, end in read.spans
            for number in range(text.line_of(start), text.line_of(end - 1) + 1)
        }

    def value(self, path: str) -> str | None:
        """The text of a field."""
        name, _, index = path.partition("[")
        found = self.data.get(name)
        return found[int(index[:-1])] if index and found else found

    def put(self, path: str, value: str, read: FieldRead) -> None:
        """Set a field that is no list."""
        self.data[path] = value
        self.fields[path] = replace(read, path=path)

    def doubt(self, path: str, reason: str, confidence: float, other: str | None = None) -> None:
        """Doubt a field, whose confidence that caps; instead of what was doubted there before."""
        self.doubts = [doubt for doubt in self.doubts if doubt.path != path]
        self.doubts.append(Doubt(path, reason, confidence, other))
        for name, read in self.fields.items():
            if name == path or not path:
                self.fields[name] = replace(read, confidence=min(read.confidence, confidence))

    def highlights(self) -> list[tuple[str, FieldRead | None]]:
        """Its lines with where they stand."""
        lines: Sequence[str] = self.data.get("highlights", ())
        return [(line, self.fields.get(f"highlights[{i}]")) for i, line in enumerate(lines)]

    def set_highlights(self, lines: Iterable[tuple[str, FieldRead | None]]) -> None:
        """Replace its lines; doubts about a line go with it."""
        kept = list(lines)
        for name in [name for name in self.fields if name.startswith("highlights[")]:
            del self.fields[name]
        self.data.pop("highlights", None)
        if kept:
            self.data["highlights"] = [line for line, _ in kept]
        for index, (_, read) in enumerate(kept):
            path = f"highlights[{index}]"
            if read is not None:
                self.fields[path] = replace(read, path=path)


@dataclass(slots=True)
class Apart:
    """A reading taken apart: the entries of the dated sections, and all the rest."""

    document: dict[str, Any]
    entries: dict[Section, list[Entry]]
    fields: list[FieldRead]
    doubts: list[Doubt]

    def all(self) -> Iterator[Entry]:
        """Every entry."""
        for section in SECTIONS:
            yield from self.entries[section]


def take_apart(
    document: dict[str, Any], fields: Iterable[FieldRead], doubts: Iterable[Doubt]
) -> Apart:
    """The entries with their own fields and doubts; nothing of the document is shared."""
    entries = {
        section: [Entry(section, dict(data)) for data in document.get(section, ())]
        for section in SECTIONS
    }
    apart = Apart(dict(document), entries, [], [])
    for read in fields:
        entry, path = _owner(read.path, entries)
        if entry is None:
            apart.fields.append(read)
        else:
            entry.fields[path] = replace(read, path=path)
    for doubt in doubts:
        entry, path = _owner(doubt.path, entries)
        if entry is None:
            apart.doubts.append(doubt)
        else:
            entry.doubts.append(replace(doubt, path=path))
    return apart


def put_together(apart: Apart) -> tuple[dict[str, Any], list[FieldRead], list[Doubt]]:
    """The document, its fields and its doubts, with the paths that the entries have by now."""
    document, fields, doubts = apart.document, list(apart.fields), list(apart.doubts)
    for section in SECTIONS:
        document[section] = [entry.data for entry in apart.entries[section]]
        if not document[section]:
            del document[section]
        for index, entry in enumerate(apart.entries[section]):
            whole = f"{section}[{index}]"
            fields += [replace(r, path=f"{whole}.{r.path}") for r in entry.fields.values()]
            doubts += [replace(d, path=f"{whole}.{d.path}".rstrip(".")) for d in entry.doubts]
    return document, fields, doubts


def overlaps(a: Range, b: Range) -> bool:
    """Whether two ranges of characters share any."""
    return a[0] < b[1] and b[0] < a[1]


def _owner(path: str, entries: dict[Section, list[Entry]]) -> tuple[Entry | None, str]:
    for section in SECTIONS:
        if path.startswith(f"{section}["):
            index, _, rest = path.removeprefix(f"{section}[").partition("]")
            if int(index) < len(entries[section]):
                return entries[section][int(index)], rest.removeprefix(".")
    return None, path
