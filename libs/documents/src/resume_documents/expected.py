"""What a reader must find again in a document, in its order.

Told from the resume itself and not from the layout, so that what a layout forgets is missed.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from resume_core.model import Entry, Resume
from resume_core.sheet import Sheet
from resume_core.wording import PRINTED, Wording
from resume_documents.model import Letter

#: Fields of each section's entries, in the order of print. `*` marks lists, `@` dates.
_FIELDS: Final = {
    "work": "position name @start_date @end_date location url description summary *highlights",
    "volunteer": "position organization @start_date @end_date url summary *highlights",
    "projects": "name @start_date @end_date *roles entity url description summary *highlights"
    " *keywords",
    "education": "study_type area institution @start_date @end_date url score *courses",
    "skills": "name level *keywords",
    "certificates": "name issuer url @date",
    "awards": "title awarder @date summary",
    "publications": "name publisher url @release_date summary",
    "languages": "language fluency",
    "interests": "name *keywords",
    "references": "name reference",
}
_PLACE: Final = "address postal_code city region country_code"


@dataclass(frozen=True, slots=True)
class Expected:
    """One statement: its id (a path, no text) and what it says."""

    id: str
    text: str


def of_resume(resume: Resume, wording: Wording, *, plain: bool) -> list[Expected]:
    """Every statement of a resume; `plain`: without what JSON Resume has no place for."""
    found = [*_basics(resume)]
    for section in PRINTED:
        for index, entry in enumerate(getattr(resume, section)):
            where = f"{section}[{index}]"
            found += _entry(where, entry, _FIELDS[section].split(), wording)
            found += [] if plain else _lines(f"{where}.x-notes", entry.model_extra, "x-notes")
    return found if plain else [*found, *_more(resume)]


def of_letter(letter: Letter) -> list[Expected]:
    """Every line of a letter."""
    return [
        *_listed("sender", letter.sender),
        Expected("date", letter.date),
        *_listed("recipient", letter.recipient),
        Expected("subject", letter.subject),
        Expected("salutation", letter.salutation),
        *_listed("paragraphs", letter.paragraphs),
        Expected("closing", letter.closing),
        Expected("signature", letter.signature),
    ]


def of_sheet(sheet: Sheet) -> list[Expected]:
    """Every statement of a document that is laid out already; section titles are no statements."""
    found = [Expected("name", sheet.name), Expected("label", sheet.label)]
    found += [*_listed("contacts", sheet.contacts), Expected("summary", sheet.summary)]
    for at, section in enumerate(sheet.sections):
        for index, block in enumerate(section.blocks):
            where = f"sections[{at}].blocks[{index}]"
            found += [
                Expected(f"{where}.{f}", getattr(block, f)) for f in ("title", "owner", "span")
            ]
            for field in ("details", "prose", "bullets"):
                found += _listed(f"{where}.{field}", getattr(block, field))
        for index, item in enumerate(section.items):
            where = f"sections[{at}].items[{index}]"
            found += [Expected(f"{where}.{f}", getattr(item, f)) for f in ("label", "text")]
    return found


def _basics(resume: Resume) -> Iterator[Expected]:
    basics = resume.basics
    for field in ("name", "label", "email", "phone"):
        yield Expected(f"basics.{field}", getattr(basics, field) or "")
    for field in _PLACE.split() if basics.location else ():
        yield Expected(f"basics.location.{field}", getattr(basics.location, field) or "")
    yield Expected("basics.url", basics.url or "")
    for index, profile in enumerate(basics.profiles):
        where = f"basics.profiles[{index}]"
        if profile.url:
            yield Expected(f"{where}.url", profile.url)
        else:
            yield Expected(f"{where}.network", profile.network or "")
            yield Expected(f"{where}.username", profile.username or "")
    yield Expected("basics.summary", basics.summary or "")


def _entry(where: str, entry: Entry, fields: list[str], wording: Wording) -> Iterator[Expected]:
    for written in fields:
        field = written.lstrip("*@")
        value: Any = getattr(entry, field) or ""
        if written.startswith("*"):
            yield from _listed(f"{where}.{field}", value)
        elif not written.startswith("@"):
            yield Expected(f"{where}.{field}", value)
        elif value and not (field == "end_date" and value == getattr(entry, "start_date", None)):
            yield Expected(f"{where}.{field}", wording.date(value))


def _listed(where: str, values: tuple[str, ...]) -> Iterator[Expected]:
    for index, value in enumerate(values):
        yield Expected(f"{where}[{index}]", value)


def _lines(where: str, holder: dict[str, Any] | None, key: str) -> Iterator[Expected]:
    lines = (holder or {}).get(key)
    if isinstance(lines, list | tuple):
        yield from _listed(where, tuple(map(str, lines)))


def _more(resume: Resume) -> Iterator[Expected]:
    extra = resume.meta.get("x-sections")
    for index, section in enumerate(extra if isinstance(extra, list) else []):
        if isinstance(section, dict):
            yield from _lines(f"meta.x-sections[{index}]", section, "lines")
