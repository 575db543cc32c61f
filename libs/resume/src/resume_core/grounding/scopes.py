"""The places of a resume that one sentence may draw on: never two employers' numbers at once."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from resume_core.facts import (
    LABEL_ID,
    SUMMARY_ID,
    Fact,
    collect_facts,
    confirmed_facts,
    entry_text,
    resume_text,
    texts_of,
)
from resume_core.gate.source import Source, whole_word
from resume_core.grounding.tongues import TONGUES
from resume_core.model import SECTIONS, Entry, Resume
from resume_core.numerals import in_english_terms
from resume_core.skills import SkillCatalog
from resume_core.text import identity, normalise, overlap, stems

_TITLE_FIELDS = ("position", "roles")
_NAME_FIELDS = ("name", "organization", "institution")
#: Sections whose names are places where something was done.
_NAMED_SECTIONS = ("work", "volunteer", "education", "projects")


@dataclass(frozen=True)
class Scope:
    """One place: the facts it holds, what it says, and its entries.

    `is_whole`: the document at large, in which numbers and deeds of several places would mix.
    """

    source: Source
    facts: tuple[Fact, ...]
    entries: tuple[Entry, ...]
    is_whole: bool = False

    @property
    def titles(self) -> list[str]:
        """The job titles of its entries."""
        return [t for e in self.entries for f in _TITLE_FIELDS for t in texts_of(getattr(e, f, ()))]


class Scopes:
    """The scopes of one resume, read in one language's terms."""

    def __init__(self, base: Resume, catalog: SkillCatalog, language: str) -> None:
        self._base = base
        self._catalog = catalog
        self._language = language
        #: As the gate names it: "" for English.
        self.tongue = "" if language == "en" else language
        self._facts = collect_facts(base)

    def source(self, lines: Sequence[str], end_year: int | None = None) -> Source:
        """What the lines may prove, with the words that claim nothing."""
        read = [in_english_terms(line, self._language) for line in lines]
        return Source([*read, TONGUES[self._language].plain], self._catalog, end_year, self.tongue)

    @cached_property
    def entries(self) -> dict[str, Scope]:
        """Each entry alone, with the facts confirmed for it."""
        return {e.id: self._scope((e,)) for s in SECTIONS for e in getattr(self._base, s)}

    @cached_property
    def basics(self) -> Scope:
        """What the person says of themselves: headline, summary, and facts confirmed at large."""
        basics = self._base.basics
        loose = [f for f in confirmed_facts(self._base) if f.entry_id not in self.entries]
        lines = [
            basics.label or "",
            basics.summary or "",
            *(t for f in loose for t in (f.skill, f.text)),
        ]
        known = {SUMMARY_ID, LABEL_ID, *(f.id for f in loose)}
        facts = tuple(f for f in self._facts if f.id in known)
        return Scope(self.source(lines), facts, ())

    @cached_property
    def document(self) -> Scope:
        """Everything, for sentences that state no number and no deed."""
        confirmed = [f.model_dump(include={"skill", "text"}) for f in confirmed_facts(self._base)]
        lines = [*resume_text(self._base).split("\n"), *texts_of(confirmed)]
        everything = tuple(e for s in SECTIONS for e in getattr(self._base, s))
        return Scope(self.source(lines), tuple(self._facts), everything, is_whole=True)

    def _scope(self, entries: tuple[Entry, ...]) -> Scope:
        known = {e.id for e in entries}
        confirmed = [f for f in confirmed_facts(self._base) if f.entry_id in known]
        lines = [line for e in entries for line in entry_text(e).split("\n")]
        lines += [text for f in confirmed for text in (f.skill, f.text)]
        ends = [getattr(e, "end_date", None) for e in entries]
        years = [int(end[:4]) for end in ends if end and end[:4].isdigit()]
        end_year = max(years) if len(years) == len(entries) else None
        facts = tuple(f for f in self._facts if f.entry_id in known)
        return Scope(self.source(lines, end_year), facts, entries)

    def named(self, text: str) -> list[Entry]:
        """The entries whose employer, school or project a sentence names."""
        said = normalise(text)
        return [
            entry
            for section in _NAMED_SECTIONS
            for entry in getattr(self._base, section)
            for name in (getattr(entry, field, None) for field in _NAME_FIELDS)
            if name and whole_word(identity(name), said)
        ]

    def candidates(self, text: str) -> Iterator[Scope]:
        """The scopes that may prove a sentence, the nearest first.

        A sentence that names employers is proved by theirs alone.
        """
        named = self.named(text)
        if named:
            yield from (self.entries[e.id] for e in named)
            if len({id(e) for e in named}) > 1:
                union = self._scope(tuple(named))
                yield Scope(union.source, union.facts, union.entries, is_whole=True)
            return
        told = stems(in_english_terms(text, self._language))
        ranked = sorted(self.entries.values(), key=lambda s: -overlap(told, s.source.stems & told))
        near = [s for s in ranked if len(told & s.source.stems) > 0]
        yield from sorted(near, key=lambda s: -len(told & s.source.stems))
        yield self.basics
        yield self.document
