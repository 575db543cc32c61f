"""Truthful drafts of letter, interview pack and career path: own lines in plain frames."""

from collections.abc import Iterator
from enum import StrEnum
from typing import Any, Final

from resume_sandbox.assignment import Assignment, Fact, Requirement
from resume_sandbox.filling import resolve
from resume_sandbox.phrasebook import Phrases, phrases_of
from resume_sandbox.proposals import begins_with_verb, find_form, lower_verb

_MOST_LINES: Final = 4
_MOST_ASKED: Final = 2
_MOST_KNOWN: Final = 3
_MOST_QUESTIONS: Final = 14

Draft = dict[str, list[dict[str, str]]]


class Form(StrEnum):
    """A draft, by the name of its list."""

    LETTER = "paragraphs"
    INTERVIEW = "questions"
    CAREER = "roles"


#: The fields of an item of each form's list.
_FIELDS: Final[dict[Form, set[str]]] = {
    Form.LETTER: {"text"},
    Form.INTERVIEW: {"subjectId", "question", "outline"},
    Form.CAREER: {"roleId", "reason"},
}


def form_of(schema: dict[str, Any]) -> Form | None:
    """The draft that a schema asks for; None when it asks for something else."""
    properties = schema.get("properties", {})
    for form, fields in _FIELDS.items():
        if set(properties) == {form.value}:
            items = resolve(properties[form.value], schema).get("items", {})
            return form if set(resolve(items, schema).get("properties", {})) == fields else None
    return None


def write_draft(form: Form, assignment: Assignment) -> Draft:
    """A draft in which every sentence is the person's, the posting's or a page's own."""
    phrases = phrases_of(assignment.language)
    items = {Form.LETTER: _letter, Form.INTERVIEW: _interview, Form.CAREER: _career}[form]
    return {form.value: list(items(assignment, phrases))}


def _letter(assignment: Assignment, phrases: Phrases) -> Iterator[dict[str, str]]:
    posting = assignment.posting
    applying = phrases.applying[bool(posting.company)]
    yield {"text": applying.format(title=posting.title, company=posting.company)}
    lines = _answering(assignment, assignment.requirements)[:_MOST_LINES]
    lines = lines or list(assignment.bullets[:_MOST_LINES])
    if told := [said for line in lines if (said := _told(assignment, phrases, line))]:
        yield {"text": " ".join(told)}
    skills = [r.text for r in assignment.requirements if r.names][:_MOST_ASKED]
    about = [phrases.asked.format(skills=phrases.listed(skills))] if skills else []
    company = (posting.company or "").casefold()
    about += [
        finding.text
        for finding in assignment.findings
        if company and finding.text.casefold().startswith(company)
    ][:1]
    if about:
        yield {"text": " ".join(about)}
    yield {"text": phrases.ending}


def _interview(assignment: Assignment, phrases: Phrases) -> Iterator[dict[str, str]]:
    lines = {fact.id: fact for fact in assignment.bullets}
    requirements = {r.id: r for r in assignment.requirements}
    for subject in assignment.subjects[:_MOST_QUESTIONS]:
        question, told = "", []
        if (line := lines.get(subject.id)) is not None:
            employer = assignment.employer(line) or ""
            question = phrases.how.format(employer=employer, line=_bare(line))
            told = [line]
        elif (requirement := requirements.get(subject.id)) is not None and requirement.names:
            question = phrases.ever.format(skill=requirement.text)
            told = _answering(assignment, (requirement,))[:1]
        outline = [said for line in told if (said := _told(assignment, phrases, line))]
        if question:
            yield {"subjectId": subject.id, "question": question, "outline": " ".join(outline)}


def _career(assignment: Assignment, phrases: Phrases) -> Iterator[dict[str, str]]:
    everything = "\n".join(fact.text for fact in assignment.facts)
    for role in sorted(assignment.roles, key=lambda role: -len(role.present)):
        own = [s for s in role.present if find_form(everything, (s,))][:_MOST_KNOWN]
        reason = phrases.known.format(skills=phrases.listed(own)) if own else ""
        if not own and assignment.bullets:
            reason = _told(assignment, phrases, assignment.bullets[0])
        yield {"roleId": role.id, "reason": reason}


def _answering(assignment: Assignment, requirements: tuple[Requirement, ...]) -> list[Fact]:
    """The lines that name what is asked for, in the order of what is."""
    found = {
        bullet.id: bullet
        for requirement in requirements
        if requirement.names
        for bullet in assignment.bullets
        if find_form(bullet.text, requirement.names)
    }
    return list(found.values())


def _told(assignment: Assignment, phrases: Phrases, line: Fact) -> str:
    """A line as the person tells it; nothing without an employer to name."""
    employer, text = assignment.employer(line), _bare(line)
    if employer is None:
        return ""
    if phrases.deed and begins_with_verb(text):
        return phrases.deed.format(employer=employer, line=lower_verb(text))
    return phrases.line.format(employer=employer, line=f"{text}.")


def _bare(line: Fact) -> str:
    return line.text.strip().rstrip(".")
