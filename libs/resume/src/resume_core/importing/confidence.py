"""How sure the rules are of a field, by the rule that found it.

Fixed by hand, not measured: what a pattern or the layout marks is near 1, what stands where its
kind usually stands is lower, and a doubt about the field caps it. `CONFIDENCE_VERSION` changes
with the numbers.
"""

import re
from collections.abc import Iterable
from typing import Final

from resume_core.importing.report import Doubt

CONFIDENCE_VERSION: Final = "2026.11"
#: A value that is nowhere in the text: derived from it, or a link's target.
DERIVED: Final = ("derived", 0.5)
LINKED: Final = ("link", 0.9)
#: What a file says of itself, field by field.
STATED: Final = ("stated", 1.0)
_INDEX: Final = re.compile(r"\[\d+\]")
#: Rule and confidence by path; the first pattern that matches counts.
_RULES: Final = tuple(
    (re.compile(pattern), rule, confidence)
    for pattern, rule, confidence in (
        (r"basics\.(email|phone)", "pattern", 0.99),
        (r"basics\.name", "layout", 0.98),
        (r"basics\.(url|profiles.*)", "pattern", 0.95),
        (r"basics\.summary", "heading", 0.95),
        (r"basics\.", "position", 0.9),
        (r"\w+\.(startDate|endDate|date|releaseDate)", "written date", 0.98),
        (r"\w+\.url", "pattern", 0.98),
        (r"(work|volunteer|projects)\.highlights", "bullet", 0.97),
        (r"(work|volunteer)\.(name|organization|position)", "cue words", 0.95),
        (r"education\.(institution|studyType)", "cue words", 0.95),
        (r"education\.score", "pattern", 0.95),
        (r"education\.area", "position", 0.85),
        (r"(skills|languages|interests)\.", "list", 0.95),
        (r"(awards|certificates|publications|references)\.", "list", 0.9),
        (r"meta\.", "unknown heading", 0.5),
        (r"", "position", 0.9),
    )
)


def rule_of(path: str) -> tuple[str, float]:
    """The rule that finds fields at such a path, and how sure it is."""
    plain = _INDEX.sub("", path)
    return next((rule, sure) for pattern, rule, sure in _RULES if pattern.match(plain))


class Doubts:
    """What is doubted, by path: a doubt about an entry is one about each of its fields."""

    def __init__(self, doubts: Iterable[Doubt]) -> None:
        self._least: dict[str, float] = {}
        for doubt in doubts:
            known = self._least.get(doubt.path, 1.0)
            self._least[doubt.path] = min(known, doubt.confidence)

    def cap(self, path: str, confidence: float) -> float:
        """The confidence, at most that of a doubt about the path or what it is a part of."""
        while path:
            confidence = min(confidence, self._least.get(path, 1.0))
            path = path[: max(path.rfind("."), path.rfind("["), 0)]
        return confidence
