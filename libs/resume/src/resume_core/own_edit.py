"""A document that the person wrote themselves, as decisions about changes.

Where a change exists it is accepted, rejected or edited; what no change covers becomes one of the
person's own. Employers, titles, dates, degrees and all else that no tailoring touches must be as in
the base: who they were is edited there.
"""

import hashlib
from collections.abc import Sequence
from typing import Final

from resume_core.changes import ADDING, HIDING, Change, ChangeKind, ChangeOrigin, ChangeStatus
from resume_core.decisions import (
    Decision,
    DecisionKind,
    EditRefusedError,
    Standing,
    stand,
)
from resume_core.draft import added_id, in_order
from resume_core.facts import find_entry, highlight_ids, keyword_ids
from resume_core.gate.identity import check_identity
from resume_core.model import SECTIONS, Entry, Resume
from resume_core.text import overlap, stems

#: Two wordings of one line share at least this part of the smaller one.
_SAME_LINE: Final = 0.34
_Slot = tuple[str, ...]
_KINDS: Final = {
    "highlights": (
        ChangeKind.REWRITE_HIGHLIGHT,
        ChangeKind.ADD_HIGHLIGHT,
        ChangeKind.HIDE_HIGHLIGHT,
        ChangeKind.REORDER_HIGHLIGHTS,
    ),
    "keywords": (
        ChangeKind.RELABEL,
        ChangeKind.ADD_KEYWORD,
        ChangeKind.HIDE_KEYWORD,
        ChangeKind.REORDER_KEYWORDS,
    ),
}


def own_edit(
    base: Resume, delivered: Sequence[Change], decisions: Sequence[Decision], wanted: Resume
) -> list[Decision]:
    """The decisions after which the document is `wanted`; none when it is that already.

    What stands outside of basics and sections is the base's.

    Raises:
        EditRefusedError: `wanted` changes what only the base may (`identity_fixed`).
    """
    everything = {e.id for s in SECTIONS for e in getattr(base, s)}
    candidate = parts_of(wanted, base)
    fixed = sorted({v.path for v in check_identity(base, candidate, frozenset(everything))})
    if fixed:
        raise EditRefusedError("identity_fixed", fixed)
    return _Edit(base, stand(delivered, decisions), candidate).decisions()


def parts_of(wanted: Resume, base: Resume) -> Resume:
    """Basics and sections of one document in all the rest of another."""
    return base.model_copy(update={name: getattr(wanted, name) for name in (*SECTIONS, "basics")})


