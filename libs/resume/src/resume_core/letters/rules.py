"""The letter that needs no model: the person's own lines, joined by fixed phrases."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from resume_core.coverage import cover
from resume_core.facts import highlight_ids
from resume_core.grounding import About, Ground, Grounding, GroundKind, Sentence
from resume_core.letters.phrases import Phrases, Tone, listed
from resume_core.model import Project, Resume, Volunteer, Work
from resume_core.requirements import Requirement
from resume_core.skills import SkillCatalog
from resume_core.text import spoken, visible, word_set

MAX_LINES: Final = 4
_PER_ENTRY: Final = 2
_MAX_SKILLS: Final = 5
#: Past forms that do not end in "ed" and that lines of resumes begin with.
_IRREGULAR: Final = word_set(
    """built led wrote ran cut made set won grew drove taught kept brought rebuilt held oversaw
    began sold bought gave spoke found took chose rewrote met sent dealt put"""
)
#: What may stand after such a verb; "Built-in" and "Related work" are no deeds.
_DEED: Final = re.compile(r"[A-Z][a-z]+ [^\s-]")


@dataclass(frozen=True, slots=True)
class OwnLine:
    """A line of the resume with the entry it stands in."""

    fact_id: str
    text: str
    entry: Work | Volunteer | Project
    score: int = 0

    @property
    def employer(self) -> str:
        """Who it was done for."""
        if isinstance(self.entry, Volunteer):
            return self.entry.organization or ""
        return self.entry.name or ""

    @property
    def position(self) -> str:
        """What the person was there."""
        return "" if isinstance(self.entry, Project) else (self.entry.position or "")


def lines_of(base: Resume) -> list[OwnLine]:
    """Every line of work, projects and volunteering, in the order of the document."""
    entries: tuple[Work | Volunteer | Project, ...] = (*base.work, *base.projects, *base.volunteer)
    return [
        OwnLine(identifier, text, entry)
        for entry in entries
        for identifier, text in zip(highlight_ids(entry), entry.highlights, strict=True)
        if len(text.split()) > 2
    ]


def own_lines(
    base: Resume, requirements: Sequence[Requirement], catalog: SkillCatalog
) -> list[OwnLine]:
    """The lines with the weight of the requirements that each answers, the heaviest first."""
    wanted = {r.skill: r.weight for r in requirements if r.skill}

    def score(line: OwnLine) -> int:
        return sum(wanted.get(name, 0) for name in catalog.names_in(line.text))

    scored = [replace(line, score=score(line)) for line in lines_of(base)]
    return sorted(scored, key=lambda line: -line.score)


def is_deed(line: str) -> bool:
    """Whether a line is an English deed ("Built …"), to which "I" may be put."""
    if not _DEED.match(line):
        return False
    verb = spoken(visible(line))[0].casefold()
    return verb in _IRREGULAR or (verb.endswith("ed") and not verb.endswith("eed"))


class RulesLetter:
    """Writes the sentences of one letter; all of them go through the grounding."""

    def __init__(
        self,
        grounding: Grounding,
        requirements: Sequence[Requirement],
        catalog: SkillCatalog,
        phrases: Phrases,
        tone: Tone,
    ) -> None:
        self._grounding = grounding
        self._requirements = requirements
        self._catalog = catalog
        self._phrases = phrases
        self._tone = tone
        self.refused: list[str] = []

    def opening(self) -> Sentence:
        """The sentence that says what is applied for."""
        posting = self._grounding.posting
        named = [("title", posting.title), ("company", posting.company)]
        form = self._phrases.opening_company if posting.company else self._phrases.opening
        if not posting.title:
            form, named = self._phrases.opening_unknown, []
        text = form.format(title=posting.title, company=posting.company)
        grounds = tuple(Ground(kind=GroundKind.POSTING, ref=what) for what, said in named if said)
        return Sentence(text=text, about=About.INTENT, grounds=grounds)

    def shared_skills(self) -> Sentence | None:
        """The skills that the posting asks for and the resume proves."""
        base = self._grounding.base
        matches = {
            m.requirement_id: m for m in cover(base, self._requirements, self._catalog).matched
        }
        shared = [
            r
            for r in sorted(self._requirements, key=lambda r: -r.weight)
            if r.skill and r.id in matches
        ]
        shared = shared[:_MAX_SKILLS]
        if len(shared) < 2:
            return None
        names = [visible(r.text) for r in shared]
        grounds = [Ground(kind=GroundKind.FACT, ref=matches[r.id].where[0]) for r in shared]
        grounds += [
            Ground(kind=GroundKind.POSTING, ref="text", start=r.start, end=r.end)
            for r in shared
            if r.start >= 0
        ]
        text = self._phrases.shows.format(skills=listed(names, self._phrases.conjunction))
        return Sentence(text=text, about=About.PHRASE, grounds=tuple(dict.fromkeys(grounds)))

    def evidence(self) -> list[Sentence]:
        """The person's own lines that answer the posting best, entry by entry."""
        ranked = own_lines(self._grounding.base, self._requirements, self._catalog)
        chosen: list[OwnLine] = []
        for line in ranked:
            same = sum(1 for other in chosen if other.entry is line.entry)
            if same < _PER_ENTRY and len(chosen) < MAX_LINES and (line.score or len(chosen) < 2):
                chosen.append(line)
        base = self._grounding.base
        order = [e.id for e in (*base.work, *base.projects, *base.volunteer)]
        chosen.sort(key=lambda line: order.index(line.entry.id))
        return list(self._told(chosen))

    def _told(self, chosen: Sequence[OwnLine]) -> Iterator[Sentence]:
        last: object = None
        for line in chosen:
            verdict = self._grounding.check(self._worded(line))
            if not verdict.is_true:
                self.refused.extend(verdict.codes)
                continue
            text = self._worded(line, is_second=line.entry is last)
            last = line.entry
            own = Ground(kind=GroundKind.FACT, ref=line.fact_id)
            head = Ground(kind=GroundKind.FACT, ref=line.entry.id)
            yield Sentence(text=text, about=About.PERSON, grounds=(own, head))

    def _worded(self, line: OwnLine, *, is_second: bool = False) -> str:
        """A line in its phrase; the second of an entry need not name the entry again."""
        phrases, text = self._phrases, line.text.strip().rstrip(".") + "."
        deed = is_deed(text) and phrases.deeds
        if is_second and (deed or not phrases.deeds):
            form = phrases.also
        elif not (line.position and line.employer):
            form = phrases.quoted_alone
        else:
            form = phrases.did if deed else phrases.quoted
        body = text[0].lower() + text[1:] if deed and form != phrases.quoted_alone else text
        return form.format(position=line.position, employer=line.employer, line=body)

    def ending(self) -> Sentence:
        """The last paragraph."""
        return Sentence(text=self._phrases.ending[self._tone], about=About.PHRASE)
