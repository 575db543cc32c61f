"""Entries that only a model sees: within one of the rules', or under a heading they do not know.

Either must have the head of an entry: its dates, and who and what. Nothing leaves the document:
a line of the rules' entry goes over to the new one or stays, and what stood under an unknown
heading stays there too.
"""

import re
from dataclasses import replace
from typing import Final

from resume_core.importing.evidence import squash
from resume_core.importing.pointing.checked import HeldEntry, Text
from resume_core.importing.pointing.entries import Apart, Entry, overlaps
from resume_core.importing.report import FieldRead

_ADDED: Final = 0.7
_BODY: Final = ("highlights", "summary", "description")
_UNKNOWN: Final = re.compile(r"meta\.x-sections\[\d+\]\.lines")


def part(apart: Apart, made: Entry, held: HeldEntry, text: Text) -> bool:
    """Part an entry where its body holds the head of another; whether there was one."""
    if not _is_whole(made, held):
        return False
    first, last = held.lines
    for index, entry in enumerate(apart.entries[held.section]):
        own = entry.lines(text)
        if not own or not min(own) < first <= last <= max(own):
            continue
        if any(first <= number <= last for number in _head_lines(entry, text)):
            continue
        _move_behind(entry, made, held, text)
        made.doubt("", "only one reading has it", _ADDED)
        apart.entries[held.section].insert(index + 1, made)
        return True
    return False


def add_unknown(apart: Apart, made: Entry, held: HeldEntry, text: Text) -> bool:
    """Add an entry from under a heading that the rules do not know."""
    if not _is_whole(made, held):
        return False
    places = [s for f in apart.fields if _UNKNOWN.match(f.path) for s in f.spans]
    if not all(any(overlaps(one.at, at) for at in places) for one in held.head.values()):
        return False
    body = [text.span(*lines) for lines in held.body if lines[0] > held.lines[1]]
    lines = [at for at in body if any(overlaps(at, place) for place in places)]
    made.set_highlights(
        (
            _plain(text.text[start:end]),
            FieldRead("", ((start, end),), text.line_of(start), None, _ADDED, "model"),
        )
        for start, end in lines
    )
    made.doubt("", "only one reading has it", _ADDED)
    apart.entries[held.section].append(made)
    return True


def _is_whole(made: Entry, held: HeldEntry) -> bool:
    needed = {"education": {"organisation"}, "projects": {"title"}}
    names = needed.get(held.section, {"organisation", "title"})
    return names <= set(held.head) and "startDate" in made.data


def _head_lines(entry: Entry, text: Text) -> set[int]:
    head = {path: read for path, read in entry.fields.items() if not path.startswith(_BODY)}
    return Entry(entry.section, {}, head).lines(text)


def _move_behind(entry: Entry, made: Entry, held: HeldEntry, text: Text) -> None:
    """Give the new entry what stands behind its head; what is its head is no line of the old."""
    _, end = text.span(*held.lines)
    head = [one.at for one in held.head.values()]
    said = "".join(squash(one.value) for one in held.head.values())
    stay, go = [], []
    for line, read in entry.highlights():
        if read is None or not read.spans:
            stay.append((line, read))
        elif read.spans[0][0] >= end:
            go.append((line, read))
        elif any(overlaps(at, span) for at in head for span in read.spans) and _covered(line, said):
            continue
        else:
            stay.append((line, read))
    entry.set_highlights(stay)
    made.set_highlights(go)
    summary = entry.fields.get("summary")
    if summary is not None and summary.spans and summary.spans[0][0] >= end:
        made.put("summary", entry.data.pop("summary"), replace(summary, path="summary"))
        del entry.fields["summary"]


def _covered(line: str, said: str) -> bool:
    """Whether a line is nothing but what was pointed at, and separators."""
    words = re.findall(r"\w+", line)
    return all(squash(word) in said for word in words)


def _plain(text: str) -> str:
    return " ".join(text.removeprefix("- ").split())
