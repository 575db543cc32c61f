"""What one line of a resume holds for an answer: its parts, and where it is thin."""

import re
from collections.abc import Iterator
from typing import Final

from resume_core.gate.source import stated_tiers
from resume_core.gate.vocabulary import DOWNWARD, LEADING_TIER, UPWARD
from resume_core.interview.model import Star
from resume_core.letters.rules import OwnLine
from resume_core.model import Resume
from resume_core.quantities import quantities
from resume_core.text import spoken, visible

#: Years between an entry's end and the latest date of the document that make it old.
_OLD_YEARS: Final = 5
_CLAUSE: Final = re.compile(r",\s+(?=(?:which |and )?[a-z]+(?:ing|ed)\b)|;\s+|\s+\u2013\s+")


def star_of(line: OwnLine) -> Star:
    """The skeleton of an answer: the entry's head, and the line in its parts as they stand."""
    entry = line.entry
    span = "\u2013".join(d for d in (entry.start_date, entry.end_date or "\u2026") if d)
    head = ", ".join(part for part in (line.position, line.employer) if part)
    action, result = _parts(line.text)
    return Star(
        fact_id=line.fact_id,
        situation=f"{head} ({span})" if entry.start_date else head,
        action=action,
        result=result,
    )


def _parts(text: str) -> tuple[str, str]:
    """The line up to its last clause of a result, and that clause; both verbatim."""
    clauses = list(_CLAUSE.finditer(text))
    for match in reversed(clauses):
        action, result = text[: match.start()], text[match.end() :]
        if quantities(visible(result)) or _tells_change(result):
            return action.strip(), result.strip()
    return text.strip(), ""


def _tells_change(text: str) -> bool:
    return any(word.casefold() in UPWARD | DOWNWARD for word in spoken(visible(text)))


def weak_spots(line: OwnLine, base: Resume) -> Iterator[str]:
    """The codes of what an interviewer may dig into."""
    text = visible(line.text)
    tiers = stated_tiers(text)
    if quantities(text):
        yield "number"
    else:
        yield "no_number"
        if not star_of(line).result and not _tells_change(text):
            yield "no_result"
    if tiers and tiers[0] == 1:
        yield "helped"
    if max(tiers, default=0) >= LEADING_TIER:
        yield "led"
    if _is_old(line, base):
        yield "old"


def _is_old(line: OwnLine, base: Resume) -> bool:
    """Whether the entry ended long before the latest date written: the resume knows no today."""
    dates = [d for w in (*base.work, *base.projects) for d in (w.start_date, w.end_date) if d]
    years = [int(d[:4]) for d in dates if d[:4].isdigit()]
    end = (line.entry.end_date or "")[:4]
    return end.isdigit() and max(years) - int(end) >= _OLD_YEARS
