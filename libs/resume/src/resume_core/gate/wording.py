"""Whether one changed line says only what its source says (metrics 3, 4, 5, 6)."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from resume_core.gate.source import Source, rhythm_key, stem_line, whole_word
from resume_core.gate.violations import Severity, Violation
from resume_core.gate.vocabulary import (
    CLAIM_PHRASES,
    CLAIMS,
    DOWNWARD,
    LEADING_TIER,
    RHYTHMS,
    ROLES,
    UPWARD,
    plain_stems,
    tier_of,
)
from resume_core.quantities import Quantity, QuantityKind, quantities
from resume_core.skills import Mention, SkillCatalog
from resume_core.text import STOP_WORDS, Word, normalise, spoken, stem, visible, words

#: So many new words, none of them a name, are no rewording any more.
_TOO_MANY_NEW_WORDS = 3
#: Verbs of this tier say that the person made something.
_MAKING_TIER = 3
_OPENING = re.compile(r"(?:^|[.!?:;(\n]|\s-)\s*[\"']?$")
# "Managed to", "leading to": idioms that claim no leadership.
_NO_LEADER = re.compile(r"\b(?:managed|leading|led|leads) to\b", re.IGNORECASE)
_NEGATION = frozenset({"not", "no", "never", "without", "non", "cannot"})


@dataclass(frozen=True, slots=True)
class Line:
    """A changed line: its text (made visible), its place, the base line it replaces."""

    text: str
    path: str
    entry_id: str | None
    replaces: str = ""


def check_line(line: Line, source: Source, catalog: SkillCatalog) -> Iterator[Violation]:
    """Every way in which `line` says more than `source`."""
    mentions = catalog.mentions(line.text)
    stated = quantities(line.text)
    yield from _skills(line, source, catalog, mentions)
    yield from _quantities(line, source, catalog, stated)
    yield from _scope(line, source)
    yield from _words(line, source, mentions, stated)


def _violation(
    line: Line, code: str, metric: int, detail: str = "", severity: Severity = Severity.BLOCK
) -> Violation:
    return Violation(
        code=code,
        metric=metric,
        path=line.path,
        entry_id=line.entry_id,
        detail=detail[:120],
        severity=severity,
    )


def skill_grounded(mention: Mention, written: str, source: Source, catalog: SkillCatalog) -> bool:
    """Whether a source mentions this skill, a narrower one, or the very words."""
    if mention.skill in source.skills:
        return True
    everyday = catalog.skills[mention.skill].match == "any" and len(written) > 2
    return everyday and source.says(written)


def _skills(
    line: Line, source: Source, catalog: SkillCatalog, mentions: Sequence[Mention]
) -> Iterator[Violation]:
    for mention in mentions:
        written = line.text[mention.start : mention.end]
        if not skill_grounded(mention, written, source, catalog):
            yield _violation(line, "skill_ungrounded", 3, written)
            continue
        if line.replaces and not _in_line(mention, written, line.replaces, catalog):
            yield _violation(line, "skill_moved", 3, written, Severity.FLAG)
        since = catalog.skills[mention.skill].since
        known = whole_word(normalise(written), source.text)
        if since and source.end_year and since > source.end_year and not known:
            yield _violation(line, "skill_anachronism", 6, written)


def _in_line(mention: Mention, written: str, replaced: str, catalog: SkillCatalog) -> bool:
    """Whether the replaced line itself names the skill, in whatever form."""
    if mention.skill in catalog.names_in(replaced):
        return True
    return f" {stem_line(written)} " in f" {stem_line(replaced)} "


def _quantities(
    line: Line, source: Source, catalog: SkillCatalog, stated: Sequence[Quantity]
) -> Iterator[Violation]:
    for quantity in stated:
        code = _quantity_problem(quantity, line.text, source) or _years_of_what(
            quantity, line.text, source, catalog
        )
        if code:
            severity = Severity.FLAG if code == "quantity_bound" else Severity.BLOCK
            yield _violation(line, code, 4, quantity.text, severity)
    for word in words(line.text):
        rhythm = RHYTHMS.get(rhythm_key(word.text))
        if rhythm and rhythm not in source.rhythms and word.text.casefold().endswith("ly"):
            yield _violation(line, "frequency_ungrounded", 4, word.text)
    covered = [(q.start, q.end) for q in stated]
    for match in re.finditer(r"\d+", line.text):
        inside = any(s <= match.start() < e for s, e in covered)
        if not inside and match.group() not in source.digits:
            yield _violation(line, "quantity_ungrounded", 4, match.group())


def _quantity_problem(quantity: Quantity, text: str, source: Source) -> str:
    """The code of what is wrong with a stated quantity, "" when the source states it too."""
    if quantity.kind is QuantityKind.YEAR:
        return "" if int(quantity.value) in source.years else "quantity_ungrounded"
    same = [(q, said) for q, said in source.quantities if q.key == quantity.key]
    if not same:
        return "quantity_ungrounded"
    about = [
        (q, said)
        for q, said in same
        if not q.context or not quantity.context or q.context & quantity.context
    ]
    if not about:
        return "quantity_context"
    agreeing = [
        q
        for q, said in about
        if not (q.role and quantity.role and q.role != quantity.role)
        and not _contrary(_directions(text), _directions(said))
    ]
    if not agreeing:
        return "quantity_direction"
    if quantity.bound == ">" and all(q.bound != ">" for q in agreeing):
        return "quantity_inflated"
    softened = quantity.bound == "" and all(q.bound == "<" for q in agreeing)
    return "quantity_bound" if softened else ""


def _years_of_what(quantity: Quantity, text: str, source: Source, catalog: SkillCatalog) -> str:
    """Whether years of experience are claimed for a skill that their source does not name."""
    if quantity.kind is not QuantityKind.DURATION or quantity.unit != "mo":
        return ""
    before = re.split(r"[,.;:()]", text[: quantity.start])[-1]
    after = re.split(r"[.;:]\s", text[quantity.end :])[0]
    claimed = {m.skill for m in catalog.mentions(f"{before} {quantity.text} {after}")}
    said = (line for q, line in source.quantities if q.key == quantity.key)
    return "" if any(claimed <= catalog.names_in(line) for line in said) else "quantity_context"


def _directions(text: str) -> frozenset[str]:
    said = {word.casefold() for word in spoken(visible(text))}
    return frozenset(name for name, verbs in (("up", UPWARD), ("down", DOWNWARD)) if said & verbs)


def _contrary(a: frozenset[str], b: frozenset[str]) -> bool:
    return bool(a) and bool(b) and not a & b


def _scope(line: Line, source: Source) -> Iterator[Violation]:
    claimed = max(_tiers(line.text), default=0)
    if claimed >= LEADING_TIER and claimed > source.tier:
        yield _violation(line, "scope_inflated", 5, severity=Severity.BLOCK)
    elif line.replaces and _raised(line, source):
        yield _violation(line, "scope_raised", 5, severity=Severity.FLAG)
    said = normalise(line.text)
    for phrase in CLAIM_PHRASES:
        if whole_word(phrase, said) and not whole_word(phrase, source.text):
            yield _violation(line, "claim_ungrounded", 5, phrase)
    for title in _titles(line.text):
        if not source.says(title):
            yield _violation(line, "title_new", 1, title, Severity.FLAG)
    if line.replaces and _negated(line.text) != _negated(line.replaces):
        yield _violation(line, "negation_changed", 1, severity=Severity.FLAG)


def _tiers(text: str) -> list[int]:
    """The tiers of the words of a text that claim one, in order."""
    plain = _NO_LEADER.sub(" ", visible(text))
    return [tier for word in spoken(plain) if (tier := tier_of(word))]


def _raised(line: Line, source: Source) -> bool:
    """Whether the verb that leads a line claims more than the one it replaces."""
    new, old = _tiers(line.text), _tiers(line.replaces)
    if old and old[0] == 1 and 1 not in new:
        return True  # "helped to organise" became "organised"
    if not new:
        return False
    lead = next(word for word in spoken(line.text) if tier_of(word))
    made_up = new[0] >= _MAKING_TIER and stem(lead) not in source.stems
    return (new[0] > old[0]) if old else made_up


def _titles(text: str) -> Iterator[str]:
    """Every word pair that reads as a job title: "data engineer", "senior nurse"."""
    for before, word in pairwise(words(text)):
        if word.text.casefold().removesuffix("s") not in ROLES or before.end + 1 != word.start:
            continue
        if before.text.casefold() not in STOP_WORDS and not quantities(before.text):
            yield f"{before.text} {word.text}"


def _negated(text: str) -> bool:
    return any(word.casefold() in _NEGATION for word in spoken(visible(text)))


def _words(
    line: Line, source: Source, mentions: Sequence[Mention], stated: Sequence[Quantity]
) -> Iterator[Violation]:
    covered = [(m.start, m.end) for m in mentions] + [(q.start, q.end) for q in stated]
    covered += [m.span() for m in _NO_LEADER.finditer(line.text)]
    new: list[str] = []
    for word in words(line.text):
        if any(s <= word.start and word.end <= e for s, e in covered) or _known(word, source):
            continue
        if word.text.casefold() in CLAIMS:
            yield _violation(line, "claim_ungrounded", 1, word.text)
        elif word.text.casefold() in STOP_WORDS or stem(word.text) in plain_stems():
            continue
        elif _name_like(word, line.text):
            yield _violation(line, "name_ungrounded", 1, word.text)
        elif tier_of(word.text) < LEADING_TIER:
            new.append(word.text)
    if new:
        many = len(new) >= _TOO_MANY_NEW_WORDS
        yield _violation(
            line,
            "content_ungrounded" if many else "wording_new",
            1,
            ", ".join(new),
            Severity.BLOCK if many else Severity.FLAG,
        )


def _known(word: Word, source: Source) -> bool:
    return stem(word.text) in source.stems or word.text.isdigit()


def _name_like(word: Word, text: str) -> bool:
    """Whether an unknown word looks like a name: a capital inside a sentence, or a digit."""
    if any(c.isdigit() for c in word.text) or any(c.isupper() for c in word.text[1:]):
        return True
    return word.text[0].isupper() and not _OPENING.search(text[: word.start][-6:])
