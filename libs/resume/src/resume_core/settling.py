"""Changes that are each true and yet wrong together: the later ones stay out."""

from collections.abc import Iterable, Sequence

from resume_core.changes import Change, apply_changes, hidden_ids
from resume_core.gate import Gate, Violation, blocking


def settle(
    gate: Gate, changes: Sequence[Change]
) -> tuple[list[Change], dict[str, tuple[str, ...]]]:
    """Leave changes out, the later ones first, until the document as a whole passes.

    Returns the changes that stay, in their order, and the codes of those that do not, by id. The
    base itself always passes; what is not in force stays as it is.
    """
    if not _wrong(gate, changes):
        return list(changes), {}
    kept: list[Change] = []
    refused: dict[str, tuple[str, ...]] = {}
    for change in changes:
        wrong = _wrong(gate, [*kept, change]) if change.in_force else ()
        if wrong:
            refused[change.id] = wrong
        else:
            kept.append(change)
    return kept, refused


def codes(violations: Iterable[Violation]) -> tuple[str, ...]:
    """The distinct codes of violations, sorted."""
    return tuple(sorted({v.code for v in violations}))


def _wrong(gate: Gate, changes: Sequence[Change]) -> tuple[str, ...]:
    tailored = apply_changes(gate.base, changes)
    return codes(blocking(gate.check(tailored, hidden_ids(changes))))
