"""Entries of a section: which items head one, and what the pieces of a head are."""

import re
from dataclasses import dataclass, field
from typing import Final

from resume_core.dates import Span, find_spans
from resume_core.importing.joining import Item, without_duration
from resume_core.importing.places import is_place, split_place

_SEPARATORS: Final = re.compile(r"\s+[|\u00b7\u2022\u2013\u2014\u25cf]\s+|\s+-\s+|\s*\|\s*|\t")
_LEFTOVER: Final = re.compile(r"\(\s*[,;|\u2013-]*\s*\)|\[\s*\]")
_TRIM: Final = " ,;:|\u00b7\u2013\u2014-"
_LABEL: Final = re.compile(r"[^:]{2,40}:(?:\s|$)")
_URL: Final = re.compile(
    r"\(?((?:https?://|www\.)[^\s)|,]+|(?:[\w-]+\.)+(?:com|org|net|io|dev|app|ai|co|de|edu)"
    r"(?:/[^\s)|,]*)?)(?=$|[\s)|,])\)?",
    re.IGNORECASE,
)
_FAR: Final = 1.3


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a head: where it stood and how it looked."""

    text: str
    row: int
    cell: int
    bold: bool
    italic: bool


@dataclass(slots=True)
class Group:
    """An entry as found: its head lines, then paragraphs and bullets."""

    head: list[Item]
    prose: list[str] = field(default_factory=list)
    bullets: list[str] = field(default_factory=list)
    asides: list[str] = field(default_factory=list)
    body: list[Item] = field(default_factory=list)

    @property
    def lines(self) -> tuple[int, int]:
        """The first and the last line of the document that belong to the entry."""
        items = self.head + self.body
        return min(item.line.number for item in items), max(item.last for item in items)


@dataclass(slots=True)
class Head:
    """What a head says: its date or span, place, address on the web, and the other pieces."""

    span: Span | None
    place: str
    url: str
    pieces: list[Piece]
    is_place_guessed: bool = False
    #: The row that the dates stand in; -1: beside the head, or there are none.
    dated_row: int = -1


def group_items(items: list[Item]) -> list[Group]:
    """The entries of a dated section (work, education, projects, volunteering)."""
    groups: list[Group] = []
    for head, body in _runs(items):
        parts = _split_run(head)
        if groups and parts and not _starts_entry(parts[0], body, groups):
            _add_body(groups[-1], parts.pop(0))
        groups.extend(Group(part) for part in parts)
        if not groups:
            groups.append(Group([]))
        _add_body(groups[-1], body)
    for group in groups:
        group.asides += [aside for item in group.head for aside in item.asides]
    return [group for group in groups if group.head or group.bullets or group.prose]


def group_lines(items: list[Item]) -> list[Group]:
    """Each line an entry of its own: a list of projects without dates, bullets or layout."""
    return [Group([item]) for item in items]


def is_flat(items: list[Item]) -> bool:
    """Whether nothing tells head lines from others."""
    return not any(
        item.bullet or item.asides or item.line.bold or item.line.level or _dated(item)
        for item in items
    ) and all(item.line.gap < _FAR for item in items[1:])


def read_head(group: Group) -> Head:
    """The pieces of a group's head, with dates, place and address taken out."""
    head = Head(None, "", "", [])
    for aside in group.asides:
        _read_cell(head, aside, None, -1, 0)
    for row, item in enumerate(group.head):
        for cell, text in enumerate(item.cells):
            _read_cell(head, text, item, row, cell)
    return head


def _runs(items: list[Item]) -> list[tuple[list[Item], list[Item]]]:
    """Head lines with the body that follows them, again and again."""
    runs: list[tuple[list[Item], list[Item]]] = []
    for item in items:
        is_body = item.bullet or (item.prose and not _dated(item)) or _is_label(item)
        if not runs or (not is_body and runs[-1][1]):
            runs.append(([], []))
        runs[-1][1 if is_body else 0].append(item)
    return runs


