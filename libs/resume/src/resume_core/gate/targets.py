"""Whether a change fits the base at all, before anybody reads its text."""

from resume_core.changes import CHRONOLOGICAL, HIDING, Change, ChangeKind
from resume_core.draft import PROVEN_SKILLS_ID
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
    if kind is ChangeKind.ADD_KEYWORD:
        known = change.entry_id in {None, "", PROVEN_SKILLS_ID} or find_entry(
            base, "skills", change.entry_id
        )
        return "" if change.section == "skills" and known and change.text else "target_unknown"
    entry = find_entry(base, change.section, change.entry_id)
    if entry is None:
        return "target_unknown"
    return _item_problem(change, entry)


def _item_problem(change: Change, entry: Entry) -> str:
    highlights, keywords = list(highlight_ids(entry)), list(keyword_ids(entry))
    match change.kind:
        case ChangeKind.REORDER_HIGHLIGHTS:
            return _order_problem(change, highlights)
        case ChangeKind.REORDER_KEYWORDS:
            return _order_problem(change, keywords)
        case ChangeKind.REWRITE_HIGHLIGHT | ChangeKind.HIDE_HIGHLIGHT:
            known = change.target_id in highlights
        case ChangeKind.RELABEL:
            known = change.target_id in keywords
        case _:
            return ""
    if not known:
        return "target_unknown"
    return "" if change.kind in HIDING or change.text.strip() else "change_malformed"


def _order_problem(change: Change, known: list[str]) -> str:
    order = change.order
    proper = bool(order) and len(set(order)) == len(order) and set(order) <= set(known)
    return "" if proper else "order_unknown"
