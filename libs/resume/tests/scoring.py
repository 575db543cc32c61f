"""Field F1 of an import against its label: entries matched by best overlap, fields compared."""

from collections import Counter
from typing import Any, Final

from resume_core.ids import normalise
from resume_core.model import Resume

FIELDS: Final = {
    "name": ("basics", "name"),
    "employer": ("work", "name"),
    "title": ("work", "position"),
    "start": ("work", "start_date"),
    "end": ("work", "end_date"),
    "school": ("education", "institution"),
    "degree": ("education", "study_type"),
    "area": ("education", "area"),
    "bullet": ("work", "highlights"),
    "skill": ("skills", "keywords"),
}


def values(resume: Resume, field: str) -> Counter[tuple[str, str]]:
    """What a resume says in one field, each value tied to its entry's anchor.

    The anchor of work is its start, so that a right title in the wrong entry counts as wrong.
    """
    section, attribute = FIELDS[field]
    if section == "basics":
        return Counter({("", normalise(getattr(resume.basics, attribute) or "")): 1})
    found: Counter[tuple[str, str]] = Counter()
    for entry in getattr(resume, section):
        anchor = entry.start_date or "" if section == "work" and field != "start" else ""
        value: Any = getattr(entry, attribute)
        for item in value if isinstance(value, tuple) else [value]:
            if item:
                found[anchor, normalise(item)] += 1
    return found


def f1(pairs: list[tuple[Resume, Resume]], field: str) -> float:
    """F1 over (label, imported) pairs."""
    hit = wanted = got = 0
    for label, imported in pairs:
        expected, actual = values(label, field), values(imported, field)
        hit += (expected & actual).total()
        wanted += expected.total()
        got += actual.total()
    return 2 * hit / (wanted + got) if wanted + got else 1.0
