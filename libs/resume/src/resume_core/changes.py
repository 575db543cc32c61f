"""A tailoring as a list of small changes, each decided alone, and how they apply.

Every change names what it touches by an id of the *base* resume, never by position, so that
independent changes commute and applying one twice is applying it once.
"""

import hashlib
from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import Final

from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel

from resume_core.draft import Draft
from resume_core.model import Resume

#: The order of these sections is part of the record and is never changed.
CHRONOLOGICAL: Final = frozenset({"work", "volunteer", "education"})


class ChangeKind(StrEnum):
    """What a change does."""

    REORDER_ENTRIES = "reorder_entries"
    REORDER_HIGHLIGHTS = "reorder_highlights"
    REORDER_KEYWORDS = "reorder_keywords"
    RELABEL = "relabel"
    REWRITE_HIGHLIGHT = "rewrite_highlight"
    REWRITE_SUMMARY = "rewrite_summary"
    ADD_KEYWORD = "add_keyword"
    ADD_HIGHLIGHT = "add_highlight"
    HIDE_ENTRY = "hide_entry"
    HIDE_HIGHLIGHT = "hide_highlight"
    HIDE_KEYWORD = "hide_keyword"
    SET_LABEL = "set_label"


class ChangeOrigin(StrEnum):
    """Who proposed a change."""

    RULES = "rules"
    MODEL = "model"
    USER = "user"


class ChangeStatus(StrEnum):
    """Where a change stands. `applied` is the system's doing, the later ones are the user's."""

    PROPOSED = "proposed"
    APPLIED = "applied"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    EDITED = "edited"
    BLOCKED = "blocked"


#: Kinds that take something away: they wait for the person, whoever proposed them.
HIDING: Final = frozenset(
    {ChangeKind.HIDE_ENTRY, ChangeKind.HIDE_HIGHLIGHT, ChangeKind.HIDE_KEYWORD}
)
REORDERING: Final = frozenset(
    {ChangeKind.REORDER_ENTRIES, ChangeKind.REORDER_HIGHLIGHTS, ChangeKind.REORDER_KEYWORDS}
)
#: Kinds that add a line; one change adds one, so the line is part of the slot.
ADDING: Final = frozenset({ChangeKind.ADD_KEYWORD, ChangeKind.ADD_HIGHLIGHT})
_IN_FORCE: Final = frozenset({ChangeStatus.APPLIED, ChangeStatus.ACCEPTED, ChangeStatus.EDITED})


class Change(BaseModel):
    """One proposed edit.

    `before` and `after` are texts, or for the three reorderings tuples of ids (of entries,
    highlights or keywords of the base); `target_id` is a highlight's or keyword's id.
    `flags` are codes of the gate that ask the person to look before it is applied.
    """

    model_config = ConfigDict(frozen=True, alias_generator=to_camel, populate_by_name=True)

    id: str
    kind: ChangeKind
    section: str
    entry_id: str | None = None
    target_id: str | None = None
    before: str | tuple[str, ...] | None = None
    after: str | tuple[str, ...] | None = None
    source_fact_ids: tuple[str, ...] = ()
    requirement_ids: tuple[str, ...] = ()
    reason: str = ""
    origin: ChangeOrigin = ChangeOrigin.RULES
    status: ChangeStatus = ChangeStatus.PROPOSED
    flags: tuple[str, ...] = ()

    @property
    def slot(self) -> tuple[str, ...]:
        """What this change claims; two changes with one slot cannot both be in force."""
        parts = [self.kind.value, self.section, self.entry_id or "", self.target_id or ""]
        if self.kind in ADDING:
            parts.append(str(self.after))
        return tuple(parts)

    @property
    def in_force(self) -> bool:
        """Whether it shapes the document now; hiding only once the person has accepted it."""
        if self.kind in HIDING:
            return self.status is ChangeStatus.ACCEPTED
        return self.status in _IN_FORCE

    @property
    def text(self) -> str:
        """`after` as text; empty when there is none or it is an order."""
        return self.after if isinstance(self.after, str) else ""

    @property
    def order(self) -> tuple[str, ...]:
        """`after` as an order of ids; empty when it is a text."""
        return self.after if isinstance(self.after, tuple) else ()


def change_id(
    kind: ChangeKind, section: str, entry_id: str | None, target_id: str | None, after: object
) -> str:
    """A digest of what a change does, so that the same proposal has the same id every time."""
    text = "\x1f".join((kind.value, section, entry_id or "", target_id or "", repr(after)))
    return "c-" + hashlib.blake2b(text.encode(), digest_size=6).hexdigest()


def hidden_ids(changes: Iterable[Change]) -> frozenset[str]:
    """The ids of entries, highlights and keywords that the person agreed to leave out."""
    return frozenset(
        (c.entry_id if c.kind is ChangeKind.HIDE_ENTRY else c.target_id) or ""
        for c in changes
        if c.kind in HIDING and c.in_force
    ) - {""}


def apply_changes(base: Resume, changes: Sequence[Change]) -> Resume:
    """The base with the changes in force; the base itself is not touched.

    Pure and total: a change whose target the base does not have does nothing. Texts first,
    then orders, then hiding, so the result does not depend on the order of independent
    changes. Of two changes with one slot the first in force wins.
    """
    draft = Draft(base)
    taken: set[tuple[str, ...]] = set()
    phases: tuple[list[Change], list[Change], list[Change]] = ([], [], [])
    for change in changes:
        if change.in_force and change.slot not in taken:
            taken.add(change.slot)
            phases[2 if change.kind in HIDING else 1 if change.kind in REORDERING else 0].append(
                change
            )
    for change in sorted(phases[0], key=lambda c: c.slot) + phases[1] + phases[2]:
        _apply_one(draft, change)
    return draft.resume()


def _apply_one(draft: Draft, change: Change) -> None:
    section, entry, target = change.section, change.entry_id or "", change.target_id or ""
    match change.kind:
        case ChangeKind.REWRITE_SUMMARY:
            draft.set_basics("summary", change.text)
        case ChangeKind.SET_LABEL:
            draft.set_basics("label", change.text)
        case ChangeKind.RELABEL | ChangeKind.REWRITE_HIGHLIGHT:
            draft.replace(section, entry, target, change.text)
        case ChangeKind.ADD_KEYWORD:
            draft.add_keyword(section, entry, change.text)
        case ChangeKind.ADD_HIGHLIGHT:
            draft.add_highlight(section, entry, change.text)
        case ChangeKind.REORDER_ENTRIES:
            draft.order_entries(section, change.order)
        case ChangeKind.REORDER_HIGHLIGHTS | ChangeKind.REORDER_KEYWORDS:
            draft.order_items(section, entry, change.order)
        case ChangeKind.HIDE_ENTRY:
            draft.hide_entry(section, entry)
        case ChangeKind.HIDE_HIGHLIGHT | ChangeKind.HIDE_KEYWORD:
            draft.hide_item(section, entry, target)
