"""Lines to items: what belongs to one bullet, paragraph or head line is joined again."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Final

from resume_core.dates import find_spans, is_now
from resume_core.importing.layout import Document, Line
from resume_core.importing.lexicon import find_degree, is_school, titleness
from resume_core.importing.places import is_place
from resume_core.importing.words import load_words

_PROSE_WORDS: Final = 9
_SENTENCE_WORDS: Final = 4
_PROSE_LENGTH: Final = 110
_LONG: Final = 45
_NEAR: Final = 1.35
_DURATION: Final = re.compile(
    r"\(?\b(?:\d+\s*(?:years?|yrs?|months?|mos?|jahre?|monate?|ans?|mois|años?|meses)\b[\s,.]*"
    r"(?:and\s+|und\s+)?){1,2}\)?",
    re.IGNORECASE,
)
_SENTENCE_END: Final = re.compile(r"[.!?]\s*$")
_LABEL: Final = re.compile(r"[A-Z\u00c0-\u00de][^:.,]{1,40}:\s")
_NUMBERED: Final = re.compile(r"\d{1,2}[.)]\s")
_OPEN_SPAN: Final = re.compile(r"\d{4}\s*[-\u2013\u2014]$")
_HYPHENATED: Final = re.compile(r"([^\W\d_]{2,})-$")
#: First halves that stay hyphenated.
_COMPOUND: Final = frozenset(
    {"low", "high", "self", "non", "multi", "cross", "real", "well", "open", "end", "full", "part"}
    | {"long", "short", "co", "pre", "post", "state", "data", "event", "cloud", "test", "user"}
    | {"large", "small", "third", "first", "time", "cost", "object", "role", "in", "on", "up"}
)


@dataclass(slots=True)
class Item:
    """A bullet, a paragraph (`prose`) or a head line, whole. `asides` are notes in the margin.

    `lines` counts its lines, `last` is the number of the last one in the document.
    """

    line: Line
    cells: list[str]
    bullet: bool
    lines: int = 1
    last: int = 0
    asides: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The cells, joined."""
        return " ".join(self.cells)

    @property
    def prose(self) -> bool:
        """Whether this reads as running text rather than as a head line."""
        if self.bullet:
            return False
        ended = _SENTENCE_END.search(self.text) is not None and is_sentence(self.text.split())
        broken = self.lines > 1 and not self._is_broken_name
        return broken or ended or len(self.text) > _PROSE_LENGTH

    @property
    def _is_broken_name(self) -> bool:
        """Whether these are the lines of a school's long name."""
        return is_school(self.text) and len(self.text.split()) <= _PROSE_WORDS


def is_sentence(words: list[str]) -> bool:
    """Whether a full stop ends a sentence here, and not a name such as "Acme Sp. z o.o."."""
    last = words[-1].casefold().strip(".!?")
    lower = sum(word[0].islower() for word in words)
    named = last in load_words().legal_forms or len(last) < 3
    return len(words) >= _SENTENCE_WORDS and not named and lower * 2 >= len(words)


def join_lines(
    lines: Iterable[Line], document: Document, *, narrow: bool = False, named: bool = False
) -> list[Item]:
    """The items of a section.

    In a `narrow` one, a list, even short lines may have been broken; in a `named` one, of schools
    with long names, those in a narrow column.
    """
    lines = _with_whole_spans(list(lines))
    edges = _Edges(document.lines, narrow=narrow, named=named)
    items: list[Item] = []
    previous: Line | None = None
    for line in lines:
        cells, asides = _without_asides(line)
        if not cells:
            if items:
                items[-1].asides += asides
                items[-1].last = line.number
            else:
                items.append(Item(line, list(line.cells), bullet=False, last=line.number))
            continue
        current = replace(line, cells=tuple(cells))
        if document.wraps and items and previous and edges.runs_on(items[-1], previous, current):
            last = items[-1]
            last.cells[-1] = join_text(last.cells[-1], current.text, document)
            last.lines += 1
            last.last = line.number
            last.asides += asides
        else:
            items.append(Item(current, cells, line.bullet, last=line.number, asides=asides))
        previous = current
    return items


def _with_whole_spans(lines: list[Line]) -> list[Line]:
    """Join spans that a narrow column broke behind the dash: "10/2009 -" and "09/2014"."""
    whole: list[Line] = []
    for line in lines:
        before = whole[-1] if whole else None
        spans = find_spans(line.cells[0]) if line.cells else []
        is_end = (len(spans) == 1 and spans[0].at == (0, len(line.cells[0]))) or (
            bool(line.cells) and is_now(line.cells[0])
        )
        if before and is_end and before.cells and _OPEN_SPAN.search(before.cells[0]):
            whole[-1] = replace(
                before, cells=(f"{before.cells[0]} {line.cells[0]}", *before.cells[1:])
            )
            if line.cells[1:]:
                whole.append(replace(line, cells=line.cells[1:]))
        else:
            whole.append(line)
    return whole


