"""DOCX to lines: headers, paragraphs, tables and text boxes in the order of the document."""

import io
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Final
from xml.etree.ElementTree import ParseError

import docx
from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring
from docx.oxml.ns import qn
from docx.table import Table, _Cell
from docx.text.hyperlink import Hyperlink
from docx.text.paragraph import Paragraph

from resume_core.importing.layout import Document, Line, clean, split_bullet
from resume_core.importing.report import ImportLimits, ImportRefusedError

_HEADING_STYLES: Final = ("heading", "überschrift", "titre", "título")
_TITLE_STYLES: Final = ("title", "titel")
_ARCHIVE_ERRORS: Final = (
    DefusedXmlException,
    ParseError,
    zipfile.BadZipFile,
    zlib.error,
    OSError,
    ValueError,
    EOFError,
    NotImplementedError,
)
_MAX_NESTING: Final = 6
_FAR: Final = 2.0
_MANY_LINES: Final = 4


def read_docx(data: bytes, limits: ImportLimits) -> Document:
    """The lines of a DOCX; each paragraph, line break and table row is one.

    Raises:
        ImportRefusedError: an archive that unpacks too far, hostile XML, damaged, empty, or
            with pictures only.
    """
    _check_archive(data, limits)
    try:
        document = docx.Document(io.BytesIO(data))
        lines = [line for line in _document_lines(document) if line.cells]
        links = _links(document)
    except (*_ARCHIVE_ERRORS, KeyError, AttributeError, SyntaxError):
        raise _damaged() from None
    if not lines:
        if document.part.element.findall(".//" + qn("w:drawing")):
            message = "The DOCX file holds pictures and no text. Please send one with text."
            raise ImportRefusedError("resume_scanned", message)
        raise ImportRefusedError("resume_empty", "The DOCX file holds no text.")
    return Document(tuple(lines), wraps=False, links=tuple(links))


def _damaged() -> ImportRefusedError:
    return ImportRefusedError("resume_unreadable", "The DOCX file is damaged and cannot be read.")


