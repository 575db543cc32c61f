"""PDF to lines: pdfium's characters and their boxes, put together by where they stand."""

import ctypes
import statistics
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any, Final

import pypdfium2
from pypdfium2 import raw

from resume_core.importing.columns import Segment, flows_of
from resume_core.importing.layout import Document, Line, clean, split_bullet
from resume_core.importing.report import ImportLimits, ImportRefusedError

#: Gaps between characters, in font sizes: a space, and the start of another cell.
_SPACE: Final = 0.17
_CELL: Final = 1.5
#: Side of a list marker drawn as a shape, in points.
_DOT: Final = (1.5, 6.5)
_SAME_ROW: Final = 0.35
_MIN_CHARACTERS: Final = 40
_BOLD_WEIGHT: Final = 600
_BOLD_NAMES: Final = ("bold", "black", "heavy", "semibold", "demi", "cmbx", "sfbx")


@dataclass(frozen=True, slots=True)
class _Glyph:
    char: str
    x0: float
    x1: float
    y: float
    size: float
    index: int


def read_pdf(data: bytes, limits: ImportLimits) -> Document:
    """The lines of a PDF in reading order, columns one after the other.

    Raises:
        ImportRefusedError: encrypted, damaged, too long, empty, scanned, or with fonts that hide
            which letters they draw.
    """
    pdf = _open(data)
    try:
        if len(pdf) > limits.pages:
            message = f"The PDF has {len(pdf)} pages; {limits.pages} are the most."
            raise ImportRefusedError("resume_too_large", message)
        rows: list[list[Segment]] = []
        links: list[str] = []
        images = 0
        for number in range(len(pdf)):
            page = pdf[number]
            rows.append(list(_segments(page, number + 1)))
            images += any(True for _ in page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE]))
            links += _links(pdf, page)
    except pypdfium2.PdfiumError:
        raise _damaged() from None
    finally:
        pdf.close()
    _refuse_without_text(rows, images)
    flows, columns = flows_of(_without_footers(rows))
    lines = [
        line for number, flow in enumerate(flows) for line in _lines(flow, number) if line.text
    ]
    return Document(tuple(lines), True, len(rows), columns, tuple(dict.fromkeys(links)))


def _open(data: bytes) -> Any:
    try:
        return pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if error.err_code == raw.FPDF_ERR_PASSWORD:
            message = "The PDF is protected by a password. Please save it without one."
            raise ImportRefusedError("resume_encrypted", message) from None
        raise _damaged() from None


def _damaged() -> ImportRefusedError:
    return ImportRefusedError("resume_unreadable", "The PDF is damaged and cannot be read.")


def _refuse_without_text(pages: list[list[Segment]], images: int) -> None:
    text = "".join(segment.text for page in pages for segment in page)
    letters = sum(c.isalnum() for c in text)
    if letters >= _MIN_CHARACTERS:
        unknown = sum(c == "\ufffd" for c in text)
        if unknown > len(text) * 0.2:
            message = "The PDF does not say which letters it draws. Please send DOCX or text."
            raise ImportRefusedError("resume_unreadable", message)
        return
    if images:
        message = "The PDF holds pictures of pages and no text. Please send one with text."
        raise ImportRefusedError("resume_scanned", message)
    raise ImportRefusedError("resume_empty", "The PDF holds no text.")


def _glyphs(textpage: Any, height: float) -> Iterator[_Glyph]:
    box, matrix = raw.FS_RECTF(), raw.FS_MATRIX()
    x, y = ctypes.c_double(), ctypes.c_double()
    for index in range(textpage.count_chars()):
        if raw.FPDFText_IsGenerated(textpage, index) == 1:
            continue  # white space that pdfium guessed; the boxes say it better
        code = raw.FPDFText_GetUnicode(textpage, index)
        if not (0 < code <= 0x10FFFF) or 0xD800 <= code < 0xE000:
            continue
        if not raw.FPDFText_GetLooseCharBox(textpage, index, box):
            continue
        raw.FPDFText_GetCharOrigin(textpage, index, x, y)
        raw.FPDFText_GetMatrix(textpage, index, matrix)
        scale = abs(matrix.d) or abs(matrix.b) or 1.0
        size = raw.FPDFText_GetFontSize(textpage, index) * scale
        yield _Glyph(chr(code), box.left, box.right, height - y.value, size or 1.0, index)


