"""What a sentence leans on outside itself: what "it" is, where "there" is, when "now" is.

A pronoun would let a true sentence be about something else than its words: "You ask for Kafka. I
have used it." So a sentence about the person says what it speaks of, or is not said.
"""

import re
from collections.abc import Iterator
from typing import Final

from resume_core.gate.violations import Violation
from resume_core.gate.wording import Line
from resume_core.grounding.scopes import Scope
from resume_core.quantities import quantities
from resume_core.text import normalise

_REFERENCE: Final = re.compile(
    r"\b(?:it|its|them|these|those|both|this|same|there|likewise|former|latter"
    r"|dort|hier|damit|darin|daran|davon|dafür|dazu|beides|beide|beiden|dies|dieses|diesem|diesen"
    r"|cela|ça|ceci|celui-ci|celle-ci|ces|cette|lesquels"
    r"|ello|eso|esto|ellos|ellas|allí|ahí|ambos|ambas|esos|esas|estos|estas)\b"
    r"|^(?:that|so|such|das|diese|dieser|es|là|lo)\b",
    re.IGNORECASE,
)
_VAGUE: Final = re.compile(r"\b(?:years|decades|jahrelang\w*|jahrzehnt\w*)\b", re.IGNORECASE)
_NOW: Final = re.compile(
    r"\b(?:currently|current|today|nowadays|presently|now|still|derzeit\w*|heute|aktuell\w*|jetzt"
    r"|noch|momentan|actuel\w*|aujourd'hui|encore|toujours|actual(?:mente|es)?|hoy|ahora|todavía)\b",
    re.IGNORECASE,
)
_PRESENT: Final = re.compile(
    r"\b(?:i am|i'm|i work|i lead|i manage|ich bin|ich arbeite|ich leite|je suis|je travaille"
    r"|soy|(?<!mi )trabajo como|estoy)\b",
    re.IGNORECASE,
)


def check_context(line: Line, scope: Scope) -> Iterator[Violation]:
    """References without a noun, years without a number, and a present that is past."""
    own = normalise(line.replaces)
    for match in _REFERENCE.finditer(line.text):
        if not re.search(rf"\b{re.escape(match.group().casefold())}\b", own):
            yield _violation("reference_open", line, match.group())
    stated = [(q.start, q.end) for q in quantities(line.text)]
    for match in _VAGUE.finditer(line.text):
        inside = any(start <= match.start() < end for start, end in stated)
        if not inside and not _says_vaguely(scope):
            yield _violation("quantity_ungrounded", line, match.group())
    told = _NOW.search(line.text)
    if told and not _goes_on(scope) and told.group().casefold() not in scope.source.text:
        yield _violation("date_ungrounded", line, told.group())
    present = _PRESENT.search(line.text)
    if present and not scope.is_whole and _is_over(scope):
        yield _violation("date_ungrounded", line, present.group())


def _violation(code: str, line: Line, said: str) -> Violation:
    return Violation(code=code, metric=15, path=line.path, detail=said[:120])


def _says_vaguely(scope: Scope) -> bool:
    text = scope.source.text
    spans = [(q.start, q.end) for q in quantities(text)]
    found = (m.start() for m in _VAGUE.finditer(text))
    return any(not any(start <= at < end for start, end in spans) for at in found)


def _goes_on(scope: Scope) -> bool:
    """Whether every entry of a scope has begun and not ended; skills and the like never end."""
    return not scope.is_whole and all(getattr(e, "end_date", None) is None for e in scope.entries)


def _is_over(scope: Scope) -> bool:
    return any(getattr(e, "end_date", None) for e in scope.entries)
