"""The import rules' word lists, read from `words.toml` beside this file."""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


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
    headings = {word: section for section, words in data.pop("headings").items() for word in words}
    endings = tuple(data.pop("title_endings"))
    sets = {name: frozenset(words) for name, words in data.items()}
    return Words(title_endings=endings, headings=headings, **sets)
