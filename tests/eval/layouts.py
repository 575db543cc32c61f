"""Layouts that the importer was not built against, drawn with headings in the resume's language.

Dates are figures ("03/2018"), so that a layout is not about the names of months.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final, NamedTuple

import docx
from libs.resume.tests.documents import Pen, draw, saved
from reportlab.pdfgen.canvas import Canvas
from tests.eval.golden import Person

from resume_core.model import Education


class Headings(NamedTuple):
    """What a language calls the parts of a resume."""

    work: str
    education: str
    skills: str
    projects: str
    now: str


_HEADINGS: Final[Mapping[str, Headings]] = MappingProxyType(
    {
        "en": Headings("Career History", "Academic Background", "Core Skills", "Projects", "today"),
        "de": Headings("Beruflicher Werdegang", "Ausbildung", "Kenntnisse", "Projekte", "heute"),
        "fr": Headings("Parcours professionnel", "Formation", "Compétences", "Projets", "présent"),
        "es": Headings(
            "Trayectoria profesional", "Formación", "Conocimientos", "Proyectos", "actualidad"
        ),
        "sv": Headings("Arbetslivserfarenhet", "Utbildning", "Kunskaper", "Projekt", "nu"),
    }
)


def pdf_side_right(person: Person) -> bytes:
    """A narrow column on the right for contacts and skills; "Title, employer" under the dates."""
    resume, headings = person.resume, _HEADINGS[person.language]

    def paint(canvas: Canvas) -> None:
        side = Pen(canvas, 430, 120, 760)
        for contact in (resume.basics.email, resume.basics.phone):
            side.line(contact or "", size=8)
        side.gap(12)
        side.line(headings.skills, size=12, bold=True)
        for word in (word for group in resume.skills for word in group.keywords):
            side.line(word, size=9)
        pen = Pen(canvas, 50, 350)
        pen.line(resume.basics.name or "", size=22, bold=True)
        pen.line(resume.basics.label or "", size=11)
        pen.gap(12)
        pen.line(headings.work, size=13, bold=True)
        for job in resume.work:
            pen.line(_span(job.start_date, job.end_date, headings.now), size=9)
            pen.line(f"{job.position}, {job.name}", bold=True)
            for bullet in job.highlights:
                pen.text(bullet, indent=14, bullet=True)
            pen.gap()
        pen.line(headings.education, size=13, bold=True)
        for entry in resume.education:
            pen.line(_span(entry.start_date, entry.end_date, headings.now), size=9)
            pen.line(_degree(entry), bold=True)
            pen.line(entry.institution or "")
            pen.gap()

    return draw(paint)


def docx_bars(person: Person) -> bytes:
    """Everything of a job on one line between bars; list bullets."""
    resume, headings = person.resume, _HEADINGS[person.language]
    document = docx.Document()
    document.add_paragraph(resume.basics.name or "", style="Title")
    document.add_paragraph(f"{resume.basics.email} | {resume.basics.phone}")
    document.add_paragraph(headings.skills, style="Heading 1")
    for word in (word for group in resume.skills for word in group.keywords):
        document.add_paragraph(word, style="List Bullet")
    document.add_paragraph(headings.work, style="Heading 1")
    for job in resume.work:
        span = _span(job.start_date, job.end_date, headings.now)
        document.add_paragraph().add_run(f"{job.name} | {job.position} | {span}").bold = True
        for bullet in job.highlights:
            document.add_paragraph(bullet, style="List Bullet")
    document.add_paragraph(headings.education, style="Heading 1")
    for entry in resume.education:
        span = _span(entry.start_date, entry.end_date, headings.now)
        document.add_paragraph(f"{entry.institution} | {_degree(entry)} | {span}")
    return saved(document)


def text_dates_first(person: Person) -> bytes:
    """Plain text: a line of dates, then the employer, then the title; bullets are dashes."""
    resume, headings = person.resume, _HEADINGS[person.language]
    lines = [resume.basics.name or "", resume.basics.email or "", resume.basics.phone or "", ""]
    lines += [headings.work, "-" * len(headings.work)]
    for job in resume.work:
        span = _span(job.start_date, job.end_date, headings.now)
        lines += [span, job.name or "", job.position or ""]
        lines += [*(f"  - {bullet}" for bullet in job.highlights), ""]
    lines += [headings.education, "-" * len(headings.education)]
    for entry in resume.education:
        span = _span(entry.start_date, entry.end_date, headings.now)
        lines += [span, entry.institution or "", _degree(entry), ""]
    lines += [headings.skills, "-" * len(headings.skills)]
    lines += [word for group in resume.skills for word in group.keywords]
    return "\n".join(lines).encode()


def _span(start: str | None, end: str | None, now: str) -> str:
    return f"{_date(start)} - {_date(end) if end else now}"


def _date(date: str | None) -> str:
    """A date as month and year in figures."""
    year, _, month = (date or "").partition("-")
    return f"{month[:2]}/{year}" if month else year


def _degree(entry: Education) -> str:
    return f"{entry.study_type}, {entry.area}" if entry.area else entry.study_type or ""


HELD_OUT_LAYOUTS: Final[dict[str, tuple[str, Callable[[Person], bytes]]]] = {
    "new: pdf, column right": ("cv.pdf", pdf_side_right),
    "new: docx, bars": ("cv.docx", docx_bars),
    "new: text, dates first": ("cv.txt", text_dates_first),
}
