"""PDF by typst. The document is data in a virtual file; no text of it is ever read as markup."""

import json
import re
from dataclasses import asdict
from functools import cache
from importlib.resources import files
from typing import Any, Final

import typst

from resume_core.sheet import Sheet
from resume_core.wording import wording_of
from resume_documents import fonts
from resume_documents.model import Letter, Options

#: In a right-to-left line "C#" would read "#C": between LEFT-TO-RIGHT ISOLATE and POP it does not.
_ISOLATED: Final = "\u2066\\g<0>\u2069"
_LATIN_WITH_SIGNS: Final = re.compile(
    r"(?<![\w+#.-])(?:[A-Za-z][\w.-]*[+#]+|[.][A-Za-z]\w*)(?![\w+#])"
)
#: Under R2L, pdfium (and so Chrome and many parsers) reverses the words of every line, mails too.
_DIRECTION: Final = (b"/Direction/R2L", b"/Direction/L2R")
_COMMON: Final = ("style.typ", "resume.typ", "letter.typ")


def sheet_pdf(sheet: Sheet, options: Options) -> bytes:
    """A resume, or anything laid out like one, as tagged PDF with title, author and language."""
    data = asdict(sheet)
    data["summary"] = _lines(sheet.summary)
    for section in data["sections"]:
        for block in section["blocks"]:
            block["prose"] = [_lines(text) for text in block["prose"]]
    if wording_of(options.language).right_to_left:
        data = _isolated(data)
    title = ", ".join(part for part in (sheet.name, sheet.label) if part)
    return _compile("resume", {**data, "title": title, "author": sheet.name}, options)


def letter_pdf(letter: Letter, options: Options) -> bytes:
    """A letter as tagged PDF with title, author and language."""
    title = letter.subject or letter.signature
    data = {**asdict(letter), "title": title, "author": letter.signature}
    return _compile("letter", data, options)


def _compile(kind: str, data: dict[str, Any], options: Options) -> bytes:
    wording = wording_of(options.language)
    data |= {
        "language": wording.language,
        "direction": "rtl" if wording.right_to_left else "ltr",
        "paper": options.paper,
        "fonts": fonts.families(wording.language),
    }
    sources = {name: _source(name) for name in (*_COMMON, f"{options.template}.typ")}
    main = f'#import "{options.template}.typ": look\n#import "{kind}.typ": print\n#print(look)\n'
    compiler = typst.Compiler(  # type: ignore[type-var]  # its stubs forget virtual files
        {"main.typ": main.encode(), **sources, "data.json": json.dumps(data).encode()},
        font_paths=_fonts(),
    )
    pdf = compiler.compile(format="pdf", pdf_tags=True)
    if not isinstance(pdf, bytes):
        raise TypeError("typst made several files of one document")
    return pdf.replace(*_DIRECTION)


def _isolated(value: Any) -> Any:
    match value:
        case str():
            return _LATIN_WITH_SIGNS.sub(_ISOLATED, value)
        case dict():
            return {key: _isolated(item) for key, item in value.items()}
        case list() | tuple():
            return [_isolated(item) for item in value]
        case _:
            return value


def _lines(text: str) -> list[str]:
    return [line for line in map(str.strip, text.splitlines()) if line]


@cache
def _source(name: str) -> bytes:
    return files(__package__).joinpath("templates", name).read_bytes()


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, font_paths=fonts.folders())
