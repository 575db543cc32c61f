"""What a document says beside the resume's own words, by language."""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

from resume_core.dates import shorten

#: Sections in the order in which a document shows them.
PRINTED: Final[tuple[str, ...]] = (
    "work",
    "projects",
    "education",
    "skills",
    "certificates",
    "awards",
    "publications",
    "volunteer",
    "languages",
    "interests",
    "references",
)
DASH: Final = "\u2013"
_RIGHT_TO_LEFT: Final = frozenset({"ar", "he"})


@dataclass(frozen=True, slots=True)
class Wording:
    """Section titles and the words between fields, in one language.

    `month` and `day` are formats of dates with that precision; empty: English month names.
    """

    language: str
    summary: str
    titles: dict[str, str]
    present: str
    until: str
    of_area: str
    grade: str
    courses: str
    technologies: str
    for_entity: str
    month: str = ""
    day: str = ""

    @property
    def right_to_left(self) -> bool:
        """Whether the language is written from right to left."""
        return self.language in _RIGHT_TO_LEFT

    def date(self, iso: str) -> str:
        """An ISO date at its own precision, as the language writes it."""
        parts = [int(part) for part in iso.split("-")]
        form = ("{year}", self.month, self.day)[len(parts) - 1]
        if not form:
            return shorten(iso)
        year, month, day = (*parts, 0, 0)[:3]
        return form.format(year=f"{year:04}", month=month, day=day)

    def span(self, start: str | None, end: str | None, *, lone_end: bool = False) -> str:
        """A span of ISO dates; `lone_end`: an end without a start stands for the whole."""
        if start and end:
            written = self.date(start)
            return written if start == end else f"{written} {DASH} {self.date(end)}"
        if start:
            return f"{self.date(start)} {DASH} {self.present}"
        if not end:
            return ""
        return self.date(end) if lone_end else f"{self.until} {self.date(end)}"


def languages() -> tuple[str, ...]:
    """The languages there is a wording for, as ISO 639-1 codes."""
    return tuple(_wordings())


def wording_of(language: str | None) -> Wording:
    """The wording for a language tag such as `de` or `pt-BR`; English for one we do not have."""
    code = (language or "en").replace("_", "-").partition("-")[0].casefold()
    known = _wordings()
    return known.get(code) or known["en"]


@cache
def _wordings() -> dict[str, Wording]:
    text = files(__package__).joinpath("wording.toml").read_text(encoding="utf-8")
    return {language: _wording(language, words) for language, words in tomllib.loads(text).items()}


def _wording(language: str, words: dict[str, str]) -> Wording:
    titles = {section: words.pop(section) for section in PRINTED}
    return Wording(language=language, titles=titles, **words)
