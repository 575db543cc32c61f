"""What a person writes of themselves against who their resume says they were.

Not everything that is unproved: only what cannot be true beside the base. An employer it does not
have, a title they never had, dates that a named employer's entry does not have, a degree above
those listed, a letter that applies to somebody else. What is not recognised here is marked
unverified.
"""

import re
from collections.abc import Iterator, Sequence
from enum import StrEnum
from typing import Final

from resume_core.coverage import degree_level
from resume_core.gate.source import whole_word
from resume_core.gate.vocabulary import ROLES
from resume_core.grounding.tongues import in_first_person
from resume_core.grounding.verdict import Verdict
from resume_core.model import Entry, Resume
from resume_core.text import normalise, spoken


class Contradiction(StrEnum):
    """Which fact of the base a sentence contradicts."""

    EMPLOYER = "employer"
    TITLE = "title"
    DATES = "dates"
    DEGREE = "degree"
    COMPANY = "company"


#: A rank is a claim among others, unless it is said as a title.
_TITLES: Final = frozenset({"title_new", "title_ungrounded", "title_moved", "claim_ungrounded"})
_NAMES: Final = frozenset({"name_ungrounded", "company_bleed"})
_AS: Final = re.compile(
    r"\b(?:i am|i'm|i was|i became|as|als|ich bin|ich war|ich wurde|comme|en tant que|je suis"
    r"|j'étais|como|soy|fui|era) (?:the |an? |une? |le |la |eine?n? |der |die |una? )?",
    re.IGNORECASE,
)
_EMPLOYED: Final = re.compile(
    r"\b(?:work(?:ed|ing)?|employed|joined|left|job|position|role|(?:ge)?arbeit\w*|angestellt|tätig\w*"
    r"|stelle|travaill\w*|employ\w*|poste|trabaj\w*|emple\w*|puesto)\b",
    re.IGNORECASE,
)
_APPLYING: Final = (
    r"(?:join(?:ing)?|appl(?:y|ying|ication) (?:to|at|with)|(?:position|role|work) (?:at|for|with)"
    r"|bewerb\w* [^.]*bei|arbeiten (?:bei|für)|(?:candidature|poste|travailler) [^.]*(?:chez|pour)"
    r"|trabajar (?:en|para))"
)
_AT: Final = r"\b(?:at|for|with|bei|für|chez|pour|en|para)"
_DEGREE: Final = re.compile(
    r"\b(?:ph\.?\s?d|doctorate|promotion|mba|m\.?sc|b\.?sc|(?:master|bachelor)(?:'s|\u2019s)?"
    r"(?= (?:degree|of|in|from|at|an|der)\b)|diplom(?:a|ü)?|doctorat|licenciatura|laurea)\b",
    re.IGNORECASE,
)


def contradictions(
    verdict: Verdict, base: Resume, named: Sequence[Entry], applies: re.Pattern[str]
) -> Iterator[Contradiction]:
    """What a sentence that is not proved contradicts.

    Args:
        verdict: the grounding's.
        base: who the person is.
        named: the entries of the base that the sentence names.
        applies: what makes a sentence one about applying.
    """
    text, is_own = verdict.text, in_first_person(verdict.text, spoken(verdict.text))
    for violation in verdict.violations:
        code, said = violation.code, violation.detail
        if code == "date_ungrounded" and named and re.search(r"\d", said):
            yield Contradiction.DATES
        if code in _TITLES and _is_said_as_title(text, said):
            yield Contradiction.TITLE
        if code in _NAMES and said:
            if applies.search(text):
                if code == "name_ungrounded" and _stands_after(_APPLYING, said, text):
                    yield Contradiction.COMPANY
            elif is_own and _stands_after(_AT, said, text) and _tells_employment(text):
                yield Contradiction.EMPLOYER
    if verdict.violations and is_own and _has_new_degree(text, base):
        yield Contradiction.DEGREE


def _is_said_as_title(text: str, title: str) -> bool:
    """Whether it is what the person says they were, with one more word before it at most."""
    said = re.compile(rf"(?:[\w-]+ )?{re.escape(title)}(?!\w)", re.IGNORECASE)
    return bool(title) and any(said.match(text, found.end()) for found in _AS.finditer(text))


def _stands_after(before: str, name: str, text: str) -> bool:
    pattern = rf"{before}\s+(?:[\w.&-]+\s+){{0,2}}?{re.escape(name)}(?!\w)"
    return bool(re.search(pattern, text, re.IGNORECASE))


def _tells_employment(text: str) -> bool:
    roles = any(word.casefold().removesuffix("s") in ROLES for word in spoken(text))
    return roles or bool(_EMPLOYED.search(text))


def _has_new_degree(text: str, base: Resume) -> bool:
    listed = [e.study_type or "" for e in base.education]
    highest = max(map(degree_level, listed), default=0)
    said = (m.group() for m in _DEGREE.finditer(text))
    return any(
        degree_level(degree) > highest
        # "Diploma" alone may be a school's.
        and not any(whole_word(normalise(degree), normalise(one)) for one in listed)
        for degree in said
    )
