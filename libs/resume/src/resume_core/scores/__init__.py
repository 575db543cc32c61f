"""Two scores, computed and explained: how well a resume reads, and how well it fits a posting.

No model and no key: the same inputs give the same bytes. Points are integers, each with the rule
that gave them, why, and where. `SCORES_VERSION` and the catalogue's version say by which rules a
number came about.
"""

from resume_core.scores.match import match_score
from resume_core.scores.points import SCORES_VERSION, Cap, Point, Score
from resume_core.scores.readability import readability_score
from resume_core.scores.tailored import Scores, score_tailored

__all__ = [
    "SCORES_VERSION",
    "Cap",
    "Point",
    "Score",
    "Scores",
    "match_score",
    "readability_score",
    "score_tailored",
]
