"""The scores of a tailored resume beside its base."""

from collections.abc import Sequence

from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel

from resume_core.coverage import Coverage
from resume_core.facts import confirmed_facts
from resume_core.languages import DEFAULT_LANGUAGE
from resume_core.model import Resume
from resume_core.requirements import Requirement
from resume_core.scores.match import match_score
from resume_core.scores.points import SCORES_VERSION, Score
from resume_core.scores.readability import readability_score


class _Shown(BaseModel):
    model_config = ConfigDict(frozen=True, alias_generator=to_camel, populate_by_name=True)


class Readability(_Shown):
    """Of the base, its value; of the tailored document, with its explanation."""

    base: int
    tailored: Score


class Fit(_Shown):
    """The base's value, the tailored document's score, and the most that is true.

    Fit is never above the ceiling: what the person wrote and the base does not show is not
    counted until they confirm it.
    """

    base: int
    tailored: Score
    ceiling: int


class Scores(_Shown):
    """Both scores; `match` is None when the posting asks for nothing that can be scored."""

    readability: Readability
    match: Fit | None
    scores_version: str = SCORES_VERSION
    catalog_version: str


def score_tailored(
    resumes: tuple[Resume, Resume],
    requirements: Sequence[Requirement],
    coverages: tuple[Coverage, Coverage],
    catalog_version: str,
    *,
    agreed: bool = False,
    language: str = DEFAULT_LANGUAGE,
) -> Scores:
    """Score a base and its tailored document, each with its coverage of the posting.

    `agreed`: the person has agreed that their words name a skill that the base itself does not, so
    that the document may be above what the base proves. `language` is that of the explanations.
    """
    (base, tailored), (before, after) = resumes, coverages
    confirmed = {f.id for f in confirmed_facts(base)}
    was = match_score(requirements, before, confirmed)
    now = match_score(requirements, after, confirmed, language=language)
    most = match_score(requirements, before, confirmed, honest_ceiling=True)
    fit = None
    if was is not None and now is not None and most is not None:
        fit = Fit(
            base=was.value,
            tailored=now,
            ceiling=max(most.value, now.value) if agreed else most.value,
        )
    return Scores(
        readability=Readability(
            base=readability_score(base).value, tailored=readability_score(tailored, language)
        ),
        match=fit,
        catalog_version=catalog_version,
    )
