"""Work, volunteering and projects: groups of lines to entries."""

import re
from dataclasses import dataclass, field
from typing import Any, Final, Generic, TypeVar

from resume_core.dates import Span
from resume_core.importing.heads import Group, Head, read_head
from resume_core.importing.lexicon import titleness
from resume_core.importing.report import Doubt
from resume_core.importing.roles import GUESSED, SURE, Role, read_roles
from resume_core.model import Project, Volunteer, Work

_TECHNOLOGIES: Final = re.compile(
    r"(?:technologies|tech(?:nology)? stack|stack|tools|tech|technologien|environment|built with|"
    r"technologies used|tools used)\s*:\s*(.+)",
    re.IGNORECASE,
)
#: Several titles under one employer look the same as a forgotten employer.
_INHERITED: Final = 0.6
_DOUBTFUL: Final = 0.9
EntryT = TypeVar("EntryT")


@dataclass(slots=True)
class Read(Generic[EntryT]):
    """Entries of one section with the doubts about them and the lines that each is from."""

    entries: list[EntryT] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)
    lines: list[tuple[int, int]] = field(default_factory=list)


def read_work(groups: list[Group]) -> Read[Work]:
    """Positions, newest or oldest first as written."""
    result: Read[Work] = Read()
    for index, (group, head, role) in enumerate(_roles(groups)):
        path = f"work[{index}]"
        result.doubts += _role_doubts(path, "name", head, role)
        if head.is_place_guessed:
            result.doubts.append(Doubt(f"{path}.location", "by position: no list knows it", 0.7))
        result.lines.append(group.lines)
        result.entries.append(
            Work(
                name=role.employer or None,
                position=role.title or None,
                location=head.place or role.place or None,
                url=head.url or None,
                **_body(group, role.rest),
                **_span_fields(head.span),
            )
        )
    return result


def read_volunteer(groups: list[Group]) -> Read[Volunteer]:
    """Volunteer roles."""
    result: Read[Volunteer] = Read()
    for index, (group, head, role) in enumerate(_roles(groups)):
        path = f"volunteer[{index}]"
        result.doubts += _role_doubts(path, "organization", head, role)
        result.lines.append(group.lines)
        result.entries.append(
            Volunteer(
                organization=role.employer or None,
                position=role.title or None,
                url=head.url or None,
                **_body(group, role.rest),
                **_span_fields(head.span),
            )
        )
    return result


def read_projects(groups: list[Group]) -> Read[Project]:
    """Projects: the first piece of a head names it."""
    result: Read[Project] = Read()
    for index, group in enumerate(groups):
        head = read_head(group)
        if not head.pieces and not group.bullets and not group.prose:
            continue
        name, rest = _project_name(head, group)
        keywords = [word for text in rest for word in _listed(text)]
        roles = tuple(text for text in rest if not _listed(text) and titleness(text) > 0)
        others = [text for text in rest if not _listed(text) and text not in roles]
        keywords += [word for text in group.prose + group.bullets for word in _technologies(text)]
        body = _body(group, tuple(others))
        body["highlights"] = tuple(t for t in body["highlights"] if not _technologies(t))
        entry = Project(
            name=name or None,
            url=head.url or None,
            roles=roles,
            keywords=tuple(dict.fromkeys(keywords)),
            **body,
            **_span_fields(head.span),
        )
        if head.span is None:
            result.doubts.append(Doubt(f"projects[{index}].startDate", "no date found", 0.8))
        result.entries.append(entry)
        result.lines.append(group.lines)
    return result


def _project_name(head: Head, group: Group) -> tuple[str, list[str]]:
    """The name and the other pieces; a line "Name: what it does" is cut at its colon."""
    if head.pieces:
        first, *others = (piece.text for piece in head.pieces)
        name, told = _named(first)
        return name or first, [*told, *others]
    texts = group.bullets or group.prose
    name, told = _named(texts[0])
    if name:
        texts[:1] = told
    return name, []


def _named(text: str) -> tuple[str, list[str]]:
    name, colon, told = text.partition(": ")
    return (name, [told.strip()]) if colon and len(name.split()) <= 6 else ("", [])


def _roles(groups: list[Group]) -> list[tuple[Group, Head, Role]]:
    """Each group with its head and role; a role alone goes on with the employer above it."""
    heads = [read_head(group) for group in groups]
    roles = read_roles(heads)
    employer = ""
    result = []
    for group, head, found in zip(groups, heads, roles, strict=True):
        role = found
        if not role.employer and titleness(role.title) > 0 and employer:
            role = Role(employer, role.title, role.rest, _INHERITED, None)
        employer = role.employer or employer
        result.append((group, head, role))
    return result


def _role_doubts(path: str, employer_field: str, head: Head, role: Role) -> list[Doubt]:
    doubts = []
    if not role.employer:
        doubts.append(Doubt(f"{path}.{employer_field}", "no employer found", 0.0))
    elif role.confidence < SURE:
        reason = "employer and title look alike" if role.confidence <= GUESSED else "by position"
        doubts.append(Doubt(f"{path}.{employer_field}", reason, role.confidence))
    if not role.title:
        doubts.append(Doubt(f"{path}.position", "no title found", 0.0))
    elif role.confidence < SURE:
        doubts.append(Doubt(f"{path}.position", "told apart by position", role.confidence))
    doubts += span_doubts(path, head.span)
    return [doubt for doubt in doubts if doubt.confidence < _DOUBTFUL]


def span_doubts(path: str, span: Span | None) -> list[Doubt]:
    """Doubts about dates: none, a single one, or an end before its start."""
    if span is None:
        return [Doubt(f"{path}.startDate", "no date found", 0.0)]
    if span.lone:
        return [Doubt(f"{path}.startDate", "a single date, taken as start and end", 0.6)]
    if span.start and span.end and span.end[: len(span.start)] < span.start[: len(span.end)]:
        return [Doubt(f"{path}.endDate", "ends before it starts", 0.3)]
    return []


def _span_fields(span: Span | None) -> dict[str, Any]:
    """A single date is start and end: without an end it would claim to go on."""
    if span is None:
        return {}
    return {"start_date": span.start, "end_date": span.start if span.lone else span.end}


def _body(group: Group, rest: tuple[str, ...]) -> dict[str, Any]:
    """Paragraphs become the summary; several without any bullet are highlights themselves."""
    prose = [text for text in group.prose if text]
    description = "; ".join(rest) or None
    if group.bullets or len(prose) < 2:
        return {
            "description": description,
            "summary": "\n".join(prose) or None,
            "highlights": tuple(group.bullets),
        }
    return {"description": description, "summary": None, "highlights": tuple(prose)}


def _technologies(text: str) -> list[str]:
    match = _TECHNOLOGIES.fullmatch(text)
    return split_list(match[1]) if match else []


def _listed(text: str) -> list[str]:
    """The words of a list of technologies behind a project's name, if it is one."""
    words = split_list(text)
    short = all(len(word.split()) <= 3 for word in words)
    return words if len(words) > 1 and short else []


def split_list(text: str) -> list[str]:
    """The items of a written list; commas within parentheses part nothing."""
    parts = re.split(r"\s*[,;|\u2022\u00b7]\s*(?![^()]*\))", text.strip())
    cleaned = (re.sub(r"^(?:and|und|et|y)\s+", "", part).strip(" .") for part in parts)
    return [part for part in cleaned if part]
