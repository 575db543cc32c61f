"""How a model reads a resume: it points at lines, and copies what it points at."""

from typing import Literal

from pydantic import BaseModel, ConfigDict

Section = Literal["work", "volunteer", "education", "projects"]
Kind = Literal["organisation", "title", "dates", "place", "degree", "field"]


class _Strict(BaseModel):
    """Strict structured output wants every field required and no others allowed."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Pointer(_Strict):
    """What stands in a line, letter for letter; `title` is a role's title or a project's name."""

    kind: Kind
    line: int
    text: str


class LineRange(_Strict):
    """A bullet or paragraph: its first and its last line."""

    first: int
    last: int


class PointedEntry(_Strict):
    """One job, course of study or project."""

    section: Section
    head: list[Pointer]
    body: list[LineRange]


class PointedResume(_Strict):
    """The model's whole answer."""

    entries: list[PointedEntry]