class _Edit:
    """Collects what the person wants by slot, then compares it with what stands."""

    def __init__(self, base: Resume, standing: Sequence[Standing], wanted: Resume) -> None:
        self._base = base
        self._wanted = wanted
        self._standing = standing
        self._texts: dict[_Slot, Change] = {}
        self._orders: dict[_Slot, tuple[Change, list[str]]] = {}  # and how it stood without
        self._out_of_sight: set[str] = set()  # ids inside or behind something hidden

    def decisions(self) -> list[Decision]:
        """What has to be decided, in a fixed order."""
        self._basics()
        for section in SECTIONS:
            self._section(section)
        by_slot = {s.now.slot: s for s in self._standing}
        made = [d for s in self._standing if (d := self._about(s)) is not None]
        for slot, change in self._texts.items():
            if slot not in by_slot:
                made.append(_begin(change))
        for slot, (change, natural) in self._orders.items():
            if slot not in by_slot and list(change.order) != natural:
                made.append(_begin(change))
        return made

    def _about(self, standing: Standing) -> Decision | None:
        """The decision about a change that exists; None when it stands as the person wants."""
        if self._is_covered(standing.now):
            return None
        if standing.now.slot in self._orders:
            return self._about_order(standing, *self._orders[standing.now.slot])
        return self._about_text(standing, self._texts.get(standing.now.slot))

    def _is_covered(self, change: Change) -> bool:
        """Whether something hidden covers it, so that the document does not tell of it."""
        if change.kind is ChangeKind.HIDE_ENTRY:
            return False
        behind = change.kind not in HIDING and change.target_id in self._out_of_sight
        return behind or change.entry_id in self._out_of_sight

    @staticmethod
    def _about_text(standing: Standing, wish: Change | None) -> Decision | None:
        now, hides = standing.now, standing.now.kind in HIDING
        if wish is None:
            return _decision(standing, DecisionKind.REJECTED) if now.in_force else None
        if now.in_force and (hides or now.after == wish.after):
            return None
        if hides or standing.change.after == wish.after:
            return _decision(standing, DecisionKind.ACCEPTED)
        return _decision(standing, DecisionKind.EDITED, wish.after)

    @staticmethod
    def _about_order(standing: Standing, wish: Change, natural: list[str]) -> Decision | None:
        wanted = list(wish.order)
        order = standing.now.order if standing.now.in_force else ()
        if in_order(natural, natural, order) == wanted:
            return None
        if wanted == natural:
            return _decision(standing, DecisionKind.REJECTED)
        if in_order(natural, natural, standing.change.order) == wanted:
            return _decision(standing, DecisionKind.ACCEPTED)
        return _decision(standing, DecisionKind.EDITED, wish.after)

    def _want(
        self,
        kind: ChangeKind,
        place: tuple[str, str | None, str | None],
        before: str | tuple[str, ...] | None,
        after: str | tuple[str, ...] | None,
    ) -> Change:
        section, entry_id, target_id = place
        change = Change(
            id="",
            kind=kind,
            section=section,
            entry_id=entry_id,
            target_id=target_id,
            before=before,
            after=after,
            reason="Your own edit.",
            origin=ChangeOrigin.USER,
            status=ChangeStatus.EDITED,
        )
        digest = hashlib.blake2b("\x1f".join(change.slot).encode(), digest_size=6).hexdigest()
        return change.model_copy(update={"id": f"u-{digest}"})

    def _basics(self) -> None:
        for field, kind in (
            ("summary", ChangeKind.REWRITE_SUMMARY),
            ("label", ChangeKind.SET_LABEL),
        ):
            before: str = getattr(self._base.basics, field) or ""
            after: str = getattr(self._wanted.basics, field) or ""
            if before != after:
                change = self._want(kind, ("basics", None, None), before, after)
                self._texts[change.slot] = change

    def _section(self, section: str) -> None:
        base: tuple[Entry, ...] = getattr(self._base, section)
        wanted: tuple[Entry, ...] = getattr(self._wanted, section)
        shown = {e.id for e in wanted}
        for entry in base:
            if entry.id not in shown:
                name = next((t for t in _names(entry) if t), None)
                change = self._want(ChangeKind.HIDE_ENTRY, (section, entry.id, None), name, None)
                self._texts[change.slot] = change
                self._out_of_sight.add(entry.id)
        known = [e.id for e in base if e.id in shown]
        natural = [*known, *(e.id for e in wanted if e.id not in known)]
        self._order(ChangeKind.REORDER_ENTRIES, (section, None), natural, [e.id for e in wanted])
        for entry in wanted:
            source = find_entry(self._base, section, entry.id)
            for field, ids_of in (("highlights", highlight_ids), ("keywords", keyword_ids)):
                lines: tuple[str, ...] = getattr(source, field, ())
                ids = ids_of(source) if source is not None else ()
                self._lines((section, entry), field, dict(zip(ids, lines, strict=True)))

    def _order(
        self,
        kind: ChangeKind,
        place: tuple[str, str | None],
        natural: list[str],
        wanted: list[str],
    ) -> None:
        change = self._want(kind, (*place, None), tuple(natural), tuple(wanted))
        self._orders[change.slot] = (change, natural)

    def _lines(self, place: tuple[str, Entry], field: str, base: dict[str, str]) -> None:
        section, entry = place
        rewrite, add, hide, reorder = _KINDS[field]
        lines: tuple[str, ...] = getattr(entry, field, ())
        claimed = self._claims(rewrite, (section, entry.id), base, lines)
        order: list[str] = []
        added: list[str] = []
        for line, identifier in zip(lines, claimed, strict=True):
            if identifier is None:
                change = self._want(add, (section, entry.id, None), None, line)
                added.append(line)
            else:
                change = self._want(
                    rewrite, (section, entry.id, identifier), base[identifier], line
                )
            order.append(identifier or added_id(field, line))
            if identifier is None or base[identifier] != line:
                self._texts[change.slot] = change
        for identifier, text in base.items():
            if identifier not in claimed:
                change = self._want(hide, (section, entry.id, identifier), text, None)
                self._texts[change.slot] = change
                self._out_of_sight.add(identifier)
        natural = [i for i in base if i in claimed] + [added_id(field, t) for t in sorted(added)]
        self._order(reorder, (section, entry.id), natural, order)

    def _claims(
        self,
        rewrite: ChangeKind,
        place: tuple[str, str],
        base: dict[str, str],
        lines: Sequence[str],
    ) -> list[str | None]:
        """Which line of the base each line is a wording of: equal ones first, then alike ones."""
        wordings = {identifier: {text} for identifier, text in base.items()}
        for standing in self._standing:
            now = standing.now
            if now.kind is rewrite and (now.section, now.entry_id) == place:
                wordings.setdefault(now.target_id or "", set()).update(
                    {now.text, standing.change.text}
                )
        claimed: list[str | None] = [None] * len(lines)
        free = list(base)
        for at, line in enumerate(lines):
            equal = next((i for i in free if line in wordings[i]), None)
            if equal is not None:
                claimed[at] = equal
                free.remove(equal)
        adds = {s.now.text for s in self._standing if s.now.kind in ADDING}
        open_ = [at for at, i in enumerate(claimed) if i is None and lines[at] not in adds]
        alike = sorted(
            ((overlap(stems(lines[at]), stems(base[i])), -at, i) for at in open_ for i in free),
            key=lambda found: (-found[0], -found[1], free.index(found[2])),
        )
        for likeness, at, identifier in alike:
            if likeness >= _SAME_LINE and claimed[-at] is None and identifier in free:
                claimed[-at] = identifier
                free.remove(identifier)
        return claimed


def _names(entry: Entry) -> tuple[str | None, ...]:
    fields = ("name", "organization", "institution", "title", "language")
    return tuple(getattr(entry, field, None) for field in fields)


def _begin(change: Change) -> Decision:
    kind = DecisionKind.ACCEPTED if change.kind in HIDING else DecisionKind.EDITED
    own = change.model_copy(update={"status": ChangeStatus.REJECTED})
    return Decision(change_id=change.id, decision=kind, after=change.after, own=own)


def _decision(
    standing: Standing, kind: DecisionKind, after: str | tuple[str, ...] | None = None
) -> Decision:
    own = standing.change if standing.is_own else None
    return Decision(change_id=standing.change.id, decision=kind, after=after, own=own)
