"""The tailor that needs no model: it orders, re-labels and points, and never writes a sentence.

Used when no model is configured, wanted or answering; its changes also stand beside a model's.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from resume_core.changes import CHRONOLOGICAL, Change, ChangeKind, ChangeOrigin, change_id
from resume_core.coverage import cover
from resume_core.draft import PROVEN_SKILLS_ID
from resume_core.facts import (
    collect_facts,
    confirmed_facts,
    entry_text,
    highlight_ids,
    keyword_ids,
)
from resume_core.gate.source import whole_word
from resume_core.languages import DEFAULT_LANGUAGE
from resume_core.model import Entry, Project, Resume, Skill
from resume_core.posting import PostingView
from resume_core.requirements import Requirement
from resume_core.rule_reasons import RULE_REASONS
from resume_core.skills import SkillCatalog
from resume_core.text import normalise, visible

#: An entry with fewer bullets is short enough; none of its bullets is proposed for hiding.
_LONG_ENTRY: Final = 5
_MAX_HIDING: Final = 3
_NAMED: Final = 3


def tailor_by_rules(
    base: Resume,
    requirements: Sequence[Requirement],
    posting: PostingView,
    catalog: SkillCatalog,
    *,
    language: str = DEFAULT_LANGUAGE,
) -> list[Change]:
    """Propose what can be done without new words; the same inputs give the same changes.

    Work, volunteering and education stay in their order. Each change cites the facts it rests
    on and the requirements it serves. Nothing is left out: hiding is only proposed. Reasons are
    given in `language`, one of `languages.LANGUAGES`.
    """
    rules = _Rules(base, requirements, posting, catalog, RULE_REASONS[language])
    return [*rules.relabels(), *rules.additions(), *rules.orders(), *rules.hidings()]


class _Rules:
    def __init__(
        self,
        base: Resume,
        requirements: Sequence[Requirement],
        posting: PostingView,
        catalog: SkillCatalog,
        reasons: Mapping[str, str],
    ) -> None:
        self._base = base
        self._reasons = reasons
        self._catalog = catalog
        self._wanted = {r.skill: r for r in requirements if r.skill is not None}
        self._requirements = requirements
        self._posting = normalise(posting.title + "\n" + posting.text)
        self._facts = {f.id: f for f in collect_facts(base)}

    def _asked(self, text: str) -> list[Requirement]:
        """The requirements that a text answers, heaviest first."""
        names = self._catalog.names_in(text)
        found = [self._wanted[n] for n in names if n in self._wanted]
        return sorted(found, key=lambda r: (-r.weight, r.start, r.id))

    def _score(self, text: str) -> int:
        return sum(r.weight for r in self._asked(text))

    def _wording(self, requirement: Requirement) -> str:
        """The posting's wording, in the catalogue's case when it lists that very alias."""
        if requirement.skill is None:
            return requirement.text
        skill = self._catalog.skills[requirement.skill]
        said = normalise(requirement.text)
        listed = (skill.name, *skill.aliases)
        return next((a for a in listed if normalise(a) == said), visible(requirement.text))

    def relabels(self) -> Iterator[Change]:
        """Keywords that name a wanted skill by another listed name than the posting does."""
        for section, entry in self._keyword_entries():
            keywords: tuple[str, ...] = getattr(entry, "keywords", ())
            present = {normalise(k) for k in keywords}
            for identifier, keyword in zip(keyword_ids(entry), keywords, strict=True):
                requirement = self._wanted.get(self._catalog.resolve(keyword) or "")
                if requirement is None:
                    continue
                wording = self._wording(requirement)
                if normalise(wording) in present or self._says(keyword, beside=requirement.text):
                    continue
                present.add(normalise(wording))
                yield self._change(
                    ChangeKind.RELABEL,
                    (section, entry.id, identifier),
                    (keyword, wording),
                    sources=(identifier,),
                    requirements=(requirement,),
                    reason=self._why("relabel", keyword=keyword, wording=wording),
                )

    def _says(self, keyword: str, *, beside: str) -> bool:
        """Whether the posting also says the keyword, not only inside a longer wording of it."""
        elsewhere = self._posting.replace(normalise(beside), " ")
        return normalise(keyword) == normalise(beside) or whole_word(normalise(keyword), elsewhere)

    def _keyword_entries(self) -> Iterator[tuple[str, Entry]]:
        yield from (("skills", e) for e in self._base.skills)
        yield from (("projects", e) for e in self._base.projects)

    def additions(self) -> Iterator[Change]:
        """Wanted skills that the resume proves elsewhere, into the skills list."""
        listed = {self._catalog.resolve(k) for e in self._base.skills for k in e.keywords}
        matches = {
            m.requirement_id: m
            for m in cover(self._base, self._requirements, self._catalog).matched
        }
        confirmed = {f.id for f in confirmed_facts(self._base)}
        for requirement in self._requirements:
            match = matches.get(requirement.id)
            if requirement.skill is None or match is None or requirement.skill in listed:
                continue
            wording = self._wording(requirement)
            source = match.where[0]
            proof = "confirmed" if source in confirmed else "shown"
            yield self._change(
                ChangeKind.ADD_KEYWORD,
                ("skills", self._group_for(requirement.skill), None),
                (None, wording),
                sources=match.where,
                requirements=(requirement,),
                reason=self._why(proof, wording=wording, quote=self._quote(source)),
            )

    def _why(self, proposal: str, **named: object) -> str:
        return self._reasons[proposal].format(**named)

    def _quote(self, fact_id: str) -> str:
        text = " ".join(self._facts[fact_id].text.split())
        return f"«{text}»" if len(text) <= 90 else f"«{text[:87].rstrip()}…»"

    def _group_for(self, skill: str) -> str:
        """The skill group with most keywords of the same field; the first one, else a new one."""
        field = self._catalog.skills[skill].field

        def alike(group: Skill) -> int:
            names = (self._catalog.resolve(k) for k in group.keywords)
            return sum(1 for n in names if n and self._catalog.skills[n].field == field)

        groups = self._base.skills
        return max(groups, key=alike).id if groups else PROVEN_SKILLS_ID

    def orders(self) -> Iterator[Change]:
        """What answers the posting first: bullets, keywords, skill groups, projects."""
        for section in ("work", "volunteer", "projects"):
            for entry in getattr(self._base, section):
                yield from self._order(
                    ChangeKind.REORDER_HIGHLIGHTS,
                    (section, entry.id),
                    highlight_ids(entry),
                    entry.highlights,
                    "lines",
                )
        for section, entry in self._keyword_entries():
            keywords: tuple[str, ...] = getattr(entry, "keywords", ())
            place = (section, entry.id)
            kind = ChangeKind.REORDER_KEYWORDS
            yield from self._order(kind, place, keyword_ids(entry), keywords, "keywords")
        for section, what in (("skills", "groups"), ("projects", "projects")):
            entries: tuple[Entry, ...] = getattr(self._base, section)
            if section in CHRONOLOGICAL or len(entries) < 2:
                continue
            ids, texts = [e.id for e in entries], [entry_text(e) for e in entries]
            yield from self._order(ChangeKind.REORDER_ENTRIES, (section, None), ids, texts, what)

    def _order(
        self,
        kind: ChangeKind,
        place: tuple[str, str | None],
        ids: Sequence[str],
        texts: Sequence[str],
        what: str,
    ) -> Iterator[Change]:
        scores = [self._score(t) for t in texts]
        order = sorted(range(len(ids)), key=lambda at: (-scores[at], at))
        after = tuple(ids[at] for at in order)
        if after == tuple(ids) or not any(scores):
            return
        moved = [at for to, at in enumerate(order) if to < at and scores[at]]
        asked = list(dict.fromkeys(r for at in moved for r in self._asked(texts[at])))
        named = ", ".join(self._wording(r) for r in asked[:_NAMED])
        yield self._change(
            kind,
            (*place, None),
            (tuple(ids), after),
            sources=tuple(ids[at] for at in moved),
            requirements=asked,
            reason=self._why("order", what=self._reasons[what], named=named),
        )

    def hidings(self) -> Iterator[Change]:
        """Bullets of long entries that answer nothing; the least recent entries first."""
        proposals = [c for e in reversed(self._base.work) for c in self._hidings_of("work", e)]
        if len(self._base.projects) > _LONG_ENTRY:
            proposals.extend(c for e in self._base.projects for c in self._hide_project(e))
        yield from proposals[:_MAX_HIDING]

    def _hidings_of(self, section: str, entry: Entry) -> Iterator[Change]:
        lines: tuple[str, ...] = getattr(entry, "highlights", ())
        scored = [(i, t, self._score(t)) for i, t in zip(highlight_ids(entry), lines, strict=True)]
        asked = self._asked("\n".join(lines))
        if len(lines) < _LONG_ENTRY or not asked:
            return
        for identifier, text, score in reversed(scored):
            if not score:
                yield self._change(
                    ChangeKind.HIDE_HIGHLIGHT,
                    (section, entry.id, identifier),
                    (text, None),
                    sources=(identifier,),
                    requirements=asked,
                    reason=self._why("hide_line", count=len(lines)),
                )

    def _hide_project(self, entry: Project) -> Iterator[Change]:
        musts = [r for r in self._requirements if r.weight > 1]
        if not self._score(entry_text(entry)) and musts:
            yield self._change(
                ChangeKind.HIDE_ENTRY,
                ("projects", entry.id, None),
                (entry.name, None),
                sources=(entry.id,),
                requirements=musts[:_NAMED],
                reason=self._why("hide_project"),
            )

    @staticmethod
    def _change(
        kind: ChangeKind,
        place: tuple[str, str | None, str | None],
        texts: tuple[str | tuple[str, ...] | None, str | tuple[str, ...] | None],
        *,
        sources: Sequence[str],
        requirements: Sequence[Requirement],
        reason: str,
    ) -> Change:
        section, entry_id, target_id = place
        before, after = texts
        return Change(
            id=change_id(kind, section, entry_id, target_id, after),
            kind=kind,
            section=section,
            entry_id=entry_id,
            target_id=target_id,
            before=before,
            after=after,
            source_fact_ids=tuple(sources),
            requirement_ids=tuple(r.id for r in requirements),
            reason=reason,
            origin=ChangeOrigin.RULES,
        )
