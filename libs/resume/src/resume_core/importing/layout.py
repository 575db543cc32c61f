"""The common ground of all readers: a document as lines with the cues that layout gives."""

import re
from bisect import bisect_right
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import accumulate, pairwise
from typing import Final

#: Letters that fonts fuse, spaces that are none, and dashes that only look different.
_PLAIN: Final = str.maketrans(
    {
        "\ufb00": "ff",
        "\ufb01": "fi",
        "\ufb02": "fl",
        "\ufb03": "ffi",
        "\ufb04": "ffl",
        "\ufb05": "st",
        "\ufb06": "st",
        "\u00a0": " ",
        "\u2002": " ",
        "\u2003": " ",
        "\u2009": " ",
        "\u202f": " ",
        "\u00ad": None,
        "\u200b": None,
        "\u200c": None,
        "\u200d": None,
        "\u2060": None,
        "\ufeff": None,
        "\u2010": "-",
        "\u2011": "-",
        "\x02": "-",
    }
)
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
#: Icon fonts live in the private use area; an icon parts two pieces of text.
_ICON: Final = re.compile("\\s*[\ue000-\uf8ff]+\\s*")
_BULLET: Final = re.compile(
    "^(?:[\u2022\u25cf\u25aa\u25e6\u2023\u2043\u2219\u25cb\u25a0\u25a1\u25ba\u25b6\u27a2\u27a4"
    "\u2713\u2714\u00b7\u00bb\u203a\uf0b7\uf0a7\uf0d8\uf0fc\uf076]\\s*|[-*\u2013\u2014o]\\s+(?=\\S))"
)
SEPARATOR: Final = " | "
_BULLET_SIGN: Final = "- "


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a document.

    `cells` are its parts where a wide gap or a tab separates them, the first without its bullet.
    `x0`, `x1` (of the first cell), `text_x0` (behind the bullet) and `right` (of the last cell)
    are in the reader's unit, points or characters; `gap` is the distance to the line above in
    line heights, 1.0 = directly below it; `level` is 1 to 6 where the format marks headings.
    `page` counts from 1 (0: not known), `number` from 0 in the document.
    """

    cells: tuple[str, ...]
    bullet: bool = False
    x0: float = 0.0
    text_x0: float = 0.0
    x1: float = 0.0
    right: float = 0.0
    size: float = 0.0
    bold: bool = False
    italic: bool = False
    level: int = 0
    gap: float = 1.0
    page: int = 0
    flow: int = 0
    number: int = 0

    @property
    def text(self) -> str:
        """All cells, joined with spaces."""
        return " ".join(self.cells)

    @property
    def caps(self) -> bool:
        """Whether the line is written in capitals."""
        letters = [c for c in self.text if c.isalpha()]
        return len(letters) > 2 and all(c.isupper() for c in letters)


@dataclass(frozen=True)
class Document:
    """What a reader found. `wraps` says whether a line may end where only the page ended it."""

    lines: tuple[Line, ...]
    wraps: bool
    pages: int = 1
    columns: int = 1
    links: tuple[str, ...] = ()

    @cached_property
    def text(self) -> str:
        """The text in reading order."""
        return "\n".join(map(_written, self.lines))

    @cached_property
    def spans(self) -> tuple[tuple[int, int], ...]:
        """The range of characters of each line in the text."""
        ends = accumulate((len(_written(line)) + 1 for line in self.lines), initial=-1)
        return tuple((before + 1, end) for before, end in pairwise(ends))

    @cached_property
    def cells(self) -> tuple[tuple[int, int], ...]:
        """The range of characters of each cell of each line."""
        found = []
        for line, (start, _) in zip(self.lines, self.spans, strict=True):
            lengths = [len(cell) + 1 for cell in line.cells]
            first = start + (len(_BULLET_SIGN) if line.bullet else 0)
            ends = accumulate(lengths, initial=first)
            found += [(before, end - 1) for before, end in pairwise(ends)]
        return tuple(found)

    def line_at(self, character: int) -> int:
        """The number of the line that a character of the text is on, from 0."""
        return bisect_right(self.spans, character, key=lambda span: span[0]) - 1


def numbered(document: Document) -> Document:
    """The document with the number of each line on it."""
    lines = (replace(line, number=number) for number, line in enumerate(document.lines))
    return replace(document, lines=tuple(lines))


def _written(line: Line) -> str:
    return (_BULLET_SIGN if line.bullet else "") + line.text


def clean(text: str) -> str:
    """Ligatures written out, exotic spaces and hyphens plain, icons as separators."""
    text = _CONTROL.sub("", text.translate(_PLAIN))
    text = _ICON.sub(SEPARATOR, text)
    return " ".join(text.split()).strip("| ")


def split_bullet(text: str) -> tuple[bool, str]:
    """Whether the text starts with a bullet, and the text without it."""
    match = _BULLET.match(text)
    return (True, text[match.end() :]) if match else (False, text)
