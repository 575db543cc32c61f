"""A letter as it is printed, and as Markdown and plain text."""

from collections.abc import Callable

from resume_core.letters import CoverLetter
from resume_core.letters.phrases import PHRASES
from resume_core.model import Resume
from resume_core.render import escape_line
from resume_core.sheet import lay_out
from resume_core.wording import wording_of
from resume_documents.model import Letter


def printed(letter: CoverLetter, sender: Resume, written: str) -> Letter:
    """A cover letter as it is sent: from whom, and of which day (an ISO date)."""
    wording = wording_of(letter.language)
    subject = PHRASES[letter.language].subject
    lines = (letter.signature, *lay_out(sender, wording).contacts)
    return Letter(
        sender=tuple(line for line in lines if line),
        date=wording.date(written),
        recipient=(letter.company,) if letter.company else (),
        subject=subject.format(title=letter.role) if letter.role else "",
        salutation=letter.greeting,
        paragraphs=tuple(paragraph.text for paragraph in letter.paragraphs),
        closing=letter.closing,
        signature=letter.signature,
    )


def letter_markdown(letter: Letter) -> str:
    """The letter as CommonMark; lines of an address end in hard breaks."""
    subject = f"**{escape_line(letter.subject)}**" if letter.subject else ""
    return _written(letter, subject, "\\\n", escape_line)


def letter_text(letter: Letter) -> str:
    """The letter as plain text."""
    return _written(letter, letter.subject, "\n", lambda text: " ".join(text.split()))


def _written(letter: Letter, subject: str, end: str, escape: Callable[[str], str]) -> str:
    def address(lines: tuple[str, ...]) -> str:
        return end.join(map(escape, filter(str.strip, lines)))

    parts = (
        address(letter.sender),
        escape(letter.date),
        address(letter.recipient),
        subject,
        escape(letter.salutation),
        *map(escape, letter.paragraphs),
        escape(letter.closing),
        escape(letter.signature),
    )
    return "\n\n".join(part for part in parts if part) + "\n"
