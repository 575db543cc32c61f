"""How well a language is spoken, as resumes and postings say it."""

import re
from collections.abc import Collection, Iterator
from types import MappingProxyType
from typing import Final

from resume_core.text import normalise, word_set, words

#: How well a word says that a language is spoken; the numbers only rank.
_WORDS_OF_LEVELS: Final = (
    (
        6,
        """native bilingual c2 muttersprache muttersprachlich maternelle bilingue nativo nativa
        materna madrelingua moedertaal ojczysty ojczystym""",
    ),
    (
        5,
        """fluent fluently c1 verhandlungssicher fließend courant couramment fluido fluida fluente
        vloeiend biegle biegły perfect perfectly""",
    ),
    (4, "proficient proficiency b2 advanced avanzado avanzato avançado"),
    (3, "conversational intermediate b1"),
    (2, "basic elementary a2 a1 grundkenntnisse notions básico"),
)
_LEVELS: Final = MappingProxyType(
    {w.casefold(): level for level, listed in _WORDS_OF_LEVELS for w in word_set(listed)}
)
_MOTHER_TONGUE: Final = re.compile(r"mother tongue|first language|maternal language", re.IGNORECASE)


def fluency(text: str) -> int:
    """The best level that a text states, 2 (basic) to 6 (native); 0 when it states none."""
    plain = _MOTHER_TONGUE.sub("native", text)
    return max((_LEVELS.get(w.text.casefold(), 0) for w in words(plain)), default=0)


def fluencies(text: str, languages: Collection[str]) -> Iterator[tuple[str, int]]:
    """Each level that a text states, with the language it is of; `languages` are normalised."""
    said = words(_MOTHER_TONGUE.sub("native", text))
    named = [(at, key) for at, w in enumerate(said) if (key := normalise(w.text)) in languages]
    for at, word in enumerate(said):
        level = _LEVELS.get(word.text.casefold())
        if level is None or not named:
            continue
        # "Native Norwegian, fluent English": a level goes with the language that is nearest.
        _, name = min(named, key=lambda found: (abs(found[0] - at), found[0] < at))
        yield name, level
