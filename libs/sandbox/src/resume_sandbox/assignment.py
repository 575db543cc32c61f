"""Finding the task in a prompt: one fenced JSON block of facts, requirements and posting."""

import json
import re
from collections.abc import Iterable
from functools import cached_property
from typing import Any, Final

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic.alias_generators import to_camel

_FENCE: Final = re.compile(r"```(?:json)?[ \t]*\n(.*?)\n[ \t]*```", re.DOTALL)
_BULLET_SECTIONS: Final = frozenset({"work", "volunteer", "projects"})
#: Fewer words are a keyword or a heading, not a statement.
_FEWEST_WORDS: Final = 4


class _Data(BaseModel):
    model_config = ConfigDict(
        extra="ignore", frozen=True, alias_generator=to_camel, populate_by_name=True
    )


class Fact(_Data):
    """One statement of the resume."""

    id: str
    section: str
    entry_id: str | None = None
    text: str


class Requirement(_Data):
    """One thing the posting asks for."""

    id: str
    skill: str | None = None
    text: str = ""
    kind: str = ""

    @property
    def is_must(self) -> bool:
        """Whether the posting insists on it."""
        return self.kind == "must"

    @property
    def names(self) -> tuple[str, ...]:
        """The words it goes by: the posting's own, and the skill's."""
        return tuple(dict.fromkeys(n for n in (self.text, self.skill) if n and self.skill))


class Posting(_Data):
    """What is known of the posting."""

    title: str | None = None
    company: str | None = None


class Subject(_Data):
    """What an interviewer may ask about: a requirement or a line of the resume, by its id."""

    id: str
    about: str = ""


class Role(_Data):
    """A next role, with the skills that its postings ask for and the person has."""

    id: str
    title: str = ""
    present: tuple[str, ...] = ()


class Finding(_Data):
    """What a page says of the company."""

    text: str
    url: str


class Assignment(_Data):
    """The data of one request; `subjects` of an interview pack, `roles` of a career path."""

    facts: tuple[Fact, ...] = Field(min_length=1)
    requirements: tuple[Requirement, ...]
    posting: Posting = Posting()
    language: str | None = None
    findings: tuple[Finding, ...] = ()
    subjects: tuple[Subject, ...] = ()
    roles: tuple[Role, ...] = ()

    @cached_property
    def bullets(self) -> tuple[Fact, ...]:
        """Statements of work, projects and volunteering that are no heading of an entry."""
        return tuple(
            f
            for f in self.facts
            if f.section in _BULLET_SECTIONS
            and f.entry_id not in {None, f.id}
            and len(f.text.split()) >= _FEWEST_WORDS
        )

    @cached_property
    def heads(self) -> dict[str, Fact]:
        """The heading of each entry, by the entry's id."""
        return {f.id: f for f in self.facts if f.entry_id == f.id}

    def employer(self, fact: Fact) -> str | None:
        """Who a statement was done for: what its entry's heading says first beside dates."""
        head = self.heads.get(fact.entry_id or "")
        parts = head.text.split(" · ") if head else []
        return next((part for part in parts if part and not part[0].isdigit()), None)

    @cached_property
    def keywords(self) -> tuple[Fact, ...]:
        """Single skills of the skills section."""
        return tuple(f for f in self.facts if f.section == "skills" and f.entry_id != f.id)

    @cached_property
    def summary(self) -> Fact | None:
        """The summary: the longest statement about the person as a whole."""
        basics = [f for f in self.facts if f.section == "basics"]
        longest = max(basics, key=lambda f: len(f.text), default=None)
        return longest if longest and len(longest.text.split()) >= _FEWEST_WORDS else None

    @cached_property
    def all_text(self) -> str:
        """Everything the resume says, lower case."""
        return "\n".join(f.text for f in self.facts).casefold()


def find_assignment(texts: Iterable[str]) -> Assignment | None:
    """The last fenced block that holds facts and requirements; None when there is none."""
    for text in reversed(list(texts)):
        for block in reversed(_FENCE.findall(text)):
            try:
                return Assignment.model_validate_json(block)
            except ValidationError:
                continue  # some other block: the prompt may quote more than one
    return None


def find_schema(texts: Iterable[str]) -> dict[str, Any] | None:
    """The last fenced block that is a JSON schema of an object; None when there is none."""
    for text in reversed(list(texts)):
        for block in reversed(_FENCE.findall(text)):
            try:
                found = json.loads(block)
            except ValueError:
                continue  # some other block: the prompt may quote more than one
            if isinstance(found, dict) and isinstance(found.get("properties"), dict):
                return found
    return None
