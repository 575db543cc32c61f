"""A letter as it is delivered, and as a model drafts it."""

from typing import Final

from resume_core.gate.violations import GATE_VERSION
from resume_core.grounding import GROUNDING_VERSION, Drafted, Sentence, Shown
from resume_core.letters.phrases import Tone

LETTER_VERSION: Final = "2026.11-1"
MAX_WORDS: Final = 400


class DraftParagraph(Drafted):
    """One paragraph of whole sentences."""

    text: str


class LetterDraft(Drafted):
    """A letter without greeting and farewell."""

    paragraphs: tuple[DraftParagraph, ...]


class Paragraph(Shown):
    """A paragraph of delivered sentences."""

    sentences: tuple[Sentence, ...]

    @property
    def text(self) -> str:
        """The sentences in one line."""
        return " ".join(s.text for s in self.sentences)


class Versions(Shown):
    """By which rules a result was made, so that it can be told apart later."""

    result: str
    gate: str = GATE_VERSION
    grounding: str = GROUNDING_VERSION
    catalog: str


class Measures(Shown):
    """How the letter does: words, filler phrases per 100 words, runs of words from the posting.

    `grounded`: of the sentences that assert something, the share with a ground; 1 by construction,
    less where the person's own words are not proved.
    """

    words: int
    filler_per_100: float
    posting_runs: int
    grounded: float


class CoverLetter(Shown):
    """A letter whose every sentence carries what proves it.

    `dropped` counts the sentences that were not delivered, `dropped_codes` says why; what they
    said is not kept. `own` names the fixed phrases that the person has put in their own words.
    """

    engine: str
    degraded: bool
    notes: tuple[str, ...]
    language: str
    tone: Tone
    company: str
    role: str
    greeting: str
    paragraphs: tuple[Paragraph, ...]
    closing: str
    signature: str
    dropped: int
    dropped_codes: tuple[str, ...]
    measures: Measures
    versions: Versions
    own: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The whole letter as plain text."""
        body = "\n\n".join(p.text for p in self.paragraphs)
        return f"{self.greeting}\n\n{body}\n\n{self.closing}\n{self.signature}"
