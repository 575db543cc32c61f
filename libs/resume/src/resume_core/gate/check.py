from collections.abc import Iterator
from dataclasses import replace
from functools import cached_property

from resume_core.changes import (
    HIDING,
    REORDERING,
    Change,
    ChangeKind,
    ChangeOrigin,
    ChangeStatus,
    apply_changes,
)
from resume_core.coverage import Coverage, cover
from resume_core.facts import (
    Fact,
    collect_facts,
    confirmed_facts,
    entry_text,
    resume_text,
    texts_of,
)
from resume_core.gate.bleed import Foreign
from resume_core.gate.fillers import Fillers
from resume_core.gate.headline import check_summary, headline_true
from resume_core.gate.identity import (
    check_highlights,
    check_identity,
    check_keywords,
    new_keywords,
    rewritten_highlights,
)
from resume_core.gate.lines import Line
from resume_core.gate.omission import loses_skills
from resume_core.gate.source import (
    Source,
    count_words,
    document_source,
    entry_source,
    telling_grams,
    whole_word,
)
from resume_core.gate.targets import target_problem
from resume_core.gate.tongues import tongue_of
from resume_core.gate.violations import Severity, Violation
from resume_core.gate.wording import check_line
from resume_core.model import SECTIONS, Entry, Resume
from resume_core.numerals import in_english_terms
from resume_core.posting import PostingView
from resume_core.requirements import Requirement, RequirementKind, extract_requirements
from resume_core.skills import SkillCatalog
from resume_core.text import normalise, visible

#: Growth of an entry in words: beyond the first the person looks, beyond the second it is kept out.
_WARN_GROWTH, _BLOCK_GROWTH = 1.3, 1.8
#: An entry may always grow by so many words; short entries double easily.
_FREE_WORDS = 8
_KEYWORD_LENGTH = 60
_MAX_BULLET = 600


