"""What the posting asks for and the resume does not show, as questions to the person."""

import re
from collections.abc import Iterator, Sequence
from itertools import chain

from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel

from resume_core.coverage import Coverage
from resume_core.model import Resume
from resume_core.quantities import QuantityKind, quantities
from resume_core.requirements import Requirement, RequirementKind


class Gap(BaseModel):
    """One open requirement; a yes becomes a confirmed fact of the person."""

    model_config = ConfigDict(frozen=True, alias_generator=to_camel, populate_by_name=True)

    requirement_id: str
    skill: str | None
    text: str
    kind: RequirementKind
    question: str


def find_gaps(base: Resume, requirements: Sequence[Requirement], before: Coverage) -> Iterator[Gap]:
    """The unanswered requirements, musts first, in the posting's order."""
    missing = set(before.missing)
    for requirement in requirements:
        years = requirement.category == "years" and not _has_years(base, requirement.text)
        if requirement.id in missing or years:
            yield Gap(
                requirement_id=requirement.id,
                skill=requirement.skill,
                text=requirement.text,
                kind=requirement.kind,
                question=_question(requirement),
            )


def _question(requirement: Requirement) -> str:
    asks = "asks for" if requirement.kind is RequirementKind.MUST else "would like"
    text = " ".join(requirement.text.split())
    match requirement.category:
        case "years":
            return f"The posting {asks} {text}. Do you have that, and where?"
        case "degree":
            return f"The posting {asks} a degree ({text}). Do you have one that is not listed?"
        case "language":
            return f"The posting {asks} {text}. Do you speak it, and how well?"
        case "skill":
            return f"The posting {asks} {text}. Have you used it, where, and for what?"


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
