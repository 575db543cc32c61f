"""Letters as Markdown."""

from resume_core.render import escape_line
from resume_documents.model import Letter


def letter_markdown(letter: Letter) -> str:
    """The letter as CommonMark; lines of an address end in hard breaks."""
    parts = (
        _address(letter.sender),
        escape_line(letter.date),
        _address(letter.recipient),
        f"**{escape_line(letter.subject)}**" if letter.subject else "",
        escape_line(letter.salutation),
        *map(escape_line, letter.paragraphs),
        escape_line(letter.closing),
        escape_line(letter.signature),
    )
    return "\n\n".join(part for part in parts if part) + "\n"


def _address(lines: tuple[str, ...]) -> str:
    return "\\\n".join(map(escape_line, filter(str.strip, lines)))
