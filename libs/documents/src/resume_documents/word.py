"""DOCX with real styles, headings and lists, in the document's language and direction."""

import io
from dataclasses import dataclass
from typing import Any, Final

import docx
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Length, Mm, Pt, RGBColor

from resume_core.sheet import Block, Item, Sheet
from resume_core.wording import wording_of
from resume_documents.model import Letter, Options, Paper, Template
from resume_documents.verify import has_right_to_left

_PAPERS: Final[dict[Paper, tuple[Length, Length]]] = {
    "a4": (Mm(210), Mm(297)),
    "us-letter": (Mm(215.9), Mm(279.4)),
}


@dataclass(frozen=True, slots=True)
class _Look:
    font: str
    size: float
    margin: float
    colour: RGBColor
    centred: bool = False


_LOOKS: Final[dict[Template, _Look]] = {
    "classic": _Look("Times New Roman", 11, 22, RGBColor(0, 0, 0), centred=True),
    "modern": _Look("Calibri", 10.5, 20, RGBColor(0x1F, 0x4E, 0x79)),
    "compact": _Look("Arial", 9, 15, RGBColor(0, 0, 0)),
}


def sheet_docx(sheet: Sheet, options: Options) -> bytes:
    """A resume, or anything laid out like one, as a DOCX file."""
    page = _Page(options, title=sheet.name, author=sheet.name)
    page.add(sheet.name, style="Title", centred=True)
    page.add(sheet.label, style="Subtitle", centred=True)
    page.add(" | ".join(sheet.contacts), centred=True)
    if sheet.summary:
        page.add(sheet.summary_title, style="Heading 1")
        page.prose(sheet.summary)
    for section in sheet.sections:
        page.add(section.title, style="Heading 1")
        for block in section.blocks:
            page.block(block)
        for item in section.items:
            page.item(item)
    return page.save()


def letter_docx(letter: Letter, options: Options) -> bytes:
    """A letter as a DOCX file."""
    page = _Page(options, title=letter.subject or letter.signature, author=letter.signature)
    for line in letter.sender:
        page.add(line)
    page.add(letter.date, space=12)
    for line in letter.recipient:
        page.add(line)
    page.add(letter.subject, style="Heading 1")
    for text in (letter.salutation, *letter.paragraphs, letter.closing):
        page.add(text, space=8)
    page.add(letter.signature, space=18)
    return page.save()


class _Page:
    """A document that grows downwards."""

    def __init__(self, options: Options, *, title: str, author: str) -> None:
        wording = wording_of(options.language)
        self._look = _LOOKS[options.template]
        self._right_to_left = wording.right_to_left
        self._document: Any = docx.Document()
        properties = self._document.core_properties
        properties.title, properties.author = title[:255], author[:255]
        properties.language = wording.language
        properties.comments = ""
        self._set_paper(options.paper)
        self._set_styles(wording.language)

    def add(
        self, text: str, *, style: str = "Normal", centred: bool = False, space: float = 0
    ) -> None:
        """A paragraph; nothing for an empty text."""
        if not text.strip():
            return
        paragraph = self._paragraph(style)
        self._run(paragraph, " ".join(text.split()))
        if centred and self._look.centred:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        if space:
            paragraph.paragraph_format.space_before = Pt(space)

    def prose(self, text: str) -> None:
        """Each line as a paragraph."""
        for line in text.splitlines():
            self.add(line)

    def block(self, block: Block) -> None:
        """One entry: its head with the dates at the line's end, details, prose, bullets."""
        head = self._paragraph("Entry")
        self._run(head, block.title, bold=True)
        if block.title and block.owner:
            self._run(head, " — ")
        self._run(head, block.owner)
        self._run(head, f"\t{block.span}" if block.span else "")
        self.add(" | ".join(block.details), style="Details")
        for text in block.prose:
            self.prose(text)
        for text in block.bullets:
            self.add(text, style="List Bullet")

    def item(self, item: Item) -> None:
        """One line of a list, its label in bold."""
        paragraph = self._paragraph("List Bullet")
        if item.label and item.text:
            self._run(paragraph, f"{item.label}:", bold=True)
            self._run(paragraph, f" {item.text}")
        else:
            self._run(paragraph, item.label or item.text)

    def save(self) -> bytes:
        """The file."""
        buffer = io.BytesIO()
        self._document.save(buffer)
        return buffer.getvalue()

    def _paragraph(self, style: str) -> Any:
        paragraph = self._document.add_paragraph(style=style)
        if self._right_to_left:
            paragraph._p.get_or_add_pPr().insert_element_before(  # noqa: SLF001  python-docx has no API for it
                OxmlElement("w:bidi"), "w:spacing", "w:ind", "w:jc", "w:rPr"
            )
        return paragraph

    def _run(self, paragraph: Any, text: str, *, bold: bool | None = None) -> None:
        if not text:
            return
        run = paragraph.add_run(text)
        run.bold = bold
        if has_right_to_left(text):
            run.font.rtl = True
            run.font.cs_bold = bold

    def _set_paper(self, paper: Paper) -> None:
        section = self._document.sections[0]
        section.page_width, section.page_height = _PAPERS[paper]
        margin = Mm(self._look.margin)
        section.left_margin = section.right_margin = margin
        section.top_margin = section.bottom_margin = margin
        self._line = section.page_width - 2 * margin

    def _set_styles(self, language: str) -> None:
        styles, look = self._document.styles, self._look
        normal = styles["Normal"]
        _set_font(normal, look.font, look.size)
        _set_language(normal, language)
        normal.paragraph_format.space_after = Pt(2)
        for name, size in (("Title", 2.0), ("Subtitle", 1.15), ("Heading 1", 1.25)):
            style = styles[name]
            _set_font(style, look.font, look.size * size)
            style.font.color.rgb = look.colour
            style.font.italic = False
            style.paragraph_format.space_after = Pt(3)
        styles["Heading 1"].paragraph_format.space_before = Pt(look.size)
        styles["List Bullet"].paragraph_format.space_after = Pt(1)
        entry = styles.add_style("Entry", 1)
        entry.base_style = normal
        entry.paragraph_format.space_before = Pt(max(6, look.size * 0.6))
        entry.paragraph_format.keep_with_next = True
        entry.paragraph_format.tab_stops.add_tab_stop(self._line, WD_TAB_ALIGNMENT.RIGHT)
        details = styles.add_style("Details", 1)
        details.base_style = normal
        details.font.size = Pt(look.size * 0.9)


def _set_font(style: Any, name: str, size: float) -> None:
    style.font.name, style.font.size = name, Pt(size)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)
    fonts.set(qn("w:cs"), name)


def _set_language(style: Any, language: str) -> None:
    mark = OxmlElement("w:lang")
    for kind in ("val", "eastAsia", "bidi"):
        mark.set(qn(f"w:{kind}"), language)
    style.element.get_or_add_rPr().append(mark)
