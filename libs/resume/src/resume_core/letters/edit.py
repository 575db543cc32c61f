"""A letter in the person's own words."""

from collections.abc import Sequence

from resume_core.grounding import Grounding
from resume_core.letters.build import measure
from resume_core.letters.model import CoverLetter, Paragraph
from resume_core.own_words import OwnWords


def edit_letter(
    delivered: CoverLetter,
    grounding: Grounding,
    paragraphs: Sequence[str],
    *,
    greeting: str | None = None,
    closing: str | None = None,
) -> CoverLetter:
    """The letter with these paragraphs; greeting and closing stay where none is given.

    Those two are no sentences and assert nothing: they are named in `own`, and not checked.

    Raises:
        EditRefusedError: it contradicts the base (`identity_fixed`), or has too many sentences.
    """
    known = [sentence for paragraph in delivered.paragraphs for sentence in paragraph.sentences]
    words = OwnWords(grounding, known)
    read = (words.sentences(text, f"paragraphs[{at}]") for at, text in enumerate(paragraphs))
    told = tuple(Paragraph(sentences=found) for found in read if found)
    words.done()
    phrases = {"greeting": greeting, "closing": closing}
    changed = {
        name: " ".join(text.split())
        for name, text in phrases.items()
        if text is not None and " ".join(text.split()) != getattr(delivered, name)
    }
    return delivered.model_copy(
        update={
            **changed,
            "paragraphs": told,
            "own": tuple(changed),
            "measures": measure(told, delivered.language, grounding.posting, grounding.base),
        }
    )
