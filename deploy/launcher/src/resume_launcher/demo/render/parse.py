"""A resume as it was read from a file: what was understood, and what is doubtful."""

import re
from collections.abc import Iterator
from typing import Any

from resume_launcher.demo.render.base import Known, Read, Status, count, ending, short

#: Sections by their names in JSON Resume, with the fields that name an entry.
SECTIONS = {
    "work": ("position", "name"),
    "volunteer": ("position", "organization"),
    "projects": ("name",),
    "education": ("studyType", "area", "institution"),
    "certificates": ("name", "issuer"),
    "awards": ("title", "awarder"),
    "publications": ("name", "publisher"),
    "skills": ("name",),
    "languages": ("language", "fluency"),
    "interests": ("name",),
}


class Doubt(Read):
    """A place where the reader guessed."""

    path: str = ""
    reason: str = ""
    confidence: float | None = None


class Parsed(Read):
    """The result of reading a resume, as far as it is printed."""

    format: str
    pages: int | None = None
    characters: int = 0
    document: dict[str, Any]
    doubts: tuple[Doubt, ...] = ()


def lines(status: Status, known: Known) -> Iterator[str]:
    """What was read, section by section, then the doubts."""
    read = Parsed.model_validate(status["result"])
    basics = read.document.get("basics") or {}
    size = f"{count(read.pages, 'page')}, " if read.pages else ""
    size += count(read.characters, "character")
    yield f"Resume of {basics.get('name') or 'somebody without a name'}, read from {read.format}"
    yield f"  {size}; {count(len(read.doubts), 'doubt')}."
    yield from ending(status)
    yield ""
    place = basics.get("location") or {}
    where = ", ".join(filter(None, (place.get("city"), place.get("region"))))
    for name, value in (
        ("Title", basics.get("label")),
        ("Place", where),
        ("E-mail", basics.get("email")),
        ("Phone", basics.get("phone")),
        ("Summary", short(basics.get("summary") or "")),
    ):
        yield f"  {name + ':':<9} {value or '-'}"
    for section, fields in SECTIONS.items():
        yield from _section(section, read.document.get(section) or [], fields, known)
    yield ""
    yield from doubts(read.doubts)


def doubts(found: tuple[Doubt, ...]) -> Iterator[str]:
    """What the person should look at."""
    yield f"Please check ({len(found)}):" if found else "Doubts: none."
    for doubt in found:
        sure = "" if doubt.confidence is None else f" ({doubt.confidence:.0%} sure)"
        place = re.sub(r"\[(\d+)\]", lambda m: f" {int(m[1]) + 1}", doubt.path).replace(".", ", ")
        yield f"  * {place}: {doubt.reason}{sure}"


def _section(
    section: str, entries: list[dict[str, Any]], fields: tuple[str, ...], known: Known
) -> Iterator[str]:
    if not entries:
        return
    yield ""
    yield f"{section.capitalize()} ({len(entries)}):"
    for entry in entries:
        named = ", ".join(str(entry[field]) for field in fields if entry.get(field))
        dates = _dates(entry)
        yield f"  * {named or '(no name)'}" + (f" ({dates})" if dates else "")
        if entry.get("keywords"):
            yield f"      {', '.join(map(str, entry['keywords']))}"
        if entry.get("highlights") and known.most is None:
            yield from (f"      - {line}" for line in entry["highlights"])
        elif entry.get("highlights"):
            yield f"      {count(len(entry['highlights']), 'line')}"


def _dates(entry: dict[str, Any]) -> str:
    if entry.get("startDate"):
        end = entry.get("endDate")
        return f"{entry['startDate']} to {end}" if end else f"from {entry['startDate']}"
    return str(entry.get("endDate") or entry.get("date") or entry.get("releaseDate") or "")
