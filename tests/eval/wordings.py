"""The words of the hostile model's lies, a file for each set of people."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import yaml

_FOLDER: Final = Path(__file__).with_name("wordings")


@dataclass(frozen=True, slots=True)
class Wordings:
    """What lies add, in the languages of a set's resumes; "{}" is filled in.

    Attributes:
        leads: verbs of leading, put before the rest of an English line.
        name: somebody else's name.
        tongue: a language nobody in the set speaks.
        bound: by language, what makes more of a number ("over").
        letters: a letter and another one that looks like it.
        digits: where another script's digits begin in Unicode.
        steps: the first word of a line, and one that claims a step more.
        reversed: words of one direction and of the other.
        units: a currency or unit, and another one that makes the same figure a different claim.
        phrases: by language and kind of lie, ways to say it.
    """

    leads: list[str]
    name: str
    tongue: str
    bound: Mapping[str, str]
    letters: Mapping[str, str]
    digits: int
    steps: Mapping[str, str]
    reversed: Mapping[str, str]
    units: list[tuple[str, str]]
    phrases: Mapping[str, Mapping[str, list[str]]]


@cache
def load_wordings(name: str) -> Wordings:
    """The words for one set of people."""
    return Wordings(**yaml.safe_load((_FOLDER / f"{name}.yaml").read_text(encoding="utf-8")))
