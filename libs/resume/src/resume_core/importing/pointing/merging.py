"""Two readings of one resume made one: where they agree it is surer, where not it is doubted.

The rule, field by field of entries that both have: the value whose confidence is higher stays, a
model's pointer that holds counting `POINTED`; the other value is told in a doubt. What only one
has is kept. Entries and lines of the rules' reading never go: a model may part what the rules took
for one entry, and add one that they left under a heading they do not know.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from resume_core.importing.evidence import squash
from resume_core.importing.pointing.answer import Kind, PointedResume, Section
from resume_core.importing.pointing.checked import Held, HeldEntry, Text, check
from resume_core.importing.pointing.entries import (
    Apart,
    Entry,
    overlaps,
    put_together,
    take_apart,
)
from resume_core.importing.pointing.parting import add_unknown, part
from resume_core.importing.report import Doubt, FieldRead

#: How much a model's pointer counts that holds.
POINTED: Final = 0.8
#: What stays when the two differ is at most this sure.
_DISPUTED: Final = 0.75
#: Below this, a field or an entry is told of as doubtful.
_DOUBTFUL: Final = 0.9

_NAMES: Final[Mapping[Section, Mapping[Kind, str]]] = {
    "work": {"organisation": "name", "title": "position", "place": "location"},
    "volunteer": {"organisation": "organization", "title": "position"},
    "education": {"organisation": "institution", "degree": "studyType", "field": "area"},
    "projects": {"title": "name"},
}


@dataclass(frozen=True, slots=True)
class Reading:
    """A resume as it was read: JSON-ready, with the text, and each field's place in it."""

    document: dict[str, Any]
    text: str
    fields: Sequence[FieldRead]
    doubts: Sequence[Doubt]


@dataclass(frozen=True, slots=True)
class Merged:
    """What came of it. `held` pointers stood, `dropped` did not."""

    reading: Reading
    held: int
    dropped: int


def merge_readings(rules: Reading, answer: PointedResume, shown: Mapping[int, str]) -> Merged:
    """The rules' reading with what a model pointed at; `shown` are the lines it saw."""
    text = Text(rules.text, shown)
    pointed, dropped = check(answer, text)
    apart = take_apart(rules.document, rules.fields, rules.doubts)
    pairs, alone = _paired(apart, pointed)
    for entry, held in pairs:
        _settle(entry, held)
    for held in alone:
        made = _new_entry(held)
        part(apart, made, held, text) or add_unknown(apart, made, held, text)
    _compare_bodies(apart, pairs, text)
    _doubt_unseen(apart, [entry for entry, _ in pairs], pointed)
    document, fields, doubts = put_together(apart)
    count = sum(len(held.head) + len(held.body) for held in pointed)
    return Merged(Reading(document, rules.text, fields, doubts), count, dropped)


def _paired(
    apart: Apart, pointed: Sequence[HeldEntry]
) -> tuple[list[tuple[Entry, HeldEntry]], list[HeldEntry]]:
    """Entries of both readings that are the same, by the places that they share in their heads."""
    scores = [
        (score, -index, entry, held)
        for index, held in enumerate(pointed)
        for entry in apart.entries[held.section]
        if (score := _shared(entry, held))
    ]
    pairs: list[tuple[Entry, HeldEntry]] = []
    for _, _, entry, held in sorted(scores, key=lambda s: (s[0], s[1]), reverse=True):
        if not any(entry is known or held is other for known, other in pairs):
            pairs.append((entry, held))
    matched = [held for _, held in pairs]
    return pairs, [held for held in pointed if not any(held is other for other in matched)]


def _shared(entry: Entry, held: HeldEntry) -> int:
    """How many of an entry's own head fields stand where the pointers are."""
    heads = [
        span
        for path, read in entry.fields.items()
        if not path.startswith(("highlights", "summary", "courses", "x-notes"))
        for span in read.spans
    ]
    return sum(any(overlaps(one.at, span) for span in heads) for one in held.head.values())


def _settle(entry: Entry, held: HeldEntry) -> None:
    """Compare the fields of one entry; name and title go together, lest one stand for both."""
    names = _NAMES[held.section]
    given = {names[kind]: one for kind, one in held.head.items() if kind in names}
    before = {path: (entry.value(path), entry.fields.get(path)) for path in given}
    for path, one in given.items():
        _settle_field(entry, path, one)
    values = [squash(value) for path in names.values() if (value := entry.value(path))]
    if len(set(values)) < len(values):
        for path, (value, read) in before.items():
            if value is not None and read is not None:
                entry.put(path, value, read)
                entry.doubt(path, "two readings differ", _DISPUTED, given[path].value)
            elif entry.data.pop(path, None):
                del entry.fields[path]
    if "dates" in held.head:
        _settle_dates(entry, held.head["dates"])