def join_text(first: str, second: str, document: Document) -> str:
    """Two lines of one text as one; a word that was cut at the end of the line grows together."""
    match = _HYPHENATED.search(first)
    if match is None or not second[:1].islower():
        return f"{first} {second}"
    tail = re.match(r"[^\W\d_]+", second)
    whole = match[1] + (tail[0] if tail else "")
    hyphenated = f"{match[1]}-{tail[0] if tail else ''}"
    known = document.text
    keep = hyphenated in known or (match[1].casefold() in _COMPOUND and whole not in known)
    return first + second if keep else first[:-1] + second


def is_note(text: str) -> bool:
    """Whether the text is nothing but dates, a duration or a place."""
    rest = text
    for span in reversed(find_spans(text)):
        rest = rest[: span.at[0]] + rest[span.at[1] :]
    rest = _DURATION.sub("", rest).strip(" ()|,;:\u00b7\u2013-")
    return not rest or is_place(rest)


def without_duration(text: str) -> str:
    """The text without "(2 years 3 months)"."""
    return _DURATION.sub("", text)


def _without_asides(line: Line) -> tuple[list[str], list[str]]:
    """Cells that belong to a bullet or paragraph, and dates or places that stand beside it."""
    first, *others = line.cells
    if not others:
        return list(line.cells), []
    if line.bullet or len(first.split()) >= _PROSE_WORDS or first[:1].islower():
        notes = [cell for cell in others if is_note(cell)]
        return [" ".join([first, *(cell for cell in others if cell not in notes)])], notes
    return list(line.cells), []


def _may_head(line: Line) -> bool:
    """Whether a line begins with a title, and so an entry: "Analyst, Sund AB"."""
    title, *others = re.split(r",\s| at | \| | @ ", line.text, maxsplit=1)
    return bool(others) and line.text[:1].isupper() and titleness(title) > 0


class _Edges:
    """Where the lines of each flow end, to tell a full line from one that ended by itself."""

    def __init__(self, lines: Iterable[Line], *, narrow: bool, named: bool) -> None:
        self._narrow = narrow
        self._named = named
        self._right: dict[int, float] = {}
        self._longest: dict[int, int] = {}
        for line in lines:
            self._longest[line.flow] = max(self._longest.get(line.flow, 0), len(line.text))
            if len(line.cells) == 1 or line.bullet:
                self._right[line.flow] = max(self._right.get(line.flow, 0.0), line.x1)

    def runs_on(self, item: Item, previous: Line, line: Line) -> bool:
        """Whether `line` goes on with the item that `previous` belongs to."""
        if line.bullet or line.level or line.gap > _NEAR or line.flow != previous.flow:
            return False
        if _NUMBERED.match(line.text) or (not item.bullet and _LABEL.match(line.text)):
            return False
        if item.text.count("(") > item.text.count(")") and ")" in line.text:
            return True
        if item.bullet:
            indented = line.x0 > item.line.x0 + 1.0
            more_bold = line.bold and not item.line.bold
            if not indented and _may_head(line):
                return False
            return not more_bold and (indented or self._goes_on(previous, line, fits=False))
        if len(line.cells) > 1:
            return False
        if previous.text.endswith((",", "&")):
            return not find_spans(line.text) or is_note(line.text)
        same_look = (line.bold, line.size) == (item.line.bold, item.line.size)
        whole = len(item.cells) > 1 or previous.text.endswith((")", ":")) or find_spans(line.text)
        fits = self._narrow or (self._named and self._may_break(previous))
        return same_look and not whole and self._goes_on(previous, line, fits=fits)

    def _may_break(self, line: Line) -> bool:
        """Whether a line of a narrow column may have been broken; a degree ends where it ends."""
        return self._longest.get(line.flow, _LONG) < _LONG and find_degree(line.text) is None

    def _goes_on(self, previous: Line, line: Line, *, fits: bool) -> bool:
        """Whether the first word of `line` had no room left at the end of `previous`.

        A line in lower case needs less proof. Short lines count where `fits` allows it, and only
        when the word would have stood out beyond every line of the flow.
        """
        right = self._right.get(previous.flow, previous.x1)
        width = (line.x1 - line.x0) / max(1, len(line.text))
        end = previous.x1 + len(line.text.split(" ", 1)[0]) * width
        slack = 0.06 * (right - previous.x0)
        lower = line.text[:1].islower()
        if lower:
            return end > right - 3 * slack
        if len(previous.text) > _LONG:
            return end > right - slack
        return fits and end > right + width
