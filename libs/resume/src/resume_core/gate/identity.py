"""Who the person is and what they did, entry by entry (metrics 1 and 2).

Everything is compared to the base by id, and everything that is not listed as editable must be
equal, unknown fields included: a field nobody thought of cannot carry a lie.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from resume_core.changes import CHRONOLOGICAL
from resume_core.draft import PROVEN_SKILLS_ID, PROVEN_SKILLS_NAME
from resume_core.facts import highlight_ids, keyword_ids
from resume_core.gate.roots import roots
from resume_core.gate.violations import Violation
from resume_core.model import SECTIONS, Entry, Resume, Skill
from resume_core.numerals import in_english_terms
from resume_core.quantities import quantities
from resume_core.skills import SkillCatalog
from resume_core.text import identity, normalise, overlap, stems

_EDITABLE: Final = {"highlights", "keywords"}
_INNER: Final = {*SECTIONS, "basics"}
_EDITABLE_BASICS: Final = {"summary", "label"}
#: A rewritten bullet shares at least this part of the smaller wording with its source.
_SAME_BULLET = 0.34


def check_identity(base: Resume, tailored: Resume, hidden: frozenset[str]) -> Iterator[Violation]:
    """Fields, entries, ids and order: what no tailoring may touch."""
    if base.basics is not tailored.basics:
        yield from _fields("basics", None, _plain(base.basics), _plain(tailored.basics))
    if not _outer_is_untouched(base, tailored):
        yield from _fields(
            "resume", None, base.model_dump(exclude=_INNER), tailored.model_dump(exclude=_INNER)
        )
    for section in SECTIONS:
        yield from _section(section, getattr(base, section), getattr(tailored, section), hidden)


def _outer_is_untouched(base: Resume, tailored: Resume) -> bool:
    """Whether all beside basics and sections are the base's own objects, as a draft leaves them."""
    old, new = ({**r.__dict__, **(r.model_extra or {})} for r in (base, tailored))
    return old.keys() == new.keys() and all(old[n] is new[n] for n in old.keys() - _INNER)


def _plain(part: Any) -> dict[str, Any]:
    dumped: dict[str, Any] = part.model_dump(exclude=_EDITABLE_BASICS)
    return dumped


def _section(
    section: str, base: tuple[Entry, ...], tailored: tuple[Entry, ...], hidden: frozenset[str]
) -> Iterator[Violation]:
    known = {e.id: e for e in base}
    if tailored is base and len(known) == len(base) and "" not in known:
        return
    yield from _ids(section, tailored)
    for entry in tailored:
        source = known.get(entry.id)
        if source is entry:
            continue
        if source is not None:
            dumped = entry.model_dump(exclude=_EDITABLE)
            yield from _fields(section, entry.id, source.model_dump(exclude=_EDITABLE), dumped)
        elif not _is_proven_group(section, entry):
            yield _violation("entry_added", section, entry.id or None)
    kept = [e.id for e in tailored if e.id in known]
    for entry_id in known:
        if entry_id not in kept and entry_id not in hidden:
            yield _violation("entry_missing", section, entry_id, metric=2)
    if section in CHRONOLOGICAL and kept != [i for i in known if i in set(kept)]:
        yield _violation("order_changed", section, None, metric=2)


def _ids(section: str, tailored: tuple[Entry, ...]) -> Iterator[Violation]:
    for entry_id, count in Counter(e.id for e in tailored).items():
        if not entry_id:
            yield _violation("id_empty", section, None)
        elif count > 1:
            yield _violation("id_duplicate", section, entry_id)


def _is_proven_group(section: str, entry: Entry) -> bool:
    """Whether this is the one group that a tailoring may add, holding nothing but keywords."""
    bare = Skill(id=PROVEN_SKILLS_ID, name=PROVEN_SKILLS_NAME).model_dump(exclude=_EDITABLE)
    return section == "skills" and entry.model_dump(exclude=_EDITABLE) == bare


def _fields(
    section: str, entry_id: str | None, base: dict[str, Any], tailored: dict[str, Any]
) -> Iterator[Violation]:
    for name in sorted(base.keys() | tailored.keys()):
        if _same(base.get(name), tailored.get(name)):
            continue
        lost = tailored.get(name) in (None, "", [], ())
        code = "field_removed" if lost else "field_changed"
        yield _violation(code, section, entry_id, metric=2 if lost else 1, field=name)


def _same(a: Any, b: Any) -> bool:
    match a, b:
        case str(), str():
            return a == b or identity(a) == identity(b)
        case dict(), dict():
            return a.keys() == b.keys() and all(_same(a[k], b[k]) for k in a)
        case ((list() | tuple()), (list() | tuple())):
            return len(a) == len(b) and all(map(_same, a, b))
        case _:
            return bool(a == b) and type(a) is type(b)


