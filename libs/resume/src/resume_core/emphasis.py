"""What a tailored resume brings forward, for the letter and the interview pack that go with it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from resume_core.changes import CHRONOLOGICAL, ChangeKind, apply_changes
from resume_core.decisions import DecidedChange
from resume_core.facts import highlight_ids
from resume_core.model import Project, Resume, Volunteer, Work

_SECTIONS: Final = ("work", "projects", "volunteer")
_LINES: Final = frozenset({ChangeKind.REWRITE_HIGHLIGHT, ChangeKind.ADD_HIGHLIGHT})
_Entry = Work | Volunteer | Project


@dataclass(frozen=True, slots=True)
class Emphasis:
    """A tailored resume as a letter may speak of it.

    Attributes:
        resume: the document, without the person's own words that the base does not show.
        emphasised: the ids of its lines that were worded anew, added or moved up, in that order.
        claims: the lines left out of it, each after its entry's id.
    """

    resume: Resume
    emphasised: tuple[str, ...]
    claims: tuple[tuple[str, str], ...]


def emphasis(base: Resume, changes: Sequence[DecidedChange]) -> Emphasis:
    """What the changes that are in the document make of the base."""
    shown = [change for change in changes if change.in_document]
    resume = apply_changes(base, [change for change in shown if not change.unverified])
    moved: list[str] = []
    worded: list[str] = []
    for section in _SECTIONS:
        before: tuple[_Entry, ...] = getattr(base, section)
        after: tuple[_Entry, ...] = getattr(resume, section)
        known = {entry.id: highlight_ids(entry) for entry in before}
        for entry in after:
            ids, old = highlight_ids(entry), known.get(entry.id, ())
            worded += [line for line in ids if line not in old]
            moved += _moved_up(old, ids)
        if section not in CHRONOLOGICAL:
            first = {entry.id: highlight_ids(entry)[:1] for entry in after}
            for entry_id in _moved_up(tuple(known), tuple(first)):
                moved += first[entry_id]
    return Emphasis(
        resume=resume,
        emphasised=tuple(dict.fromkeys((*worded, *moved))),
        claims=tuple(_claims(shown)),
    )


def _moved_up(before: Sequence[str], after: Sequence[str]) -> Iterator[str]:
    """What stands nearer to the top among those that are in both orders."""
    was = [one for one in before if one in after]
    now = [one for one in after if one in was]
    yield from (one for at, one in enumerate(now) if at < was.index(one))


def _claims(shown: Sequence[DecidedChange]) -> Iterator[tuple[str, str]]:
    for change in shown:
        if change.unverified and change.kind in _LINES and change.entry_id:
            yield change.entry_id, change.text