def _rows(glyphs: Iterable[_Glyph]) -> Iterator[list[_Glyph]]:
    """Glyphs that share a baseline, each row from left to right, without double strikes."""
    row: list[_Glyph] = []
    for glyph in sorted(glyphs, key=lambda g: (g.y, g.x0)):
        if row and glyph.y - row[0].y > _SAME_ROW * min(glyph.size, row[0].size):
            yield sorted(row, key=lambda g: g.x0)
            row = []
        row.append(glyph)
    if row:
        yield sorted(row, key=lambda g: g.x0)


def _segments(page: Any, number: int) -> Iterator[Segment]:
    """The runs of text of a page: parts of rows that no wide gap interrupts."""
    textpage = page.get_textpage()
    width, height = page.get_size()
    dots = _drawn_dots(page, height)
    for row in _rows(_glyphs(textpage, height)):
        for run in _runs(row):
            segment = _segment(textpage, run, _spaced_text(run), width)
            yield replace(_with_dot(segment, dots), page=number)
    textpage.close()


def _runs(row: list[_Glyph]) -> Iterator[list[_Glyph]]:
    """Parts of a row between wide gaps, spaces included; a bullet stays with its text."""
    run: list[_Glyph] = []
    for glyph in row:
        if glyph.char.isspace():
            if run:
                run.append(glyph)
            continue
        drawn = [g for g in run if not g.char.isspace()]
        if drawn and _struck_twice(drawn[-1], glyph):
            continue
        is_bullet = len(drawn) == 1 and split_bullet(f"{drawn[0].char} x")[0]
        if drawn and glyph.x0 - drawn[-1].x1 > _CELL * glyph.size and not is_bullet:
            yield run
            run = []
        run.append(glyph)
    if run:
        yield run


def _spaced_text(run: list[_Glyph]) -> str:
    """The text of a run: spaces as drawn, and where a gap is wide, letter-spacing allowed for."""
    drawn = [glyph for glyph in run if not glyph.char.isspace()]
    gaps = [(b.x0 - a.x1) / b.size for a, b in pairwise(drawn)]
    spread = statistics.median(gaps) if len(gaps) > 3 else 0.0
    wide = _SPACE + max(0.0, spread)
    spaces = spread < _SPACE  # in spaced-out text, drawn spaces say nothing
    text, before = "", None
    for glyph in run:
        if glyph.char.isspace():
            text += " " if spaces else ""
            continue
        gapped = before is not None and glyph.x0 - before.x1 > wide * glyph.size
        text += (" " if gapped else "") + glyph.char
        before = glyph
    return text


def _drawn_dots(page: Any, height: float) -> list[tuple[float, float, float]]:
    """List markers that are drawn as shapes: left and right edge, and middle from the top."""
    dots = []
    for shape in page.get_objects(filter=[raw.FPDF_PAGEOBJ_PATH]):
        left, bottom, right, top = shape.get_bounds()
        wide, high = right - left, top - bottom
        if all(_DOT[0] <= side <= _DOT[1] for side in (wide, high)) and wide < 2 * high < 4 * wide:
            dots.append((left, right, height - (top + bottom) / 2))
    return dots


def _with_dot(segment: Segment, dots: list[tuple[float, float, float]]) -> Segment:
    for left, right, middle in dots:
        before = 0 < segment.x0 - right < 2.5 * segment.size
        if before and 0 < segment.y - middle < segment.size and not segment.bullet:
            return replace(segment, bullet=True, x0=left)
    return segment


