"""Whether a document says everything it should, in its order.

Tolerant of what a reader does not see (line ends, ligatures, compatibility forms, directional
marks), never of a lost letter: a statement counts only as a whole, between its own edges.
"""

import re
import unicodedata
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from resume_documents.expected import Expected

#: A reader of PDF puts one line's runs of either direction in an order of its own.
_LINE: Final = 240
#: Characters without white space of a statement that stands nowhere by chance.
_TELLING: Final = 40
#: From right to left readers put it at the far end of its first line, inside what it marks.
_LIST_MARK: Final = str.maketrans("\u2022", " ")
_WORD: Final = re.compile(r"\d+|[^\W\d_]+")
_RIGHT_TO_LEFT: Final = frozenset({"R", "AL", "AN"})


@dataclass(frozen=True, slots=True)
class Missing:
    """A statement that is not in the document, or not where it belongs; `id` is a path."""

    id: str
    out_of_order: bool


def find_missing(
    expected: Iterable[Expected], text: str, *, visual: bool = False, right_to_left: bool = False
) -> list[Missing]:
    """The statements that a document's text lacks.

    Args:
        expected: what it must say, in order.
        text: what was read from the file.
        visual: the text was put together from places on a page (PDF), so that words of a line
            with right-to-left letters may come in another order.
        right_to_left: the whole document runs from right to left.
    """
    marks = _LIST_MARK if visual and right_to_left else {}
    text = text.translate(marks)
    page = _Page(text)
    missing = []
    for statement in expected:
        words = _tokens(statement.text.translate(marks))
        if not words:
            continue
        whole = "".join(words)
        mixed = visual and (right_to_left or has_right_to_left(statement.text))
        # Near by in another order comes before word for word, but pages later.
        near = mixed and (page.take_telling(whole) or page.take_words(words))
        if not (near or page.take(whole)):
            anywhere = _Page(text).take(whole)
            missing.append(Missing(statement.id, out_of_order=anywhere))
    return missing


def has_right_to_left(text: str) -> bool:
    """Whether the text has letters that are written from right to left."""
    return any(unicodedata.bidirectional(char) in _RIGHT_TO_LEFT for char in text)


class _Page:
    """A text without its white space, read from front to back."""

    def __init__(self, text: str) -> None:
        tokens = _tokens(text)
        self._text = "".join(tokens)
        self._at = 0
        self._edges = [0]
        for token in tokens:
            self._edges.append(self._edges[-1] + len(token))

    def take(self, wanted: str) -> bool:
        """Go past the next place that says it as a whole."""
        found = self._find(wanted, self._at)
        if found is not None:
            self._at = found + len(wanted)
        return found is not None

    def take_telling(self, wanted: str) -> bool:
        """The same for what is too long to stand near by twice: a line in the reader's order."""
        end = self._at + 2 * _LINE + len(wanted)
        is_near = len(wanted) >= _TELLING and self._text.find(wanted, self._at, end) >= 0
        return is_near and self.take(wanted)

    def take_words(self, words: list[str]) -> bool:
        """Find every word and number near by, in whatever order; each place counts once.

        Signs must be there as often, wherever: readers move "%" and "-" from a number's one side
        to its other.
        """
        start = max(0, self._at - _LINE)
        end = start + 2 * _LINE + 3 * sum(map(len, words))
        used: set[int] = set()
        parts = sorted((part for word in words for part in _WORD.findall(word)), key=len)
        for part in reversed(parts):
            found = self._find(part, start, loose=True)
            while found is not None and found in used:
                found = self._find(part, found + 1, loose=True)
            if found is None or found > end:
                return False
            used.update(range(found, found + len(part)))
        signs = Counter(char for word in words for char in word if not _is_word(char))
        if signs - Counter(self._text[start:end]):
            return False
        self._at = max(self._at, min(used, default=0))
        return True

    def _find(self, wanted: str, start: int, *, loose: bool = False) -> int | None:
        found = self._text.find(wanted, start)
        while found >= 0:
            if all(self._is_edge(at, loose=loose) for at in (found, found + len(wanted))):
                return found
            found = self._text.find(wanted, found + 1)
        return None

    def _is_edge(self, place: int, *, loose: bool) -> bool:
        """Whether white space, a sign or a change of direction is here; loose: digits begin too."""
        if place in {0, len(self._text)}:
            return True
        before, after = self._text[place - 1], self._text[place]
        if not (_is_word(before) and _is_word(after)):
            return True
        if has_right_to_left(before) != has_right_to_left(after) or (
            loose and before.isdigit() != after.isdigit()
        ):
            return True
        index = bisect_left(self._edges, place)
        return self._edges[index] == place


def _tokens(text: str) -> list[str]:
    """The text's runs between white space, in one normal form, without invisible characters."""
    normal = unicodedata.normalize("NFKC", text)
    return "".join(c for c in normal if not _is_invisible(c)).split()


def _is_invisible(char: str) -> bool:
    if char.isspace():
        return False
    return unicodedata.category(char) in {"Cf", "Cc"} or "\ufe00" <= char <= "\ufe0f"


def _is_word(char: str) -> bool:
    return unicodedata.category(char)[0] in "LMN"