def _check_archive(data: bytes, limits: ImportLimits) -> None:
    """Refuse archives that grow too much, and XML that declares entities, before parsing."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            unpacked = sum(entry.file_size for entry in entries)
            bomb = any(
                entry.file_size > 100_000
                and entry.file_size > limits.archive_ratio * max(1, entry.compress_size)
                for entry in entries
            )
            if len(entries) > limits.archive_entries or unpacked > limits.unpacked_bytes or bomb:
                message = "The DOCX file unpacks to far more than a resume holds."
                raise ImportRefusedError("resume_too_large", message)
            if any(entry.flag_bits & 1 for entry in entries):
                message = "The DOCX file is protected by a password. Please save it without one."
                raise ImportRefusedError("resume_encrypted", message)
            for entry in entries:
                if entry.filename.endswith((".xml", ".rels")):
                    fromstring(archive.read(entry), forbid_dtd=True)
    except _ARCHIVE_ERRORS:
        raise _damaged() from None


def _document_lines(document: Any) -> Iterator[Line]:
    header = document.sections[0].header if document.sections else None
    if header is not None and not header.is_linked_to_previous:
        yield from _container_lines(header, 0)
    yield from _container_lines(document, 0)


def _container_lines(container: Any, depth: int) -> Iterator[Line]:
    """The lines of a body, header or cell; an empty paragraph widens the next gap."""
    gap = 1.0
    for block in container.iter_inner_content():
        if isinstance(block, Table):
            lines = list(_table_lines(block, depth + 1)) if depth < _MAX_NESTING else []
        else:
            lines = list(_paragraph_lines(block))
        if not any(line.cells for line in lines):
            gap = _FAR
            continue
        for line in lines:
            yield _with_gap(line, gap)
            gap = 1.0


def _with_gap(line: Line, gap: float) -> Line:
    return replace(line, gap=max(gap, line.gap))


def _table_lines(table: Table, depth: int) -> Iterator[Line]:
    """Rows are lines; where two cells hold much, the table is a layout and read by columns."""
    columns: dict[int, list[Line]] = {}
    for row in table.rows:
        cells = list({id(cell._tc): cell for cell in row.cells}.values())  # noqa: SLF001  merged cells repeat
        contents = [_cell_lines(cell, depth) for cell in cells]
        if sum(len(lines) >= _MANY_LINES for lines in contents) > 1:
            for number, lines in enumerate(contents):
                columns.setdefault(number, []).extend(lines)
            continue
        for number in sorted(columns):
            yield from columns.pop(number)
        yield from _merged(contents)
    for number in sorted(columns):
        yield from columns[number]


def _cell_lines(cell: _Cell, depth: int) -> list[Line]:
    return [line for line in _container_lines(cell, depth) if line.cells]


def _merged(contents: list[list[Line]]) -> Iterator[Line]:
    """Cells side by side as lines of cells, first lines together, then second ones."""
    for number in range(max(map(len, contents), default=0)):
        present = [lines[number] for lines in contents if number < len(lines)]
        first = present[0]
        yield replace(first, cells=tuple(text for line in present for text in line.cells))


def _paragraph_lines(paragraph: Paragraph) -> Iterator[Line]:
    style = paragraph.style  # looked up by each access, and slowly
    name = (style.name or "").casefold() if style is not None else ""
    font = style.font if style is not None else None
    runs = _runs(paragraph)
    before = paragraph.paragraph_format.space_before
    whole = Line(
        cells=(),
        size=_size(runs, font),
        bold=_is(runs, font, "bold"),
        italic=_is(runs, font, "italic"),
        level=_level(name),
        gap=_FAR if before is not None and before.pt >= 6 else 1.0,
    )
    listed = _is_listed(paragraph, name)
    for number, part in enumerate(_text(paragraph).split("\n")):
        bullet, rest = split_bullet(part.strip())
        yield replace(
            whole,
            cells=tuple(cell for cell in map(clean, rest.split("\t")) if cell),
            bullet=bullet or (listed and number == 0),
            gap=whole.gap if number == 0 else 1.0,
        )
    for box in _boxes(paragraph):
        yield from _container_lines(box, _MAX_NESTING)


def _text(paragraph: Paragraph) -> str:
    return "".join(part.text for part in paragraph.iter_inner_content())


def _is_listed(paragraph: Paragraph, style: str) -> bool:
    properties = paragraph._p.pPr  # noqa: SLF001  python-docx has no public reading of numbering
    numbered = properties is not None and properties.numPr is not None
    return numbered or style.startswith(("list bullet", "list number", "aufzählung"))


def _level(style: str) -> int:
    if style in _TITLE_STYLES:
        return 1
    if style.startswith(_HEADING_STYLES):
        digits = "".join(c for c in style if c.isdigit())
        return min(6, int(digits)) if digits else 1
    return 0


def _runs(paragraph: Paragraph) -> list[Any]:
    runs: list[Any] = []
    for part in paragraph.iter_inner_content():
        runs.extend(part.runs if isinstance(part, Hyperlink) else [part])
    return [run for run in runs if run.text.strip()]


def _is(runs: list[Any], font: Any, attribute: str) -> bool:
    """Whether the first words are bold or italic, by run, then by paragraph style."""
    own = getattr(runs[0], attribute) if runs else False
    return bool(getattr(font, attribute, False) if own is None else own)


def _size(runs: list[Any], font: Any) -> float:
    sizes = [run.font.size for run in runs if run.font.size is not None]
    if not sizes and font is not None and font.size is not None:
        sizes = [font.size]
    return float(max(sizes).pt) if sizes else 0.0


class _Box:
    """A text box's content, walked like a cell."""

    def __init__(self, element: Any, parent: Paragraph) -> None:
        self._element = element
        self._parent = parent

    def iter_inner_content(self) -> Iterator[Paragraph | Table]:
        for child in self._element:
            if child.tag == qn("w:p"):
                yield Paragraph(child, self._parent)
            elif child.tag == qn("w:tbl"):
                yield Table(child, self._parent)


def _boxes(paragraph: Paragraph) -> Iterator[_Box]:
    """Text boxes anchored here; the fallback copy for old readers is left out."""
    for content in paragraph._p.iter(qn("w:txbxContent")):  # noqa: SLF001  text boxes have no public reading
        if not any(parent.tag.endswith("}Fallback") for parent in content.iterancestors()):
            yield _Box(content, paragraph)


def _links(document: Any) -> list[str]:
    relations = document.part.rels.values()
    found = [r.target_ref for r in relations if r.is_external and "hyperlink" in r.reltype]
    return list(dict.fromkeys(found))
