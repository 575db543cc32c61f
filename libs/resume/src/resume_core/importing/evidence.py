"""Where each field of an imported resume stands in the text it was read from.

A field's spans are character ranges of `ImportedResume.text`: one, or several in reading order
where something else stands between (a date in the margin). Joined, without white space, dashes
and case, they are the field's value; a date's span is the written span that reads as it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

from resume_core.dates import Span, find_spans
from resume_core.ids import NAME_AND_START
from resume_core.importing.confidence import DERIVED, LINKED, Doubts, rule_of
from resume_core.importing.layout import Document
from resume_core.importing.report import Doubt, FieldRead
from resume_core.jsonresume import to_json_resume
from resume_core.model import Resume

_STARTS: Final = ("startDate", "date", "releaseDate")
_DATES: Final = (*_STARTS, "endDate")
_DASHES: Final = "-\u2010\u2011\u2012\u2013\u2014\u2015\u2212"
_MOST_PIECES: Final = 40

Range = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Leaf:
    """A single value of a document: its path, its last name, its text."""

    path: str
    name: str
    value: str


def squash(text: str) -> str:
    """The form in which a field and its spans are equal."""
    return "".join(_kept(character) for character in text)


def field_evidence(
    resume: Resume,
    document: Document,
    doubts: Sequence[Doubt],
    regions: Mapping[str, Sequence[Range]],
) -> tuple[FieldRead, ...]:
    """Every field with its spans and confidence.

    `regions` are the ranges of lines that an entry or part ("work[0]", "basics") was read from.
    """
    text, sure = SpanFinder(document.text), Doubts(doubts)
    parts = list(_parts(resume))
    places = _places(document, text, parts, regions)
    found = []
    for part, leaves in parts:
        within = places[part] or [(0, len(document.text))]
        spans = _Locator(text, within, document.cells).locate(leaves)
        for leaf, at in zip(leaves, spans, strict=True):
            rule, confidence = rule_of(leaf.path)
            if not at:
                linked = any(_in_link(leaf.value, link) for link in document.links)
                rule, most = LINKED if linked else DERIVED
                confidence = min(confidence, most)
            line = document.line_at(at[0][0]) if at else None
            found.append(
                FieldRead(
                    path=leaf.path,
                    spans=at,
                    line=None if line is None else line + 1,
                    page=None if line is None else document.lines[line].page or None,
                    confidence=sure.cap(leaf.path, confidence),
                    rule=rule,
                )
            )
    return tuple(found)


def leaves_of(value: Any, path: str = "", name: str = "") -> Iterator[Leaf]:
    """Every text of JSON-ready data, with its path."""
    if isinstance(value, dict):
        for key, item in value.items():
            if key != "id":
                yield from leaves_of(item, f"{path}.{key}".lstrip("."), key)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from leaves_of(item, f"{path}[{index}]", name)
    elif isinstance(value, str):
        yield Leaf(path, name, value)


def _parts(resume: Resume) -> Iterator[tuple[str, list[Leaf]]]:
    """The fields by what they were read from: an entry, the basics, a section nobody knows."""
    for section, value in to_json_resume(resume).items():
        if isinstance(value, list):
            for index, entry in enumerate(value):
                part = f"{section}[{index}]"
                yield part, list(leaves_of(entry, part))
        elif section == "basics":
            summary = value.pop("summary", None)
            yield "basics", list(leaves_of(value, "basics"))
            yield "basics.summary", list(leaves_of(summary, "basics.summary", "summary"))
        else:
            for index, other in enumerate(value.get("x-sections", ())):
                part = f"meta.x-sections[{index}]"
                yield part, list(leaves_of(other, part))


def _places(
    document: Document,
    text: "SpanFinder",
    parts: Sequence[tuple[str, list[Leaf]]],
    regions: Mapping[str, Sequence[Range]],
) -> dict[str, list[Range]]:
    """Where to look for each part, the likeliest range of characters first.

    Entries of a list share the region of their section; each begins at the line of its name.
    """
    spans = document.spans
    places: dict[str, list[Range]] = {}
    starts: dict[str, list[tuple[str, int]]] = {}
    for part, leaves in parts:
        section = part.partition("[")[0]
        ranges = regions.get(part) or regions.get(section) or ()
        places[part] = [(spans[first][0], spans[last][1]) for first, last in ranges]
        if part in regions or section not in NAME_AND_START:
            continue
        known = starts.setdefault(section, [])
        name = next((x.value for x in leaves if x.name == NAME_AND_START[section][0]), "")
        after = known[-1][1] if known else 0
        at = text.first(name, [(max(after, low), high) for low, high in places[part]])
        if at is not None:
            begin = spans[document.line_at(at[0])][0]
            known.append((part, begin if begin > after or not known else at[0]))
    for found in starts.values():
        for (part, start), (_, end) in pairwise([*found, ("", len(document.text))]):
            places[part].insert(0, (start, end))
    return places


def _in_link(value: str, link: str) -> bool:
    return squash(value).removeprefix("https://") in squash(link)


class SpanFinder:
    """Finds values in a text, however it is broken into lines."""

    def __init__(self, text: str) -> None:
        self.text = text
        squashed, self._at = [], []
        for index, character in enumerate(text):
            kept = _kept(character)
            squashed.append(kept)
            self._at += [index] * len(kept)
        self._squashed = "".join(squashed)
        self._before = [0]
        for kept in squashed:
            self._before.append(self._before[-1] + len(kept))

    def find(self, value: str, within: Range, *, whole_words: bool = True) -> Range | None:
        """The first place of the value in a range of the text."""
        wanted = squash(value)
        low, high = self._before[within[0]], self._before[within[1]]
        start = self._squashed.find(wanted, low, high) if wanted else -1
        while start >= 0:
            at = self._at[start], self._at[start + len(wanted) - 1] + 1
            if not whole_words or self._is_whole(at):
                return at
            start = self._squashed.find(wanted, start + 1, high)
        return None

    def first(self, value: str, places: Sequence[Range]) -> Range | None:
        """Its first place in the first range that has it as whole words."""
        found = (self.find(value, (low, high)) for low, high in places if low < high)
        return next((at for at in found if at is not None), None)

    def first_half(self, word: str, places: Sequence[Range]) -> tuple[Range, str] | None:
        """Where a word begins that a dash cuts in two, and its other half."""
        for cut in range(len(word) - 1, 1, -1):
            for place in places:
                at = self.find(word[:cut], place, whole_words=False)
                if at is not None and self.text[at[1] : at[1] + 1] in tuple(_DASHES):
                    return at, word[cut:]
        return None

    def _is_whole(self, at: Range) -> bool:
        before, after = self.text[at[0] - 1 : at[0]], self.text[at[1] : at[1] + 1]
        cut = before.isalnum() and self.text[at[0]].isalnum()
        return not cut and not (after.isalnum() and self.text[at[1] - 1].isalnum())


class _Locator:
    """Finds the fields of one entry, texts of a list one behind the other."""

    def __init__(self, text: SpanFinder, places: Sequence[Range], cells: Sequence[Range]) -> None:
        self._text = text
        self._places = places
        self._cells = cells
        self._cursor: dict[str, int] = {}

    def locate(self, leaves: Sequence[Leaf]) -> list[tuple[Range, ...]]:
        """The spans of each; none where the text does not have it."""
        dates = {leaf.name: leaf.value for leaf in leaves if leaf.name in _DATES}
        written = self._written(dates) if dates else None
        return [
            ((written,) if written else ()) if leaf.name in _DATES else self._find(leaf)
            for leaf in leaves
        ]

    def _written(self, dates: Mapping[str, str]) -> Range | None:
        """The written span that reads as an entry's dates."""
        wanted = (
            next((dates[name] for name in _STARTS if name in dates), None),
            dates.get("endDate"),
        )
        for at, span in self._spans():
            end = span.start if span.lone else span.end
            # A section that dates its entries once keeps the start alone, or the end.
            parts = {(span.start, None), (None, end)} if span.lone or not all(wanted) else set()
            if wanted == (span.start, end) or wanted in parts:
                return at
        return None

    def _spans(self) -> Iterator[tuple[Range, Span]]:
        """The written spans, cell by cell, then those that a cell's end cuts in two.

        Cells that were read apart mean something else side by side: "Berg AB" and "Aug 2015".
        """
        for low, high in self._places:
            for start, end in self._cells:
                if low <= start and end <= high:
                    yield from _moved(find_spans(self._text.text[start:end]), start)
        for low, high in self._places:
            yield from _moved(find_spans(self._text.text[low:high]), low)

    def _find(self, leaf: Leaf) -> tuple[Range, ...]:
        cursor = self._cursor.get(leaf.name, 0)
        later = [(max(low, cursor), high) for low, high in self._places if high > cursor]
        for places in (later, self._places) if cursor else (self._places,):
            at = self._once(leaf.value, places)
            spans = (at,) if at else self._piecewise(leaf.value, places)
            if spans:
                self._cursor[leaf.name] = spans[-1][1]
                return spans
        return ()

    def _once(self, value: str, places: Sequence[Range]) -> Range | None:
        for text in dict.fromkeys((value, value.removeprefix("https://"))):
            if (at := self._text.first(text, places)) is not None:
                return at
        unbounded = (self._text.find(value, place, whole_words=False) for place in places)
        return next((at for at in unbounded if at is not None), None)

    def _piecewise(self, value: str, places: Sequence[Range]) -> tuple[Range, ...]:
        """The value in as few pieces as it takes, each as long as can be, in order."""
        words, cursor = value.split(), 0
        pieces: list[Range] = []
        while words and len(pieces) < _MOST_PIECES:
            rest = [(max(low, cursor), high) for low, high in places if high > cursor]
            taken = self._longest(words, rest)
            if taken is None:
                return ()
            at, words = taken
            pieces.append(at)
            cursor = at[1]
        return tuple(pieces) if not words else ()

    def _longest(self, words: list[str], places: Sequence[Range]) -> tuple[Range, list[str]] | None:
        """The most of the first words that stand together, and the words that are left."""
        for length in range(len(words), 0, -1):
            at = self._text.first(" ".join(words[:length]).rstrip(";"), places)
            if at is not None:
                return at, words[length:]
        half = self._text.first_half(words[0], places)
        return None if half is None else (half[0], [half[1], *words[1:]])


def _moved(spans: Sequence[Span], offset: int) -> Iterator[tuple[Range, Span]]:
    for span in spans:
        yield (span.at[0] + offset, span.at[1] + offset), span


def _kept(character: str) -> str:
    return "" if character.isspace() or character in _DASHES else character.casefold()
