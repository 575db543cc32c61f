"""From a delivered document and what the person wants of it to what the edit changes."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from gateway_svc.edits.schemas import CareerEdit, InterviewEdit, LetterEdit
from gateway_svc.edits.store import Editable
from resume_contracts.workflows import Workflow
from resume_core.career import CareerPath, WantedRole, edit_career
from resume_core.facts import with_confirmed
from resume_core.grounding import Grounding, Shown
from resume_core.interview import InterviewPrep, WantedQuestion, edit_interview
from resume_core.letters import CoverLetter, edit_letter
from resume_core.model import Resume
from resume_core.posting import PostingView
from resume_core.skills import SkillCatalog

#: A wish for a product, as its endpoint takes it.
Wanted = LetterEdit | InterviewEdit | CareerEdit
#: The fields of each product that an edit may change.
_EDITED: Final[Mapping[type[Shown], frozenset[str]]] = MappingProxyType(
    {
        CoverLetter: frozenset({"greeting", "closing", "paragraphs", "own", "measures"}),
        InterviewPrep: frozenset({"questions", "questions_to_ask"}),
        CareerPath: frozenset({"roles"}),
    }
)
#: What the endpoint of each product takes.
EDITS: Final[Mapping[Workflow, type[Wanted]]] = MappingProxyType(
    {
        Workflow.COVER_LETTER: LetterEdit,
        Workflow.INTERVIEW_PREP: InterviewEdit,
        Workflow.CAREER_PATH: CareerEdit,
    }
)


def folded(stored: Editable, wanted: Wanted, catalog: SkillCatalog) -> dict[str, Any] | None:
    """The fields after the edit; None when the document is what was delivered.

    Raises:
        EditRefusedError: the edit is not possible.
    """
    document, standing = stored.document, stored.standing
    match wanted:
        case LetterEdit():
            letter = CoverLetter.model_validate(document)
            return _changed(letter, _letter(letter, stored, wanted, catalog))
        case InterviewEdit():
            pack, now = map(InterviewPrep.model_validate, (document, standing))
            grounding = _grounding(stored, pack.language, catalog)
            questions = [WantedQuestion(q.id, q.question, q.answer) for q in wanted.questions]
            edited = edit_interview(pack, now, grounding, questions, ask=wanted.questions_to_ask)
            return _changed(pack, edited)
        case CareerEdit():
            path, stands = map(CareerPath.model_validate, (document, standing))
            grounding = _grounding(stored, path.language, catalog)
            roles = [WantedRole(role.id, role.title, role.reasons) for role in wanted.roles]
            return _changed(path, edit_career(path, stands, grounding, roles))


def _letter(
    letter: CoverLetter, stored: Editable, wanted: LetterEdit, catalog: SkillCatalog
) -> CoverLetter:
    now = CoverLetter.model_validate(stored.standing)
    return edit_letter(
        letter,
        _grounding(stored, letter.language, catalog),
        wanted.paragraphs,
        greeting=wanted.greeting or now.greeting,
        closing=wanted.closing or now.closing,
    )


def _changed(delivered: Shown, edited: Shown) -> dict[str, Any] | None:
    was, now = _fields(delivered), _fields(edited)
    return None if now == was else now


def _fields(made: Shown) -> dict[str, Any]:
    return made.model_dump(mode="json", by_alias=True, include=set(_EDITED[type(made)]))


def _grounding(stored: Editable, language: str, catalog: SkillCatalog) -> Grounding:
    """What a new sentence may be proved by; cited pages are not kept, so they prove none."""
    named = stored.document.get("posting") or {"title": "", "company": ""}
    posting = PostingView(title=named["title"], company=named["company"], text=stored.posting_text)
    base = with_confirmed(Resume.model_validate(stored.base), stored.confirmed)
    return Grounding(base, posting, (), catalog, language)
