"""How well a resume reads, for people and for the systems that take it apart.

Nothing here knows a language: lines are measured in columns (a wide character counts two), numbers
by their digits, and dates are ISO already. The posting plays no part.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from itertools import pairwise
from typing import Final, NamedTuple

from resume_core.dates import parse_date
from resume_core.facts import highlight_ids, resume_text, texts_of
from resume_core.languages import DEFAULT_LANGUAGE
from resume_core.model import Dated, Education, Resume
from resume_core.quantities import QuantityKind, quantities
from resume_core.scores.points import MAX_WHERE, Point, Score, total
from resume_core.scores.reasons import REASONS, Reasons
from resume_core.text import hidden_characters, normalise, remembered, visible

_EMAIL: Final = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]{2,}")
#: Columns of a line that reads at one go: about two printed lines at most.
_LINE: Final = (25, 220)
_SUMMARY: Final = (60, 900)
#: Columns of a whole document: full points inside, none beyond the outer pair.
_DOCUMENT: Final = (600, 8_000)
_DOCUMENT_END: Final = (200, 18_000)
_MAX_LINES: Final = 8
#: The share of lines with a number that gets full points, in percent.
_QUANTIFIED: Final = 30
_NUMBER: Final = re.compile(r"(?<![\d.,])(?!(?:19|20)\d\d(?!\d))\d")
#: What tables, columns and icons leave in a text, and what readers choke on.
_LAYOUT: Final = re.compile(
    r"[\x00-\x09\x0b\x0c\x0e-\x1f]|\|.*\||[\u2500-\u257f\u2580-\u259f\ue000-\uf8ff]|<\s*/?\s*[a-zA-Z][^>]{0,200}>"
)


class _Line(NamedTuple):
    id: str
    text: str


def readability_score(resume: Resume, language: str = DEFAULT_LANGUAGE) -> Score:
    """Score a resume on its own; each rule is explained and points to what cost it points.

    `language` is that of the explanation, one of `languages.LANGUAGES`.
    """
    why = REASONS[language]
    lines = [
        _Line(identifier, text)
        for entry in _with_lines(resume)
        for identifier, text in zip(highlight_ids(entry), entry.highlights, strict=True)
    ]
    return total(
        (
            *_contact(resume, why),
            *_dates(resume, why),
            *_structure(resume, why),
            *_lines(resume, lines, why),
            _quantified(lines, why),
            _length(resume, why),
            _summary(resume, why),
        )
    )


@remembered
def columns(text: str) -> int:
    """How wide a text is: a character of an East Asian script takes two columns."""
    plain = " ".join(visible(text).split())
    if plain.isascii():
        return len(plain)
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in plain)


def _with_lines(resume: Resume) -> list[Dated]:
    return [*resume.work, *resume.volunteer, *resume.projects]


def _yes(rule: str, of: int, there: object, why: Reasons) -> Point:
    good, bad = why[rule]
    return Point(rule=rule, points=of if there else 0, of=of, why=good if there else bad)


def _share(
    rule: str, of: int, ids: tuple[Sequence[str], Sequence[str]], why: Reasons, **numbers: int
) -> Point:
    """Points by the share of ids that are not bad; none when there is nothing to look at."""
    everything, bad = ids
    good, count = len(everything) - len(bad), len(everything)
    told, none = why[rule]
    text = told.format(good=good, count=count, **numbers) if count else none
    points = of * good // count if count else 0
    return Point(rule=rule, points=points, of=of, why=text, where=tuple(bad[:MAX_WHERE]))


def _contact(resume: Resume, why: Reasons) -> Iterable[Point]:
    basics = resume.basics
    place = basics.location is not None and any(texts_of(basics.location.model_dump()))
    reachable = place or basics.url or basics.profiles
    email = _EMAIL.fullmatch((basics.email or "").strip())
    phone = sum(c.isdigit() for c in basics.phone or "") >= 6
    yield _yes("contact_name", 5, basics.name, why)
    yield _yes("contact_email", 8, email, why)
    yield _yes("contact_phone", 4, phone, why)
    yield _yes("contact_place", 3, reachable, why)


def _dates(resume: Resume, why: Reasons) -> Iterable[Point]:
    dated: list[Dated | Education] = [*resume.work, *resume.education]
    wrong = [e.id for e in dated if not _dated_well(e)]
    yield _share("dates_parse", 12, ([e.id for e in dated], wrong), why)
    starts = [(e.id, parse_date(e.start_date or "") or "") for e in resume.work]
    late = [later[0] for earlier, later in pairwise(starts) if _is_newer(later[1], earlier[1])]
    yield _share("dates_newest_first", 6, ([identifier for identifier, _ in starts], late), why)


def _is_newer(iso: str, other: str) -> bool:
    """Whether a date is later than another one, at the precision that both have."""
    shared = min(len(iso), len(other))
    return iso[:shared] > other[:shared]


def _dated_well(entry: Dated | Education) -> bool:
    """Whether an entry has a start (of studies, the end will do) and does not end before it."""
    start, end = (parse_date(d or "") for d in (entry.start_date, entry.end_date))
    if entry.end_date and end is None:
        return False
    if start is None:
        return isinstance(entry, Education) and end is not None
    shared = min(len(start), len(end or start))
    return end is None or _day(end[:shared]) >= _day(start[:shared])


def _day(iso: str) -> date:
    year, month, day = (*map(int, iso.split("-")), 1, 1)[:3]
    return date(year, month, day)


def _structure(resume: Resume, why: Reasons) -> Iterable[Point]:
    done = resume.work or resume.projects or resume.volunteer
    yield _yes("section_experience", 4, done, why)
    yield _yes("section_education", 3, resume.education, why)
    listed = any(e.keywords or e.name for e in resume.skills)
    yield _yes("section_skills", 3, listed, why)
    yield _yes("sections_standard", 4, not resume.meta.get("x-sections"), why)
    unread = _unread(resume)
    plain = _yes("plain_text", 6, not unread, why)
    yield plain.model_copy(update={"where": tuple(unread[:MAX_WHERE])})


def _unread(resume: Resume) -> list[str]:
    places = [("basics", texts_of(resume.basics.model_dump(include={"label", "summary"})))]
    for section in ("work", "volunteer", "projects", "education", "skills", "certificates"):
        places.extend(
            (e.id, texts_of(e.model_dump(exclude={"id"}))) for e in getattr(resume, section)
        )
    return [identifier for identifier, texts in places if any(map(_is_unread, texts))]


@remembered
def _is_unread(text: str) -> bool:
    return bool(_LAYOUT.search(text)) or (not text.isascii() and hidden_characters(text))


def _lines(resume: Resume, lines: Sequence[_Line], why: Reasons) -> Iterable[Point]:
    ids = [line.id for line in lines]
    least, most = _LINE
    odd = [line.id for line in lines if not least <= columns(line.text) <= most]
    yield _share("lines_length", 12, (ids, odd), why, least=least, most=most)
    recent = resume.work[:3] or resume.projects[:3] or resume.volunteer[:3]
    bare = [e.id for e in recent if len(e.highlights) < 2 and not e.summary]
    yield _share("entries_told", 6, ([e.id for e in recent], bare), why)
    entries = _with_lines(resume)
    long = [e.id for e in entries if len(e.highlights) > _MAX_LINES]
    yield _share("entries_short", 2, ([e.id for e in entries], long), why, most=_MAX_LINES)
    said = Counter(normalise(line.text) for line in lines)
    twice = [line.id for line in lines if said[normalise(line.text)] > 1]
    yield _share("lines_once", 2, (ids, twice), why)


def _quantified(lines: Sequence[_Line], why: Reasons) -> Point:
    of = 10
    without = [line.id for line in lines if not _has_number(line.text)]
    share = 100 * (len(lines) - len(without)) // len(lines) if lines else 0
    return Point(
        rule="lines_quantified",
        points=min(of, of * share // _QUANTIFIED),
        of=of,
        why=why["lines_quantified"][0].format(share=share, enough=_QUANTIFIED),
        where=tuple(without[:MAX_WHERE]) if share < _QUANTIFIED else (),
    )


@remembered
def _has_number(text: str) -> bool:
    plain = visible(text)
    if _NUMBER.search(plain):
        return True
    return any(q.kind is not QuantityKind.YEAR for q in quantities(plain))


def _length(resume: Resume, why: Reasons) -> Point:
    of, width = 6, columns(resume_text(resume))
    (least, most), (none_below, none_above) = _DOCUMENT, _DOCUMENT_END
    points, (told, odd) = of, why["length"]
    if width < least:
        points, told = of * max(0, width - none_below) // (least - none_below), odd
    elif width > most:
        points, told = of * max(0, none_above - width) // (none_above - most), odd
    text = told.format(width=width, least=least, most=most)
    return Point(rule="length", points=points, of=of, why=text)


def _summary(resume: Resume, why: Reasons) -> Point:
    width = columns(resume.basics.summary or "")
    least, most = _SUMMARY
    point = _yes("summary", 4, least <= width <= most, why)
    return point.model_copy(update={"why": point.why.format(least=least, most=most)})
