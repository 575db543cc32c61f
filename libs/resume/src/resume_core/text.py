"""Text as the truth gate sees it: one normal form, words with their places, stems.

Everything that compares text goes through here, so that a change of width, case, dash, digit
script or an invisible character never makes two equal facts differ or a lie look new.
"""

import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache, wraps
from types import MappingProxyType
from typing import Final, NamedTuple, TypeVar

import snowballstemmer

_DASHES = dict.fromkeys(
    map(ord, "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u2043\ufe58\ufe63"), "-"
)
_QUOTES = dict.fromkeys(map(ord, "\u2018\u2019\u201a\u201b\u02bc\xb4\u2032`"), "'") | dict.fromkeys(
    map(ord, "\u201c\u201d\u201e\u201f\xab\xbb\u2033"), '"'
)
_BULLETS = dict.fromkeys(map(ord, "\u2022\u25cf\u25aa\u25e6\u2023\xb7\u2219\u25a0\u25a1"), " ")
_PLAIN = _DASHES | _QUOTES | _BULLETS | {0x066A: "%"}
_INVISIBLE: Final = frozenset({"Cf", "Co", "Cs"})
_WORD = re.compile(r"[^\W_](?:[^\W_]|['&](?=[^\W_])|[.](?=[^\W_]{2})|[+#])*")
_LEGAL = re.compile(
    r"[\s,]+(?:inc|llc|ltd|limited|gmbh|mbh|ag|kg|se|sa|s\.a|sas|sarl|srl|spa|bv|b\.v|nv|plc|corp|"
    r"corporation|co|company|oy|ab|as|pty|pte|kk|llp|lp|ug|e\.v)\.?$"
)
_STEMMER = snowballstemmer.stemmer("english")
#: Past forms of resume verbs that no suffix rule brings back to their verb.
_IRREGULAR = MappingProxyType(
    {"taught": "teach", "led": "lead", "built": "build", "wrote": "write", "written": "write"}
    | {"ran": "run", "grew": "grow", "grown": "grow", "sold": "sell", "bought": "buy"}
    | {"kept": "keep", "drove": "drive", "driven": "drive", "held": "hold", "made": "make"}
    | {"gave": "give", "given": "give", "spoke": "speak", "won": "win", "brought": "bring"}
    | {"found": "find", "took": "take", "taken": "take", "chose": "choose", "rebuilt": "rebuild"}
    | {
        "rewrote": "rewrite",
        "rewritten": "rewrite",
        "oversaw": "oversee",
        "began": "begin",
        "met": "meet",
        "sent": "send",
    }
    | {"spent": "spend", "drew": "draw", "drawn": "draw", "dealt": "deal", "became": "become"}
)


def word_set(text: str) -> frozenset[str]:
    """The words of a list written as prose."""
    return frozenset(text.split())


#: Words that carry no claim; left out of every overlap and grounding measure.
STOP_WORDS = word_set(
    """a about above across after against all along also am among an and any are around as at be
    because been before being between both but by can could did do does doing done down due
    during each either else etc even every for from further had has have having he her here hers
    him his how i if in including into is it its itself just like may me more most much must my
    near never no nor not now of off on once one only onto or other our out over own per plus
    same she should since so some such than that the their them then there these they this those
    through thus to together too toward towards under until up upon us using very via was we
    well were what when where whether which while who whom whose why will with within without
    would yet you your"""
)


#: A job reads each of its lines dozens of times; a longer text is read a few times only.
_REMEMBERED_LENGTH: Final = 1024
_REMEMBERED: Final = 4096
_Read = TypeVar("_Read")


def remembered(read: Callable[[str], _Read]) -> Callable[[str], _Read]:
    """Keep what a pure function read from the latest short texts; it must return nothing mutable.

    The memory is bounded in number and length, so that a long text cannot fill the process.
    """
    known = lru_cache(maxsize=_REMEMBERED)(read)

    @wraps(read)
    def reader(text: str) -> _Read:
        return known(text) if len(text) <= _REMEMBERED_LENGTH else read(text)

    return reader


