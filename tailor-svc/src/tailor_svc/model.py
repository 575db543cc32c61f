"""What is sent to a model and what is made of its answer, independent of any vendor."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from resume_core.changes import Change, ChangeKind, ChangeOrigin, change_id
from resume_core.facts import Fact, collect_facts
from resume_core.model import Resume
from tailor_svc.ports import Assignment

MAX_CHANGES = 12


class ProposedChange(BaseModel):
    """One change as the model writes it; every field is required by strict schemas."""

    model_config = ConfigDict(extra="forbid")
    kind: Literal["rewrite_highlight", "rewrite_summary", "add_keyword"]
    entry_id: str
    target_id: str
    after: str
    source_fact_ids: list[str]
    requirement_ids: list[str]
    reason: str


class ProposedChanges(BaseModel):
    """The model's whole answer."""

    model_config = ConfigDict(extra="forbid")
    changes: list[ProposedChange]


def user_message(assignment: Assignment) -> str:
    """The data of one assignment, fenced; contact details stay out of it."""
    data: dict[str, Any] = {
        "facts": [_fact(fact) for fact in collect_facts(assignment.resume)],
        "requirements": [
            {"id": r.id, "skill": r.skill, "text": r.text, "kind": r.kind}
            for r in assignment.requirements
        ],
        "posting": {"title": assignment.posting.title, "company": assignment.posting.company},
        "language": assignment.language,
    }
    if assignment.research is not None and assignment.research.available:
        data["company_notes"] = assignment.research.summary
    # A fence inside the data would end the block early.
    text = json.dumps(data, ensure_ascii=False).replace("`", "\\u0060")
    return f"```json\n{text}\n```"


def _fact(fact: Fact) -> dict[str, str | None]:
    return {"id": fact.id, "section": fact.section, "entryId": fact.entry_id, "text": fact.text}


def to_changes(resume: Resume, proposed: Sequence[ProposedChange]) -> tuple[Change, ...]:
    """Turn the model's words into changes of known entries; `before` is read from the resume.

    What points at nothing known is kept, so that the gate can refuse it and say so.
    """
    facts = {fact.id: fact for fact in collect_facts(resume)}
    return tuple(_to_change(resume, facts, item) for item in proposed[:MAX_CHANGES])


def _to_change(resume: Resume, facts: Mapping[str, Fact], item: ProposedChange) -> Change:
    kind = ChangeKind(item.kind)
    section, before = "", None
    entry_id, target_id = item.entry_id or None, item.target_id or None
    if kind is ChangeKind.REWRITE_SUMMARY:
        section, before, entry_id, target_id = "basics", resume.basics.summary, None, None
    elif item.entry_id in facts:
        section = facts[item.entry_id].section
    if kind is ChangeKind.REWRITE_HIGHLIGHT and item.target_id in facts:
        before = facts[item.target_id].text
    if kind is ChangeKind.ADD_KEYWORD:
        target_id = None
    return Change(
        id=change_id(kind, section, entry_id, target_id, item.after),
        kind=kind,
        section=section,
        entry_id=entry_id,
        target_id=target_id,
        before=before,
        after=item.after,
        source_fact_ids=tuple(item.source_fact_ids),
        requirement_ids=tuple(item.requirement_ids),
        reason=item.reason[:300],
        origin=ChangeOrigin.MODEL,
    )
