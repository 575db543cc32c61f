"""How well a resume answers a posting's requirements.

The 100 points are shared out over the scored requirements by their weights (a must 3, a preference
1), in whole points by the largest remainder. A requirement that the resume answers in the posting's
own words gets all of its points, one answered in other words, by a narrower skill or by a fact that
was only confirmed gets half. Without every must the score cannot exceed 40 plus its share of the
musts of another 40, however much of the rest is there.
"""

from collections.abc import Collection, Sequence
from typing import Final

from resume_core.coverage import Coverage, Match, scored
from resume_core.languages import DEFAULT_LANGUAGE
from resume_core.requirements import Requirement, RequirementKind
from resume_core.scores.points import MAX_WHERE, Cap, Point, Score, total
from resume_core.scores.reasons import REASONS, Reasons

_ALL: Final = 100
_CAP_FLOOR: Final = 40
_CAP_SHARE: Final = 40


def match_score(
    requirements: Sequence[Requirement],
    coverage: Coverage,
    confirmed: Collection[str] = (),
    *,
    honest_ceiling: bool = False,
    language: str = DEFAULT_LANGUAGE,
) -> Score | None:
    """Score a resume's coverage of a posting; None when the posting asks for nothing scored.

    Args:
        requirements: what the posting asks for.
        coverage: what the resume answers of it.
        confirmed: the ids of the person's confirmed facts.
        honest_ceiling: count every answer in full, as if all were in the posting's words: what
            the best true tailoring could reach.
        language: of the explanation, one of `languages.LANGUAGES`.
    """
    wanted = [r for r in requirements if scored(r)]
    if not wanted:
        return None
    answers = {m.requirement_id: m for m in coverage.matched}
    reasons = REASONS[language]
    points = []
    for requirement, of in zip(wanted, shares([r.weight for r in wanted]), strict=True):
        answer = answers.get(requirement.id)
        given, why = _given(of, answer, confirmed, reasons, in_full=honest_ceiling)
        points.append(_point(requirement, of, given, why, answer))
    return total(tuple(points), _cap(wanted, answers.keys(), reasons))


def shares(weights: Sequence[int], whole: int = _ALL) -> list[int]:
    """`whole` in integers by weight; what is left over goes to the largest remainders, in order."""
    weight = sum(weights)
    given = [whole * w // weight for w in weights]
    rest = [whole * w % weight for w in weights]
    for at in sorted(range(len(weights)), key=lambda at: (-rest[at], at))[: whole - sum(given)]:
        given[at] += 1
    return given


def _given(
    of: int,
    answer: Match | None,
    confirmed: Collection[str],
    reasons: Reasons,
    *,
    in_full: bool,
) -> tuple[int, str]:
    """The points of at most `of` that an answer gets, and why."""
    shown, missing = reasons["match_shown"]
    reworded, only_confirmed = reasons["match_half"]
    if answer is None:
        return 0, missing
    if answer.literal or in_full:
        return of, shown
    return of // 2, only_confirmed if set(answer.where) <= set(confirmed) else reworded


def _point(requirement: Requirement, of: int, points: int, why: str, answer: Match | None) -> Point:
    must = requirement.kind is RequirementKind.MUST
    return Point(
        rule=f"match_{'must' if must else 'preferred'}_{requirement.category}",
        points=points,
        of=of,
        why=why,
        where=() if answer is None else answer.where[:MAX_WHERE],
        requirement_id=requirement.id,
    )


def _cap(wanted: Sequence[Requirement], answered: Collection[str], reasons: Reasons) -> Cap | None:
    musts = [r.id for r in wanted if r.kind is RequirementKind.MUST]
    missing = tuple(i for i in musts if i not in answered)
    if not missing:
        return None
    limit = _CAP_FLOOR + _CAP_SHARE * (len(musts) - len(missing)) // len(musts)
    why = reasons["match_cap"][1].format(
        missing=len(missing), musts=len(musts), limit=limit, floor=_CAP_FLOOR, share=_CAP_SHARE
    )
    return Cap(limit=limit, why=why, requirement_ids=missing)
