"""What the person decides about each change, and the document that comes of it.

Decisions are kept as a history; the document is a pure function of the last one about each change,
so that neither their order nor a repetition matters. After every decision the whole gate runs again
on the base. A change that a model or a rule proposed is kept out when it is not true together with
the others; what the person writes stays theirs, and is marked where the base does not show it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel

from resume_core.changes import (
    HIDING,
    REORDERING,
    Change,
    ChangeOrigin,
    ChangeStatus,
    apply_changes,
    hidden_ids,
)
from resume_core.gate import Gate, Severity, Violation, blocking
from resume_core.model import Resume
from resume_core.settling import codes, settle

MAX_EDIT: Final = 2000
#: What the person may choose about their own document: it leaves out or adds, and claims nothing.
_CHOICES: Final = frozenset(
    {"highlight_added", "highlight_missing", "highlight_replaced", "keyword_missing"}
    | {"summary_missing", "change_malformed", "must_omitted", "text_grown"}
)
#: Choices that cost something, so that the person is told.
_TOLD: Final = frozenset({"must_omitted", "text_grown"})


class DecisionKind(StrEnum):
    """What the person says of a change; `reverted` takes back what they said before."""

    ACCEPTED = "accepted"
    REJECTED = "rejected"
    EDITED = "edited"
    REVERTED = "reverted"


class ChangeState(StrEnum):
    """What the person has said of a change; `proposed` is nothing yet."""

    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    EDITED = "edited"
    REVERTED = "reverted"


class Decision(BaseModel):
    """One decision: `after` is what an edit says, `own` a change that the person began."""

    model_config = ConfigDict(frozen=True, alias_generator=to_camel, populate_by_name=True)

    change_id: str
    decision: DecisionKind
    after: str | tuple[str, ...] | None = None
    own: Change | None = None


class DecidedChange(Change):
    """A change as it stands.

    `origin` proposed it, the words of `after` are `by`; `proposed` is what `after` was at first.
    `in_document` tells whether the document has it. `unverified` are the gate's codes for the
    person's own words that the base does not show, `withheld` those that keep an accepted
    change of others out.
    """

    state: ChangeState = ChangeState.PROPOSED
    by: ChangeOrigin
    proposed: str | tuple[str, ...] | None = None
    in_document: bool
    unverified: tuple[str, ...] = ()
    withheld: tuple[str, ...] = ()


class UnknownChangeError(LookupError):
    """The result has no such change."""


class EditRefusedError(ValueError):
    """An edit that a tailored resume cannot take; `paths` name places, never what they say."""

    def __init__(self, code: str, paths: Sequence[str] = ()) -> None:
        super().__init__(code)
        self.code = code
        self.paths = tuple(paths)


@dataclass(frozen=True, slots=True)
class Standing:
    """A change as it was delivered (or begun), the last decision about it, and what it is now."""

    change: Change
    decision: Decision | None
    now: Change

    @property
    def is_own(self) -> bool:
        """Whether the person began it."""
        return self.change.origin is ChangeOrigin.USER


@dataclass(frozen=True, slots=True)
class Decided:
    """What the decisions come to.

    `resume` is the document, `verified` the same without the person's words that the base does
    not show: what the scores count. `violations` are the whole gate's findings on `resume`; all of
    the blocking ones come from the person's own words.
    """

    resume: Resume
    verified: Resume
    changes: tuple[DecidedChange, ...]
    violations: tuple[Violation, ...]


def stand(delivered: Iterable[Change], decisions: Iterable[Decision]) -> list[Standing]:
    """Where each change stands after the decisions: delivered ones first, then the person's own."""
    last = {d.change_id: d for d in decisions}
    known = list(delivered)
    begun = sorted(
        (d.own for d in last.values() if d.own is not None and _is_new(d.own, known)),
        key=lambda c: c.id,
    )
    return [
        Standing(change, last.get(change.id), _now(change, last.get(change.id)))
        for change in (*known, *begun)
    ]


def _is_new(own: Change, delivered: Iterable[Change]) -> bool:
    return own.origin is ChangeOrigin.USER and all(own.id != c.id for c in delivered)


