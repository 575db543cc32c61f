"""A resume laid out for reading: what every document says and in which order, nothing left out."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from resume_core.model import Education, Entry, Location, Project, Resume, Volunteer, Work
from resume_core.wording import PRINTED, Wording


@dataclass(frozen=True, slots=True)
class Block:
    """One entry: its title and whose it is, when, further details, prose, bullets."""

    title: str = ""
    owner: str = ""
    span: str = ""
    details: tuple[str, ...] = ()
    prose: tuple[str, ...] = ()
    bullets: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Item:
    """One line of a list: what it is about, if anything, and what it says."""

    label: str
    text: str


@dataclass(frozen=True, slots=True)
class Section:
    """A titled part of the document: blocks, or items of a list."""

    title: str
    blocks: tuple[Block, ...] = ()
    items: tuple[Item, ...] = ()


@dataclass(frozen=True, slots=True)
class Sheet:
    """The whole document in reading order; `summary` is the first section's text."""

    name: str
    label: str
    contacts: tuple[str, ...]
    summary_title: str
    summary: str
    sections: tuple[Section, ...]


def lay_out(resume: Resume, wording: Wording) -> Sheet:
    """The resume as a document in the wording's language."""
    basics = resume.basics
    profiles = [
        profile.url or _joined(": ", profile.network, profile.username)
        for profile in basics.profiles
    ]
    contacts = [basics.email, basics.phone, _place(basics.location), basics.url, *profiles]
    return Sheet(
        name=basics.name or "",
        label=basics.label or "",
        contacts=tuple(contact for contact in contacts if contact),
        summary_title=wording.summary,
        summary=basics.summary or "",
        sections=(*_sections(resume, wording), *_other_sections(resume)),
    )


def _sections(resume: Resume, wording: Wording) -> Iterator[Section]:
    for name in PRINTED:
        entries = getattr(resume, name)
        if not entries:
            continue
        title = wording.titles[name]
        if name in _ITEMS:
            yield Section(title, items=tuple(map(_ITEMS[name], entries)))
        else:
            yield Section(title, blocks=tuple(_BLOCKS[name](e, wording) for e in entries))


def _other_sections(resume: Resume) -> Iterator[Section]:
    """Sections that JSON Resume has no place for (`meta["x-sections"]`: title and lines)."""
    extra = resume.meta.get("x-sections")
    for section in extra if isinstance(extra, list) else []:
        if isinstance(section, dict) and isinstance(section.get("lines"), list):
            items = tuple(Item("", str(line)) for line in section["lines"])
            yield Section(str(section.get("title", "More")), items=items)


def _work(entry: Work, wording: Wording) -> Block:
    return Block(
        title=entry.position or "",
        owner=entry.name or "",
        span=wording.span(entry.start_date, entry.end_date),
        details=_filled(entry.location, entry.url),
        prose=_filled(entry.description, entry.summary),
        bullets=entry.highlights,
    )


def _volunteer(entry: Volunteer, wording: Wording) -> Block:
    return Block(
        title=entry.position or "",
        owner=entry.organization or "",
        span=wording.span(entry.start_date, entry.end_date),
        details=_filled(entry.url),
        prose=_filled(entry.summary),
        bullets=entry.highlights,
    )


def _project(entry: Project, wording: Wording) -> Block:
    return Block(
        title=entry.name or "",
        span=wording.span(entry.start_date, entry.end_date),
        details=_filled(
            ", ".join(entry.roles),
            f"{wording.for_entity}: {entry.entity}" if entry.entity else None,
            entry.url,
        ),
        prose=_filled(entry.description, entry.summary),
        bullets=(*entry.highlights, *_named_list(wording.technologies, entry.keywords)),
    )


def _education(entry: Education, wording: Wording) -> Block:
    return Block(
        title=_joined(wording.of_area, entry.study_type, entry.area),
        owner=entry.institution or "",
        span=wording.span(entry.start_date, entry.end_date, lone_end=True),
        details=_filled(entry.url),
        bullets=(
            *_named_list(wording.grade, _filled(entry.score)),
            *_named_list(wording.courses, entry.courses),
            *notes_of(entry),
        ),
    )


def _simple(*fields: str, date: str = "", prose: str = "") -> Callable[[Any, Wording], Block]:
    """A layout for a simple entry: the first field heads it, the others and the date detail it."""

    def block(entry: Any, wording: Wording) -> Block:
        title, *details = (getattr(entry, field) for field in fields)
        written = getattr(entry, date) if date else None
        text = getattr(entry, prose) if prose else None
        dated = wording.date(written) if written else None
        return Block(title or "", details=_filled(*details, dated), prose=_filled(text))

    return block


def _keywords(entry: Any) -> Item:
    level = getattr(entry, "level", None)
    label = (entry.name or "") + (f" ({level})" if level else "")
    return Item(label.strip(), ", ".join(entry.keywords))


_BLOCKS: Final[dict[str, Callable[[Any, Wording], Block]]] = {
    "work": _work,
    "volunteer": _volunteer,
    "projects": _project,
    "education": _education,
    "awards": _simple("title", "awarder", date="date", prose="summary"),
    "certificates": _simple("name", "issuer", "url", date="date"),
    "publications": _simple("name", "publisher", "url", date="release_date", prose="summary"),
    "references": _simple("name", prose="reference"),
}
_ITEMS: Final[dict[str, Callable[[Any], Item]]] = {
    "skills": _keywords,
    "interests": _keywords,
    "languages": lambda entry: Item(entry.language or "", entry.fluency or ""),
}


def notes_of(entry: Entry) -> tuple[str, ...]:
    """What an import found under an entry and no field takes (`x-notes`)."""
    notes = (entry.model_extra or {}).get("x-notes")
    return tuple(str(note) for note in notes) if isinstance(notes, list | tuple) else ()


def _named_list(name: str, values: tuple[str, ...]) -> tuple[str, ...]:
    return (f"{name}: {', '.join(values)}",) if values else ()


def _place(location: Location | None) -> str:
    if location is None:
        return ""
    town = _joined(" ", location.postal_code, location.city)
    return _joined(", ", location.address, town, location.region, location.country_code)


def _filled(*texts: str | None) -> tuple[str, ...]:
    return tuple(text for text in texts if text)


def _joined(separator: str, *parts: str | None) -> str:
    return separator.join(part for part in parts if part)
