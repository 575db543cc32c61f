"""Grounded prose: every claim of a sentence resolves to a fact, a posting span or a cited URL.

`Grounding.check` gives one sentence's verdict. It fails closed: a sentence that it cannot prove is
not delivered. The detectors are the gate's; this package knows whom a sentence speaks of, which
place of the resume may prove it, and the languages in which prose is written.
"""

from resume_core.grounding.check import Grounding, sentences
from resume_core.grounding.tongues import TONGUES
from resume_core.grounding.verdict import (
    GROUNDING_VERSION,
    About,
    Citation,
    Drafted,
    Ground,
    GroundKind,
    Sentence,
    Shown,
    Verdict,
)

__all__ = [
    "GROUNDING_VERSION",
    "TONGUES",
    "About",
    "Citation",
    "Drafted",
    "Ground",
    "GroundKind",
    "Grounding",
    "Sentence",
    "Shown",
    "Verdict",
    "sentences",
]
