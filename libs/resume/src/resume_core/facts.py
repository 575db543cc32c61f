"""What a change may cite: every statement of a resume under a stable id."""

import hashlib
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache
from typing import Any, Final, Protocol

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic.alias_generators import to_camel

from resume_core import ids
from resume_core.model import SECTIONS, Dated, Entry, Resume
from resume_core.text import normalise

SUMMARY_ID: Final = "basics-summary"
LABEL_ID: Final = "basics-label"
#: Entries whose ids are kept: a few documents' worth.
_REMEMBERED: Final = 256
_CONFIRMED: Final = "x-confirmedFacts"
#: Fields of an entry that are no statement of their own.
_NO_TEXT: Final = frozenset({"id", "highlights", "keywords", "courses", "roles", "url"})


class Fact(BaseModel):
    """One statement of the base resume; `entry_id` is None for the basics."""

    model_config = ConfigDict(frozen=True, alias_generator=to_camel, populate_by_name=True)

    id: str
    section: str
    entry_id: str | None
    text: str


class ConfirmedFact(BaseModel):
    """A fact the person has added by answering a gap; kept in `meta["x-confirmedFacts"]`.

    `requirement_id` is the requirement whose question it answers.
    """

    model_config = ConfigDict(
        frozen=True, extra="ignore", alias_generator=to_camel, populate_by_name=True
    )

    id: str
    skill: str = ""
    text: str = ""
    entry_id: str | None = None
    requirement_id: str | None = None


class Confirmation(Protocol):
    """A confirmed fact as services store it: a skill's name, a statement, or both."""

    @property
    def id(self) -> object: ...  # noqa: D102
    @property
    def name(self) -> str | None: ...  # noqa: D102
    @property
    def statement(self) -> str | None: ...  # noqa: D102
    @property
    def detail(self) -> str | None: ...  # noqa: D102
    @property
    def entry_id(self) -> str | None: ...  # noqa: D102
    @property
    def requirement_id(self) -> str | None: ...  # noqa: D102


def with_confirmed(resume: Resume, facts: Iterable[Confirmation]) -> Resume:
    """The resume with what was confirmed beside it; of two facts with one id the given one."""
    given = [
        ConfirmedFact(
            id=str(fact.id),
            skill=fact.name or "",
            text=". ".join(part for part in (fact.statement, fact.detail) if part),
            entry_id=fact.entry_id,
            requirement_id=fact.requirement_id,
        )
        for fact in facts
    ]
    if not given:
        return resume
    ids = {fact.id for fact in given}
    known = [fact for fact in confirmed_facts(resume) if fact.id not in ids]
    stored = [f.model_dump(by_alias=True, exclude_none=True) for f in (*known, *given)]
    return resume.model_copy(update={"meta": {**resume.meta, _CONFIRMED: stored}})


def highlight_ids(entry: Entry) -> tuple[str, ...]:
    """The ids of an entry's highlights, in order; none when the entry has no highlights."""
    return _highlight_ids(entry.id, tuple(getattr(entry, "highlights", ())))


def keyword_ids(entry: Entry) -> tuple[str, ...]:
    """The ids of an entry's keywords, in order."""
    return _keyword_ids(entry.id, tuple(getattr(entry, "keywords", ())))


# Every proposal and every check asks for the same few entries' ids again.
@lru_cache(maxsize=_REMEMBERED)
def _highlight_ids(entry_id: str, texts: tuple[str, ...]) -> tuple[str, ...]:
    return ids.highlight_ids(entry_id, texts)


@lru_cache(maxsize=_REMEMBERED)
def _keyword_ids(entry_id: str, texts: tuple[str, ...]) -> tuple[str, ...]:
    seen: Counter[str] = Counter()
    found: list[str] = []
    for text in texts:
        key = normalise(text)
        digest = hashlib.blake2b(f"{entry_id}\x1f{key}\x1f{seen[key]}".encode(), digest_size=5)
        found.append("k-" + digest.hexdigest())
        seen[key] += 1
    return tuple(found)


def confirmed_facts(resume: Resume) -> tuple[ConfirmedFact, ...]:
    """The facts the person has confirmed beside the document, in their stored order."""
    stored: Any = resume.meta.get(_CONFIRMED, ())
    if not isinstance(stored, list | tuple):
        return ()
    return tuple(fact for one in stored if (fact := _confirmed(one)) is not None)


def without_confirmed(resume: Resume) -> Resume:
    """The resume without the facts it carries: only its owner confirms, and not by a document."""
    if _CONFIRMED not in resume.meta:
        return resume
    meta = {name: value for name, value in resume.meta.items() if name != _CONFIRMED}
    return resume.model_copy(update={"meta": meta})


def _confirmed(stored: Any) -> ConfirmedFact | None:
    try:
        return ConfirmedFact.model_validate(stored)
    except ValidationError:
        return None  # what is no fact proves nothing


def texts_of(value: Any) -> list[str]:
    """Every string inside a JSON-like value, in document order."""
    match value:
        case str():
            return [value]
        case dict():
            return [text for item in value.values() for text in texts_of(item)]
        case list() | tuple():
            return [text for item in value for text in texts_of(item)]
        case _:
            return []


def entry_text(entry: Entry) -> str:
    """Everything an entry says, one statement a line (no ids, no addresses)."""
    data = entry.model_dump(exclude={"id", "url"})
    return "\n".join(texts_of(data))


def resume_text(resume: Resume) -> str:
    """Everything a resume says about skill and work, one statement a line; no contact details."""
    parts = [resume.basics.label or "", resume.basics.summary or ""]
    parts.extend(entry_text(e) for s in SECTIONS for e in getattr(resume, s))
    return "\n".join(p for p in parts if p)


def find_entry(resume: Resume, section: str, entry_id: str | None) -> Entry | None:
    """An entry by section and id, or None."""
    if section not in SECTIONS or not entry_id:
        return None
    entries: tuple[Entry, ...] = getattr(resume, section)
    return next((e for e in entries if e.id == entry_id), None)


def collect_facts(resume: Resume) -> list[Fact]:
    """Every statement with its id: basics, entries, highlights, keywords, confirmed facts."""
    facts: list[Fact] = []
    if resume.basics.label:
        facts.append(Fact(id=LABEL_ID, section="basics", entry_id=None, text=resume.basics.label))
    if resume.basics.summary:
        facts.append(
            Fact(id=SUMMARY_ID, section="basics", entry_id=None, text=resume.basics.summary)
        )
    for section in SECTIONS:
        for entry in getattr(resume, section):
            facts.extend(_entry_facts(section, entry))
    facts.extend(
        Fact(id=f.id, section="confirmed", entry_id=f.entry_id, text=f.text or f.skill)
        for f in confirmed_facts(resume)
    )
    return facts


def _entry_facts(section: str, entry: Entry) -> list[Fact]:
    said = entry.model_dump(exclude=set(_NO_TEXT))
    # Who and what go before dates and prose, which kinds of entries have in common.
    ordered = {name: said[name] for name in sorted(said, key=lambda n: n in Dated.model_fields)}
    head = " · ".join(texts_of(ordered))
    facts = [Fact(id=entry.id, section=section, entry_id=entry.id, text=head)]
    highlights: tuple[str, ...] = getattr(entry, "highlights", ())
    keywords: tuple[str, ...] = getattr(entry, "keywords", ())
    for identifiers, texts in (
        (highlight_ids(entry), highlights),
        (keyword_ids(entry), keywords),
    ):
        facts.extend(
            Fact(id=i, section=section, entry_id=entry.id, text=t)
            for i, t in zip(identifiers, texts, strict=True)
        )
    return facts