def _now(change: Change, decision: Decision | None) -> Change:
    """A change under a decision; words equal to those proposed are an agreement, no edit."""
    kind = DecisionKind.REVERTED if decision is None else decision.decision
    is_own = change.origin is ChangeOrigin.USER
    if kind is DecisionKind.REVERTED:
        return change.model_copy(update={"status": ChangeStatus.REJECTED}) if is_own else change
    if kind is DecisionKind.REJECTED:
        return change.model_copy(update={"status": ChangeStatus.REJECTED})
    after = decision.after if decision is not None else None
    agreed = kind is DecisionKind.ACCEPTED or change.kind in HIDING or after == change.after
    if agreed:
        return change.model_copy(update={"status": ChangeStatus.ACCEPTED})
    edited = {"after": after, "status": ChangeStatus.EDITED, "origin": ChangeOrigin.USER}
    return change.model_copy(update={**edited, "flags": ()})


def decide(
    standing: Sequence[Standing], change_id: str, kind: DecisionKind, text: str | None = None
) -> Decision:
    """The decision about one change, as the history keeps it.

    Raises:
        UnknownChangeError: there is no such change.
        EditRefusedError: an edit without a text, or of a change that has none (`edit_not_text`).
    """
    found = next((s for s in standing if s.change.id == change_id), None)
    if found is None:
        raise UnknownChangeError(change_id)
    own = found.change if found.is_own else None
    if kind is not DecisionKind.EDITED:
        return Decision(change_id=change_id, decision=kind, own=own)
    textual = found.change.kind not in HIDING | REORDERING
    if not textual or text is None or not text.strip() or len(text) > MAX_EDIT:
        raise EditRefusedError("edit_not_text")
    return Decision(change_id=change_id, decision=kind, after=text.strip(), own=own)


def apply_decisions(
    gate: Gate, delivered: Sequence[Change], decisions: Iterable[Decision]
) -> Decided:
    """Fold decisions over the changes of a result and check the whole again.

    A change inside something hidden keeps its decision and comes back when that is shown again.
    """
    standing = stand(delivered, decisions)
    others = [s.now for s in standing if s.now.origin is not ChangeOrigin.USER]
    kept, withheld = settle(gate, others)
    staying = {c.id for c in kept}
    final = [s.now for s in standing if s.now.origin is ChangeOrigin.USER or s.now.id in staying]
    found = {s.change.id: _findings(gate, s.now) for s in standing}
    proven = [c for c in final if not found[c.id][1]]
    hidden = hidden_ids(final)
    resume = apply_changes(gate.base, final)
    return Decided(
        resume=resume,
        verified=apply_changes(gate.base, proven),
        changes=tuple(_shown(s, found[s.change.id], withheld, hidden) for s in standing),
        violations=tuple(gate.check(resume, hidden)),
    )


def as_delivered(delivered: Iterable[Change]) -> tuple[DecidedChange, ...]:
    """The changes of a result about which nothing was decided."""
    changes = list(delivered)
    hidden = hidden_ids(changes)
    return tuple(_shown(s, (s.now.flags, ()), {}, hidden) for s in stand(changes, ()))


_Codes = tuple[str, ...]


def _findings(gate: Gate, change: Change) -> tuple[_Codes, _Codes]:
    """The flags of a change, and what of the person's own words the base does not show."""
    if change.origin is not ChangeOrigin.USER or not change.in_force:
        return change.flags, ()
    violations = gate.check_change(change)
    told = (v for v in violations if v.severity is Severity.FLAG or v.code in _TOLD)
    return codes(told), codes(v for v in blocking(violations) if v.code not in _CHOICES)


def _shown(
    standing: Standing,
    found: tuple[_Codes, _Codes],
    withheld: dict[str, _Codes],
    hidden: frozenset[str],
) -> DecidedChange:
    change, now, decision = standing.change, standing.now, standing.decision
    flags, unverified = found
    kept_out = withheld.get(change.id, ())
    covered = change.kind not in HIDING and bool({change.entry_id, change.target_id} & hidden)
    state = ChangeState.PROPOSED if decision is None else ChangeState(decision.decision.value)
    if state is ChangeState.EDITED and now.status is ChangeStatus.ACCEPTED:
        state = ChangeState.ACCEPTED
    if standing.is_own and state is ChangeState.ACCEPTED:
        state = ChangeState.EDITED
    fields: dict[str, Any] = now.model_dump(exclude={"origin", "flags"})
    return DecidedChange(
        **fields,
        origin=change.origin,
        flags=flags,
        state=state,
        by=now.origin,
        proposed=None if standing.is_own else change.after,
        in_document=now.in_force and not kept_out and not covered,
        unverified=unverified,
        withheld=kept_out,
    )
