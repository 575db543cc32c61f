"""What the posting asks for and the resume does not show, as questions to the person."""

import re
from collections.abc import Iterator, Sequence
from itertools import chain

from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel

from resume_core.coverage import Coverage
from resume_core.facts import confirmed_facts
from resume_core.languages import DEFAULT_LANGUAGE
from resume_core.model import Resume
from resume_core.quantities import QuantityKind, quantities
from resume_core.questions import (
    AnswerKind,
    answers_to,
    question_about,
    question_id,
)
from resume_core.requirements import Requirement, RequirementKind


class Gap(BaseModel):
    """One open requirement; a yes becomes a confirmed fact of the person."""

    model_config = ConfigDict(frozen=True, alias_generator=to_camel, populate_by_name=True)

    question_id: str
    requirement_id: str
    skill: str | None
    text: str
    kind: RequirementKind
    question: str
    answer_kinds: tuple[AnswerKind, ...]


def find_gaps(
    base: Resume,
    requirements: Sequence[Requirement],
    before: Coverage,
    language: str = DEFAULT_LANGUAGE,
) -> Iterator[Gap]:
    """The unanswered requirements, musts first, in the posting's order."""
    missing = set(before.missing)
    answered = {f.requirement_id for f in confirmed_facts(base)}
    for requirement in requirements:
        years = (
            requirement.category == "years"
            and requirement.id not in answered
            and not _has_years(base, requirement.text)
        )
        if requirement.id in missing or years:
            yield Gap(
                question_id=question_id(requirement.id),
                requirement_id=requirement.id,
                skill=requirement.skill,
                text=requirement.text,
                kind=requirement.kind,
                question=question_about(requirement, language),
                answer_kinds=answers_to(requirement),
            )


def _has_years(base: Resume, asked: str) -> bool:
    """Whether the resume states the years asked for, or its work spans them.

    An entry without an end counts up to the latest date of the document: a lower bound, since
    what day it is today is not the resume's to say.
    """
    wanted = [int(n) for n in re.findall(r"\d+", asked)]
    spans = chain.from_iterable((w.start_date, w.end_date) for w in base.work)
    written = [int(d[:4]) for d in spans if d and d[:4].isdigit()]
    stated = [
        int(q.value) // 12
        for q in quantities(base.basics.summary or "")
        if q.kind is QuantityKind.DURATION and q.unit == "mo"
    ]
    shown = max([0, *stated, max(written, default=0) - min(written, default=0)])
    return bool(wanted) and shown >= wanted[0]
