"""Results as Markdown, for the archive: what a person reads without our software."""

from collections.abc import Iterator
from typing import Any, Final

from pydantic import ValidationError

from resume_contracts.workflows import Workflow
from resume_core.letters.model import CoverLetter
from resume_core.model import Resume
from resume_core.render import escape_line, to_markdown
from resume_core.wording import wording_of
from resume_documents import language_of

#: What tells how a result was made, and nothing to its reader.
_INTERNAL: Final = frozenset({"versions", "engine", "degraded", "dropped", "droppedCodes"})


def readable(product: Workflow, document: dict[str, Any]) -> str:
    """A result as Markdown: the resume or letter itself, an outline of what is neither."""
    try:
        match product:
            case Workflow.TAILOR_RESUME:
                resume = Resume.model_validate(document["resume"])
                return to_markdown(resume, wording_of(language_of(resume)))
            case Workflow.COVER_LETTER:
                parts = CoverLetter.model_validate(document).text.split("\n")
                return "\n".join(map(escape_line, parts)) + "\n"
    except (KeyError, ValidationError):
        # Of another form: its words are still the person's.
        pass
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
