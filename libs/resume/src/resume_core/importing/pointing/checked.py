"""What a model points at, compared with the text: what is not there letter for letter is dropped.

A pointer holds when its text stands in its line as a whole piece (between the line's ends,
separators, small words, dates and other pointers that hold), in a line that is no running text,
near the rest of its entry; a date moreover when it is all that is written of it. The value is
taken from the text, never from the answer.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Final

from resume_core.dates import Span, find_spans
from resume_core.importing.evidence import Range, SpanFinder, squash
from resume_core.importing.joining import is_sentence
from resume_core.importing.pointing.answer import (
    Kind,
    PointedEntry,
    PointedResume,
    Pointer,
    Section,
)

_MOST_ENTRIES: Final = 60
_MOST_POINTERS: Final = 12
_MOST_BODY: Final = 60
#: Lines from the first to the last of an entry's head.
_HEAD_LINES: Final = 5
_HEAD_WORDS: Final = 16
_SEPARATOR: Final = re.compile(r"(?:^|[,;:|@()\[\]\u00b7\u2022\u2013\u2014\t]|\s-)\s*$")
_SEPARATED: Final = re.compile(r"\s*(?:$|[,;:|@()\[\]\u00b7\u2022\u2013\u2014\t]|-\s)")
_SMALL: Final = r"(?:at|in|bei|im|chez|en|em|presso|bij|te|w)"
_AFTER_SMALL: Final = re.compile(rf"\s{_SMALL}\s+$", re.IGNORECASE)
_BEFORE_SMALL: Final = re.compile(rf"\s+{_SMALL}\s", re.IGNORECASE)
_BULLET: Final = "- "


@dataclass(frozen=True, slots=True)
class Held:
    """A pointer that holds: its value and where it stands in the text."""

    kind: Kind
    value: str
    at: Range
    line: int
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class HeldEntry:
    """What holds of an entry: its head by kind, and the ranges of lines of its body."""

    section: Section
    head: Mapping[Kind, Held]
    body: tuple[Range, ...]

    @property
    def lines(self) -> Range:
        """The first and the last line of its head, from 1."""
        numbers = [held.line for held in self.head.values()]
        return min(numbers), max(numbers)


class Text:
    """A resume's text by lines; `shown` are the lines that a model saw, by number from 1."""

    def __init__(self, text: str, shown: Mapping[int, str]) -> None:
        self.text = text
        self.finder = SpanFinder(text)
        self.shown = shown
        lines = text.split("\n")
        self._starts = list(accumulate((len(line) + 1 for line in lines), initial=0))

    def span(self, first: int, last: int | None = None) -> Range:
        """The characters of a range of lines, without the last line break."""
        return self._starts[first - 1], self._starts[last or first] - 1

    def line_of(self, character: int) -> int:
        """The number of the line that a character is on."""
        return self.text.count("\n", 0, character) + 1


def check(answer: PointedResume, text: Text) -> tuple[list[HeldEntry], int]:
    """The entries of which anything holds, in the text's order, and how many pointers do not."""
    held, dropped = [], max(0, len(answer.entries) - _MOST_ENTRIES)
    for entry in answer.entries[:_MOST_ENTRIES]:
        found = _check_entry(entry, text)
        given = len(entry.head) + len(entry.body)
        dropped += given - (len(found.head) + len(found.body) if found else 0)
        if found:
            held.append(found)
    return sorted(held, key=lambda entry: entry.lines), dropped


def _check_entry(entry: PointedEntry, text: Text) -> HeldEntry | None:
    pointers = entry.head[:_MOST_POINTERS]
    standing = [found for pointer in pointers if (found := _standing(pointer, text))]
    head: dict[Kind, Held] = {}
    for found in _near(standing):
        others = [other.at for other in standing if other is not found]
        if found.kind not in head and (found.span or _is_whole_piece(found.at, others, text)):
            head[found.kind] = found
    if not head:
        return None
    first = min(held.line for held in head.values())
    body = tuple(
        (lines.first, lines.last)
        for lines in entry.body[:_MOST_BODY]
        if first <= lines.first <= lines.last
        and all(number in text.shown for number in range(lines.first, lines.last + 1))
    )
    return HeldEntry(entry.section, head, body)


def _standing(pointer: Pointer, text: Text) -> Held | None:
    """The pointer where its line has its text; a long name may run on into the next line."""
    if pointer.line not in text.shown or not _may_head(text.shown[pointer.line]):
        return None
    last = pointer.line + 1 if pointer.line + 1 in text.shown else pointer.line
    at = text.finder.find(pointer.text, text.span(pointer.line, last))
    if at is None or text.line_of(at[0]) != pointer.line:
        return None
    value = " ".join(text.text[at[0] : at[1]].split())
    if pointer.kind != "dates":
        return Held(pointer.kind, value, at, pointer.line) if any(map(str.isalpha, value)) else None
    return _date(at, pointer.line, value, text)


def _date(at: Range, line: int, value: str, text: Text) -> Held | None:
    """A date that is the whole of what its line says of it: no end is cut off."""
    offset, end = text.span(line)
    for span in find_spans(text.text[offset:end]):
        whole = span.at[0] + offset, span.at[1] + offset
        if squash(text.text[whole[0] : whole[1]]) == squash(text.text[at[0] : at[1]]):
            return Held("dates", value, whole, line, span)
    return None


def _may_head(line: str) -> bool:
    words = line.removeprefix(_BULLET).split()
    return len(words) <= _HEAD_WORDS and not (line.endswith((".", "!", "?")) and is_sentence(words))


def _near(standing: Sequence[Held]) -> list[Held]:
    """Those that stand together: within a few lines of most of the others."""

    def company(held: Held) -> int:
        return sum(0 <= other.line - held.line < _HEAD_LINES for other in standing)

    if not standing:
        return []
    start = max(standing, key=lambda held: (company(held), -held.line)).line
    return [held for held in standing if 0 <= held.line - start < _HEAD_LINES]


def _is_whole_piece(at: Range, others: Sequence[Range], text: Text) -> bool:
    start, _ = text.span(text.line_of(at[0]))
    _, end = text.span(text.line_of(at[1] - 1))
    line = text.text[start:end]
    dates = [(a + start, b + start) for a, b in (span.at for span in find_spans(line))]
    before, after = text.text[start : at[0]].removeprefix(_BULLET), text.text[at[1] : end]
    neighbours = [*others, *dates]
    from_left = _SEPARATOR.search(before) or _AFTER_SMALL.search(before)
    from_right = _SEPARATED.match(after) or _BEFORE_SMALL.match(after)
    gap = len(before) - len(before.rstrip()), len(after) - len(after.lstrip())
    beside = any(stop == at[0] - gap[0] for _, stop in neighbours)
    beyond = any(begin == at[1] + gap[1] for begin, _ in neighbours)
    return bool(from_left or beside) and bool(from_right or beyond)
