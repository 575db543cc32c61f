"""What is sent to a model and what is made of its answer, independent of any vendor."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from resume_core.changes import Change, ChangeKind, ChangeOrigin, change_id
from resume_core.facts import Fact, collect_facts
from resume_core.model import Resume
from resume_core.requirements import Requirement
from tailor_svc.proposed import MAX_CHANGES, ProposedChange

_EMAIL = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+")
_NO_DIGIT = re.compile(r"\D+")
#: Fewer digits are no phone number but a year or a count.
_PHONE_DIGITS: Final = 7
#: PostgreSQL's `jsonb` takes no NUL, and no resume needs the other control characters.
_UNSTORABLE = re.compile("[\u0000-\u0008\u000b-\u001f\u007f]")


@dataclass(frozen=True, slots=True)
class Material:
    """What a model is told.

    Attributes:
        facts: what it may see of the resume (`sendable_facts`).
        requirements: what the posting asks for.
        frame: what is told in any case.
        extra: what is useful beside it, and the first to be left out; `extra_name` in a sentence.
    """

    facts: Sequence[Fact]
    requirements: Sequence[Requirement]
    frame: Mapping[str, Any]
    extra: Mapping[str, Any] = field(default_factory=dict)
    extra_name: str = "The notes on the company"


def fence(material: Material) -> str:
    """The data of a question, as one fenced block."""
    data: dict[str, Any] = {
        "facts": [fact_data(fact) for fact in material.facts],
        "requirements": [requirement_data(r) for r in material.requirements],
        **material.frame,
        **material.extra,
    }
    return f"```json\n{as_json(data)}\n```"


def as_json(data: Mapping[str, Any]) -> str:
    """One line of JSON that cannot close the fence it stands in."""
    return json.dumps(data, ensure_ascii=False).replace("`", "\\u0060")


def requirement_data(requirement: Requirement) -> dict[str, str | None]:
    """A requirement as it is sent."""
    return {
        "id": requirement.id,
        "skill": requirement.skill,
        "text": requirement.text,
        "kind": requirement.kind,
    }


def fact_data(fact: Fact) -> dict[str, str | None]:
    """A fact as it is sent."""
    return {"id": fact.id, "section": fact.section, "entryId": fact.entry_id, "text": fact.text}


def sendable_facts(resume: Resume) -> list[Fact]:
    """What a model may see of a resume.

    The person's name, email and phone, and the people who speak for them, stay out of it: a fact
    that mentions one is not sent, and so cannot be reworded either.
    """
    name = " ".join((resume.basics.name or "").casefold().split())
    named = re.compile(rf"(?<!\w){re.escape(name)}(?!\w)")
    phone = _NO_DIGIT.sub("", resume.basics.phone or "")

    def is_private(text: str) -> bool:
        folded = " ".join(text.casefold().split())
        has_phone = len(phone) >= _PHONE_DIGITS and phone in _NO_DIGIT.sub("", text)
        return has_phone or bool(name and named.search(folded)) or bool(_EMAIL.search(text))

    facts = collect_facts(resume)
    return [f for f in facts if f.section != "references" and not is_private(f.text)]


def to_changes(resume: Resume, proposed: Sequence[ProposedChange]) -> tuple[Change, ...]:
    """Turn the model's words into changes of known entries; `before` is read from the resume.

    What points at nothing known is kept, so that the gate can refuse it and say so.
    """
    facts = {fact.id: fact for fact in collect_facts(resume)}
    return tuple(_to_change(resume, facts, item) for item in proposed[:MAX_CHANGES])


def _to_change(resume: Resume, facts: Mapping[str, Fact], item: ProposedChange) -> Change:
    kind = ChangeKind(item.kind)
    after = _UNSTORABLE.sub("", item.after)
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
        id=change_id(kind, section, entry_id, target_id, after),
        kind=kind,
        section=section,
        entry_id=entry_id,
        target_id=target_id,
        before=before,
        after=after,
        source_fact_ids=tuple(item.source_fact_ids),
        requirement_ids=tuple(item.requirement_ids),
        reason=_UNSTORABLE.sub("", item.reason)[:300],
        origin=ChangeOrigin.MODEL,
    )
