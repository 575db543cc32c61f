"""What the agent answers about pay: true to the pages it cites, or one of a few lies about them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType
from typing import Any, Final

from resume_sandbox.filling import Empty, Source
from resume_sandbox.pay import Pay, PayRow, PaySurvey, Published

_UNSAMPLED, _UNDATED = "unsampled", "undated"


@dataclass(frozen=True, slots=True)
class Claim:
    """A row as it is told, and the page that is said to state it."""

    row: PayRow
    survey: PaySurvey


@dataclass(frozen=True, slots=True)
class _Lie:
    """What is changed of a true row; `cites`: another page, whose own row is told."""

    changes: Mapping[str, Any]
    cites: str | None = None


#: By the fault that asks for it.
LIES: Final[Mapping[str, _Lie]] = MappingProxyType(
    {
        "pay_not_on_page": _Lie({"low": 88_000, "high": 131_000}),
        "pay_undated": _Lie({"date": date(2026, 6, 30)}, _UNDATED),
        "pay_unsampled": _Lie({"sample_size": 412}, _UNSAMPLED),
        "pay_other_region": _Lie({"low": 74_000, "high": 98_000, "sample_size": 305}),
        "pay_other_currency": _Lie({"currency": "GBP"}),
        "pay_other_page": _Lie({}, "accountants-hamburg"),
    }
)


class PayAnswers:
    """Answers from the surveys."""

    def __init__(self, pay: Pay) -> None:
        self._pay = pay

    def claims(self, occupation: str, region: str, lie: str) -> list[Claim]:
        """What is told of an occupation in a place; nothing when no page states it."""
        found = self._pay.published(occupation, region)
        return [self._told(published, LIES.get(lie)) for published in found]

    def _told(self, true: Published, lie: _Lie | None) -> Claim:
        claim = Claim(true.row, true.survey)
        if lie is None:
            return claim
        if lie.cites is not None and (other := self._pay.get(lie.cites)):
            row = claim.row if lie.cites not in {_UNDATED, _UNSAMPLED} else other.rows[0]
            claim = Claim(row, other)
        return replace(claim, row=claim.row.model_copy(update=dict(lie.changes)))


def pay_results(claims: Sequence[Claim], site: str) -> list[dict[str, Any]]:
    """The cited pages, as Perplexity lists them: what they really state."""
    surveys = {claim.survey.slug: claim.survey for claim in claims}
    return [
        {
            "id": number,
            "title": survey.title,
            "url": f"{site}{survey.path}",
            "snippet": "\n".join(row.statement for row in survey.rows),
            "date": None,
            "last_updated": None,
            "source": "web",
        }
        for number, survey in enumerate(surveys.values(), start=1)
    ]


def pay_source(claims: Sequence[Claim], site: str) -> Source:
    """The claims, to fill a schema about pay from."""
    return _Claims(claims, site)


class _Claims(Empty):
    def __init__(self, claims: Sequence[Claim], site: str) -> None:
        self._claims = claims
        self._site = site

    def flag(self, name: str) -> bool:  # noqa: ARG002  the port's signature
        """Something is known."""
        return bool(self._claims)

    def items(self, name: str) -> Sequence[Source]:  # noqa: ARG002  the port's signature
        """One for each claim."""
        return [_Figure(claim, self._site) for claim in self._claims]


class _Figure(Empty):
    """One claim; which part of it a property wants is told by the property's name."""

    def __init__(self, claim: Claim, site: str) -> None:
        self._claim = claim
        self._site = site

    def text(self, name: str) -> str:
        """Address, date, or a field of the row by its name."""
        row = self._claim.row
        texts = {
            "url": f"{self._site}{self._claim.survey.path}",
            "date": row.date.isoformat() if row.date else "",
            "occupation": row.occupation,
            "region": row.region,
            "currency": row.currency,
        }
        return texts.get(name, row.statement)

    def number(self, name: str) -> float:
        """The ends of the range, or how many were asked."""
        row = self._claim.row
        return {"low": row.low, "high": row.high}.get(name, row.sample_size or 0)
