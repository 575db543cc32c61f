from typing import Final

from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel

#: Raised whenever the same inputs would score differently.
SCORES_VERSION: Final = "2026.11-2"
MAX_WHERE: Final = 10


class _Shown(BaseModel):
    model_config = ConfigDict(frozen=True, alias_generator=to_camel, populate_by_name=True)


class Point(_Shown):
    """What one rule gave: `points` of at most `of`.

    `where` are ids of entries, lines or facts (at most `MAX_WHERE`): those that cost points, or,
    of a requirement, those that answer it. `requirement_id` is the requirement it is about.
    """

    rule: str
    points: int
    of: int
    why: str
    where: tuple[str, ...] = ()
    requirement_id: str | None = None


class Cap(_Shown):
    """A limit on the whole, whatever the points add up to, and what would lift it."""

    limit: int
    why: str
    requirement_ids: tuple[str, ...]


class Score(_Shown):
    """`value` is the sum of the points, at most the cap's limit; 0 to 100."""

    value: int
    points: tuple[Point, ...]
    cap: Cap | None = None
    scores_version: str = SCORES_VERSION


def total(points: tuple[Point, ...], cap: Cap | None = None) -> Score:
    """The score that points come to."""
    value = sum(p.points for p in points)
    return Score(value=value if cap is None else min(value, cap.limit), points=points, cap=cap)
