"""Labelled resumes, and the layouts that people pour them into, drawn as PDF, DOCX and text.

The people, employers and schools are inventions. A layout draws a resume the way a common
template does; which fields stand where is the layout's business, what they say the label's.
"""

import io
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import docx
from docx.shared import Pt
from reportlab.lib.pagesizes import A4
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

from resume_core.dates import shorten
from resume_core.jsonresume import parse_json_resume
from resume_core.model import Education, Resume

DASH: Final = "\u2013"


_PEOPLE: Final = Path(__file__).with_name("people.json")
PEOPLE: Final = tuple(map(parse_json_resume, json.loads(_PEOPLE.read_text(encoding="utf-8"))))


def span(start: str | None, end: str | None, *, ongoing: bool = True) -> str:
    """A written span; only an end, as people write a graduation, stands alone."""
    if not start or (not end and not ongoing):
        return shorten(end or start or "2000")
    return f"{shorten(start or '')} {DASH} {shorten(end) if end else 'Present'}"


def degree(entry: Education) -> str:
    """A degree with its field, as people write it."""
    return f"{entry.study_type} in {entry.area}" if entry.area else entry.study_type or ""


@dataclass
class Pen:
    """Draws lines of text on a PDF page, in one column."""

    canvas: Canvas
    left: float
    width: float
    y: float = 780.0
    bottom: float = 60.0

    def line(self, text: str, *, size: float = 10, bold: bool = False, right: str = "") -> None:
        self._fresh()
        font = "Helvetica-Bold" if bold else "Helvetica"
        self.canvas.setFont(font, size)
        self.canvas.drawString(self.left, self.y, text)
        if right:
            self.canvas.setFont("Helvetica", size)
            self.canvas.drawRightString(self.left + self.width, self.y, right)
        self.y -= size * 1.3

    def text(self, text: str, *, indent: float = 0, bullet: bool = False, size: float = 10) -> None:
        """A paragraph or bullet, wrapped at the column's width."""
        words, row = text.split(), ""
        if bullet:
            self.canvas.setFont("Helvetica", size)
            self._fresh()
            self.canvas.drawString(self.left + indent - 10, self.y, "\u2022")
        for word in words:
            longer = f"{row} {word}".strip()
            if stringWidth(longer, "Helvetica", size) > self.width - indent:
                self._put(row, indent, size)
                row = word
            else:
                row = longer
        self._put(row, indent, size)

    def gap(self, points: float = 6) -> None:
        self.y -= points

    def _put(self, row: str, indent: float, size: float) -> None:
        self._fresh()
        self.canvas.setFont("Helvetica", size)
        self.canvas.drawString(self.left + indent, self.y, row)
        self.y -= size * 1.3

    def _fresh(self) -> None:
        if self.y < self.bottom:
            self.canvas.showPage()
            self.y = 780.0


def draw(paint: Callable[[Canvas], None]) -> bytes:
    """A PDF of what `paint` draws."""
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=A4, invariant=True)
    paint(canvas)
    canvas.save()
    return buffer.getvalue()


def pdf_one_column(person: Resume) -> bytes:
    """Title and dates on one line, employer and place below."""

    def paint(canvas: Canvas) -> None:
        pen = Pen(canvas, 60, 475)
        _head(pen, person)
        pen.line("EXPERIENCE", size=12, bold=True)
        for job in person.work:
            pen.line(job.position or "", bold=True, right=span(job.start_date, job.end_date))
            pen.line(_joined(job.name, job.location))
            for bullet in job.highlights:
                pen.text(bullet, indent=14, bullet=True)
            pen.gap()
        _education(pen, person, "EDUCATION")
        _skills(pen, person, "SKILLS")

    return draw(paint)


def pdf_company_first(person: Resume) -> bytes:
    """Employer and place on one line, title and dates below; no summary."""

    def paint(canvas: Canvas) -> None:
        pen = Pen(canvas, 60, 475)
        _head(pen, person, summary=False)
        _education(pen, person, "Education")
        pen.line("Professional Experience", size=13, bold=True)
        for job in person.work:
            pen.line(job.name or "", bold=True, right=job.location or "")
            pen.line(job.position or "", right=span(job.start_date, job.end_date))
            for bullet in job.highlights:
                pen.text(bullet, indent=14, bullet=True)
            pen.gap()
        _skills(pen, person, "Technical Skills")

    return draw(paint)


