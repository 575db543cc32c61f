"""Whether one changed line says only what its source says (metrics 3, 4, 5, 6)."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from resume_core.gate.claims import new_emphasis, new_results
from resume_core.gate.lines import Line
from resume_core.gate.numbers import check_quantities
from resume_core.gate.plain_words import direction_roots, plain_roots
from resume_core.gate.roots import is_part, root, roots
from resume_core.gate.source import Source, rhythm_key, stem_line, whole_word
from resume_core.gate.tongues import LITTLE_WORDS, NUMBERS
from resume_core.gate.violations import Severity, Violation
from resume_core.gate.vocabulary import (
    CLAIM_PHRASES,
    CLAIMS,
    HONOURS,
    LEADING_TIER,
    NO_LEADER,
    RHYTHMS,
    ROLES,
    plain_stems,
    tier_of,
)
from resume_core.quantities import Quantity, quantities
from resume_core.skills import Mention, SkillCatalog
from resume_core.text import STOP_WORDS, Word, normalise, spoken, stem, visible, words

__all__ = ["Line", "check_line", "skill_grounded"]

#: So many new words, none of them a name, are no rewording any more.
_TOO_MANY_NEW_WORDS = 3
#: Verbs of this tier say that the person made something.
_MAKING_TIER = 3
_OPENING = re.compile(r"(?:^|[.!?:;(\n]|\s-)\s*[\"']?$")
_EVERYWHERE = re.compile(
    r"\b(?:across|throughout|in|for|at) (?:(?:every|all|all the|the whole|the entire|our whole) )"
    r"(?:\w+ )?(?:departments?|groups?|compan(?:y|ies)|firms?|organi[sz]ations?|divisions?|offices?"
    r"|regions?|countries|continents?|markets?|sites?|branches|business)\b",
    re.IGNORECASE,
)
# Whoever runs a unit heads it; what is run *in* it, or a "team meeting", is something else.
_RUNS_UNIT = re.compile(
    r"\b(?:ran|run|runs|running) (?:the|an?|our|its|their)(?: (?!of|in|at|on|for|with|to|by|from)"
    r"[\w-]+){0,3} (?:laboratory|lab|department|team|clinic|shop|store|kitchen|branch|practice"
    r"|restaurant|company|business|studio|workshop|plant|farm|hotel|ward|school|library)"
    r"(?=$|[.,;:]| (?:with|of|in|at|for|and|on)\b)",
    re.IGNORECASE,
)
# "Gespräche führen" is to talk, "ein Team führen" to lead.
_GERMAN_LIGHT = re.compile(
    r"\bführen (?:von|der|des)(?: \w+)? \w*(?:gespräch|verhandlung|protokoll|telefonat|interview)"
    r"|(?:gespräche?n?|verhandlung(?:en)?|protokolle?|telefonate?|interviews?)"
    r" (?:ge)?führ(?:t|en)\b",
    re.IGNORECASE,
)
_GERMAN_VERB = re.compile(r"(?:ge)?führ(?:t|en)", re.IGNORECASE)
#: English little words that reading in English terms leaves in a line of another language.
_TERMS = frozenset({"since", "to", "up", "more", "than", "nearly"})
_NEGATION = frozenset({"not", "no", "never", "without", "non", "cannot"})


def check_line(line: Line, source: Source, catalog: SkillCatalog) -> Iterator[Violation]:
    """Every way in which `line` says more than `source`."""
    mentions = catalog.mentions(line.text)
    stated = quantities(line.text)
    yield from _skills(line, source, catalog, mentions)
    yield from check_quantities(line, source, catalog, stated, mentions)
    yield from _scope(line, source)
    yield from _weight(line, source)
    yield from _words(line, source, mentions, stated)


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
            yield line.violation("skill_ungrounded", 3, written)
            continue
        if mention.skill in line.missing:
            # "Reconciled accounts" may be reconciliation, "a budget" no budgeting: only the person
            # knows, and until they agree the ceiling does not count it.
            yield line.violation("skill_inferred", 3, written, Severity.FLAG)
        if line.replaces and not _in_line(mention, written, line.replaces, catalog):
            yield line.violation("skill_moved", 3, written, Severity.FLAG)
        since = catalog.skills[mention.skill].since
        if since and source.end_year and since > source.end_year:
            # The person's own words stay theirs, but they should look at the dates.
            known = whole_word(normalise(written), source.text)
            severity = Severity.FLAG if known else Severity.BLOCK
            yield line.violation("skill_anachronism", 6, written, severity)


def _in_line(mention: Mention, written: str, replaced: str, catalog: SkillCatalog) -> bool:
    """Whether the replaced line itself names the skill, in whatever form."""
    if mention.skill in catalog.names_in(replaced):
        return True
    return f" {stem_line(written)} " in f" {stem_line(replaced)} "


def _scope(line: Line, source: Source) -> Iterator[Violation]:
    claimed = max(_tiers(line.text), default=0)
    if claimed >= LEADING_TIER and claimed > source.tier:
        heads = claimed == LEADING_TIER and _RUNS_UNIT.search(visible(line.replaces))
        code, severity = (
            ("scope_raised", Severity.FLAG) if heads else ("scope_inflated", Severity.BLOCK)
        )
        yield line.violation(code, 5, severity=severity)
    elif line.replaces and _raised(line, source):
        yield line.violation("scope_raised", 5, severity=Severity.FLAG)
    said = normalise(line.text)
    for phrase in CLAIM_PHRASES:
        if whole_word(phrase, said) and not whole_word(phrase, source.text):
            yield line.violation("claim_ungrounded", 5, phrase)
    yield from _reach(line, source)
    for title in _titles(line.text):
        if not source.says(title):
            yield line.violation("title_new", 1, title, Severity.FLAG)
    if line.replaces and _negated(line.text) != _negated(line.replaces):
        yield line.violation("negation_changed", 1, severity=Severity.FLAG)


def _reach(line: Line, source: Source) -> Iterator[Violation]:
    """Where a line says that something was done in all of a company, and honours it adds."""
    for match in _EVERYWHERE.finditer(line.text):
        if normalise(match.group()) not in source.text:
            yield line.violation("claim_ungrounded", 5, match.group())
    if line.replaces and _honours(line.text) > _honours(line.replaces):
        yield line.violation("claim_ungrounded", 1, "honour")


def _honours(text: str) -> int:
    return sum(word.casefold() in HONOURS for word in spoken(visible(text)))


def _weight(line: Line, source: Source) -> Iterator[Violation]:
    if result := new_results(line.text, line.replaces, source):
        yield line.violation("result_new", 5, result, Severity.FLAG)
    for word in new_emphasis(line.text, source):
        yield line.violation("emphasis_new", 5, word, Severity.FLAG)


def _tiers(text: str) -> list[int]:
    """The tiers of the words of a text that claim one, in order."""
    plain = NO_LEADER.sub(" ", visible(text))
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
    covered += [m.span() for m in NO_LEADER.finditer(line.text)]
    if line.tongue == "de":
        covered += _light_verbs(line.text)
    new: list[str] = []
    for word in words(line.text):
        if any(s <= word.start and word.end <= e for s, e in covered) or _known(word, line, source):
            continue
        if word.text.casefold() in CLAIMS:
            if _does_it(word.text, line):
                continue
            yield line.violation("claim_ungrounded", 1, word.text)
        elif _claims_nothing(word.text, line):
            continue
        elif _name_like(word, line.text):
            yield line.violation("name_ungrounded", 1, word.text)
        elif tier_of(word.text) < LEADING_TIER:
            new.append(word.text)
    if new:
        many = bool(line.tongue) or len(new) >= _TOO_MANY_NEW_WORDS
        yield line.violation(
            "content_ungrounded" if many else "wording_new",
            1,
            ", ".join(new),
            Severity.BLOCK if many else Severity.FLAG,
        )


def _light_verbs(text: str) -> list[tuple[int, int]]:
    """Where a German verb of leading leads nobody: "Gespräche geführt"."""
    return [
        verb.span()
        for phrase in _GERMAN_LIGHT.finditer(text)
        for verb in _GERMAN_VERB.finditer(text, *phrase.span())
    ]


def _does_it(word: str, line: Line) -> bool:
    """Whether a word names who does what the line's own verb says: "speaker" for "speaks".

    What is also a rank ("manager") or an honour ("winner") stays a claim.
    """
    plain = word.casefold().removesuffix("s")
    if line.tongue or plain in ROLES | HONOURS or not plain.endswith("er"):
        return False
    return stem(plain.removesuffix("er")) in {stem(w) for w in spoken(visible(line.replaces))}


def _claims_nothing(word: str, line: Line) -> bool:
    plain = word.casefold()
    if not line.tongue:
        return plain in STOP_WORDS or stem(word) in plain_stems()
    rhythm = RHYTHMS.get(rhythm_key(word))
    if rhythm:  # "al día" for "diario"
        return rhythm in {RHYTHMS.get(rhythm_key(w)) for w in spoken(line.replaces)}
    # The English list would let claims of other languages pass that are spelled alike.
    its = root(word, line.tongue)
    if plain in LITTLE_WORDS | _TERMS or its in plain_roots(line.tongue):
        return True
    said = roots(line.replaces, line.tongue)
    return any(its in way and way & said for way in direction_roots(line.tongue))


def _known(word: Word, line: Line, source: Source) -> bool:
    if line.tongue and (
        NUMBERS.get(word.text.casefold(), "") in source.digits  # "drei" for "3"
        or root(word.text, line.tongue) in source.roots
        or is_part(word.text, source.roots, line.tongue)
    ):
        return True
    return stem(word.text) in source.stems or word.text.isdigit()


def _name_like(word: Word, text: str) -> bool:
    """Whether an unknown word looks like a name: a capital inside a sentence, or a digit."""
    if any(c.isdigit() for c in word.text) or any(c.isupper() for c in word.text[1:]):
        return True
    return word.text[0].isupper() and not _OPENING.search(text[: word.start][-6:])
