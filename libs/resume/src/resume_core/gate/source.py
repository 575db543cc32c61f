import re
from collections.abc import Sequence
from functools import cached_property

from resume_core.facts import confirmed_facts, entry_text, resume_text, texts_of
from resume_core.gate.roots import roots
from resume_core.gate.vocabulary import (
    LEADING_TIER,
    NO_LEADER,
    RHYTHMS,
    TIERS,
    VERBS_ALONE,
    tier_of,
)
from resume_core.model import Entry, Resume
from resume_core.numerals import in_english_terms
from resume_core.quantities import Quantity, QuantityKind, quantities
from resume_core.skills import SkillCatalog
from resume_core.text import STOP_WORDS, normalise, remembered, spoken, stem, visible, words

_DATE = re.compile(r"(?:\d{4})(?:-\d{2}){0,2}")
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d{2}(?!\d)")
_LEADERS = frozenset({"lead", "head", "manager", "director", "chief", "president", "supervisor"})
_OWNERS = frozenset({"founder", "cofounder", "owner"})
#: What may stand before a verb without its person, or with it.
_BEFORE_VERB = re.compile(r"(?:^|[.;:,(&/\u2022-]|\b(?:and|to|i|we|who))\s*$", re.IGNORECASE)


class Source:
    """What one place of the resume may draw on: its entry, or the whole document.

    Each view is worked out when it is first asked for: a keyword asks for skills alone.

    Args:
        lines: what the place says, one statement a line.
        end_year: None while the entry is ongoing or has no dates.
        tongue: the language of the lines, "" for English.
    """

    def __init__(
        self,
        lines: Sequence[str],
        catalog: SkillCatalog,
        end_year: int | None = None,
        tongue: str = "",
    ) -> None:
        self._tongue = tongue
        self._lines = [line for line in lines if line]
        self._visible = visible("\n".join(self._lines))
        self._catalog = catalog
        self.end_year = end_year

    @cached_property
    def text(self) -> str:
        """All of it, normalised."""
        return normalise(self._visible)

    @cached_property
    def _spoken(self) -> list[str]:
        return [word for line in self._lines for word in spoken(visible(line))]

    @cached_property
    def stems(self) -> frozenset[str]:
        """The stems of its telling words."""
        return frozenset(stem(w) for w in self._spoken if w.casefold() not in STOP_WORDS)

    @cached_property
    def roots(self) -> frozenset[str]:
        """The roots of its words in a language other than English."""
        return roots(self._visible, self._tongue)

    @cached_property
    def phrase(self) -> str:
        """The stems in order, for finding several words together."""
        return "\n".join(f" {stem_line(line)} " for line in self._lines)

    @cached_property
    def skills(self) -> frozenset[str]:
        """The skills it mentions, and the broader ones they prove."""
        return self._catalog.names_in(self._visible)

    @cached_property
    def quantities(self) -> tuple[tuple[Quantity, str], ...]:
        """What it states, with the line that states it."""
        prose = (line for line in self._lines if not _DATE.fullmatch(line))
        return tuple((quantity, line) for line in prose for quantity in quantities(line))

    @cached_property
    def years(self) -> frozenset[int]:
        """The calendar years it names."""
        stated = {int(q.value) for q, _ in self.quantities if q.kind is QuantityKind.YEAR}
        return frozenset(int(year) for year in _YEAR.findall(self._visible)) | stated

    @cached_property
    def digits(self) -> frozenset[str]:
        """Every run of digits."""
        return frozenset(re.findall(r"\d+", self._visible))

    @cached_property
    def rhythms(self) -> frozenset[str]:
        """How often it says things happen ("week")."""
        return frozenset(RHYTHMS[r] for w in self._spoken if (r := rhythm_key(w)) in RHYTHMS)

    @cached_property
    def tier(self) -> int:
        """The most that any verb or title of it claims."""
        return max((tier for line in self._lines for tier in stated_tiers(line)), default=0)

    def says(self, phrase: str) -> bool:
        """Whether the source has these words, in this order, in any inflection."""
        return f" {stem_line(phrase)} " in self.phrase


@remembered
def stem_line(text: str) -> str:
    """The stems of a text in order, as one line."""
    return " ".join(map(stem, spoken(visible(text))))


@remembered
def no_names(text: str) -> tuple[str, ...]:
    """The words of a text without those that a capital marks as names: "Rose" in "Bayou Rose"."""
    said = spoken(visible(text))
    return tuple(w for at, w in enumerate(said) if at == 0 or not w[0].isupper())


def count_words(text: str) -> int:
    """How many words a text has."""
    return len(spoken(visible(text)))


def telling_grams(text: str, size: int = 3) -> frozenset[tuple[str, ...]]:
    """The runs of `size` telling stems of each line of a text."""
    grams: set[tuple[str, ...]] = set()
    for line in visible(text).split("\n"):
        told = [stem(word) for word in spoken(line) if word.casefold() not in STOP_WORDS]
        grams.update(tuple(told[at : at + size]) for at in range(len(told) - size + 1))
    return frozenset(grams)


def whole_word(needle: str, haystack: str) -> bool:
    """Whether a normalised text contains another one, not inside a word."""
    at = haystack.find(needle)
    while at >= 0:
        end = at + len(needle)
        before, after = haystack[at - 1 : at], haystack[end : end + 1]
        if not (before.isalnum() or after.isalnum()):
            return True
        at = haystack.find(needle, at + 1)
    return False


def entry_source(entry: Entry, base: Resume, catalog: SkillCatalog, tongue: str = "") -> Source:
    """What lines of an entry may say: the entry, and the facts confirmed for it."""
    lines = in_english_terms(entry_text(entry), tongue).split("\n")
    facts = [f for f in confirmed_facts(base) if f.entry_id == entry.id]
    end: str | None = getattr(entry, "end_date", None)
    year = int(end[:4]) if end and end[:4].isdigit() else None
    return Source([*lines, *(t for f in facts for t in (f.skill, f.text))], catalog, year, tongue)


def document_source(base: Resume, catalog: SkillCatalog, tongue: str = "") -> Source:
    """What the summary and the skills list may say: everything in the document."""
    text = in_english_terms(resume_text(base), tongue)
    lines = [base.basics.name or "", *text.split("\n")]
    lines.extend(texts_of([f.model_dump(include={"skill", "text"}) for f in confirmed_facts(base)]))
    return Source(lines, catalog, tongue=tongue)


def rhythm_key(word: str) -> str:
    """A word as `RHYTHMS` lists it: lower case, singular."""
    plain = word.casefold()
    return plain if plain in RHYTHMS else plain.removesuffix("s")


def stated_tiers(line: str) -> list[int]:
    """The tiers of the words of a line that surely claim one, in order; titles as their verbs."""
    text = NO_LEADER.sub(" ", visible(line))
    found = ((word.text.casefold(), text[: word.start]) for word in words(text))
    tiers = (
        _tier(word)
        for word, before in found
        if word not in VERBS_ALONE or _BEFORE_VERB.search(before)
    )
    return [tier for tier in tiers if tier]


def _tier(word: str) -> int:
    if word in _OWNERS:
        return len(TIERS)
    return LEADING_TIER if word in _LEADERS else tier_of(word)
