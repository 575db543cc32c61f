"""Published pay of a few occupations, from a data file: what is stated, and who asks for it."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from importlib import resources
from typing import Final

from pydantic import TypeAdapter

from resume_sandbox.companies import Data

_QUESTION: Final = re.compile(r"\{.*\}", re.DOTALL)
_RANKS: Final = frozenset({"senior", "junior", "lead", "principal", "staff"})


class PayRow(Data):
    """A range of pay a year; without `date` or `sample_size` the page does not state it."""

    occupation: str
    region: str
    currency: str
    low: int
    high: int
    date: date | None
    sample_size: int | None

    @property
    def statement(self) -> str:
        """The sentence that states it."""
        known = [f"as of {self.date.day} {self.date:%B %Y}"] if self.date else []
        known += [f"{self.sample_size} people asked"] if self.sample_size else []
        return (
            f"{self.occupation} in {self.region} earn {self.currency} {self.low:,} to "
            f"{self.currency} {self.high:,} per year ({', '.join(known)})."
        )

    def answers(self, occupation: str, region: str) -> bool:
        """Whether it is about the occupation, up to ranks, and about the place asked for."""
        words = [w for w in occupation.casefold().split() if w not in _RANKS]
        place = region.split(",", maxsplit=1)[0].strip().casefold()
        return (
            " ".join(words).rstrip("s") == self.occupation.casefold().rstrip("s")
            and place == self.region.split(",")[0].casefold()
        )


class PaySurvey(Data):
    """A page with ranges of pay."""

    slug: str
    title: str
    publisher: str
    rows: tuple[PayRow, ...]

    @property
    def path(self) -> str:
        """Its path on the career site."""
        return f"/careers/pay/{self.slug}"


@dataclass(frozen=True, slots=True)
class Published:
    """A range and the page that states it."""

    survey: PaySurvey
    row: PayRow


class Pay:
    """All surveys, by slug and by question."""

    def __init__(self, surveys: tuple[PaySurvey, ...]) -> None:
        self.all = surveys
        self._by_slug = {survey.slug: survey for survey in surveys}

    def get(self, slug: str) -> PaySurvey | None:
        """A survey by its slug."""
        return self._by_slug.get(slug)

    def published(self, occupation: str, region: str) -> Iterator[Published]:
        """The whole statements, those with date and sample, about an occupation in a place."""
        for survey in self.all:
            for row in survey.rows:
                if row.date and row.sample_size and row.answers(occupation, region):
                    yield Published(survey, row)


def question_about_pay(text: str) -> tuple[str, str] | None:
    """Occupation and region of a question that names them as JSON; None: it is none about pay."""
    found = _QUESTION.search(text)
    try:
        asked = json.loads(found[0]) if found else {}
    except ValueError:
        return None
    occupation, region = asked.get("occupation"), asked.get("region")
    return (occupation, region) if isinstance(occupation, str) and isinstance(region, str) else None


def load_pay() -> Pay:
    """Read the data file of the package."""
    data = resources.files("resume_sandbox").joinpath("data/pay.json").read_bytes()
    return Pay(TypeAdapter(tuple[PaySurvey, ...]).validate_json(data))
