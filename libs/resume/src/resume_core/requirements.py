"""What a posting asks for, read by rules: skills, years, degrees and languages."""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from types import MappingProxyType
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel

from resume_core.fluency import fluencies
from resume_core.skills import SkillCatalog
from resume_core.text import normalise

MAX_REQUIREMENTS: Final = 40
_MUST_WEIGHT, _PREFERRED_WEIGHT = 3, 1


class RequirementKind(StrEnum):
    """How much the posting wants it; a must weighs 3, a preference 1."""

    MUST = "must"
    PREFERRED = "preferred"


class Requirement(BaseModel):
    """One thing the posting asks for.

    `skill` is the catalogue's name, None for the other categories; `text` is the posting's own
    wording, at `start` to `end` of its text (of its title when `start` is -1). `level` is how well
    a language must be spoken at least, as `fluency` ranks it; 0 when the posting does not say.
    """

    model_config = ConfigDict(frozen=True, alias_generator=to_camel, populate_by_name=True)

    id: str
    skill: str | None
    text: str
    kind: RequirementKind
    weight: int
    start: int
    end: int
    category: Literal["skill", "years", "degree", "language"] = "skill"
    level: int = 0


class _Section(StrEnum):
    MUST = "must"
    PREFERRED = "preferred"
    DUTIES = "duties"
    OTHER = "other"
    OPEN = "open"  # before any heading


#: Tried in this order, so that "preferred qualifications" is no must.
_HEADINGS: Final = MappingProxyType(
    {
        _Section.PREFERRED: (
            r"nice[- ]to[- ]have|bonus|\bplus(?:ses)?\b|preferred|desirable|desired|good to have|"
            r"extra points|even better|von vorteil|w(?:ü|ue)nschenswert|idealerweise|"
            r"atouts?|souhaité|deseable|se valorar|gradito"
        ),
        _Section.OTHER: (
            r"about (?:us|the company|the team)|who we are|our company|our story|benefits|perks|"
            r"we offer|what you(?:'|\u2019)?ll get|compensation|salary|how to apply|privacy|"
            r"equal opportunity|diversity|wir bieten|(?:ü|ue)ber uns|unser angebot|nous offrons|"
            r"à propos|ofrecemos|sobre nosotros|offriamo"
        ),
        _Section.MUST: (
            r"requirements?|qualifications?|must[- ]haves?|who you are|about you|you have|"
            r"what you(?:'|\u2019)?(?:ll)? (?:bring|need)|what we(?:'|\u2019)?re looking for|"
            r"what we look for|your (?:profile|skills|experience|background)|skills|essential|"
            r"minimum|tech(?:nology)? stack|anforderungen|ihr profil|dein profil|voraussetzungen|"
            r"das bringst du mit|(?:votre )?profil|compétences|requisitos|perfil|requisiti"
        ),
        _Section.DUTIES: (
            r"responsibilities|duties|what you(?:'|\u2019)?ll do|what you will do|the role|"
            r"your role|the job|tasks|your mission|day[- ]to[- ]day|aufgaben|missions?|funciones|"
            r"responsabilidades"
        ),
    }
)
_PREFERRED_CUE = re.compile(
    r"nice[- ]to[- ]have|\b(?:a|big|huge|strong) (?:plus|bonus|advantage)\b|\bbonus\b|preferred|"
    r"preferably|desirable|ideally|beneficial|advantageous|not required|optional|"
    r"von vorteil|w(?:ü|ue)nschenswert|idealerweise|un atout|un plus|souhait|deseable|gradit",
    re.IGNORECASE,
)
_MUST_CUE = re.compile(
    r"\brequired?\b|\bmust\b|essential|mandatory|you have|you bring|minimum|at least|proficien|"
    r"experience (?:with|in|of|using)|expertise|solid|strong|deep|fluent|knowledge of|skilled|"
    r"familiar|hands-on|track record|zwingend|erforderlich|kenntnisse|erfahrung|maîtrise|"
    r"expérience|experiencia|conocimientos|esperienza",
    re.IGNORECASE,
)
_YEARS = re.compile(
    r"(?:\d{1,2}\s*(?:-|\u2013|to|bis)\s*)?\d{1,2}\s*\+?\s*(?:or more )?"
    r"(?:years?|yrs?|jahren?|ans|años|anni)\b(?:[^.\n;,]{0,40}\bexperience\b)?",
    re.IGNORECASE,
)
_DEGREE = re.compile(
    r"\b(?:bachelor(?:'s|\u2019s)?|master(?:'s|\u2019s)?|ph\.?\s?d\.?|doctorate|university degree|"
    r"college degree|diploma|hochschulabschluss|studium|dipl(?:ô|o)me|licenciatura|laurea)\b"
    r"(?:\s+degree)?(?:\s+in\s+[^.,;\n]{2,40})?",
    re.IGNORECASE,
)
_LANGUAGE = re.compile(
    r"\b(English|German|French|Spanish|Italian|Portuguese|Dutch|Polish|Swedish|Danish|Norwegian|"
    r"Finnish|Czech|Japanese|Mandarin|Chinese|Korean|Arabic|Russian|Turkish|Hindi|Deutsch|Englisch|"
    r"Deutschkenntnisse|Englischkenntnisse|Französisch|[Aa]nglais|[Ff]rançais|[Aa]llemand|[Ii]nglés|"
    r"[Ee]spañol)\b"
)
_LANGUAGE_CUE = re.compile(
    r"fluen|proficien|native|speak|spoken|written|language|business[- ]level|\b[ABC][12]\b|"
    r"kenntnisse|flie(?:ß|ss)end|verhandlungssicher|courant|maîtrise|idioma|nivel",
    re.IGNORECASE,
)
_ITEM = re.compile(r"[^\n]+")
_SENTENCE = re.compile(r".+?(?:;|[.!?](?=\s+[A-ZÄÖÜ])|$)", re.DOTALL)
_HEADING_LENGTH = 60


