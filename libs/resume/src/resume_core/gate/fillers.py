"""Phrases that say nothing, in the languages we have: readers and their tools know them.

A text is measured against its own source: what a person has always written, or a posting says
itself, is no filler of ours (metric 13).
"""

from collections.abc import Iterator
from functools import cached_property
from itertools import chain
from types import MappingProxyType
from typing import Final

from resume_core.gate.source import whole_word
from resume_core.gate.violations import Severity, Violation
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
            *("leverage my", "thrilled to", "i am excited to", "aligns perfectly"),
            *("invaluable asset", "make a meaningful impact"),
        ),
        "de": (
            *("hochmotiviert", "teamfähig", "belastbar", "mit großer leidenschaft"),
            *("über den tellerrand", "idealer kandidat", "ideale kandidatin"),
            *("dynamisches umfeld", "hands-on-mentalität", "macher-mentalität"),
            *("perfekt passe", "brenne für", "spannende herausforderung"),
            *("neue herausforderung",),
        ),
        "fr": (
            *("passionné par", "passionnée par", "force de proposition", "esprit d'équipe"),
            *("candidat idéal", "candidate idéale", "dynamique et motivé", "orienté résultats"),
            *("sens du relationnel", "nouveau défi", "relever des défis"),
        ),
        "es": (
            *("apasionado por", "apasionada por", "trabajo en equipo", "orientado a resultados"),
            *("candidato ideal", "candidata ideal", "proactivo", "proactiva"),
            *("nuevos retos", "gran reto"),
        ),
    }
)
_ALL: Final = tuple(dict.fromkeys(chain.from_iterable(FILLERS.values())))


@remembered
def fillers_in(text: str) -> tuple[str, ...]:
    """The filler phrases of a text, in whatever language, each once."""
    said = normalise(text)
    return tuple(phrase for phrase in _ALL if whole_word(phrase, said))


class Fillers:
    """Looks for filler in changed lines; knows what the person and the posting say themselves."""

    def __init__(self, base_text: str, posting_text: str) -> None:
        self._said = (base_text, posting_text)

    @cached_property
    def _own(self) -> frozenset[str]:
        return frozenset(chain.from_iterable(map(fillers_in, self._said)))

    def check(self, text: str, path: str, entry_id: str | None) -> Iterator[Violation]:
        """A flag for each new filler phrase of one changed line."""
        for phrase in fillers_in(text):
            if phrase not in self._own:
                yield Violation(
                    code="filler_added",
                    metric=13,
                    path=path,
                    entry_id=entry_id,
                    detail=phrase,
                    severity=Severity.FLAG,
                )
