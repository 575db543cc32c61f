"""Columns of a page: where the gutter runs, and in which order the parts are read.

A gutter is a left edge that many lines share, with text on both sides of it and hardly a line
across, over a good part of the page. Dates and places in the margin of a one-column page look
similar and are not one: they are short, few, and stand beside lines of their own.
"""

import re
from collections import Counter
from dataclasses import dataclass
from typing import Final

from resume_core.dates import find_spans
from resume_core.importing.sections import heading_kind

_TOLERANCE: Final = 3.0
_MIN_LINES: Final = 6
#: Lines, and shares of the page's height and text, that are enough with headings of a resume on
#: both sides: a column of skills holds few words.
_HEADED_LINES: Final = 4
_HEADED_HEIGHT: Final = 0.08
_HEADED_SHARE: Final = 0.03
_MIN_SHARE: Final = 0.15
_MAX_CROSSING: Final = 0.06
_MIN_HEIGHT: Final = 0.4
_HEADER: Final = 0.35
_DIGITS: Final = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Segment:
    """A run of text without a wide gap: box in points from the top left, `y` its baseline."""

    text: str
    bullet: bool
    x0: float
    text_x0: float
    x1: float
    y: float
    size: float
    bold: bool
    italic: bool
    page_width: float
    page: int = 0

    @property
    def stamp(self) -> tuple[str, int]:
        """Text without its digits, and rough height: equal for running heads and feet."""
        return _DIGITS.sub("#", self.text), round(self.y / 4)


@dataclass(frozen=True, slots=True)
class _Split:
    head: list[Segment]
    left: list[Segment]
    right: list[Segment]
    foot: list[Segment]

    @property
    def parts(self) -> list[list[Segment]]:
        """The parts in the order of a newspaper."""
        return [self.head, self.left, self.right, self.foot]


def flows_of(pages: list[list[Segment]]) -> tuple[list[list[list[Segment]]], int]:
    """Parts that read on from page to page, each a list of pages, and the most columns seen.

    Columns of equal width are read like a newspaper. Else the head of the page comes first, then
    the narrower column over all pages, then the wider one, which pages without columns go on from.
    """
    splits = [_split(page) for page in pages]
    if not any(splits):
        return [pages], 1
    if all(_is_newspaper(split) for split in splits if split):
        parts = [
            [page] if split is None else split.parts
            for page, split in zip(pages, splits, strict=True)
        ]
        return [[part] for page in parts for part in page if part], 2
    lefts = sum(_weight(split.left) for split in splits if split)
    rights = sum(_weight(split.right) for split in splits if split)
    head: list[list[Segment]] = []
    side: list[list[Segment]] = []
    main: list[list[Segment]] = []
    for page, split in zip(pages, splits, strict=True):
        if split is None:
            main.append(page)
            continue
        # Only the first page has a head; a line across on a later one belongs to the main text.
        (main if head or main else head).append(split.head)
        narrow, wide = (split.left, split.right) if lefts < rights else (split.right, split.left)
        side.append(narrow)
        main.append(wide)
        main.append(split.foot)
    return [flow for flow in (head, side, main) if any(flow)], 2


def _is_newspaper(split: _Split) -> bool:
    """Whether the columns are equally wide, so that the text of the left goes on in the right."""
    left = max(s.x1 for s in split.left) - min(s.x0 for s in split.left)
    right = max(s.x1 for s in split.right) - min(s.x0 for s in split.right)
    return 0.75 < left / right < 1.33


def _weight(segments: list[Segment]) -> int:
    return sum(len(segment.text) for segment in segments)


def _split(page: list[Segment]) -> _Split | None:
    """The page's two columns, or None where it has one."""
    if len(page) < 2 * _HEADED_LINES:
        return None
    best: _Split | None = None
    for edge, count in _edges(page):
        split = _at(page, edge)
        headed = _headed(split.left) and _headed(split.right)
        least = _HEADED_LINES if headed else _MIN_LINES
        if count >= least and _plausible(page, split, headed=headed):
            balance = min(_weight(split.left), _weight(split.right))
            if best is None or balance > min(_weight(best.left), _weight(best.right)):
                best = split
    return best


def _edges(page: list[Segment]) -> list[tuple[float, int]]:
    """Left edges that lines share, away from the page's margins, with how many share them."""
    width = page[0].page_width
    rounded = Counter(round(s.x0) for s in page if 0.2 * width < s.x0 < 0.8 * width)
    return [(edge - _TOLERANCE, sum(rounded[edge + d] for d in range(-2, 3))) for edge in rounded]


def _at(page: list[Segment], gutter: float) -> _Split:
    crossing = [s for s in page if s.x0 < gutter < s.x1]
    top, bottom = min(s.y for s in page), max(s.y for s in page)
    head_end = max((s.y for s in crossing if s.y < top + _HEADER * (bottom - top)), default=-1.0)
    body = [s for s in page if s.y > head_end + 1.0 and s not in crossing]
    ends = max((s.y for s in body), default=0.0)
    return _Split(
        head=[s for s in page if s.y <= head_end + 1.0],
        left=[s for s in body if s.x1 <= gutter],
        right=[s for s in body if s.x0 >= gutter],
        foot=[s for s in crossing if s.y > head_end + 1.0 and s.y <= ends + 1000.0],
    )


def _headed(side: list[Segment]) -> bool:
    return any(heading_kind(segment.text) for segment in side)


def _plausible(page: list[Segment], split: _Split, *, headed: bool) -> bool:
    left, right = split.left, split.right
    if min(len(left), len(right)) < (_HEADED_LINES if headed else _MIN_LINES):
        return False
    if len(split.foot) > _MAX_CROSSING * (len(left) + len(right)):
        return False
    total = _weight(left) + _weight(right)
    share = _HEADED_SHARE if headed else _MIN_SHARE
    if min(_weight(left), _weight(right)) < share * total:
        return False
    height = max(s.y for s in page) - min(s.y for s in page)
    common = min(max(s.y for s in left), max(s.y for s in right)) - max(
        min(s.y for s in left), min(s.y for s in right)
    )
    least = _HEADED_HEIGHT if headed else _MIN_HEIGHT
    return common > least * height and not (_is_margin(left) or _is_margin(right))


def _is_margin(side: list[Segment]) -> bool:
    """Whether a side holds mostly dates and other short notes beside lines of the other."""
    dated = sum(1 for s in side if (spans := find_spans(s.text)) and _spanned(s.text, spans[0].at))
    return dated >= 0.4 * len(side)


def _spanned(text: str, at: tuple[int, int]) -> bool:
    return at[1] - at[0] >= 0.6 * len(text)
