"""The fonts of a document, and which characters they have."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from typing import Final
from unicodedata import category, name

from fontTools.ttLib import TTCollection, TTFont

from resume_documents.errors import UnprintableError


@dataclass(frozen=True, slots=True)
class Font:
    """A font family: its name, the package it is from, and a file that tells what it has."""

    family: str
    package: str
    file: str

    @property
    def folder(self) -> Path:
        """Where its files are."""
        if self.package == __package__:
            return Path(str(files(__package__))) / "fonts"
        spec = find_spec(self.package)
        if spec is None or not spec.submodule_search_locations:
            raise RuntimeError(f"the package {self.package} is not installed")
        return Path(spec.submodule_search_locations[0])


_NOTO: Final = "manimgx_fonts"
#: In the order in which they are asked for a character. Arabic is Naskh: the present Noto Sans
#: Arabic draws letters and their dots apart, and readers of PDF make nonsense of them.
FONTS: Final = (
    Font("Noto Sans", _NOTO, "NotoSans[wght].ttf"),
    Font("Noto Naskh Arabic", "resume_documents", "NotoNaskhArabic-Regular.ttf"),
    Font("Noto Sans Hebrew", _NOTO, "NotoSansHebrew[wght].ttf"),
    Font("Noto Sans Armenian", _NOTO, "NotoSansArmenian[wght].ttf"),
    Font("Noto Sans Georgian", _NOTO, "NotoSansGeorgian[wght].ttf"),
    Font("Noto Sans Symbols", _NOTO, "NotoSansSymbols[wght].ttf"),
    Font("Noto Emoji", _NOTO, "NotoEmoji[wght].ttf"),
    Font("Noto Sans CJK SC", "manimgx_fonts_cjk", "NotoSansCJK-VF.otf.ttc"),
)
_CJK: Final = {"ja": "Noto Sans CJK JP", "ko": "Noto Sans CJK KR", "zh": "Noto Sans CJK SC"}


def families(language: str) -> list[str]:
    """The families in the order of preference; Han characters look as the language has them."""
    return [*(font.family for font in FONTS[:-1]), _CJK.get(language, FONTS[-1].family)]


def folders() -> list[str]:
    """Where typst finds them."""
    return list(dict.fromkeys(str(font.folder) for font in FONTS))


def check_printable(texts: Iterable[str]) -> None:
    """Refuse what no font of ours has: better an error than empty boxes.

    Raises:
        UnprintableError: naming the scripts.
    """
    needed = {ord(char) for text in texts for char in text if not _is_unseen(char)}
    for font in FONTS:
        if not needed:
            return
        needed -= _characters(font)
    if needed:
        raise UnprintableError(sorted(set(map(_script, needed))))


def check_text(texts: Iterable[str]) -> None:
    """Refuse what is no text in any format: control characters, halves of pairs, non-characters.

    Raises:
        UnprintableError: with the kind of the characters.
    """
    wrong = {char for text in texts for char in text if _is_no_text(char)}
    if wrong:
        raise UnprintableError(sorted({_script(ord(char)) for char in wrong}))


@cache
def _characters(font: Font) -> frozenset[int]:
    path = font.folder / font.file
    with path.open("rb") as file:
        if path.suffix == ".ttc":
            return frozenset(TTCollection(file, lazy=True).fonts[0].getBestCmap())
        return frozenset(TTFont(file, lazy=True).getBestCmap())


def _is_unseen(char: str) -> bool:
    return char.isspace() or category(char) == "Cf" or "\ufe00" <= char <= "\ufe0f"


def _is_no_text(char: str) -> bool:
    if char in "\t\n\r":
        return False
    return category(char) in {"Cc", "Cs"} or (ord(char) & 0xFFFE) == 0xFFFE or _is_hole(ord(char))


def _is_hole(code: int) -> bool:
    return 0xFDD0 <= code <= 0xFDEF


def _script(code: int) -> str:
    """The script of a character by the first word of its name."""
    return next(_words(code), f"U+{code:04X}").capitalize()


def _words(code: int) -> Iterator[str]:
    yield from name(chr(code), "").replace("-", " ").split()