def _settle_field(entry: Entry, path: str, one: Held) -> None:
    value, read = entry.value(path), entry.fields.get(path)
    if value is None:
        if not _is_taken(entry, one):
            entry.put(path, one.value, _read_of(one, POINTED))
            entry.doubt(path, "only one reading has it", POINTED)
    elif squash(value) == squash(one.value):
        _agree(entry, path)
    elif read is None or read.confidence >= POINTED:
        entry.doubt(path, "two readings differ", _DISPUTED, one.value)
    else:
        entry.put(path, one.value, _read_of(one, POINTED))
        entry.doubt(path, "two readings differ", _DISPUTED, value)


def _is_taken(entry: Entry, one: Held) -> bool:
    """Whether what is pointed at is a surer field of the same entry."""
    return any(
        read.confidence >= POINTED and overlaps(one.at, span)
        for path, read in entry.fields.items()
        if path not in {"description", "summary"} and not path.startswith(("highlights", "x-"))
        for span in read.spans
    )


def _settle_dates(entry: Entry, one: Held) -> None:
    span = one.span
    if span is None:
        return
    start, end = entry.value("startDate"), entry.value("endDate")
    if start is None and end is None:
        if not span.lone:
            entry.put("startDate", span.start or "", _read_of(one, POINTED))
            if span.end:
                entry.put("endDate", span.end, _read_of(one, POINTED))
            entry.doubt("startDate", "only one reading has it", POINTED)
    elif {start, end} - {None} <= {span.start, span.end} and (span.lone or end == span.end):
        for path in ("startDate", "endDate"):
            if entry.value(path) is not None:
                _agree(entry, path)
    else:
        # What is written wins over where somebody points: the rules' date stands in the head too.
        path = "startDate" if start else "endDate"
        entry.doubt(path, "two readings differ", _DISPUTED, one.value)


def _agree(entry: Entry, path: str) -> None:
    read = entry.fields.get(path)
    if read is None:
        return
    sure = round(1 - (1 - read.confidence) * (1 - POINTED), 3)
    entry.fields[path] = replace(read, confidence=sure, rule="both")
    kept = [doubt for doubt in entry.doubts if doubt.path != path]
    old = [replace(d, confidence=sure) for d in entry.doubts if d.path == path]
    entry.doubts = kept + (old if sure < _DOUBTFUL else [])


def _new_entry(held: HeldEntry) -> Entry:
    """An entry that only the model has."""
    entry = Entry(held.section, {})
    for kind, path in _NAMES[held.section].items():
        if kind in held.head:
            entry.put(path, held.head[kind].value, _read_of(held.head[kind], POINTED))
    if "dates" in held.head:
        _settle_dates(entry, held.head["dates"])
    entry.doubts.clear()
    return entry


def _read_of(one: Held, confidence: float) -> FieldRead:
    return FieldRead("", (one.at,), one.line, None, confidence, "model")


def _compare_bodies(apart: Apart, pairs: list[tuple[Entry, HeldEntry]], text: Text) -> None:
    """Lines that both put under one entry are surer; those that the model moves are doubted."""
    for entry, held in pairs:
        ranges = [text.span(*lines) for lines in held.body]
        for other in apart.all():
            for index, (_, read) in enumerate(other.highlights()):
                if read is None or not any(overlaps(r, s) for r in ranges for s in read.spans):
                    continue
                if other is entry:
                    _agree(entry, f"highlights[{index}]")
                else:
                    where = (held.head.get("organisation") or next(iter(held.head.values()))).value
                    reason = "another reading has it under another entry"
                    other.doubt(f"highlights[{index}]", reason, _DISPUTED, where)


def _doubt_unseen(apart: Apart, paired: list[Entry], pointed: Sequence[HeldEntry]) -> None:
    """Doubt the entries that a model left out of a section that it did read."""
    read = {held.section for held in pointed}
    for entry in apart.all():
        made = any(field.rule == "model" for field in entry.fields.values())
        if entry.section in read and not made and not any(entry is known for known in paired):
            entry.doubt("", "only one reading has it", POINTED)
