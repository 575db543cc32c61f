"""Computed things of a career path: months of work, requirements over postings, pay that counts."""

import re
from collections.abc import Sequence
from typing import Final

from resume_core.career.ladders import Ladders
from resume_core.career.model import Counted, DemandPosting, PayFigure, Present
from resume_core.coverage import cover
from resume_core.model import Resume, Work
from resume_core.requirements import Requirement, RequirementKind
from resume_core.skills import SkillCatalog
from resume_core.text import normalise

MAX_COUNTED: Final = 20
_DATE: Final = re.compile(r"\d{4}(?:-\d{2}){0,2}")


def present_of(base: Resume, ladders: Ladders, as_of: str) -> Present:
    """The latest position, its place among the ladders, and the months worked.

    `as_of` is the current month, "YYYY-MM". An end without a month counts as January: a lower
    bound, since the resume says no more.
    """
    latest = max(base.work, key=lambda w: (w.end_date or "9999", w.start_date or ""), default=None)
    title = (latest.position if latest else base.basics.label) or ""
    place = ladders.place(title)
    months = set[int]()
    for entry in base.work:
        months.update(_months(entry, as_of))
    return Present(
        title=title,
        field=place.field if place else None,
        level=place.level if place else None,
        months=len(months),
        as_of=as_of,
        fact_ids=tuple(w.id for w in base.work),
    )


def _months(entry: Work, as_of: str) -> range:
    start, end = _month(entry.start_date, 12), _month(entry.end_date or as_of, 1)
    if start is None or end is None:
        return range(0)
    return range(start, max(start, end))


def _month(date: str | None, unknown: int) -> int | None:
    """A date as a number of months; without a month the one given."""
    if not date or not _DATE.fullmatch(date):
        return None
    return int(date[:4]) * 12 + (int(date[5:7]) if len(date) > 4 else unknown)


class Demand:
    """What the postings ask for, and what of it the resume proves."""

    def __init__(
        self, base: Resume, postings: Sequence[DemandPosting], catalog: SkillCatalog
    ) -> None:
        self._base = base
        self._catalog = catalog
        self._skills: dict[str, dict[str, Requirement]] = {
            p.id: {r.skill: r for r in p.requirements if r.skill} for p in postings
        }
        every = {s: r for skills in self._skills.values() for s, r in skills.items()}
        by_skill = {r.skill: r for r in every.values()}
        matched = cover(base, list(by_skill.values()), catalog).matched
        where = {m.requirement_id: m.where for m in matched}
        self._proved = {s: where[r.id] for s, r in every.items() if r.id in where}

    def counted(self, ids: Sequence[str]) -> tuple[tuple[Counted, ...], tuple[Counted, ...]]:
        """The missing and the present skills over some postings, those asked for most first.

        Of equal counts the one that more postings insist on goes first.
        """
        asking: dict[str, list[str]] = {}
        musts: dict[str, int] = {}
        for posting_id in ids:
            for skill, requirement in self._skills[posting_id].items():
                asking.setdefault(skill, []).append(posting_id)
                musts[skill] = musts.get(skill, 0) + (requirement.kind is RequirementKind.MUST)
        order = sorted(asking, key=lambda s: (-len(asking[s]), -musts[s], s))
        found = [
            Counted(
                skill=skill,
                count=len(asking[skill]),
                of=len(ids),
                posting_ids=tuple(asking[skill]),
                fact_ids=self._proved.get(skill, ()),
            )
            for skill in order
        ]
        missing = [c for c in found if not c.fact_ids][:MAX_COUNTED]
        return tuple(missing), tuple(c for c in found if c.fact_ids)[:MAX_COUNTED]


def usable_pay(figures: Sequence[PayFigure]) -> tuple[tuple[PayFigure, ...], int]:
    """The figures with source, date, region and sample size, and how many others there were."""
    kept = [f for f in figures if _is_usable(f)]
    return tuple(kept), len(figures) - len(kept)


def _is_usable(figure: PayFigure) -> bool:
    return (
        figure.url.startswith(("https://", "http://"))
        and bool(_DATE.fullmatch(figure.date))
        and bool(figure.region.strip() and figure.currency.strip() and figure.period.strip())
        and figure.sample_size > 0
        and 0 < figure.low <= figure.high
    )


def pay_for(title: str, figures: Sequence[PayFigure]) -> tuple[PayFigure, ...]:
    """The figures for exactly this role."""
    return tuple(f for f in figures if normalise(f.role) == normalise(title))
