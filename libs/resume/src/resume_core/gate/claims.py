"""Plain words that claim something all the same: a result, a size, a weight (metric 5)."""

import re
from collections.abc import Iterator
from typing import Final

from resume_core.gate.numbers import way_of
from resume_core.gate.source import Source, no_names
from resume_core.gate.vocabulary import DOWNWARD, UPWARD
from resume_core.quantities import quantities
from resume_core.text import spoken, stem, visible, word_set

#: Verbs and nouns that say that something became better, more or less.
_RESULTS: Final = frozenset(
    stem(word)
    for word in UPWARD
    | DOWNWARD
    | word_set(
        """improve improvement enhance enhancement boost accelerate save saving strengthen optimise
        optimize streamline maximise maximize simplify speed efficiency savings better faster"""
    )
) | {"down"}
#: Adjectives and adverbs that make a thing larger or weightier than the source says it was.
_EMPHASIS: Final = frozenset(
    stem(word)
    for word in word_set(
        """large larger major complex critical crucial entire extensive wide wider broad broader
        high highly significant significantly substantial substantially considerable strategic
        numerous many multiple several diverse important successful successfully"""
    )
)
#: "All services" are more than "services".
_UNIVERSAL: Final = word_set(
    "all always whole alle allen aller sämtliche sämtlichen tous toutes todos todas"
)
_SPACED: Final = re.compile(r"(?:high|wide|broad|large)-\w+", re.IGNORECASE)


def new_results(text: str, replaced: str, source: Source) -> str:
    """A result that `text` adds to what its line (or, without one, its source) says; "" if none."""
    said, known = _results(text), _results(replaced)
    if replaced:
        if not known and _leads_with_its_way(text, replaced):
            said = said[1:]
        return said[-1] if len(said) > len(known) else ""
    return next((word for word in said if stem(word) not in source.stems), "")


def new_emphasis(text: str, source: Source) -> Iterator[str]:
    """Words that make something larger or weightier than the source does."""
    for word in spoken(_SPACED.sub(" ", visible(text))):
        weightier = stem(word) in _EMPHASIS and stem(word) not in source.stems
        if weightier or (word.casefold() in _UNIVERSAL and not source.says(word)):
            yield word


def _leads_with_its_way(text: str, replaced: str) -> bool:
    """Whether the first word says what the numbers of the old line said: "Cut it from 9 to 2"."""
    told = way_of(quantities(replaced))
    verbs = {"up": UPWARD, "down": DOWNWARD}.get(told, frozenset())
    return bool(verbs) and next(iter(spoken(visible(text))), "").casefold() in verbs


def _results(text: str) -> list[str]:
    return [word for word in no_names(text) if stem(word) in _RESULTS]
