"""What a model is asked for the products in prose: the forms of its drafts, and their material."""

from collections.abc import Sequence
from functools import partial
from typing import Any, Final

from resume_core.career import CareerDraft, CareerOrder, CareerPath
from resume_core.career.model import Counted
from resume_core.grounding import Citation
from resume_core.interview import InterviewDraft, InterviewOrder, InterviewPrep, subjects
from resume_core.letters import LetterDraft, LetterOrder, tone_of
from resume_core.posting import PostingView
from resume_core.requirements import Requirement
from tailor_svc import prompts
from tailor_svc.budget import fit
from tailor_svc.form import Form
from tailor_svc.model import Material, sendable_facts
from tailor_svc.ports import Request

#: Skills that are named of one role, the ones that most postings ask for first.
_MAX_SKILLS: Final = 6
_FINDINGS: Final = "The findings on the company"
_FIGURES: Final = "The counts over your postings and the figures on pay"


def _letter_worth(draft: LetterDraft) -> LetterDraft | None:
    return draft if any(p.text.strip() for p in draft.paragraphs) else None


def _interview_worth(draft: InterviewDraft) -> InterviewDraft | None:
    return draft if draft.questions else None


def _career_worth(draft: CareerDraft) -> CareerDraft | None:
    return draft if draft.roles else None


LETTER: Final = Form(prompts.WRITE_LETTER, LetterDraft, _letter_worth)
INTERVIEW: Final = Form(prompts.PREPARE_INTERVIEW, InterviewDraft, _interview_worth)
CAREER: Final = Form(prompts.PLAN_CAREER, CareerDraft, _career_worth)


def letter_request(order: LetterOrder, requirements: Sequence[Requirement]) -> Request[LetterDraft]:
    """A letter, in the order's language and tone."""
    frame = {
        "posting": _named(order.posting),
        "language": order.language,
        "tone": tone_of(order.tone),
    }
    facts, extra = sendable_facts(order.base), _found(order.citations)
    return Request(
        LETTER, partial(fit, Material(facts, requirements, frame, extra, extra_name=_FINDINGS))
    )


def interview_request(
    order: InterviewOrder, requirements: Sequence[Requirement], by_rules: InterviewPrep
) -> Request[InterviewDraft] | None:
    """Questions and outlines for the subjects of the rules' pack; None when it has none to send.

    A line that may not be sent as a fact is no subject either.
    """
    facts = sendable_facts(order.base)
    known = {r.id for r in requirements} | {fact.id for fact in facts}
    asked = {i: text for i, text in subjects(by_rules).items() if i in known}
    if not asked:
        return None
    frame = {
        "posting": _named(order.posting),
        "language": order.language,
        "subjects": [{"id": i, "about": text} for i, text in asked.items()],
    }
    extra = _found(order.citations)
    return Request(
        INTERVIEW, partial(fit, Material(facts, requirements, frame, extra, extra_name=_FINDINGS))
    )


def career_request(order: CareerOrder, by_rules: CareerPath) -> Request[CareerDraft] | None:
    """An order of the rules' next roles with reasons; None when there are none."""
    if not by_rules.roles:
        return None
    frame = {
        "language": order.language,
        "roles": [
            {
                "id": role.id,
                "title": role.title,
                "kind": role.kind,
                "missing": [counted.skill for counted in role.missing[:_MAX_SKILLS]],
                "present": [counted.skill for counted in role.present[:_MAX_SKILLS]],
            }
            for role in by_rules.roles
        ],
    }
    extra: dict[str, Any] = {
        "demand": {
            "postings": by_rules.postings,
            "missing": list(map(_count, by_rules.missing)),
            "present": list(map(_count, by_rules.present)),
        }
    }
    if by_rules.pay:
        extra["pay"] = [pay.model_dump(mode="json", by_alias=True) for pay in by_rules.pay]
    facts = sendable_facts(order.base)
    return Request(CAREER, partial(fit, Material(facts, (), frame, extra, extra_name=_FIGURES)))


def _named(posting: PostingView) -> dict[str, str]:
    return {"title": posting.title, "company": posting.company}


def _found(citations: Sequence[Citation]) -> dict[str, Any]:
    return {"findings": [c.model_dump(mode="json") for c in citations]} if citations else {}


def _count(counted: Counted) -> dict[str, Any]:
    return {"skill": counted.skill, "count": counted.count, "of": counted.of}
