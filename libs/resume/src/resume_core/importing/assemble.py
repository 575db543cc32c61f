"""A document to a resume: sections handed to their readers, what fits nowhere kept aside."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Any, Final

from resume_core.importing import dated, lists, schooling
from resume_core.importing.contacts import read_contacts
from resume_core.importing.heads import Group, group_items, group_lines, is_flat, read_head
from resume_core.importing.joining import Item, join_lines
from resume_core.importing.layout import Document, Line, numbered
from resume_core.importing.report import Doubt
from resume_core.importing.sections import Section, split_sections
from resume_core.model import Resume

_GROUPED: Final[dict[str, Callable[[list[Group]], dated.Read[Any]]]] = {
    "work": dated.read_work,
    "volunteer": dated.read_volunteer,
    "projects": dated.read_projects,
    "education": schooling.read_education,
}
_LISTED: Final[dict[str, Callable[[list[Item]], list[Any]]]] = {
    "languages": lists.read_languages,
    "interests": lists.read_interests,
    "certificates": lists.read_certificates,
    "awards": lists.read_awards,
    "publications": lists.read_publications,
    "references": lists.read_references,
}
#: What headings of work history have in common beyond those that are listed.
_OF_WORK: Final = re.compile(
    r"profes|laboral|beruf|career|carri|emplo|arbe[it]|lavor", re.IGNORECASE
)


@dataclass(slots=True)
class Assembly:
    """A resume without ids, where the rules guessed, and the lines that each part is from.

    `regions` has the ranges of lines of "basics", of a section ("skills") and, where they are
    told apart, of its entries ("work[0]").
    """

    resume: Resume = field(default_factory=Resume)
    doubts: list[Doubt] = field(default_factory=list)
    regions: dict[str, list[tuple[int, int]]] = field(default_factory=dict)

    def add_region(self, part: str, lines: Iterable[Line], heading: int | None = None) -> None:
        """Note the lines of a part, the heading among them."""
        numbers = [line.number for line in lines]
        numbers += [] if heading is None else [heading]
        if numbers:
            self.regions.setdefault(part, []).append((min(numbers), max(numbers)))


def assemble(document: Document) -> Assembly:
    """What the rules read from a document.

    Lines of unknown sections are kept in `meta["x-sections"]` as `{title, lines}`.
    """
    document = numbered(document)
    head, sections = split_sections(document)
    sections = _with_work(sections, document)
    extra = [s for s in sections if s.kind == "contact" or (s.kind == "other" and not s.title)]
    contact = read_contacts([*head, *(line for s in extra for line in s.lines)], document.links)
    fields: dict[str, list[Any]] = {}
    made = Assembly(doubts=list(contact.doubts))
    for lines in (head, *(section.lines for section in extra)):
        made.add_region("basics", lines)
    summaries: list[str] = []
    others: list[dict[str, Any]] = []
    for section in (section for section in sections if section not in extra):
        items = join_lines(
            section.lines,
            document,
            narrow=section.kind in _LISTED,
            named=section.kind == "education",
        )
        part = {"summary": "basics.summary", "other": f"meta.x-sections[{len(others)}]"}
        made.add_region(part.get(section.kind, section.kind), section.lines, section.heading)
        if section.kind == "summary":
            summaries += [item.text for item in items]
        elif section.kind == "other":
            others.append({"title": section.title, "lines": [item.text for item in items]})
            path = f"meta.x-sections[{len(others) - 1}]"
            made.doubts.append(Doubt(path, "unknown heading", 0.5))
        else:
            read = _read(section, items)
            offset = len(fields.setdefault(section.kind, []))
            fields[section.kind] += read.entries
            made.doubts += [_shifted(doubt, section.kind, offset) for doubt in read.doubts]
            for number, region in enumerate(read.lines, offset):
                made.regions[f"{section.kind}[{number}]"] = [region]
    if "skills" in fields:
        fields["skills"], spoken = lists.spoken(fields["skills"])
        fields["languages"] = fields.get("languages", []) + spoken
        if spoken:
            made.regions["languages"] = made.regions.get("languages", []) + made.regions["skills"]
    if contact.rest:
        others.append({"title": "Details", "lines": contact.rest})
    basics = contact.basics
    if summaries:
        basics = basics.model_copy(update={"summary": "\n".join(summaries)})
    made.regions.setdefault("basics.summary", made.regions.get("basics", []))
    meta = {"x-sections": others} if others else {}
    made.resume = Resume(basics=basics, meta=meta, **{k: tuple(v) for k, v in fields.items()})
    return made


def _with_work(sections: list[Section], document: Document) -> list[Section]:
    """The sections; where none is work by its heading, one whose heading speaks of work.

    It must have spans of time and bullets: "Professional affiliations" are no employment.
    """
    if any(section.kind == "work" for section in sections):
        return sections
    for at, section in enumerate(sections):
        if section.kind != "other" or not _OF_WORK.search(section.title):
            continue
        groups = group_items(join_lines(section.lines, document, narrow=False, named=False))
        spans = [(read_head(group).span, group.bullets) for group in groups]
        if any(span and not span.lone and bullets for span, bullets in spans):
            return [*sections[:at], replace(section, kind="work"), *sections[at + 1 :]]
    return sections


def _read(section: Section, items: list[Item]) -> dated.Read[Any]:
    if section.kind in _GROUPED:
        flat = section.kind == "projects" and is_flat(items)
        return _GROUPED[section.kind](group_lines(items) if flat else group_items(items))
    if section.kind == "skills":
        return dated.Read(lists.read_skills(items, section.title))
    return dated.Read(_LISTED[section.kind](items))


def _shifted(doubt: Doubt, section: str, offset: int) -> Doubt:
    """Count entries over all sections of one kind ("Experience", later "Internships")."""
    if not offset:
        return doubt
    prefix = f"{section}["
    number, _, rest = doubt.path.removeprefix(prefix).partition("]")
    return replace(doubt, path=f"{prefix}{int(number) + offset}]{rest}")
