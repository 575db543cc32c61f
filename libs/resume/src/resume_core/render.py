"""A resume as Markdown and as plain text, nothing left out, in the order of the document."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from resume_core.dates import shorten
from resume_core.model import Education, Entry, Location, Project, Resume, Volunteer, Work

_TITLES: Final = {
    "work": "Experience",
    "projects": "Projects",
    "education": "Education",
    "skills": "Skills",
    "certificates": "Certificates",
    "awards": "Awards",
    "publications": "Publications",
    "volunteer": "Volunteering",
    "languages": "Languages",
    "interests": "Interests",
    "references": "References",
}
_DASH: Final = "\u2013"
_SYNTAX: Final = re.compile(r"([\\`*\[\]<>|]|(?<!\w)_|_(?!\w))")
_LINE_START: Final = re.compile(r"^(\s*)([#>+-]|\d+[.)])(?=\s)")


@dataclass(frozen=True, slots=True)
class _Block:
    """One entry laid out: a bold head, its details and dates, prose, bullets."""

    head: str
    details: tuple[str, ...] = ()
    prose: tuple[str, ...] = ()
    bullets: tuple[str, ...] = ()


def to_markdown(resume: Resume) -> str:
    """The resume as CommonMark; text that would read as markup is escaped."""
    return _layout(resume, escape=_escape, mark=_MARKDOWN)


def to_text(resume: Resume) -> str:
    """The resume as plain text, headings in capitals."""
    return _layout(resume, escape=_one_line, mark=_PLAIN)


@dataclass(frozen=True, slots=True)
class _Mark:
    """How one output format writes the few things that a resume is made of."""

    title: Callable[[str], str]
    section: Callable[[str], str]
    head: Callable[[str], str]
    group: Callable[[str], str]


_MARKDOWN: Final = _Mark(
    title=lambda text: f"# {text}",
    section=lambda text: f"## {text}",
    head=lambda text: f"### {text}",
    group=lambda text: f"**{text}:**",
)
_PLAIN: Final = _Mark(
    title=lambda text: text,
    section=lambda text: f"{text.upper()}\n{'-' * len(text)}",
    head=lambda text: text,
    group=lambda text: f"{text}:",
)


def _layout(resume: Resume, *, escape: Callable[[str], str], mark: _Mark) -> str:
    parts = list(_header(resume, escape, mark))
    for section, title in _TITLES.items():
        entries = getattr(resume, section)
        if not entries:
            continue
        parts.append(mark.section(title))
        if section in _LISTS:
            lines = (_LISTS[section](entry, escape, mark) for entry in entries)
            parts.append("\n".join(f"- {line}" for line in lines if line))
        else:
            parts.extend(_entry(_BLOCKS[section](entry), escape, mark) for entry in entries)
    for extra in _other_sections(resume):
        parts.append(mark.section(escape(extra[0])))
        parts.append("\n".join(f"- {escape(line)}" for line in extra[1]))
    return "\n\n".join(part for part in parts if part) + "\n"


def _header(resume: Resume, escape: Callable[[str], str], mark: _Mark) -> Iterator[str]:
    basics = resume.basics
    yield mark.title(escape(basics.name or ""))
    yield escape(basics.label or "")
    profiles = [
        profile.url or _pair(profile.network, profile.username) for profile in basics.profiles
    ]
    contacts = [basics.email, basics.phone, _place(basics.location), basics.url, *profiles]
    yield " | ".join(escape(contact) for contact in contacts if contact)
    if basics.summary:
        yield mark.section("Summary")
        yield _prose(basics.summary, escape)


def _entry(block: _Block, escape: Callable[[str], str], mark: _Mark) -> str:
    lines = [mark.head(escape(block.head))]
    if any(block.details):
        lines.append(" | ".join(escape(detail) for detail in block.details if detail))
    if any(block.prose):
        lines.append("\n" + "\n\n".join(_prose(text, escape) for text in block.prose if text))
    if block.bullets:
        lines.append("\n" + "\n".join(f"- {escape(text)}" for text in block.bullets))
    return "\n".join(lines)


def _work(entry: Work) -> _Block:
    return _Block(
        head=_dashed(entry.position, entry.name),
        details=(_span(entry.start_date, entry.end_date), entry.location or "", entry.url or ""),
        prose=(entry.description or "", entry.summary or ""),
        bullets=entry.highlights,
    )


def _volunteer(entry: Volunteer) -> _Block:
    return _Block(
        head=_dashed(entry.position, entry.organization),
        details=(_span(entry.start_date, entry.end_date), entry.url or ""),
        prose=(entry.summary or "",),
        bullets=entry.highlights,
    )


def _project(entry: Project) -> _Block:
    return _Block(
        head=entry.name or "",
        details=(
            _span(entry.start_date, entry.end_date),
            ", ".join(entry.roles),
            _pair("For", entry.entity) if entry.entity else "",
            entry.url or "",
        ),
        prose=(entry.description or "", entry.summary or ""),
        bullets=(
            *entry.highlights,
            *([f"Technologies: {', '.join(entry.keywords)}"] if entry.keywords else ()),
        ),
    )


def _education(entry: Education) -> _Block:
    return _Block(
        head=_dashed(_joined(" in ", entry.study_type, entry.area), entry.institution),
        details=(_span(entry.start_date, entry.end_date, lone_end=True), entry.url or ""),
        bullets=(
            *([f"Grade: {entry.score}"] if entry.score else ()),
            *([f"Courses: {', '.join(entry.courses)}"] if entry.courses else ()),
            *_notes(entry),
        ),
    )


def _named(*fields: str, date: str = "", prose: str = "") -> Callable[[Any], _Block]:
    """A layout for a simple entry: the first field heads it, the others and the date detail it."""

    def block(entry: Any) -> _Block:
        head, *details = (getattr(entry, field) or "" for field in fields)
        written = getattr(entry, date) if date else None
        text = getattr(entry, prose) if prose else None
        return _Block(head, (*details, shorten(written) if written else ""), (text or "",))

    return block


_BLOCKS: Final[dict[str, Callable[[Any], _Block]]] = {
    "work": _work,
    "volunteer": _volunteer,
    "projects": _project,
    "education": _education,
    "awards": _named("title", "awarder", date="date", prose="summary"),
    "certificates": _named("name", "issuer", "url", date="date"),
    "publications": _named("name", "publisher", "url", date="release_date", prose="summary"),
    "references": _named("name", prose="reference"),
}


def _skill_line(entry: Any, escape: Callable[[str], str], mark: _Mark) -> str:
    level = getattr(entry, "level", None)
    name = (entry.name or "") + (f" ({level})" if level else "")
    keywords = ", ".join(escape(keyword) for keyword in entry.keywords)
    return (
        f"{mark.group(escape(name))} {keywords}" if name and keywords else escape(name) + keywords
    )


def _language_line(entry: Any, escape: Callable[[str], str], mark: _Mark) -> str:
    if not entry.fluency:
        return escape(entry.language or "")
    return f"{mark.group(escape(entry.language or ''))} {escape(entry.fluency)}"


_LISTS: Final[dict[str, Callable[[Any, Callable[[str], str], _Mark], str]]] = {
    "skills": _skill_line,
    "interests": _skill_line,
    "languages": _language_line,
}


def _other_sections(resume: Resume) -> Iterator[tuple[str, list[str]]]:
    """Sections that JSON Resume has no place for (`meta["x-sections"]`: title and lines)."""
    extra = resume.meta.get("x-sections")
    for section in extra if isinstance(extra, list) else []:
        if isinstance(section, dict) and isinstance(section.get("lines"), list):
            yield str(section.get("title", "More")), [str(line) for line in section["lines"]]


def _notes(entry: Entry) -> tuple[str, ...]:
    notes = (entry.model_extra or {}).get("x-notes")
    return tuple(str(note) for note in notes) if isinstance(notes, list | tuple) else ()


def _span(start: str | None, end: str | None, *, lone_end: bool = False) -> str:
    if start and end:
        return shorten(start) if start == end else f"{shorten(start)} {_DASH} {shorten(end)}"
    if start:
        return f"{shorten(start)} {_DASH} Present"
    return shorten(end) if end and lone_end else f"until {shorten(end)}" if end else ""


def _place(location: Location | None) -> str:
    if location is None:
        return ""
    town = _joined(" ", location.postal_code, location.city)
    return ", ".join(
        p for p in (location.address, town, location.region, location.country_code) if p
    )


def _pair(label: str | None, value: str | None) -> str:
    return _joined(": ", label, value)


def _dashed(first: str | None, second: str | None) -> str:
    return _joined(" — ", first, second)


def _joined(separator: str, *parts: str | None) -> str:
    return separator.join(part for part in parts if part)


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _prose(text: str, escape: Callable[[str], str]) -> str:
    return "\n".join(line for line in map(escape, text.splitlines()) if line)


def _escape(text: str) -> str:
    return _LINE_START.sub(r"\1\\\2", _SYNTAX.sub(r"\\\1", _one_line(text)))
