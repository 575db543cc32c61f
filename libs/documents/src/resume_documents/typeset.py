"""PDF by typst. The document is data in a virtual file; no text of it is ever read as markup."""

import json
from dataclasses import asdict
from functools import cache
from importlib.resources import files
from typing import Any, Final

import typst

from resume_core.sheet import Sheet
from resume_core.wording import wording_of
from resume_documents import fonts
from resume_documents.model import Letter, Options

#: Keeps what is between apart from the direction around it: LEFT-TO-RIGHT ISOLATE … POP.
_ISOLATED: Final = "\u2066{}\u2069"
_COMMON: Final = ("style.typ", "resume.typ", "letter.typ")


def resume_pdf(sheet: Sheet, options: Options) -> bytes:
    """A resume as tagged PDF with title, author and language."""
    data = asdict(sheet)
    data["summary"] = _lines(sheet.summary)
    for section in data["sections"]:
        for block in section["blocks"]:
            block["prose"] = [_lines(text) for text in block["prose"]]
    if wording_of(options.language).right_to_left:
        # "+49 40 123" must not read "123 40 49+".
        data["contacts"] = [_ISOLATED.format(contact) for contact in sheet.contacts]
    title = " – ".join(part for part in (sheet.name, sheet.label) if part)
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
    compiler = typst.Compiler(
        {"main.typ": main.encode(), **sources, "data.json": json.dumps(data).encode()},
        font_paths=_fonts(),
    )
    pdf = compiler.compile(format="pdf", pdf_tags=True)
    if not isinstance(pdf, bytes):
        raise TypeError("typst made several files of one document")
    return pdf


def _lines(text: str) -> list[str]:
    return [line for line in map(str.strip, text.splitlines()) if line]


@cache
def _source(name: str) -> bytes:
    return files(__package__).joinpath("templates", name).read_bytes()


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, font_paths=fonts.folders())
