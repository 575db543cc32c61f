"""A document to a resume: sections handed to their readers, what fits nowhere kept aside."""

from collections.abc import Callable
from typing import Any, Final

from resume_core.importing import dated, lists, schooling
from resume_core.importing.contacts import read_contacts
from resume_core.importing.heads import Group, group_items, group_lines, is_flat
from resume_core.importing.joining import Item, join_lines
from resume_core.importing.layout import Document
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


def assemble(document: Document) -> tuple[Resume, list[Doubt]]:
    """The resume that the rules read from a document, without ids, and where they guessed.

    Lines of unknown sections are kept in `meta["x-sections"]` as `{title, lines}`.
    """
    head, sections = split_sections(document)
    extra = [s for s in sections if s.kind == "contact" or (s.kind == "other" and not s.title)]
    contact = read_contacts([*head, *(line for s in extra for line in s.lines)], document.links)
    fields: dict[str, list[Any]] = {}
    doubts = list(contact.doubts)
    summaries: list[str] = []
    others: list[dict[str, Any]] = []
    for section in sections:
        if section in extra:
            continue
        items = join_lines(
            section.lines,
            document,
            narrow=section.kind in _LISTED,
            named=section.kind == "education",
        )
        if section.kind == "summary":
            summaries += [item.text for item in items]
        elif section.kind == "other":
            others.append({"title": section.title, "lines": [item.text for item in items]})
            doubts.append(Doubt(f"meta.x-sections[{len(others) - 1}]", "unknown heading", 0.5))
        else:
            entries, found = _read(section, items)
            offset = len(fields.setdefault(section.kind, []))
            fields[section.kind] += entries
            doubts += [_shifted(doubt, section.kind, offset) for doubt in found]
    if "skills" in fields:
        fields["skills"], spoken = lists.spoken(fields["skills"])
        fields["languages"] = fields.get("languages", []) + spoken
    if contact.rest:
        others.append({"title": "Details", "lines": contact.rest})
    basics = contact.basics
    if summaries:
        basics = basics.model_copy(update={"summary": "\n".join(summaries)})
    meta = {"x-sections": others} if others else {}
    resume = Resume(basics=basics, meta=meta, **{k: tuple(v) for k, v in fields.items()})
    return resume, doubts


def _read(section: Section, items: list[Item]) -> tuple[list[Any], list[Doubt]]:
    if section.kind in _GROUPED:
        flat = section.kind == "projects" and is_flat(items)
        result = _GROUPED[section.kind](group_lines(items) if flat else group_items(items))
        return result.entries, result.doubts
    if section.kind == "skills":
        return lists.read_skills(items, section.title), []
    return _LISTED[section.kind](items), []


def _shifted(doubt: Doubt, section: str, offset: int) -> Doubt:
    """Count entries over all sections of one kind ("Experience", later "Internships")."""
    if not offset:
        return doubt
    prefix = f"{section}["
    number, _, rest = doubt.path.removeprefix(prefix).partition("]")
    return Doubt(f"{prefix}{int(number) + offset}]{rest}", doubt.reason, doubt.confidence)
