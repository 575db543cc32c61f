# noqa: INP001  a script, no package
"""Write `resume.pdf`, `resume.docx` and `resume.txt` from `resume.json`, the same bytes each time.

Needs reportlab and python-docx (development tools): `python deploy/samples/make.py`.
"""

import io
import json
import zipfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final
from xml.sax.saxutils import escape

import docx
from docx.enum.text import WD_TAB_ALIGNMENT
from docx.shared import Cm, Pt
from reportlab.lib.enums import TA_RIGHT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import cm
from reportlab.platypus import Flowable, Paragraph, SimpleDocTemplate, Spacer, Table

from resume_core.dates import shorten
from resume_core.jsonresume import parse_json_resume
from resume_core.model import Resume
from resume_core.render import to_text

_HERE: Final = Path(__file__).parent
_WRITTEN: Final = datetime(2026, 11, 1, tzinfo=UTC)
_DASH: Final = "\u2013"
_BODY: Final = ParagraphStyle("body", fontName="Helvetica", fontSize=10, leading=13)
_RIGHT: Final = ParagraphStyle("right", parent=_BODY, alignment=TA_RIGHT)
_BULLET: Final = ParagraphStyle("bullet", parent=_BODY, leftIndent=14, bulletIndent=4)
_NAME: Final = ParagraphStyle("name", fontName="Helvetica-Bold", fontSize=22, leading=28)
_HEADING: Final = ParagraphStyle(
    "heading", fontName="Helvetica-Bold", fontSize=13, leading=16, spaceBefore=11, spaceAfter=3
)


def main() -> None:
    """Write the three files beside this one."""
    resume = parse_json_resume(json.loads((_HERE / "resume.json").read_text(encoding="utf-8")))
    (_HERE / "resume.txt").write_text(to_text(resume), encoding="utf-8")
    (_HERE / "resume.pdf").write_bytes(to_pdf(resume))
    (_HERE / "resume.docx").write_bytes(to_docx(resume))


def to_pdf(resume: Resume) -> bytes:
    """One column, dates at the right margin."""
    buffer = io.BytesIO()
    document = SimpleDocTemplate(
        buffer,
        pagesize=A4,
        leftMargin=2 * cm,
        rightMargin=2 * cm,
        topMargin=1.8 * cm,
        bottomMargin=1.8 * cm,
        title=f"{resume.basics.name}: resume",
        author=resume.basics.name,
        invariant=True,
    )
    document.build(list(_story(resume)))
    return buffer.getvalue()


def to_docx(resume: Resume) -> bytes:
    """Real headings and lists, dates behind a right tab."""
    document = docx.Document()
    document.core_properties.created = document.core_properties.modified = _WRITTEN
    document.styles["Normal"].font.name = "Calibri"
    document.styles["Normal"].font.size = Pt(10.5)
    document.add_heading(resume.basics.name or "", level=0)
    document.add_paragraph(resume.basics.label or "")
    document.add_paragraph(_contacts(resume))
    document.add_heading("Profile", level=1)
    document.add_paragraph(resume.basics.summary or "")
    for title, entries in _sections(resume):
        document.add_heading(title, level=1)
        for head, right, sub, bullets in entries:
            if head:
                paragraph = document.add_paragraph()
                paragraph.paragraph_format.tab_stops.add_tab_stop(Cm(15.2), WD_TAB_ALIGNMENT.RIGHT)
                paragraph.add_run(head).bold = True
                paragraph.add_run(f"\t{right}" if right else "")
            if sub:
                document.add_paragraph(sub)
            for bullet in bullets:
                document.add_paragraph(bullet, style="List Bullet")
    buffer = io.BytesIO()
    document.save(buffer)
    return _without_times(buffer.getvalue())


_Entry = tuple[str, str, str, tuple[str, ...]]


def _story(resume: Resume) -> Iterator[Flowable]:
    yield Paragraph(escape(resume.basics.name or ""), _NAME)
    yield Paragraph(escape(resume.basics.label or ""), _BODY)
    yield Paragraph(escape(_contacts(resume)), _BODY)
    yield Paragraph("Profile", _HEADING)
    yield Paragraph(escape(resume.basics.summary or ""), _BODY)
    for title, entries in _sections(resume):
        yield Paragraph(title, _HEADING)
        for head, right, sub, bullets in entries:
            if head:
                bold = Paragraph(f"<b>{escape(head)}</b>", _BODY)
                columns = [12.2 * cm, 4.8 * cm]
                style = [
                    ("LEFTPADDING", (0, 0), (-1, -1), 0),
                    ("RIGHTPADDING", (0, 0), (-1, -1), 0),
                ]
                style += [
                    ("TOPPADDING", (0, 0), (-1, -1), 1),
                    ("BOTTOMPADDING", (0, 0), (-1, -1), 1),
                ]
                yield Table([[bold, Paragraph(right, _RIGHT)]], colWidths=columns, style=style)
            if sub:
                yield Paragraph(escape(sub), _BODY)
            for bullet in bullets:
                yield Paragraph(escape(bullet), _BULLET, bulletText="\u2022")
            yield Spacer(1, 4)


def _contacts(resume: Resume) -> str:
    basics = resume.basics
    place = basics.location
    town = f"{place.city}, {place.region}" if place else ""
    links = [basics.url, *(profile.url for profile in basics.profiles)]
    return " | ".join(part for part in (town, basics.email, basics.phone, *links) if part)


def _sections(resume: Resume) -> Iterator[tuple[str, list[_Entry]]]:
    readers: list[tuple[str, tuple[Any, ...], Callable[[Any], _Entry]]] = [
        ("Experience", resume.work, _work),
        ("Projects", resume.projects, _project),
        ("Education", resume.education, _education),
        ("Certifications", resume.certificates, _certificate),
        ("Skills", resume.skills, lambda s: ("", "", f"{s.name}: {', '.join(s.keywords)}", ())),
    ]
    for title, entries, read in readers:
        yield title, [read(entry) for entry in entries]
    spoken = ", ".join(f"{entry.language} ({entry.fluency})" for entry in resume.languages)
    yield "Languages", [("", "", spoken, ())]
    yield "Interests", [("", "", ", ".join(entry.name or "" for entry in resume.interests), ())]


def _work(entry: Any) -> _Entry:
    sub = f"{entry.name}, {entry.location}"
    return entry.position, _span(entry.start_date, entry.end_date), sub, entry.highlights


def _project(entry: Any) -> _Entry:
    technologies = f"Technologies: {', '.join(entry.keywords)}"
    bullets = (*entry.highlights, technologies)
    return entry.name, _span(entry.start_date, entry.end_date), entry.description, bullets


def _education(entry: Any) -> _Entry:
    head = f"{entry.study_type} in {entry.area}"
    return (
        head,
        _span(entry.start_date, entry.end_date),
        entry.institution,
        (f"Grade: {entry.score}",),
    )


def _certificate(entry: Any) -> _Entry:
    return "", "", f"{entry.name}, {entry.issuer} ({shorten(entry.date)})", ()


def _span(start: str, end: str | None) -> str:
    return f"{shorten(start)} {_DASH} {shorten(end) if end else 'Present'}"


def _without_times(data: bytes) -> bytes:
    """The archive with fixed times, so that the file changes only when its content does."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(buffer, "w") as target:
        for name in source.namelist():
            info = zipfile.ZipInfo(name, (2026, 11, 1, 0, 0, 0))
            target.writestr(info, source.read(name), compress_type=zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


if __name__ == "__main__":
    main()
