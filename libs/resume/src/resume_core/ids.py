"""Stable identity: an id for each list entry, a content-addressed id for each bullet."""

import hashlib
import re
import unicodedata
from collections import defaultdict, deque
from collections.abc import Callable, Iterable
from typing import Final

from resume_core.model import SECTIONS, Entry, Resume

#: For each section, the field that names an entry and the one that dates it ("" = undated).
NAME_AND_START: Final[dict[str, tuple[str, str]]] = {
    "work": ("name", "start_date"),
    "volunteer": ("organization", "start_date"),
    "education": ("institution", "start_date"),
    "awards": ("title", "date"),
    "certificates": ("name", "date"),
    "publications": ("name", "release_date"),
    "skills": ("name", ""),
    "languages": ("language", ""),
    "interests": ("name", ""),
    "references": ("name", ""),
    "projects": ("name", "start_date"),
}
_WELL_FORMED = re.compile(r"[A-Za-z0-9._:-]{1,64}")
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")
_MAX_TRIES = 100

_Key = tuple[str, str, str]


def normalise(text: str) -> str:
    """Fold compatibility forms, case, invisible characters and white space away."""
    folded = unicodedata.normalize("NFKC", _INVISIBLE.sub("", text)).casefold()
    return " ".join(folded.split())


def highlight_id(entry_id: str, text: str, ordinal: int = 0) -> str:
    """The id of a bullet: a digest of its entry and its normalised text.

    `ordinal` counts equal bullets of one entry from 0, so that twins stay apart.
    """
    source = "\n".join((entry_id, normalise(text), str(ordinal)))
    return "h-" + hashlib.sha256(source.encode()).hexdigest()[:16]


def highlight_ids(entry_id: str, highlights: Iterable[str]) -> tuple[str, ...]:
    """The ids of an entry's bullets, in order."""
    seen: dict[str, int] = defaultdict(int)
    ids = []
    for text in highlights:
        key = normalise(text)
        ids.append(highlight_id(entry_id, text, seen[key]))
        seen[key] += 1
    return tuple(ids)


def assign_ids(resume: Resume, *, previous: Resume | None, new_id: Callable[[], str]) -> Resume:
    """Return `resume` with a unique id on every list entry.

    A well-formed id that the entry brings is kept (the first of two equal ones), else the id of
    the previous version's entry with the same section, name and start, else a fresh one.

    Raises:
        RuntimeError: `new_id` keeps returning ids that are taken.
    """
    taken: set[str] = set()
    kept = {
        section: [_claim(entry.id, taken) for entry in getattr(resume, section)]
        for section in SECTIONS
    }
    free = _by_key(previous, taken) if previous is not None else {}
    return resume.model_copy(
        update={
            section: tuple(
                entry.model_copy(
                    update={"id": own or _inherit(section, entry, free) or _fresh(new_id, taken)}
                )
                for entry, own in zip(getattr(resume, section), kept[section], strict=True)
            )
            for section in SECTIONS
        }
    )


def _claim(entry_id: str, taken: set[str]) -> str:
    if entry_id in taken or not _WELL_FORMED.fullmatch(entry_id):
        return ""
    taken.add(entry_id)
    return entry_id


def _key(section: str, entry: Entry) -> _Key | None:
    name_field, start_field = NAME_AND_START[section]
    name = normalise(getattr(entry, name_field) or "")
    start = (getattr(entry, start_field) or "") if start_field else ""
    return (section, name, start) if name or start else None


def _by_key(previous: Resume, taken: set[str]) -> dict[_Key, deque[str]]:
    """The previous ids that nobody has kept, by key; they count as taken from here on."""
    free: dict[_Key, deque[str]] = defaultdict(deque)
    for section in SECTIONS:
        for entry in getattr(previous, section):
            key = _key(section, entry)
            if key is not None and entry.id and entry.id not in taken:
                free[key].append(entry.id)
                taken.add(entry.id)
    return free


def _inherit(section: str, entry: Entry, free: dict[_Key, deque[str]]) -> str:
    key = _key(section, entry)
    candidates = free.get(key) if key is not None else None
    return candidates.popleft() if candidates else ""


def _fresh(new_id: Callable[[], str], taken: set[str]) -> str:
    for _ in range(_MAX_TRIES):
        candidate = new_id()
        if candidate and candidate not in taken:
            taken.add(candidate)
            return candidate
    raise RuntimeError("the id factory keeps repeating itself")