def _struck_twice(before: _Glyph, glyph: _Glyph) -> bool:
    """Whether a letter is drawn again to look bold; the letters of a ligature are neighbours."""
    near = abs(glyph.x0 - before.x0) < 0.1 * glyph.size and glyph.char == before.char
    return near and abs(glyph.index - before.index) > 1


def _segment(textpage: Any, run: list[_Glyph], text: str, page_width: float) -> Segment:
    bullet, rest = split_bullet(text.strip())
    run = [glyph for glyph in run if not glyph.char.isspace()]
    body = run[1:] if bullet and len(run) > 1 else run
    bold, italic = _style(textpage, body[0].index)
    return Segment(
        text=clean(rest),
        bullet=bullet,
        x0=run[0].x0,
        text_x0=body[0].x0,
        x1=run[-1].x1,
        y=statistics.median(g.y for g in run),
        size=statistics.median(g.size for g in body),
        bold=bold,
        italic=italic,
        page_width=page_width,
    )


def _style(textpage: Any, index: int) -> tuple[bool, bool]:
    name, flags = ctypes.create_string_buffer(128), ctypes.c_int()
    raw.FPDFText_GetFontInfo(textpage, index, name, len(name), flags)
    font = name.value.decode("latin-1").casefold()
    bold = raw.FPDFText_GetFontWeight(textpage, index) >= _BOLD_WEIGHT
    return bold or any(part in font for part in _BOLD_NAMES), "ital" in font or "obliq" in font


def _links(pdf: Any, page: Any) -> Iterator[str]:
    position, link = ctypes.c_int(0), raw.FPDF_LINK()
    while raw.FPDFLink_Enumerate(page, position, link):
        action = raw.FPDFLink_GetAction(link)
        if not action:
            continue
        size = raw.FPDFAction_GetURIPath(pdf, action, None, 0)
        buffer = ctypes.create_string_buffer(size)
        raw.FPDFAction_GetURIPath(pdf, action, buffer, size)
        yield buffer.value.decode("utf-8", errors="ignore")


def _without_footers(pages: list[list[Segment]]) -> list[list[Segment]]:
    """Drop what stands at the same height on several pages and differs in digits only.

    On the first page the repeated name is the resume's own heading: only page numbers go there.
    """
    seen = Counter(stamp for page in pages for stamp in {segment.stamp for segment in page})
    return [
        [s for s in page if seen[s.stamp] < 2 or (number == 0 and "#" not in s.stamp[0])]
        for number, page in enumerate(pages)
    ]


def _lines(flow: list[list[Segment]], number: int) -> Iterator[Line]:
    """The rows of one flow (its pages' segments in order) as lines with their distances."""
    rows = [row for page in flow for row in _by_baseline(page)]
    pitches = sorted(b[0].y - a[0].y for a, b in pairwise(rows) if b[0].y > a[0].y)
    pitch = pitches[len(pitches) // 4] if pitches else 1.0  # lines within paragraphs, not between
    above: Segment | None = None
    for row in rows:
        first = row[0]
        fresh = above is None or first.y < above.y
        line = Line(
            cells=tuple(segment.text for segment in row),
            bullet=first.bullet,
            x0=first.x0,
            text_x0=first.text_x0,
            x1=first.x1,
            right=row[-1].x1,
            size=first.size,
            bold=first.bold,
            italic=first.italic,
            page=first.page,
            gap=1.0 if fresh or above is None else (first.y - above.y) / pitch,
            flow=number,
        )
        yield replace(line, cells=tuple(cell for cell in line.cells if cell))
        above = first


def _by_baseline(segments: list[Segment]) -> Iterator[list[Segment]]:
    row: list[Segment] = []
    for segment in sorted(segments, key=lambda s: (s.y, s.x0)):
        if row and segment.y - row[0].y > _SAME_ROW * min(segment.size, row[0].size):
            yield sorted(row, key=lambda s: s.x0)
            row = []
        row.append(segment)
    if row:
        yield sorted(row, key=lambda s: s.x0)
