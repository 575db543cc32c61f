"""What a finished file says to somebody who reads it."""

import io
import json
import re
from collections.abc import Callable, Iterator
from typing import Any, Final

import docx
import pypdfium2
from markdown_it import MarkdownIt
from markdown_it.token import Token

from resume_core.model import Resume
from resume_core.render import to_text
from resume_core.wording import Wording, wording_of
from resume_documents.model import Format

#: The page number that we print at the foot of documents of several pages.
_FOOTER: Final = re.compile(r"\s*\d+ / \d+\s*\Z")
#: What pdfium gives for a hyphen at the end of a line.
_LINE_HYPHENS: Final = str.maketrans({"\x02": "-", "\ufffe": "-"})


def reread(data: bytes, form: Format, wording: Wording | None = None) -> str:
    """The text of a file, as an applicant tracking system gets it.

    JSON Resume is read back as a resume and laid out in the wording (English by default).
    """
    return _READERS[form](data, wording or wording_of("en"))


def _pdf(data: bytes, _: Wording) -> str:
    pdf = pypdfium2.PdfDocument(data)
    try:
        pages = [page.get_textpage().get_text_range() for page in pdf]
    finally:
        pdf.close()
    if len(pages) > 1:
        pages = [_FOOTER.sub("", page) for page in pages]
    return "\n".join(pages).translate(_LINE_HYPHENS)


def _docx(data: bytes, _: Wording) -> str:
    return "\n".join(p.text for p in docx.Document(io.BytesIO(data)).paragraphs)


def _markdown(data: bytes, _: Wording) -> str:
    return "\n".join(_blocks(MarkdownIt("commonmark").parse(data.decode())))


def _text(data: bytes, _: Wording) -> str:
    return data.decode()


def _blocks(tokens: list[Token]) -> Iterator[str]:
    for token in tokens:
        if token.children is not None:
            yield "".join(map(_inline, token.children))
        elif token.type in {"fence", "code_block"}:
            yield token.content


def _inline(token: Token) -> str:
    return "\n" if token.type in {"softbreak", "hardbreak"} else token.content


def _json(data: bytes, wording: Wording) -> str:
    document: Any = json.loads(data)
    return to_text(Resume.model_validate(document), wording)


_READERS: Final[dict[Format, Callable[[bytes, Wording], str]]] = {
    "pdf": _pdf,
    "docx": _docx,
    "md": _markdown,
    "json": _json,
    "txt": _text,
}
