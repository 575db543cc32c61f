"""Whether a change fits the base at all, before anybody reads its text."""

from resume_core.changes import CHRONOLOGICAL, HIDING, Change, ChangeKind, ChangeOrigin
from resume_core.draft import ADDED, PROVEN_SKILLS_ID
from resume_core.facts import find_entry, highlight_ids, keyword_ids
from resume_core.model import SECTIONS, Entry, Resume


def target_problem(base: Resume, change: Change) -> str:
    """The code of what makes a change inapplicable to `base`, "" when it fits."""
    kind = change.kind
    if kind in {ChangeKind.REWRITE_SUMMARY, ChangeKind.SET_LABEL}:
        return "" if change.section == "basics" and change.text.strip() else "change_malformed"
    if kind is ChangeKind.REORDER_ENTRIES:
        if change.section not in SECTIONS or change.section in CHRONOLOGICAL:
            return "order_fixed"
        return _order_problem(change, [e.id for e in getattr(base, change.section)])
    if kind is ChangeKind.ADD_KEYWORD and change.section == "skills":
        known = change.entry_id in {None, "", PROVEN_SKILLS_ID} or find_entry(
            base, "skills", change.entry_id
        )
        return "" if known and change.text else "target_unknown"
    entry = find_entry(base, change.section, change.entry_id)
    if entry is None:
        return "target_unknown"
    return _item_problem(change, entry)


def _item_problem(change: Change, entry: Entry) -> str:
    highlights, keywords = list(highlight_ids(entry)), list(keyword_ids(entry))
    match change.kind:
        case ChangeKind.ADD_HIGHLIGHT | ChangeKind.ADD_KEYWORD:
            return _addition_problem(change, entry)
        case ChangeKind.REORDER_HIGHLIGHTS:
            return _order_problem(change, highlights)
        case ChangeKind.REORDER_KEYWORDS:
            return _order_problem(change, keywords)
        case ChangeKind.REWRITE_HIGHLIGHT | ChangeKind.HIDE_HIGHLIGHT:
            known = change.target_id in highlights
        case ChangeKind.RELABEL | ChangeKind.HIDE_KEYWORD:
            known = change.target_id in keywords
        case _:
            return ""
    if not known:
        return "target_unknown"
    return "" if change.kind in HIDING or change.text.strip() else "change_malformed"


def _addition_problem(change: Change, entry: Entry) -> str:
    """Only the person adds lines to an entry; others may add to the skills, if they prove it."""
    field = "highlights" if change.kind is ChangeKind.ADD_HIGHLIGHT else "keywords"
    if change.origin is not ChangeOrigin.USER or not hasattr(entry, field):
        return "target_unknown"
    return "" if change.text.strip() else "change_malformed"


def _order_problem(change: Change, known: list[str]) -> str:
    new = (ADDED, PROVEN_SKILLS_ID)
    order = tuple(i for i in change.order if not i.startswith(new))
    proper = bool(change.order) and len(set(order)) == len(order) and set(order) <= set(known)
    return "" if proper else "order_unknown"
