"""A career path in the person's own words: which roles, in which order, and why."""

from collections.abc import Sequence
from typing import NamedTuple

from resume_core.career.build import role_id
from resume_core.career.model import CareerPath, NextRole, RoleKind
from resume_core.decisions import EditRefusedError
from resume_core.grounding import Grounding
from resume_core.own_words import OwnWords


class WantedRole(NamedTuple):
    """A role as the person wants it; without an id it is a new one. Reasons of None stay."""

    id: str | None
    title: str | None
    reasons: str | None


def edit_career(
    delivered: CareerPath, standing: CareerPath, grounding: Grounding, roles: Sequence[WantedRole]
) -> CareerPath:
    """The path with these roles in this order; those not named are left out.

    What is counted, and pay, is not the person's to change; a role of their own has neither.
    `standing` is the path as it is now: what it has stays where nothing else is wanted.

    Raises:
        EditRefusedError: a role that is not there or comes twice (`part_unknown`), a reason that
            contradicts the base (`identity_fixed`), or too many sentences.
    """
    known = {role.id: role for role in (*delivered.roles, *standing.roles)}
    words = OwnWords(grounding, (s for role in delivered.roles for s in role.reasons))
    edited: dict[str, NextRole] = {}
    for at, wanted in enumerate(roles):
        role = known.get(wanted.id or "")
        if wanted.id is None and wanted.title:
            role = _new(" ".join(wanted.title.split()))
        if role is None or role.id in edited:
            raise EditRefusedError("part_unknown", [f"roles[{at}]"])
        if wanted.reasons is not None:
            reasons = words.sentences(wanted.reasons, f"roles[{at}].reasons")
            role = role.model_copy(update={"reasons": reasons})
        edited[role.id] = role
    words.done()
    return delivered.model_copy(update={"roles": tuple(edited.values())})


def _new(title: str) -> NextRole:
    return NextRole(
        id=role_id(title),
        title=title,
        field="",
        level=None,
        kind=RoleKind.OWN,
        source="own",
        posting_ids=(),
        missing=(),
        present=(),
        pay=(),
        reasons=(),
    )