def pdf_two_columns(person: Resume) -> bytes:
    """A narrow column with contacts, skills and education; work in the wide one."""

    def paint(canvas: Canvas) -> None:
        canvas.setFont("Helvetica-Bold", 24)
        canvas.drawString(50, 790, person.basics.name or "")
        canvas.setFont("Helvetica", 12)
        canvas.drawString(50, 772, person.basics.label or "")
        side = Pen(canvas, 50, 140, 740)
        side.line("CONTACT", size=12, bold=True)
        for contact in (person.basics.email, person.basics.phone, _city(person)):
            side.line(contact or "", size=8.5)
        side.gap(10)
        side.line("SKILLS", size=12, bold=True)
        for group in person.skills:
            side.line(group.name or "", size=9, bold=True)
            for word in group.keywords:
                side.line(word, size=9)
        side.gap(10)
        side.line("EDUCATION", size=12, bold=True)
        for entry in person.education:
            side.text(degree(entry), size=9)
            side.text(entry.institution or "", size=9)
            side.text(_studied(entry), size=9)
            side.gap(8)
        main = Pen(canvas, 220, 325, 740)
        if person.basics.summary:
            main.line("PROFILE", size=12, bold=True)
            main.text(person.basics.summary)
            main.gap(10)
        main.line("WORK EXPERIENCE", size=12, bold=True)
        for job in person.work:
            main.line(job.position or "", bold=True)
            main.line(_joined(job.name, job.location, by=" | "))
            main.line(span(job.start_date, job.end_date), size=9)
            for bullet in job.highlights:
                main.text(bullet, indent=14, bullet=True)
            main.gap()

    return draw(paint)


def pdf_dates_left(person: Resume) -> bytes:
    """Dates in the left margin, as moderncv does; all on one baseline."""

    def paint(canvas: Canvas) -> None:
        pen = Pen(canvas, 150, 390)
        _head(pen, person)
        pen.line("Experience", size=14, bold=True)
        for job in person.work:
            canvas.setFont("Helvetica", 9)
            canvas.drawString(45, pen.y, span(job.start_date, job.end_date))
            pen.line(_joined(job.position, job.name, job.location), bold=True)
            for bullet in job.highlights:
                pen.text(bullet, indent=14, bullet=True)
            pen.gap()
        pen.line("Education", size=14, bold=True)
        for entry in person.education:
            canvas.setFont("Helvetica", 9)
            canvas.drawString(45, pen.y, _studied(entry))
            pen.line(f"{degree(entry)}, {entry.institution}", bold=True)
        pen.gap()
        _skills(pen, person, "Skills")

    return draw(paint)


def docx_headings(person: Resume) -> bytes:
    """Word's own styles: headings, list bullets, a tab before the dates."""
    document = docx.Document()
    document.add_heading(person.basics.name or "", level=0)
    document.add_paragraph(_contact_line(person))
    document.add_heading("Work Experience", level=1)
    for job in person.work:
        document.add_heading(f"{job.position}, {job.name}", level=2)
        document.add_paragraph(_joined(job.location, span(job.start_date, job.end_date), by="\t"))
        for bullet in job.highlights:
            document.add_paragraph(bullet, style="List Bullet")
    document.add_heading("Education", level=1)
    for entry in person.education:
        document.add_paragraph(f"{degree(entry)}, {entry.institution}\t{entry.end_date}")
    document.add_heading("Skills", level=1)
    for group in person.skills:
        document.add_paragraph(f"{group.name}: {', '.join(group.keywords)}")
    return saved(document)


def docx_plain_bold(person: Resume) -> bytes:
    """No styles at all: bold capitals for headings, bold employers, typed bullets."""
    document = docx.Document()
    run = document.add_paragraph().add_run(person.basics.name or "")
    run.bold, run.font.size = True, Pt(20)
    document.add_paragraph(person.basics.label or "")
    document.add_paragraph(_contact_line(person))
    _bold(document, "PROFESSIONAL EXPERIENCE")
    for job in person.work:
        _bold(document, _joined(job.name, job.location, by=f" {DASH} "))
        document.add_paragraph(f"{job.position} ({span(job.start_date, job.end_date)})")
        for bullet in job.highlights:
            document.add_paragraph(f"- {bullet}")
    _bold(document, "EDUCATION")
    for entry in person.education:
        _bold(document, entry.institution or "")
        document.add_paragraph(f"{degree(entry)}, {_studied(entry)}")
    _bold(document, "SKILLS")
    document.add_paragraph(", ".join(word for g in person.skills for word in g.keywords))
    return saved(document)


def docx_table(person: Resume) -> bytes:
    """A two-column layout table: dates beside the work; contacts in the page header."""
    document = docx.Document()
    document.sections[0].header.paragraphs[0].text = _contact_line(person)
    run = document.add_paragraph().add_run(person.basics.name or "")
    run.bold, run.font.size = True, Pt(22)
    document.add_heading("Employment", level=1)
    table = document.add_table(rows=0, cols=2)
    for job in person.work:
        cells = table.add_row().cells
        cells[0].text = span(job.start_date, job.end_date)
        cells[1].text = _joined(job.position, job.name, job.location)
        for bullet in job.highlights:
            cells[1].add_paragraph(bullet, style="List Bullet")
    document.add_heading("Education", level=1)
    table = document.add_table(rows=0, cols=2)
    for entry in person.education:
        cells = table.add_row().cells
        cells[0].text = _studied(entry)
        cells[1].text = f"{degree(entry)}, {entry.institution}"
    document.add_heading("Skills", level=1)
    for group in person.skills:
        document.add_paragraph(f"{group.name}: {', '.join(group.keywords)}")
    return saved(document)