class Word(NamedTuple):
    """A word of a text: as written, and its place in characters."""

    text: str
    start: int
    end: int


class _Visible(dict[int, str]):
    """What each character becomes, for `str.translate`: looked up once, for the common ones."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        category = unicodedata.category(character)
        seen = "" if category in _INVISIBLE else character
        if category == "Nd":
            seen = str(unicodedata.digit(character))
        if len(self) < _REMEMBERED:
            self[code] = seen
        return seen


_VISIBLE: Final = _Visible(_PLAIN)


@remembered
def visible(text: str) -> str:
    """NFKC, ASCII digits, plain dashes and quotes; format characters (zero width) removed.

    Case and line breaks stay, so offsets into the result are meaningful for further parsing.
    """
    if text.isascii():
        return text.replace("`", "'")
    return unicodedata.normalize("NFKC", text).translate(_VISIBLE)


@remembered
def normalise(text: str) -> str:
    """The form in which texts are compared: `visible`, case folded, spaces single."""
    return " ".join(visible(text).casefold().split())


@remembered
def identity(text: str) -> str:
    """`normalise` without a legal suffix or outer punctuation: "ACME, Inc." is "acme"."""
    plain = normalise(text).strip(" .,;:")
    return _LEGAL.sub("", plain).strip(" .,;:") or plain


@remembered
def words(text: str) -> tuple[Word, ...]:
    """The words of `text` (call `visible` first); "C++", "Node.js" and "R&D" stay whole."""
    return tuple(Word(m.group(), *m.span()) for m in _WORD.finditer(text))


@remembered
def spoken(text: str) -> tuple[str, ...]:
    """The same words without their places, which is much cheaper."""
    return tuple(_WORD.findall(text))


@lru_cache(maxsize=16384)
def stem(word: str) -> str:
    """The English stem of one word, case folded, without a possessive."""
    plain = word.casefold().removesuffix("'s")
    found = str(_STEMMER.stemWord(_IRREGULAR.get(plain, plain)))
    # "reconciliation" stems to "reconcili", "reconciled" to "reconcil".
    return found.removesuffix("i") if len(found) > 5 else found


@remembered
def stems(text: str) -> frozenset[str]:
    """The stems of the words of `text` that carry meaning (no stop words, no lone letters)."""
    found = spoken(visible(text))
    return frozenset(
        stem(w) for w in found if w.casefold() not in STOP_WORDS and (len(w) > 1 or w.isdigit())
    )


def overlap(a: frozenset[str], b: frozenset[str]) -> float:
    """The share of the smaller set found in the other one; 0 when either is empty."""
    if not a or not b:
        return 0.0
    return len(a & b) / min(len(a), len(b))


@remembered
def scripts(word: str) -> frozenset[str]:
    """The writing systems of a word's letters, by Unicode name (LATIN, CYRILLIC, GREEK, …)."""
    found = {
        unicodedata.name(c, "").split(" ", 1)[0]
        for c in set(word)
        if c.isalpha() and unicodedata.category(c) != "Lm"
    }
    return frozenset(found - {"MICRO", "FEMININE", "MASCULINE", "OHM", "KELVIN", "ANGSTROM"})


def mixed_script(word: str) -> bool:
    """Whether a word mixes Latin with Cyrillic, Greek or Armenian letters, as disguises do."""
    return "LATIN" in scripts(word) and bool(scripts(word) & {"CYRILLIC", "GREEK", "ARMENIAN"})


def hidden_characters(text: str) -> bool:
    """Whether `text` carries format, private-use or control characters nobody can see."""
    return any(
        unicodedata.category(c) in {"Cf", "Co", "Cs", "Cc"} and c not in "\n\r\t\u00ad"
        for c in text
    )