@dataclass(frozen=True, slots=True)
class _Line:
    text: str
    start: int
    section: _Section


def extract_requirements(title: str, text: str, catalog: SkillCatalog) -> list[Requirement]:
    """The posting's requirements, musts first, at most 40; ids depend on what is asked alone."""
    return list(_extracted(title, text, catalog))


# A job asks several times for the same posting's: its handler, the gate, a merge.
@lru_cache(maxsize=32)
def _extracted(title: str, text: str, catalog: SkillCatalog) -> tuple[Requirement, ...]:
    found: dict[str, Requirement] = {}
    for mention in catalog.mentions(title):
        _add(found, _skill(mention.skill, title[mention.start : mention.end], (-1, -1), must=True))
    for line in _lines(text):
        if line.section is _Section.OTHER:
            continue
        must = _is_must(line)
        for mention in catalog.mentions(line.text):
            span = (line.start + mention.start, line.start + mention.end)
            _add(found, _skill(mention.skill, text[span[0] : span[1]], span, must=must))
        for requirement in _other_requirements(line, must=must):
            _add(found, requirement)
    ranked = sorted(found.values(), key=lambda r: (-r.weight, r.start, r.id))
    return tuple(ranked[:MAX_REQUIREMENTS])


def skill_asked_for(name: str, *, must: bool) -> Requirement:
    """A skill of the catalogue as a requirement, without the posting it stood in."""
    return _skill(name, name, (-1, -1), must=must)


def _add(found: dict[str, Requirement], new: Requirement) -> None:
    old = found.get(new.id)
    if old is None:
        found[new.id] = new
        return
    heavier = max(old, new, key=lambda r: r.weight)
    level = old.level or new.level
    if (heavier.weight, level) != (old.weight, old.level):
        update = {"kind": heavier.kind, "weight": heavier.weight, "level": level}
        found[new.id] = old.model_copy(update=update)


def _lines(text: str) -> Iterator[_Line]:
    section = _Section.OPEN
    for match in _ITEM.finditer(text):
        line = match.group()
        heading = _heading(line)
        if heading is not None:
            section = heading
            continue
        for sentence in _SENTENCE.finditer(line):
            yield _Line(sentence.group(), match.start() + sentence.start(), section)


def _heading(line: str) -> _Section | None:
    """The section a line opens, or None when it is no heading."""
    plain = line.strip().lstrip("#*-\u2022 ").rstrip("*: ")
    marked = line.strip().endswith(":") or line.strip().startswith(("#", "**"))
    bullet = line.strip().startswith(("-", "\u2022", "* "))
    if not plain or len(plain) > _HEADING_LENGTH or plain.endswith((".", ";", ",")) or bullet:
        return None
    if not marked and (len(plain.split()) > 6 or "," in plain):
        return None
    for section, pattern in _HEADINGS.items():
        if re.search(pattern, plain, re.IGNORECASE):
            return section
    return _Section.OPEN if marked and len(plain.split()) <= 6 else None


def _is_must(line: _Line) -> bool:
    if _PREFERRED_CUE.search(line.text):
        return False
    if line.section is _Section.MUST:
        return True
    if line.section is _Section.PREFERRED:
        return False
    return bool(_MUST_CUE.search(line.text))


def _other_requirements(line: _Line, *, must: bool) -> Iterator[Requirement]:
    if line.section is not _Section.OPEN or must:
        for match in _YEARS.finditer(line.text):
            yield _other("years", match.group(), line.start + match.start(), must=must)
        for match in _DEGREE.finditer(line.text):
            yield _other("degree", match.group(), line.start + match.start(), must=must)
    alone = line.section in {_Section.MUST, _Section.PREFERRED} and len(line.text.split()) <= 2
    if alone or _LANGUAGE_CUE.search(line.text):
        named = [(m.group(), m.start()) for m in _LANGUAGE.finditer(line.text)]
        levels: dict[str, int] = {}
        for name, level in fluencies(line.text, {normalise(wording) for wording, _ in named}):
            levels[name] = min(level, levels.get(name, level))
        for wording, start in named:
            asked = _other("language", wording, line.start + start, must=must)
            yield asked.model_copy(update={"level": levels.get(normalise(wording), 0)})


def _skill(name: str, wording: str, span: tuple[int, int], *, must: bool) -> Requirement:
    return Requirement(
        id=_digest("skill", name),
        skill=name,
        text=wording,
        kind=RequirementKind.MUST if must else RequirementKind.PREFERRED,
        weight=_MUST_WEIGHT if must else _PREFERRED_WEIGHT,
        start=span[0],
        end=span[1],
    )


def _other(
    category: Literal["years", "degree", "language"], wording: str, start: int, *, must: bool
) -> Requirement:
    return Requirement(
        id=_digest(category, " ".join(wording.casefold().split())),
        skill=None,
        text=wording.strip(),
        kind=RequirementKind.MUST if must else RequirementKind.PREFERRED,
        weight=_MUST_WEIGHT if must else _PREFERRED_WEIGHT,
        start=start,
        end=start + len(wording),
        category=category,
    )


def _digest(category: str, what: str) -> str:
    return "r-" + hashlib.blake2b(f"{category}\x1f{what}".encode(), digest_size=6).hexdigest()
