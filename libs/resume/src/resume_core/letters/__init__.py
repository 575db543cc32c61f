"""Cover letters: by rules from the person's own lines, or a model's draft, checked either way."""

from resume_core.letters.build import LetterOrder, build_letter, filler_rate
from resume_core.letters.edit import edit_letter
from resume_core.letters.model import (
    MAX_WORDS,
    CoverLetter,
    DraftParagraph,
    LetterDraft,
    Measures,
    Paragraph,
    Versions,
)
from resume_core.letters.phrases import tone_of

__all__ = [
    "MAX_WORDS",
    "CoverLetter",
    "DraftParagraph",
    "LetterDraft",
    "LetterOrder",
    "Measures",
    "Paragraph",
    "Versions",
    "build_letter",
    "edit_letter",
    "filler_rate",
    "tone_of",
]