@dataclass(frozen=True, slots=True)
class Rewritten:
    """A highlight of the tailored entry that the base does not have, and the one it replaces."""

    index: int
    text: str
    replaces: str


def rewritten_highlights(base: Entry, tailored: Entry, tongue: str = "") -> list[Rewritten]:
    """The changed highlights, each with the likeliest of the base's that are gone ("" if none).

    `tongue` is the language they are written in, "" for English.
    """
    old: list[str] = list(getattr(base, "highlights", ()))
    new: list[str] = list(getattr(tailored, "highlights", ()))
    changed, gone = _difference(old, new)
    ranked = sorted(
        (
            (overlap(_told(new[n], tongue), _told(old[o], tongue)), -n, -o)
            for n in changed
            for o in gone
        ),
        reverse=True,
    )
    paired: dict[int, int] = {}
    for likeness, n, o in ranked:
        if likeness >= _SAME_BULLET and -n not in paired and -o not in paired.values():
            paired[-n] = -o
    return [Rewritten(n, new[n], old[paired[n]] if n in paired else "") for n in changed]


def _told(text: str, tongue: str) -> frozenset[str]:
    read = in_english_terms(text, tongue)
    # "Six" is "6" and "$2 million" is "$2M", however they are written.
    numbers = frozenset(map(str, (q.key for q in quantities(read))))
    return numbers | (roots(read, tongue) if tongue else stems(read))


def check_highlights(
    section: str, base: Entry, tailored: Entry, hidden: frozenset[str], tongue: str = ""
) -> Iterator[Violation]:
    """Bullets are kept or rewritten one for one: none added, doubled, or dropped unasked."""
    old: list[str] = list(getattr(base, "highlights", ()))
    new: list[str] = list(getattr(tailored, "highlights", ()))
    rewritten = rewritten_highlights(base, tailored, tongue)
    _, gone = _difference(old, new)
    agreed = [o for o in gone if highlight_ids(base)[o] in hidden]
    left = len(gone) - len(agreed)
    if len(rewritten) > left:
        yield _violation("highlight_added", section, base.id, field="highlights")
    elif len(rewritten) < left:
        yield _violation("highlight_missing", section, base.id, metric=2, field="highlights")
    for bullet in rewritten:
        if not bullet.replaces:
            path = f"highlights[{bullet.index}]"
            yield _violation("highlight_replaced", section, base.id, metric=2, field=path)
    before, after = Counter(map(normalise, old)), Counter(map(normalise, new))
    if any(count > max(before[text], 1) for text, count in after.items()):
        yield _violation("highlight_duplicate", section, base.id, field="highlights")
    if any(not normalise(new[n.index]) for n in rewritten):
        yield _violation("highlight_missing", section, base.id, metric=2, field="highlights")


def _difference(old: list[str], new: list[str]) -> tuple[list[int], list[int]]:
    """Indexes of the new texts that are not in the old list, and of the old ones gone."""
    remaining = Counter(map(normalise, old))
    changed: list[int] = []
    for at, text in enumerate(new):
        if remaining[normalise(text)] > 0:
            remaining[normalise(text)] -= 1
        else:
            changed.append(at)
    gone: list[int] = []
    for at in range(len(old) - 1, -1, -1):
        if remaining[normalise(old[at])] > 0:
            remaining[normalise(old[at])] -= 1
            gone.append(at)
    return changed, gone[::-1]


def check_keywords(
    section: str, base: Entry, tailored: Entry, hidden: frozenset[str], catalog: SkillCatalog
) -> Iterator[Violation]:
    """Every keyword of the base is there, or its skill under another name, unless hidden."""
    old: tuple[str, ...] = getattr(base, "keywords", ())
    new: tuple[str, ...] = getattr(tailored, "keywords", ())
    present = {normalise(k) for k in new}
    skills = {catalog.resolve(k) for k in new} - {None}
    for identifier, keyword in zip(keyword_ids(base), old, strict=True):
        if identifier in hidden:
            continue
        if normalise(keyword) not in present and catalog.resolve(keyword) not in skills:
            yield _violation("keyword_missing", section, base.id, metric=2, field="keywords")
    before, after = Counter(map(normalise, old)), Counter(map(normalise, new))
    if any(count > max(before[text], 1) for text, count in after.items()):
        yield _violation("keyword_duplicate", section, base.id, field="keywords")


def new_keywords(base: Entry | None, tailored: Entry) -> list[str]:
    """The keywords that the base entry does not have."""
    known: Iterable[str] = getattr(base, "keywords", ())
    have = {normalise(k) for k in known}
    return [k for k in getattr(tailored, "keywords", ()) if normalise(k) not in have]


def _violation(
    code: str, section: str, entry_id: str | None, *, metric: int = 1, field: str = ""
) -> Violation:
    place = f"{section}[{entry_id}]" if entry_id else section
    path = f"{place}.{field}" if field else place
    return Violation(code=code, metric=metric, path=path, entry_id=entry_id)