def text_capitals(person: Resume) -> bytes:
    """Plain text, wrapped by hand at 78 characters."""
    lines = [person.basics.name or "", person.basics.label or "", _contact_line(person), ""]
    if person.basics.summary:
        lines += ["SUMMARY", person.basics.summary, ""]
    lines += ["WORK EXPERIENCE", ""]
    for job in person.work:
        lines += [
            _joined(job.name, job.location),
            f"{job.position}, {span(job.start_date, job.end_date)}",
        ]
        for bullet in job.highlights:
            lines += _wrapped(f"* {bullet}")
        lines.append("")
    lines += ["EDUCATION", ""]
    for entry in person.education:
        lines += [
            f"{entry.institution}",
            f"{degree(entry)}, {_studied(entry)}",
            "",
        ]
    lines += ["SKILLS", *(f"{g.name}: {', '.join(g.keywords)}" for g in person.skills)]
    return "\n".join(lines).encode()


def markdown(person: Resume) -> bytes:
    """Markdown with headings for sections and entries."""
    lines = [
        f"# {person.basics.name}",
        "",
        f"*{person.basics.label}*",
        "",
        _contact_line(person),
        "",
    ]
    lines += ["## Experience", ""]
    for job in person.work:
        lines += [
            f"### {job.position} @ {job.name}",
            "",
            _joined(f"*{span(job.start_date, job.end_date)}*", job.location, by=" | "),
            "",
        ]
        lines += [*(f"- {bullet}" for bullet in job.highlights), ""]
    lines += ["## Education", ""]
    for entry in person.education:
        lines += [
            f"**{entry.institution}**, {degree(entry)} ({_studied(entry)})",
            "",
        ]
    lines += ["## Skills", "", *(f"- **{g.name}:** {', '.join(g.keywords)}" for g in person.skills)]
    return "\n".join(lines).encode()


LAYOUTS: Final[dict[str, tuple[str, Callable[[Resume], bytes]]]] = {
    "pdf, one column": ("cv.pdf", pdf_one_column),
    "pdf, company first": ("cv.pdf", pdf_company_first),
    "pdf, two columns": ("cv.pdf", pdf_two_columns),
    "pdf, dates left": ("cv.pdf", pdf_dates_left),
    "docx, headings": ("cv.docx", docx_headings),
    "docx, plain bold": ("cv.docx", docx_plain_bold),
    "docx, table": ("cv.docx", docx_table),
    "text, capitals": ("cv.txt", text_capitals),
    "markdown": ("cv.md", markdown),
}


def saved(document: Any) -> bytes:
    """A DOCX as bytes."""
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def _studied(entry: Education) -> str:
    return span(entry.start_date, entry.end_date, ongoing=False)


def _joined(*parts: str | None, by: str = ", ") -> str:
    return by.join(part for part in parts if part)


def _bold(document: Any, text: str) -> None:
    document.add_paragraph().add_run(text).bold = True


def _city(person: Resume) -> str:
    return (person.basics.location.city or "") if person.basics.location else ""


def _contact_line(person: Resume) -> str:
    return _joined(_city(person), person.basics.phone, person.basics.email, by=" | ")


def _head(pen: Pen, person: Resume, *, summary: bool = True) -> None:
    pen.line(person.basics.name or "", size=22, bold=True)
    pen.line(person.basics.label or "", size=11)
    pen.line(_contact_line(person), size=9)
    pen.gap()
    if summary and person.basics.summary:
        pen.line("Summary" if pen.left > 100 else "SUMMARY", size=12, bold=True)
        pen.text(person.basics.summary)
        pen.gap()


def _education(pen: Pen, person: Resume, title: str) -> None:
    pen.line(title, size=12 if title.isupper() else 13, bold=True)
    for entry in person.education:
        pen.line(entry.institution or "", bold=True, right=_studied(entry))
        pen.line(degree(entry))
        pen.gap()


def _skills(pen: Pen, person: Resume, title: str) -> None:
    pen.line(title, size=12 if title.isupper() else 13, bold=True)
    for group in person.skills:
        pen.text(f"{group.name}: {', '.join(group.keywords)}")


def _wrapped(text: str) -> list[str]:
    rows, row = [], ""
    for word in text.split():
        if row and len(row) + len(word) > 77:
            rows.append(row)
            row = f"  {word}"
        else:
            row = f"{row} {word}" if row else word
    return [*rows, row]
