"""A career path: computed by rules; a model may only order the roles and give proved reasons."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from resume_core.career.counting import Demand, pay_for, present_of, usable_pay
from resume_core.career.ladders import Ladders, Place
from resume_core.career.model import (
    CAREER_VERSION,
    CareerDraft,
    CareerPath,
    DemandPosting,
    NextRole,
    PayFigure,
    Present,
    RoleKind,
)
from resume_core.grounding import Grounding, Sentence, sentences
from resume_core.letters.model import Versions
from resume_core.model import Resume
from resume_core.posting import PostingView
from resume_core.skills import SkillCatalog
from resume_core.text import normalise

_UP: Final = 3
_SIDEWAYS: Final = 3
_SEEN: Final = 4
_MAX_REASONS: Final = 3
_MAX_DRAFTED: Final = 20


@dataclass(frozen=True, slots=True)
class CareerOrder:
    """What a path is computed from; `as_of` is the current month, "YYYY-MM"."""

    base: Resume
    demand: Sequence[DemandPosting]
    pay: Sequence[PayFigure]
    language: str
    as_of: str


def build_career(
    order: CareerOrder,
    draft: CareerDraft | None,
    catalog: SkillCatalog,
    ladders: Ladders,
    *,
    degraded: bool = False,
    notes: Sequence[str] = (),
) -> CareerPath:
    """The computed path, in the draft's order and with those of its reasons that are proved."""
    demand = Demand(order.base, order.demand, catalog)
    pay, pay_dropped = usable_pay(order.pay)
    current = present_of(order.base, ladders, order.as_of)
    roles = list(_roles(order, current, demand, pay, ladders))
    grounding = Grounding(order.base, PostingView(), (), catalog, order.language)
    ranked, codes, by_model = _ranked(roles, draft, grounding)
    missing, present = demand.counted([p.id for p in order.demand])
    told = [*notes, *_told(order, pay, current)]
    if draft is not None and not by_model:
        told.append("Nothing that the model wrote could be used: the rules did it.")
    return CareerPath(
        engine="model" if by_model else "rules",
        degraded=degraded or (draft is not None and not by_model),
        notes=tuple(told),
        language=order.language,
        current=current,
        roles=tuple(ranked),
        missing=missing,
        present=present,
        postings=len(order.demand),
        pay=pay,
        pay_dropped=pay_dropped,
        ladder_source=ladders.source,
        ladder_version=ladders.version,
        dropped=len(codes),
        dropped_codes=tuple(sorted(set(codes))),
        versions=Versions(result=CAREER_VERSION, catalog=catalog.version),
    )


def _told(order: CareerOrder, pay: Sequence[PayFigure], current: Present) -> Iterator[str]:
    if not order.demand:
        yield "No postings are stored: requirements could not be counted."
    if not pay:
        yield "No data on pay: no page with source, date, region and sample size was found."
    if current.level is None:
        yield "Your title is not among those we know: next roles come from your postings alone."


def _roles(
    order: CareerOrder,
    current: Present,
    demand: Demand,
    pay: Sequence[PayFigure],
    ladders: Ladders,
) -> Iterator[NextRole]:
    seen = {normalise(current.title)}
    for place, kind in [*_of_ladders(current, ladders), *_of_postings(order, current, ladders)]:
        if normalise(place.title) in seen:
            continue
        seen.add(normalise(place.title))
        ids = [p.id for p in order.demand if _same_role(place.title, p.title)]
        missing, present = demand.counted(ids)
        yield NextRole(
            id=role_id(place.title),
            title=place.title,
            field=place.field,
            level=place.level or None,
            kind=kind,
            source="postings" if kind is RoleKind.SEEN else f"ladders {ladders.version}",
            posting_ids=tuple(ids),
            missing=missing,
            present=present,
            pay=pay_for(place.title, pay),
            reasons=(),
        )


def _of_ladders(current: Present, ladders: Ladders) -> Iterator[tuple[Place, RoleKind]]:
    if current.field is None or current.level is None:
        return
    above = current.level + 1
    for title in _closest(ladders.titles(current.field, above), current.title)[:_UP]:
        yield Place(current.field, above, title), RoleKind.STEP_UP
    for field in ladders.fields[current.field].adjacent[:_SIDEWAYS]:
        for title in ladders.titles(field, current.level)[:1]:
            yield Place(field, current.level, title), RoleKind.SIDEWAYS


def _closest(titles: Sequence[str], title: str) -> list[str]:
    """Titles that share words with the present one go first."""
    told = set(normalise(title).split())
    return sorted(titles, key=lambda t: -len(told & set(normalise(t).split())))


def _of_postings(
    order: CareerOrder, current: Present, ladders: Ladders
) -> Iterator[tuple[Place, RoleKind]]:
    """Titles of the stored postings that are not below the present level."""
    titles = list(dict.fromkeys(" ".join(p.title.split()) for p in order.demand if p.title.strip()))
    found = []
    for title in titles:
        place = ladders.place(title)
        if place and current.level and place.level < current.level:
            continue
        found.append(Place(place.field if place else "", place.level if place else 0, title))
    yield from ((place, RoleKind.SEEN) for place in found[:_SEEN])


def _same_role(title: str, posted: str) -> bool:
    """Whether a posting's title has all words of a role's."""
    return set(normalise(title).split()) <= set(normalise(posted).split())


def role_id(title: str) -> str:
    """The id of a role: that of its title."""
    return "r-" + hashlib.blake2b(normalise(title).encode(), digest_size=5).hexdigest()


def _ranked(
    roles: list[NextRole], draft: CareerDraft | None, grounding: Grounding
) -> tuple[list[NextRole], list[str], bool]:
    """The roles in the draft's order with its proved reasons, refused codes, and if it was used."""
    known = {role.id: role for role in roles}
    first: dict[str, NextRole] = {}
    codes: list[str] = []
    for item in (draft.roles if draft else ())[:_MAX_DRAFTED]:
        role = known.get(item.role_id)
        if role is None or role.id in first:
            codes.append("role_unknown")
            continue
        reasons = []
        for said in sentences(item.reason)[:_MAX_REASONS]:
            verdict = grounding.check(said)
            if verdict.is_true:
                reasons.append(Sentence.by_model(verdict))
            else:
                codes.extend(verdict.codes)
        first[role.id] = role.model_copy(update={"reasons": tuple(reasons)})
    rest = [role for role in roles if role.id not in first]
    return [*first.values(), *rest], codes, bool(first)
