"""What the model and the rules propose, as one list without a keyword said twice."""

from collections.abc import Sequence

from resume_core.changes import Change, ChangeKind
from resume_core.gate import Gate, blocking
from resume_core.model import Resume
from resume_core.posting import PostingView
from resume_core.skills import SkillCatalog
from resume_core.text import normalise


def merge(
    base: Resume,
    posting: PostingView,
    by_model: Sequence[Change],
    by_rules: Sequence[Change],
    catalog: SkillCatalog,
) -> list[Change]:
    """The model's changes, then the rules', without keywords that are there already.

    A keyword that the gate will block is not there: the rules' true one takes its place.
    """
    present = {normalise(k) for entry in base.skills for k in entry.keywords}
    merged: list[Change] = []
    gate = Gate(base, posting, catalog) if any(map(_keyword, by_model)) else None
    for change in (*by_model, *by_rules):
        keyword = _keyword(change)
        if keyword in present:
            continue
        merged.append(change)
        if keyword is not None and not (gate and blocking(gate.check_change(change))):
            present.add(keyword)
    return merged


def _keyword(change: Change) -> str | None:
    if change.kind is not ChangeKind.ADD_KEYWORD or not isinstance(change.after, str):
        return None
    return normalise(change.after)
