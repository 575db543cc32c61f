"""Resumes, letters and handouts as files: made off the event loop, a few at a time, and checked."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated, Any, Final
from urllib.parse import quote

import structlog
from fastapi import Depends, Query, Response

from resume_core.model import Resume
from resume_core.sheet import Sheet
from resume_documents import (
    MEDIA_TYPES,
    Document,
    DocumentError,
    Format,
    Letter,
    Options,
    Paper,
    Template,
    UnfaithfulDocumentError,
    UnprintableError,
    language_of,
    produce,
)
from resume_documents.sandboxed import produce_in_child
from resume_runtime.errors import ProblemError

log = structlog.get_logger()

Make = Callable[[Document, Options], Awaitable[bytes]]

RETRY_AFTER_S = 5
#: Nothing of these needs more than a moment; the others need a process of their own.
_PLAIN: Final = frozenset({"json", "md", "txt"})
_UNSAFE: Final = re.compile(r"[^\w .,'()-]+")
_LONGEST_NAME: Final = 80

#: For routes that answer with a file.
FILES: dict[int | str, dict[str, Any]] = {
    200: {"description": "The file.", "content": {kind: {} for kind in MEDIA_TYPES.values()}}
}


@dataclass(frozen=True, slots=True)
class Asked:
    """How a client wants a document; `language` is that of a resume's headings."""

    format: Format
    template: Template
    paper: Paper
    language: str | None

    def options(self, language: str) -> Options:
        """The same for the library, in a language."""
        return Options(self.format, self.template, self.paper, language)


async def asked(
    format: Format = "json",  # noqa: A002  the query parameter's name
    template: Annotated[Template, Query(description="Of PDF and DOCX.")] = "classic",
    paper: Annotated[Paper, Query(description="Of PDF and DOCX.")] = "a4",
    language: Annotated[
        str | None,
        Query(
            pattern=r"^[A-Za-z]{2,3}([-_][A-Za-z0-9]{1,8})*$",
            description="Of a resume's headings, e.g. `de`; by default the text's own, or English."
            " Anything else is in the language that it was made in.",
        ),
    ] = None,
) -> Asked:
    """The query of a route that answers with a file."""
    return Asked(format, template, paper, language)


AskedDep = Annotated[Asked, Depends(asked)]


class DocumentDesk:
    """Makes files, `at_once` at a time; `waiting` more may wait, others are asked to come back."""

    def __init__(self, *, at_once: int, waiting: int, make: Make = produce_in_child) -> None:
        self._slots = asyncio.Semaphore(at_once)
        self._room = at_once + waiting
        self._present = 0
        self._make = make

    async def resume_file(self, resume: Resume, asked: Asked) -> Response:
        """A resume as a file.

        Raises:
            ProblemError: 422 when it cannot be printed, 503 when too many wait, 500 when the file
                did not turn out as it should.
        """
        options = asked.options(asked.language or language_of(resume))
        return await self._file(resume, options, f"{resume.basics.name or ''} resume")

    async def letter_file(self, letter: Letter, asked: Asked, language: str) -> Response:
        """A letter as a file; the same errors."""
        options = asked.options(language)
        return await self._file(letter, options, f"{letter.signature} cover letter")

    async def handout_file(self, sheet: Sheet, asked: Asked, language: str) -> Response:
        """Anything else that is laid out, as a file; the same errors."""
        title = " ".join(part for part in (sheet.name, sheet.label) if part)
        return await self._file(sheet, asked.options(language), title)

    async def _file(self, document: Document, options: Options, title: str) -> Response:
        try:
            data = await self._produce(document, options)
        except UnprintableError as error:
            raise _not_printable(error) from None
        except UnfaithfulDocumentError as error:
            log.error("document.unfaithful", format=options.format, missing=error.missing[:50])
            raise _broken(
                error, "The file would have left something out. It was not made."
            ) from None
        except DocumentError as error:
            log.error("document.failed", format=options.format, error=str(error))
            raise _broken(error, "The file could not be made.") from None
        return Response(
            data,
            media_type=MEDIA_TYPES[options.format],
            headers={"Content-Disposition": content_disposition(title, options.format)},
        )

    async def _produce(self, document: Document, options: Options) -> bytes:
        if options.format in _PLAIN:
            return await asyncio.to_thread(produce, document, options)
        if self._present >= self._room:
            raise _busy()
        self._present += 1
        try:
            async with self._slots:
                return await self._make(document, options)
        finally:
            self._present -= 1


def content_disposition(title: str, extension: str) -> str:
    """An attachment's header (RFC 6266) with a name that is safe in every file system."""
    kept = " ".join(_UNSAFE.sub(" ", title)[:_LONGEST_NAME].split()).strip(". ")
    name = f"{kept or 'document'}.{extension}"
    plain = name.encode("ascii", errors="ignore").decode().strip()
    if plain != name:
        plain = f"document.{extension}"
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


def _not_printable(error: UnprintableError) -> ProblemError:
    return ProblemError(
        422,
        error.code,
        "Characters cannot be printed",
        f"There is no font for: {', '.join(error.scripts)}. Ask for DOCX instead.",
        extra={"errors": list(error.scripts)},
    )


def _busy() -> ProblemError:
    return ProblemError(
        503,
        "documents_busy",
        "Too many documents",
        "More documents are asked for than can be made at once. Please ask again.",
        retryable=True,
        headers={"Retry-After": str(RETRY_AFTER_S)},
    )


def _broken(error: DocumentError, detail: str) -> ProblemError:
    return ProblemError(500, error.code, "Document not made", detail)
