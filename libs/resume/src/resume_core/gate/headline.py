"""The top of the page: the headline and the summary, which speak for the whole document."""

import re
from collections.abc import Callable, Iterator
from itertools import chain

from resume_core.facts import entry_text
from resume_core.gate.source import Source, count_words, whole_word
from resume_core.gate.tongues import overstated
from resume_core.gate.violations import Violation
from resume_core.model import Entry, Resume
from resume_core.quantities import QuantityKind, quantities
from resume_core.skills import SkillCatalog
from resume_core.text import identity, normalise, stems, visible

#: A summary may always have so many words, however short the one before.
_SUMMARY_WORDS = 90
_SUMMARY_GROWTH = 1.8
#: What joins a title and an employer: "at", "bei", "in der", a comma or a bracket.
_JOINT = re.compile(r"[\s,(@|-]*(?:[^\W\d_]{1,5}\s+){0,2}")
_DEGREE = re.compile(
    r"\b(?:bachelor|master|b\.?sc|m\.?sc|ph\.?d|mba|diplom[ae]?|doctorate|degree(?= in)"
    r"|licenciatura|licence|laurea|grado)(?:'s|\u2019s)?(?: degree)?\.?,?"
    r" (?:in|of|en|de) ([^,.;:()\n]{2,60})",
    re.IGNORECASE,
)
#: What a subject ends before: where it was studied, or what else the sentence says.
_SUBJECT_END = re.compile(
    r"\b(?:at|from|with|who|whose|by|and|an der|bei|mit|und|avec|à|et|con|y)\b", re.IGNORECASE
)
_SENTENCE_END = re.compile(r"[.!?;](?=\s|$)")


def headline_true(base: Resume, label: str, document: Source, catalog: SkillCatalog) -> bool:
    """Whether a headline is a title the person has had, with skills of theirs at most."""
    titles = {normalise(base.basics.label or "")} | {normalise(w.position or "") for w in base.work}
    plain = visible(label)
    for mark in ("|", "\u00b7", ",", ";", " - ", "/"):
        plain = plain.replace(mark, "\n")
    parts = [p.strip() for p in plain.split("\n") if p.strip()]
    return bool(parts) and all(
        normalise(p) in titles - {""} or (at > 0 and catalog.resolve(p) in document.skills)
        for at, p in enumerate(parts)
    )


def check_summary(
    base: Resume, text: str, source_of: Callable[[str, Entry], Source], catalog: SkillCatalog
) -> Iterator[Violation]:
    """A summary is there, short, and credits to an employer only what was done there."""
    path = "basics.summary"
    if not text.strip():
        yield Violation(code="summary_missing", metric=2, path=path)
    limit = max(_SUMMARY_WORDS, round(_SUMMARY_GROWTH * count_words(base.basics.summary or "")))
    if count_words(text) > limit:
        yield Violation(code="text_grown", metric=12, path=path)
    for language in overstated(text, base.languages):
        yield Violation(code="language_overstated", metric=1, path=path, detail=language)
    if _subject_changed(base, text):
        yield Violation(code="claim_ungrounded", metric=1, path=path)
    if _title_moved(base, text):
        yield Violation(code="title_moved", metric=1, path=path)
    said_before = normalise(base.basics.summary or "")
    for sentence in _SENTENCE_END.split(text):
        sources = [
            source_of(section, entry)
            for section, entry, name in _named_entries(base)
            if whole_word(name, normalise(sentence))
        ]
        if not sources or normalise(sentence) in said_before:
            continue
        skills = frozenset(chain.from_iterable(s.skills for s in sources))
        stated = {q.key for s in sources for q, _ in s.quantities}
        years = frozenset(chain.from_iterable(s.years for s in sources))
        moved = catalog.names_in(sentence) - skills or any(
            q.key not in stated if q.kind is not QuantityKind.YEAR else int(q.value) not in years
            for q in quantities(sentence)
        )
        if moved:
            yield Violation(code="entry_commingled", metric=4, path=path)


def _subject_changed(base: Resume, text: str) -> bool:
    """Whether a degree is said to be in something that no studies were in."""
    studied = stems("\n".join(map(entry_text, base.education)))
    said_before = normalise(base.basics.summary or "")
    return any(
        not stems(_SUBJECT_END.split(match[1])[0]) <= studied
        for match in _DEGREE.finditer(visible(text))
        if normalise(match.group()) not in said_before
    )


def _title_moved(base: Resume, text: str) -> bool:
    """Whether a title of one employer stands beside the name of another one."""
    work = [(normalise(w.position), identity(w.name)) for w in base.work if w.position and w.name]
    held: dict[str, set[str]] = {}
    for title, employer in work:
        held.setdefault(employer, set()).add(title)
    # The longer ones first: a "senior engineer" is no "engineer".
    titles = sorted({title for title, _ in work}, key=len, reverse=True)
    employers = sorted(held, key=len, reverse=True)
    said = normalise(text)
    if any(
        title not in held[employer] and _beside(said, at, its)
        for title, at in _places(said, titles)
        for employer, its in _places(said, employers)
    ):
        return True
    for sentence in map(normalise, _SENTENCE_END.split(text)):
        # With no other employer in the sentence a title is one that this one gave.
        given = [held[employer] for employer, _ in _places(sentence, employers)]
        named = [title for title, _ in _places(sentence, titles)]
        if given and any(all(title not in known for known in given) for title in named):
            return True
    return False


def _places(text: str, names: list[str]) -> list[tuple[str, tuple[int, int]]]:
    """Where each name stands as whole words, not inside one that came before in the list."""
    found: list[tuple[str, tuple[int, int]]] = []
    for name in names:
        for match in re.finditer(rf"(?<!\w){re.escape(name)}(?!\w)", text):
            start, end = match.span()
            if not any(s <= start and end <= e for _, (s, e) in found):
                found.append((name, (start, end)))
    return found


def _beside(text: str, one: tuple[int, int], other: tuple[int, int]) -> bool:
    """Whether at most a little word or a comma stands between two places of a text."""
    first, second = sorted((one, other))
    between = text[first[1] : second[0]]
    return first[1] <= second[0] and bool(_JOINT.fullmatch(between))


def _named_entries(base: Resume) -> Iterator[tuple[str, Entry, str]]:
    """Every entry with a name that a summary could credit something to."""
    named = chain(
        (("work", e, e.name) for e in base.work),
        (("volunteer", e, e.organization) for e in base.volunteer),
        (("projects", e, e.name) for e in base.projects),
    )
    yield from ((section, entry, identity(name)) for section, entry, name in named if name)