def _is_label(item: Item) -> bool:
    """A label such as "Technologies: Python, Go" tells of the entry above; it starts none."""
    return _LABEL.match(item.text) is not None and not _dated(item) and not item.line.bold


def _dated(item: Item) -> bool:
    return any(_is_date_note(cell) for cell in item.cells)


def _dates_aside(item: Item) -> bool:
    return any(map(_is_date_note, item.asides))


def _is_date_note(text: str) -> bool:
    """Whether a date stands here as a date, not as a year within a sentence."""
    spans = find_spans(text)
    if not spans:
        return False
    span = spans[-1]
    at_edge = span.at[0] <= 1 or not text[span.at[1] :].strip(" )].,;|")
    return not span.lone or at_edge or _SEPARATORS.search(text) is not None


def _split_run(head: list[Item]) -> list[list[Item]]:
    """One run of head lines may hold several entries that have no body."""
    # Beside a long first cell, the dates of a head stand in the margin.
    dates = [index for index, item in enumerate(head) if _dated(item) or _dates_aside(item)]
    if len(dates) < 2:
        return [head] if head else []
    starts = [0] + [
        index
        for index in range(1, len(head))
        if head[index].line.gap >= _FAR or head[index].line.level
    ]
    if len(starts) != len(dates):
        starts = [max(0, date - dates[0]) for date in dates]
    ends = [*starts[1:], len(head)]
    return [head[start:end] for start, end in zip(starts, ends, strict=True) if start < end]


def _starts_entry(head: list[Item], body: list[Item], groups: list[Group]) -> bool:
    """Whether head lines after a body begin an entry, or are a line of the one above."""
    if any(_dated(item) for item in head) or any(item.asides for item in head + body):
        return True
    first, model = head[0], groups[0].head[0] if groups[0].head else None
    if model is None or first.line.level:
        return True
    same_look = (first.line.bold, first.line.size) == (model.line.bold, model.line.size)
    distinct = first.line.bold or first.line.gap >= _FAR
    return same_look and distinct and not first.text.endswith((":", "."))


def _add_body(group: Group, items: list[Item]) -> None:
    group.body += items
    for item in items:
        (group.bullets if item.bullet else group.prose).append(item.text)
        group.asides += item.asides


def _read_cell(head: Head, text: str, item: Item | None, row: int, cell: int) -> None:
    before, text = head.span, _take_url(head, _take_span(head, text))
    if head.span is not before:
        head.dated_row = row
    text = _LEFTOVER.sub("", without_duration(text)).strip(_TRIM)
    for part in _SEPARATORS.split(text):
        piece = part.strip(_TRIM)
        if not any(map(str.isalnum, piece)):
            continue
        if is_place(piece):
            head.place = head.place or piece.strip("()")
            continue
        inner = re.fullmatch(r"(.+?)\s*\(([^()]+)\)", piece)
        if inner and is_place(inner[2]):
            piece, head.place = inner[1], head.place or inner[2]
        if item is not None:
            piece = _take_place(head, piece)
            head.pieces.append(Piece(piece, row, cell, item.line.bold, item.line.italic))


def _take_span(head: Head, text: str) -> str:
    spans = find_spans(text)
    if not spans or not _is_date_note(text):
        return text
    span = spans[-1]
    if head.span is None or (head.span.lone and not span.lone):
        head.span = span
        return f"{text[: span.at[0]].rstrip()} | {text[span.at[1] :].lstrip()}".strip(" |")
    return text


def _take_url(head: Head, text: str) -> str:
    match = _URL.search(text)
    if match is None:
        return text
    head.url = head.url or match[1]
    return text[: match.start()] + text[match.end() :]


def _take_place(head: Head, piece: str) -> str:
    if head.place:
        rest, place = split_place(piece)
        return rest if place.casefold() == head.place.casefold() else piece
    rest, place = split_place(piece)
    head.place = place
    return rest
