"""How much of a posting a resume answers: computed, never asked of a model.

`literal` counts what the resume says in the posting's own words; `with_aliases` counts also other
wordings of the same skill, narrower skills that prove a broader one, and confirmed facts. The
second figure of the *base* resume is the honest ceiling: no true tailoring can score above it.
Years of experience are asked about, never scored: the document seldom proves them either way.
"""

import re
from collections.abc import Sequence
from typing import Final

from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel

from resume_core.facts import collect_facts, confirmed_facts
from resume_core.fluency import fluency
from resume_core.model import Resume
from resume_core.requirements import Requirement
from resume_core.skills import SkillCatalog
from resume_core.text import normalise, visible

#: Raised whenever the same inputs would score differently.
SCORE_VERSION: Final = "2026.11-2"
_SECTIONS_THAT_PROVE: Final = frozenset(
    {"basics", "work", "volunteer", "education", "certificates", "skills", "projects", "confirmed"}
    | {"awards", "publications", "languages"}
)
_MAX_WHERE = 5
_LEVELS: Final[tuple[tuple[int, re.Pattern[str]], ...]] = (
    (3, re.compile(r"\bph\.?\s?d\b|doctor|promotion", re.IGNORECASE)),
    (
        2,
        re.compile(
            r"(?<!scrum )\bmaster|\bm\.?\s?(?:sc|s|a|eng|ba)\b|\bmba\b|\bdipl\.|\bdiplom(?![aeü])"
            r"|dipl[oô]me d['\u2019]ing|magister|maîtrise|máster",
            re.IGNORECASE,
        ),
    ),
    (
        1,
        re.compile(
            r"bachelor|\bb\.?\s?(?:sc|a|eng|s)\b|degree|studium|licen|laurea|abschluss"
            r"|dipl[oô]m|\bgrado\b",
            re.IGNORECASE,
        ),
    ),
)
#: What ends school is no degree, whatever it is called.
_SCHOOL: Final = re.compile(
    r"high[- ]?school|secondary|\bged\b|schulabschluss|hauptschul|realschul", re.IGNORECASE
)
_LANGUAGE_NAMES: Final = {
    "deutsch": "german",
    "deutschkenntnisse": "german",
    "allemand": "german",
    "englisch": "english",
    "englischkenntnisse": "english",
    "anglais": "english",
    "inglés": "english",
    "französisch": "french",
    "français": "french",
    "español": "spanish",
    "spanisch": "spanish",
}


class Match(BaseModel):
    """A requirement that the resume answers: in the posting's words or others, and where."""

    model_config = ConfigDict(frozen=True, alias_generator=to_camel, populate_by_name=True)

    requirement_id: str
    literal: bool
    where: tuple[str, ...]


class Coverage(BaseModel):
    """The weighted share of the scored requirements that a resume answers, 0 to 1."""

    model_config = ConfigDict(frozen=True, alias_generator=to_camel, populate_by_name=True)

    literal: float
    with_aliases: float
    matched: tuple[Match, ...]
    missing: tuple[str, ...]
    score_version: str = SCORE_VERSION


def scored(requirement: Requirement) -> bool:
    """Whether a requirement counts in the score."""
    return requirement.category != "years"


def cover(resume: Resume, requirements: Sequence[Requirement], catalog: SkillCatalog) -> Coverage:
    """Match every scored requirement against the resume and its confirmed facts."""
    index = _Index(resume, catalog)
    matched: list[Match] = []
    missing: list[str] = []
    total = literal = aliased = 0
    for requirement in filter(scored, requirements):
        total += requirement.weight
        match = index.match(requirement)
        if match is None:
            missing.append(requirement.id)
            continue
        matched.append(match)
        aliased += requirement.weight
        literal += requirement.weight if match.literal else 0
    return Coverage(
        literal=round(literal / total, 4) if total else 0.0,
        with_aliases=round(aliased / total, 4) if total else 0.0,
        matched=tuple(matched),
        missing=tuple(missing),
    )


class _Index:
    """Which fact of a resume mentions which skill, and in which words."""

    def __init__(self, resume: Resume, catalog: SkillCatalog) -> None:
        self._resume = resume
        self._where: dict[str, list[str]] = {}
        self._wordings: dict[tuple[str, str], list[str]] = {}
        for fact in collect_facts(resume):
            if fact.section not in _SECTIONS_THAT_PROVE:
                continue
            text = visible(fact.text)
            for mention in catalog.mentions(text):
                written = normalise(text[mention.start : mention.end])
                in_document = fact.section != "confirmed"
                if in_document:
                    self._wordings.setdefault((mention.skill, written), []).append(fact.id)
                for name in catalog.proves(mention.skill):
                    self._where.setdefault(name, []).append(fact.id)
        self._answers: dict[str, list[str]] = {}
        for confirmed in confirmed_facts(resume):
            if confirmed.requirement_id:
                self._answers.setdefault(confirmed.requirement_id, []).append(confirmed.id)
            name = catalog.resolve(confirmed.skill) or confirmed.skill
            self._where.setdefault(name, []).append(confirmed.id)

    def match(self, requirement: Requirement) -> Match | None:
        if requirement.skill is not None:
            said = self._wordings.get((requirement.skill, normalise(requirement.text)), [])
            where = [*said, *self._where.get(requirement.skill, [])]
        elif requirement.category == "degree":
            said = where = self._degree(requirement.text)
        else:
            said = where = self._language(requirement)
        where = where or self._answers.get(requirement.id, [])
        if not where:
            return None
        unique = tuple(dict.fromkeys(where))[:_MAX_WHERE]
        return Match(requirement_id=requirement.id, literal=bool(said), where=unique)

    def _degree(self, asked: str) -> list[str]:
        wanted = degree_level(asked)
        return [
            e.id
            for e in self._resume.education
            if wanted and degree_level(e.study_type or "") >= wanted
        ]

    def _language(self, asked: Requirement) -> list[str]:
        """The entries of a language, but for those that say it is spoken less well than asked."""
        name = _LANGUAGE_NAMES.get(asked.text.casefold(), asked.text.casefold())
        return [
            e.id
            for e in self._resume.languages
            if _LANGUAGE_NAMES.get((e.language or "").casefold(), (e.language or "").casefold())
            == name
            and not 0 < fluency(e.fluency or "") < asked.level
        ]


def degree_level(degree: str) -> int:
    """How high a degree is: 3 doctorate, 2 master, 1 bachelor or any degree, 0 none."""
    if _SCHOOL.search(degree):
        return 0
    return next((level for level, pattern in _LEVELS if pattern.search(degree)), 0)
