"""A document from end to end: made, read again, compared, and only then given out."""

import json
from collections.abc import Callable
from typing import Final

from resume_core.jsonresume import to_json_resume
from resume_core.model import Resume
from resume_core.render import to_markdown
from resume_core.sheet import Sheet, lay_out
from resume_core.wording import Wording, wording_of
from resume_documents import typeset, word
from resume_documents.errors import UnfaithfulDocumentError
from resume_documents.expected import Expected, of_letter, of_resume
from resume_documents.fonts import check_printable, check_text
from resume_documents.letters import letter_markdown
from resume_documents.model import Format, Letter, Options
from resume_documents.reread import reread
from resume_documents.verify import Missing, find_missing

Document = Resume | Letter


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
        ValueError: a letter cannot be JSON Resume.
    """
    wording = wording_of(options.language)
    texts = [statement.text for statement in _expected(document, wording, "pdf")]
    check_text(texts)
    if options.format == "pdf":
        check_printable(texts)
    if isinstance(document, Letter):
        return _LETTERS[options.format](document, options)
    return _RESUMES[options.format](document, options)


def verify(document: Document, data: bytes, options: Options) -> list[Missing]:
    """What the file does not say although the document does."""
    wording = wording_of(options.language)
    return find_missing(
        _expected(document, wording, options.format),
        reread(data, options.format, wording),
        visual=options.format == "pdf",
        right_to_left=wording.right_to_left,
    )


def _expected(document: Document, wording: Wording, form: Format) -> list[Expected]:
    if isinstance(document, Letter):
        return of_letter(document)
    return of_resume(document, wording, plain=form == "json")


def _no_json(_letter: Letter, _options: Options) -> bytes:
    raise ValueError("a letter is no JSON Resume")


def _json(resume: Resume, _: Options) -> bytes:
    return json.dumps(to_json_resume(resume, strict=True), ensure_ascii=False, indent=2).encode()


def _sheet(resume: Resume, options: Options) -> Sheet:
    return lay_out(resume, wording_of(options.language))


_RESUMES: Final[dict[Format, Callable[[Resume, Options], bytes]]] = {
    "pdf": lambda resume, options: typeset.resume_pdf(_sheet(resume, options), options),
    "docx": lambda resume, options: word.resume_docx(_sheet(resume, options), options),
    "md": lambda resume, options: to_markdown(resume, wording_of(options.language)).encode(),
    "json": _json,
}
_LETTERS: Final[dict[Format, Callable[[Letter, Options], bytes]]] = {
    "pdf": typeset.letter_pdf,
    "docx": word.letter_docx,
    "md": lambda letter, _: letter_markdown(letter).encode(),
    "json": _no_json,
}
