"""A document from end to end: made, read again, compared, and only then given out."""

import json
from collections.abc import Callable
from dataclasses import asdict
from typing import Any, Final

from resume_core.facts import texts_of
from resume_core.jsonresume import to_json_resume
from resume_core.model import Resume
from resume_core.render import sheet_markdown, sheet_text
from resume_core.sheet import Sheet, lay_out
from resume_core.wording import Wording, wording_of
from resume_documents import typeset, word
from resume_documents.errors import UnfaithfulDocumentError
from resume_documents.expected import Expected, of_letter, of_resume, of_sheet
from resume_documents.fonts import check_printable, check_text
from resume_documents.letters import letter_markdown, letter_text
from resume_documents.model import Format, Letter, Options
from resume_documents.reread import reread
from resume_documents.verify import Missing, find_missing

#: A sheet is any other document, laid out.
Document = Resume | Letter | Sheet


def produce(document: Document, options: Options) -> bytes:
    """The document as a file that says everything it should.

    Raises:
        UnprintableError: it has characters that no font of ours has.
        UnfaithfulDocumentError: something was not found again in the finished file.
    """
    data = render(document, options)
    missing = verify(document, data, options)
    if missing:
        raise UnfaithfulDocumentError([item.id for item in missing])
    return data


def render(document: Document, options: Options) -> bytes:
    """The document as a file, unchecked.

    Raises:
        UnprintableError: it has characters that no font of ours has.
    """
    wording = wording_of(options.language)
    texts = [statement.text for statement in _expected(document, wording, "pdf")]
    check_text(texts)
    if options.format == "pdf":
        check_printable(texts)
    if isinstance(document, Letter):
        return _LETTERS[options.format](document, options)
    if options.format == "json":
        return _json(document)
    sheet = lay_out(document, wording) if isinstance(document, Resume) else document
    return _SHEETS[options.format](sheet, options)


def verify(document: Document, data: bytes, options: Options) -> list[Missing]:
    """What the file does not say although the document does."""
    wording = wording_of(options.language)
    return find_missing(
        _expected(document, wording, options.format),
        _reread(document, data, options.format, wording),
        visual=options.format == "pdf",
        right_to_left=wording.right_to_left,
    )


def _reread(document: Document, data: bytes, form: Format, wording: Wording) -> str:
    if form == "json" and not isinstance(document, Resume):
        return "\n".join(texts_of(json.loads(data)))
    return reread(data, form, wording)


def _expected(document: Document, wording: Wording, form: Format) -> list[Expected]:
    if isinstance(document, Letter):
        return of_letter(document)
    if isinstance(document, Sheet):
        return of_sheet(document)
    return of_resume(document, wording, plain=form == "json")


def _json(document: Document) -> bytes:
    """JSON Resume; of what is no resume, the parts by name."""
    data: dict[str, Any]
    if isinstance(document, Resume):
        data = to_json_resume(document, strict=True)
    else:
        data = asdict(document)
    return json.dumps(data, ensure_ascii=False, indent=2).encode()


_SHEETS: Final[dict[Format, Callable[[Sheet, Options], bytes]]] = {
    "pdf": typeset.sheet_pdf,
    "docx": word.sheet_docx,
    "md": lambda sheet, _: sheet_markdown(sheet).encode(),
    "txt": lambda sheet, _: sheet_text(sheet).encode(),
}
_LETTERS: Final[dict[Format, Callable[[Letter, Options], bytes]]] = {
    "pdf": typeset.letter_pdf,
    "docx": word.letter_docx,
    "md": lambda letter, _: letter_markdown(letter).encode(),
    "txt": lambda letter, _: letter_text(letter).encode(),
    "json": lambda letter, _: _json(letter),
}
