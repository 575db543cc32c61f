"""The import rules' word lists, read from `words.toml` beside this file."""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from resume_core.wording import languages, wording_of


@dataclass(frozen=True, slots=True)
class Words:
    """Folded words by what they tell; `headings` maps a wording to its section."""

    titles: frozenset[str]
    title_endings: tuple[str, ...]
    seniority: frozenset[str]
    legal_forms: frozenset[str]
    organisations: frozenset[str]
    countries: frozenset[str]
    states: frozenset[str]
    regions: frozenset[str]
    cities: frozenset[str]
    tongues: frozenset[str]
    headings: dict[str, str]


@cache
def load_words() -> Words:
    """The word lists, read once."""
    data = tomllib.loads(files(__package__).joinpath("words.toml").read_text(encoding="utf-8"))
    headings = _own_headings()
    headings |= {w: section for section, words in data.pop("headings").items() for w in words}
    endings = tuple(data.pop("title_endings"))
    sets = {name: frozenset(words) for name, words in data.items()}
    return Words(title_endings=endings, headings=headings, **sets)


def _own_headings() -> dict[str, str]:
    """The headings that our own documents have, in every language there is a wording for."""
    found: dict[str, str] = {}
    for wording in map(wording_of, languages()):
        titles = {**wording.titles, "summary": wording.summary}
        found |= {title.casefold(): section for section, title in titles.items()}
    return found