class Gate:
    """Checks tailorings of one base for one posting; derived views are kept between calls."""

    def __init__(self, base: Resume, posting: PostingView, catalog: SkillCatalog) -> None:
        self.base = base
        self.posting = posting
        self.catalog = catalog
        self._sources: dict[tuple[str, str], Source] = {}

    @cached_property
    def requirements(self) -> list[Requirement]:
        """What the posting asks for."""
        return extract_requirements(self.posting.title, self.posting.text, self.catalog)

    @cached_property
    def coverage(self) -> Coverage:
        """What the base answers of it."""
        return cover(self.base, self.requirements, self.catalog)

    @cached_property
    def _document(self) -> Source:
        return document_source(self.base, self.catalog, self._tongue)

    @cached_property
    def _tongue(self) -> str:
        """The language the base is written in, "" for English."""
        return tongue_of(resume_text(self.base).split("\n"))

    @cached_property
    def _foreign(self) -> Foreign:
        everything = "\n".join(texts_of(self.base.model_dump()))
        return Foreign(self.posting, everything)

    @cached_property
    def _fillers(self) -> Fillers:
        return Fillers("\n".join(texts_of(self.base.model_dump())), self.posting.text)

    @cached_property
    def facts(self) -> dict[str, Fact]:
        """What a change may cite, by id."""
        return {f.id: f for f in collect_facts(self.base)}

    @cached_property
    def _grams(self) -> dict[tuple[str, str], frozenset[tuple[str, ...]]]:
        """The phrases of each entry with bullets."""
        return {
            (section, entry.id): telling_grams(entry_text(entry))
            for section in SECTIONS
            for entry in getattr(self.base, section)
            if hasattr(entry, "highlights")
        }

    @cached_property
    def _missing_skills(self) -> frozenset[str]:
        missing = set(self.coverage.missing)
        return frozenset(r.skill for r in self.requirements if r.skill and r.id in missing)

    @cached_property
    def _proven_musts(self) -> frozenset[str]:
        musts = {r.id for r in self.requirements if r.kind is RequirementKind.MUST}
        return frozenset(m.requirement_id for m in self.coverage.matched) & musts

    def _source(self, section: str, entry: Entry) -> Source:
        key = (section, entry.id)
        if key not in self._sources:
            self._sources[key] = entry_source(entry, self.base, self.catalog, self._tongue)
        return self._sources[key]

    def check(self, tailored: Resume, hidden: frozenset[str] = frozenset()) -> list[Violation]:
        """Everything wrong with `tailored`; `hidden` are the ids the person agreed to leave out."""
        found = list(check_identity(self.base, tailored, hidden))
        found.extend(self._basics(tailored))
        for section in SECTIONS:
            known = {e.id: e for e in getattr(self.base, section)}
            for entry in getattr(tailored, section):
                found.extend(self._entry(section, known.get(entry.id), entry, hidden))
        found.extend(self._omissions(tailored, hidden))
        return found

    def _basics(self, tailored: Resume) -> Iterator[Violation]:
        old, new = self.base.basics, tailored.basics
        summary = new.summary or ""
        if normalise(summary) != normalise(old.summary or ""):
            line = self._line(summary, "basics.summary")
            yield from check_line(self._read(line), self._document, self.catalog)
            yield from self._foreign.check(line, summary)
            yield from self._fillers.check(line.text, line.path, None)
            yield from check_summary(self.base, line.text, self._source, self.catalog)
        label = new.label or ""
        if normalise(label) != normalise(old.label or "") and not headline_true(
            self.base, label, self._document, self.catalog
        ):
            yield Violation(code="label_ungrounded", metric=1, path="basics.label")

    def _line(self, text: str, path: str, entry_id: str | None = None, replaces: str = "") -> Line:
        missing = self._missing_skills
        return Line(visible(text), path, entry_id, replaces, self._tongue, missing)

    def _read(self, line: Line) -> Line:
        """The line with its numbers, units and claims of leading in English, as its source is."""
        text, replaces = (in_english_terms(t, line.tongue) for t in (line.text, line.replaces))
        return replace(line, text=text, replaces=replaces) if line.tongue else line

    def _entry(
        self, section: str, base: Entry | None, entry: Entry, hidden: frozenset[str]
    ) -> Iterator[Violation]:
        if base is entry:
            return
        yield from self._keywords(section, base, entry)
        if base is None:
            return
        yield from check_highlights(section, base, entry, hidden, self._tongue)
        yield from check_keywords(section, base, entry, hidden, self.catalog)
        source = self._source(section, base)
        for bullet in rewritten_highlights(base, entry, self._tongue):
            path = f"{section}[{entry.id}].highlights[{bullet.index}]"
            line = self._line(bullet.text, path, entry.id, bullet.replaces)
            yield from check_line(self._read(line), source, self.catalog)
            yield from self._foreign.check(line, bullet.text)
            yield from self._fillers.check(line.text, path, entry.id)
            if self._commingled(section, base, line.text):
                yield Violation(code="entry_commingled", metric=4, path=path, entry_id=entry.id)
            if len(bullet.text) > max(_MAX_BULLET, 2 * len(bullet.replaces)):
                yield Violation(code="text_grown", metric=12, path=path, entry_id=entry.id)
        yield from self._growth(section, base, entry)

    def _commingled(self, section: str, base: Entry, text: str) -> bool:
        """Whether a line takes over a phrase that only another entry has."""
        grams = telling_grams(text)
        others = frozenset[tuple[str, ...]]().union(
            *(found for key, found in self._grams.items() if key != (section, base.id))
        )
        return bool((grams & others) - self._grams[section, base.id])

    def _growth(self, section: str, base: Entry, entry: Entry) -> Iterator[Violation]:
        before, after = _entry_words(base), _entry_words(entry)
        if after - before <= _FREE_WORDS or after <= _WARN_GROWTH * before:
            return
        block = after > _BLOCK_GROWTH * before
        yield Violation(
            code="text_grown",
            metric=12,
            path=f"{section}[{entry.id}]",
            entry_id=entry.id,
            severity=Severity.BLOCK if block else Severity.FLAG,
        )

    def _keywords(self, section: str, base: Entry | None, entry: Entry) -> Iterator[Violation]:
        own = section != "skills" and base is not None
        source = self._source(section, base) if own and base is not None else self._document
        for keyword in new_keywords(base, entry):
            path = f"{section}[{entry.id}].keywords"
            line = Line(visible(keyword), path, entry.id)
            yield from self._foreign.check(line, keyword)
            if not self._keyword_true(visible(keyword).strip(), source):
                yield Violation(
                    code="skill_ungrounded",
                    metric=3,
                    path=path,
                    entry_id=entry.id,
                    detail=keyword[:_KEYWORD_LENGTH],
                )

    def _keyword_true(self, keyword: str, source: Source) -> bool:
        if not keyword or len(keyword) > _KEYWORD_LENGTH or "\n" in keyword:
            return False
        found = self.catalog.mentions(keyword)
        if len(found) == 1 and self.catalog.resolve(keyword):
            return found[0].skill in source.skills
        confirmed = {normalise(f.skill) for f in confirmed_facts(self.base)}
        said = normalise(keyword)
        return said in confirmed or whole_word(said, source.text)

    def _omissions(self, tailored: Resume, hidden: frozenset[str]) -> Iterator[Violation]:
        if not loses_skills(self.base, tailored, self.catalog):
            return
        covered = cover(tailored, self.requirements, self.catalog)
        kept = {m.requirement_id for m in covered.matched}
        for requirement_id in sorted(self._proven_musts - kept):
            severity = Severity.FLAG if hidden else Severity.BLOCK
            yield Violation(
                code="must_omitted",
                metric=11,
                path="resume",
                detail=requirement_id,
                severity=severity,
            )

    def check_change(self, change: Change) -> list[Violation]:
        """Everything wrong with one change, as if it alone were applied."""
        problem = self._problem(change)
        if problem:
            code, metric = problem
            path = f"{change.section}[{change.entry_id}]" if change.entry_id else change.section
            return [Violation(code=code, metric=metric, path=path, entry_id=change.entry_id)]
        agreed = change.model_copy(update={"status": ChangeStatus.ACCEPTED})
        gone = {change.entry_id if change.kind is ChangeKind.HIDE_ENTRY else change.target_id}
        hidden = frozenset(i for i in gone if i) if change.kind in HIDING else frozenset()
        return self.check(apply_changes(self.base, [agreed]), hidden)

    def _problem(self, change: Change) -> tuple[str, int] | None:
        """What is wrong with a change before its text is looked at: (code, metric) or None."""
        target = target_problem(self.base, change)
        if target:
            return target, 1
        if change.kind in REORDERING | HIDING or change.origin is ChangeOrigin.USER:
            return None
        cited = [i for i in change.source_fact_ids if i in self.facts]
        if not cited or len(cited) != len(change.source_fact_ids):
            return "source_unknown", 8
        wanted = {r.id for r in self.requirements}
        if not set(change.requirement_ids) <= wanted:
            return "requirement_unknown", 8
        if change.kind is ChangeKind.REWRITE_HIGHLIGHT and not any(
            self.facts[i].entry_id == change.entry_id for i in cited
        ):
            return "source_foreign", 8
        return None


def _entry_words(entry: Entry) -> int:
    return count_words(entry_text(entry)) if not hasattr(entry, "highlights") else _prose(entry)


def _prose(entry: Entry) -> int:
    """The words of an entry without its keywords, which may grow on their own."""
    return count_words("\n".join(texts_of(entry.model_dump(exclude={"id", "url", "keywords"}))))


def check_resume(
    base: Resume,
    tailored: Resume,
    *,
    posting: PostingView,
    catalog: SkillCatalog,
    hidden: frozenset[str] = frozenset(),
) -> list[Violation]:
    """Everything in `tailored` that `base` does not support; the base itself always passes.

    `hidden` are the ids of entries and highlights that the person agreed to leave out.
    """
    return Gate(base, posting, catalog).check(tailored, hidden)


def check_change(
    base: Resume, change: Change, *, posting: PostingView, catalog: SkillCatalog
) -> list[Violation]:
    """Everything wrong with one change to `base`, whatever its status says."""
    return Gate(base, posting, catalog).check_change(change)
