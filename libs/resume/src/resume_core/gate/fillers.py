"""Phrases that say nothing, in the languages we have: readers and their tools know them.

A text is measured against its own source: what a person has always written, or a posting says
itself, is no filler of ours (metric 13).
"""

from itertools import chain
from types import MappingProxyType
from typing import Final

from resume_core.gate.source import whole_word
from resume_core.text import normalise, remembered

FILLERS: Final = MappingProxyType(
    {
        "en": (
            *("passionate about", "proven track record", "results-driven", "results-oriented"),
            *("team player", "go-getter", "hit the ground running", "think outside the box"),
            *("perfect fit", "ideal candidate", "unique blend", "dynamic professional"),
            *("detail-oriented", "self-starter", "synergy", "synergies", "cutting-edge"),
            *("fast-paced environment", "best-of-breed", "spearheaded", "delve", "world-class"),
            *("game-changing", "go above and beyond", "honed my skills", "wealth of experience"),
        ),
        "de": (
            *("hochmotiviert", "teamfähig", "belastbar", "mit großer leidenschaft"),
            *("über den tellerrand", "idealer kandidat", "ideale kandidatin"),
            *("dynamisches umfeld", "hands-on-mentalität", "macher-mentalität"),
        ),
        "fr": (
            *("passionné par", "passionnée par", "force de proposition", "esprit d'équipe"),
            *("candidat idéal", "candidate idéale", "dynamique et motivé", "orienté résultats"),
        ),
        "es": (
            *("apasionado por", "apasionada por", "trabajo en equipo", "orientado a resultados"),
            *("candidato ideal", "candidata ideal", "proactivo", "proactiva"),
        ),
    }
)
_ALL: Final = tuple(dict.fromkeys(chain.from_iterable(FILLERS.values())))


@remembered
def fillers_in(text: str) -> tuple[str, ...]:
    """The filler phrases of a text, in whatever language, each once."""
    said = normalise(text)
    return tuple(phrase for phrase in _ALL if whole_word(phrase, said))
