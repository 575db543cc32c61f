"""Results as Markdown, for the archive: what a person reads without our software."""

from collections.abc import Iterator
from datetime import date
from typing import Any, Final

from pydantic import ValidationError

from resume_contracts.workflows import Workflow
from resume_core.career import CareerPath
from resume_core.handouts import career_handout, interview_handout
from resume_core.interview import InterviewPrep
from resume_core.letters import CoverLetter
from resume_core.model import Resume
from resume_core.render import escape_line, sheet_markdown, to_markdown
from resume_core.wording import wording_of
from resume_documents import language_of, printed
from resume_documents.letters import letter_markdown

#: What tells how a result was made, and nothing to its reader.
_INTERNAL: Final = frozenset({"versions", "engine", "degraded", "dropped", "droppedCodes"})


def readable(
    product: Workflow, document: dict[str, Any], base: dict[str, Any] | None, written: date
) -> str:
    """A result as Markdown, as its own export has it; an outline of what is of another form.

    `base` is the resume that a letter's sender is taken from, `written` the day of the letter.
    """
    try:
        return _rendered(product, document, base, written)
    except (KeyError, ValidationError):
        return _outlined(document)


def _rendered(
    product: Workflow, document: dict[str, Any], base: dict[str, Any] | None, written: date
) -> str:
    match product:
        case Workflow.TAILOR_RESUME:
            resume = Resume.model_validate(document["resume"])
            return to_markdown(resume, wording_of(language_of(resume)))
        case Workflow.COVER_LETTER:
            letter = CoverLetter.model_validate(document)
            sender = Resume.model_validate(base)
            return letter_markdown(printed(letter, sender, written.isoformat()))
        case Workflow.INTERVIEW_PREP:
            return sheet_markdown(interview_handout(InterviewPrep.model_validate(document)))
        case Workflow.CAREER_PATH:
            return sheet_markdown(career_handout(CareerPath.model_validate(document)))
        case _:
            return _outlined(document)


def _outlined(document: dict[str, Any]) -> str:
    return "\n".join(_outline(document, 1)) + "\n"


def _outline(value: Any, level: int) -> Iterator[str]:
    if isinstance(value, dict):
        for key, part in value.items():
            if key not in _INTERNAL and part not in (None, "", [], {}):
                yield from _named(key, part, level)
    elif isinstance(value, list):
        for part in value:
            if isinstance(part, dict | list):
                yield from (*_outline(part, level), "")
            else:
                yield f"- {escape_line(str(part))}"
    else:
        yield escape_line(str(value))


def _named(key: str, part: Any, level: int) -> Iterator[str]:
    if isinstance(part, dict | list):
        yield from ("", f"{'#' * min(level, 6)} {key}", "", *_outline(part, level + 1))
    else:
        yield f"- **{key}:** {escape_line(str(part))}"
