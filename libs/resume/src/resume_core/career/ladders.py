"""Titles by field and level: a small data file of ours, versioned, with its source stated."""

import json
from importlib.resources import files
from typing import Any, Final, NamedTuple

from resume_core.grounding import Shown
from resume_core.text import normalise, spoken, visible

ROLES_FILE: Final = "roles-2026.11.json"


class Step(Shown):
    """One level of a field, 1 the first; its titles, the most common first."""

    level: int
    titles: tuple[str, ...]


class Field(Shown):
    """One field's levels and the names of the fields beside it."""

    field: str
    steps: tuple[Step, ...]
    adjacent: tuple[str, ...]


class Place(NamedTuple):
    """Where a title stands: its field, its level, and the title as the file writes it."""

    field: str
    level: int
    title: str


class Ladders:
    """All fields, with an index over their titles. Immutable."""

    def __init__(self, version: str, source: str, fields: tuple[Field, ...]) -> None:
        self.version = version
        self.source = source
        self.fields = {f.field: f for f in fields}
        self._places = {
            normalise(title): Place(f.field, step.level, title)
            for f in fields
            for step in f.steps
            for title in step.titles
        }

    def place(self, title: str) -> Place | None:
        """Where a title stands: the longest title of the file whose words it has, in order.

        A rank that only the written title has ("Senior …") counts one level more, at most the last.
        """
        said = normalise(title)
        if said in self._places:
            return self._places[said]
        told = [w.casefold() for w in spoken(visible(title))]
        found = [p for key, p in self._places.items() if _holds(told, key.split())]
        best = max(found, key=lambda p: len(p.title.split()), default=None)
        if best is None:
            return None
        known = normalise(best.title).split()
        higher = "senior" in told and "senior" not in known
        lower = bool({"junior", "trainee"} & set(told)) and not {"junior", "trainee"} & set(known)
        return best._replace(level=max(1, min(6, best.level + higher - lower)))

    def titles(self, field: str, level: int) -> tuple[str, ...]:
        """The titles of one level; none beyond the last."""
        return next((s.titles for s in self.fields[field].steps if s.level == level), ())


def _holds(told: list[str], wanted: list[str]) -> bool:
    size = len(wanted)
    return any(told[at : at + size] == wanted for at in range(len(told) - size + 1))


def load_ladders() -> Ladders:
    """Read the file shipped with this package. Call once at start-up and pass it on."""
    text = files("resume_core").joinpath("data", ROLES_FILE).read_text(encoding="utf-8")
    data: dict[str, Any] = json.loads(text)
    fields = tuple(Field.model_validate(f) for f in data["fields"])
    return Ladders(str(data["version"]), str(data["source"]), fields)
