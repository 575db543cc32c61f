"""Dates and titles of a sentence against those of the entries it draws on."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from resume_core.dates import find_spans
from resume_core.gate.source import Source, whole_word
from resume_core.gate.violations import Violation
from resume_core.gate.vocabulary import ROLES
from resume_core.gate.wording import Line
from resume_core.model import Entry
from resume_core.text import Word, normalise, word_set, words

#: Ranks that a title is not complete without: leaving one out, or adding one, changes the claim.
_RANKS: Final = word_set(
    """senior principal chief head lead staff vice deputy director president executive managing
    junior trainee assistant associate intern apprentice student interim acting"""
)
#: "From March 2019 to May 2020" is a span; the word before it says no more than that.
_FROM: Final = re.compile(r"\b(?:from|von|vom)\s+(?=\S+(?: \d{4})?\s)", re.IGNORECASE)
_SINCE: Final = re.compile(r"\b(?:since|seit|depuis|desde)\s+$", re.IGNORECASE)


def check_dates(line: Line, entries: Sequence[Entry], near: str = "") -> Iterator[Violation]:
    """A span must be one entry's own, a single date one of its dates, "since" an ongoing one.

    A single date may also be one that the line that is worded anew (`near`) states.
    """
    text = _FROM.sub("", line.text)
    for span in find_spans(text):
        is_open = not span.lone or bool(_SINCE.search(text[: span.at[0]]))
        fits = any(_fits(entry, span.start, span.end, is_open=is_open) for entry in entries)
        said = text[slice(*span.at)]
        stated = not is_open and whole_word(normalise(said), normalise(near))
        if not fits and not stated:
            yield Violation(code="date_ungrounded", metric=1, path=line.path, detail=said)


def _fits(entry: Entry, start: str | None, end: str | None, *, is_open: bool) -> bool:
    first, last = _dates(entry)
    if not is_open:
        return _same(start, first) or _same(start, last)
    if end is None:
        return _same(start, first) and last is None and hasattr(entry, "end_date")
    return _same(start, first) and _same(end, last)


def _dates(entry: Entry) -> tuple[str | None, str | None]:
    first = getattr(entry, "start_date", None) or getattr(entry, "date", None)
    return first or getattr(entry, "release_date", None), getattr(entry, "end_date", None)


def _same(said: str | None, written: str | None) -> bool:
    """Whether a date is the written one, at its precision or a coarser one."""
    return bool(said and written) and str(written).startswith(str(said))


def without_months(text: str) -> str:
    """The text with each date as its years alone, for detectors that read no months."""
    text = _FROM.sub("", text)
    for span in reversed(find_spans(text)):
        start, end = span.at
        shown = " to ".join(d[:4] for d in (span.start, span.end) if d)
        since = "since " if not span.lone and span.end is None and span.start else ""
        text = text[:start] + since + shown + text[end:]
    return text


def check_titles(line: Line, source: Source, written: Sequence[str]) -> Iterator[Violation]:
    """Every title with its rank, up or down, must be one of the source's.

    `written` are the titles that the source's entries carry.
    """
    titles = [normalise(title) for title in written]
    found = words(line.text)
    for at, word in enumerate(found):
        if word.text.casefold().removesuffix("s") not in ROLES:
            continue
        ranked = _ranked(found, at, line.text)
        if ranked and not source.says(ranked):
            yield _title(line, ranked)
        elif not ranked and _rank_dropped(found, at, line.text, titles):
            yield _title(line, word.text)


def _title(line: Line, said: str) -> Violation:
    return Violation(code="title_ungrounded", metric=1, path=line.path, detail=said[:120])


def _ranked(found: Sequence[Word], at: int, text: str) -> str:
    """The title that ends at a role word, from its rank on; "" when it has none."""
    for back in range(1, min(4, at + 1)):
        before = found[at - back]
        if found[at - back + 1].start - before.end > 1:
            break
        if before.text.casefold() in _RANKS:
            return text[before.start : found[at].end]
    return ""


def _rank_dropped(found: Sequence[Word], at: int, text: str, titles: Sequence[str]) -> bool:
    """Whether a plain title is one that the person only had with a rank before it."""
    start = found[at - 1].start if at and found[at].start - found[at - 1].end == 1 else 0
    pair = normalise(text[start : found[at].end]) if start else ""
    said = pair if any(pair and pair in title for title in titles) else normalise(found[at].text)
    holding = [title for title in titles if title == said or title.endswith(" " + said)]
    ranked = [title for title in holding if title.split()[0] in _RANKS]
    return bool(ranked) and len(ranked) == len(holding)
