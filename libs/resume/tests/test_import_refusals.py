"""Files that give no resume: a clear code for each, and never a record."""

import io
import json
import zipfile

import docx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from resume_core.importing import ImportLimits, ImportRefusedError, import_resume

from .documents import LAYOUTS, PEOPLE, draw, saved

PDF = LAYOUTS["pdf, one column"][1](PEOPLE[0])
DOCX = LAYOUTS["docx, headings"][1](PEOPLE[0])


def refusal(data: bytes, name: str = "cv.pdf", limits: ImportLimits | None = None) -> str:
    with pytest.raises(ImportRefusedError) as caught:
        import_resume(data, name, limits)
    assert caught.value.message
    return caught.value.code


def encrypted_pdf() -> bytes:
    buffer = io.BytesIO()
    canvas = Canvas(buffer, encrypt=StandardEncryption("secret", ownerPassword="owner"))
    canvas.drawString(50, 800, "Ada Example")
    canvas.save()
    return buffer.getvalue()


def scanned_pdf() -> bytes:
    picture = ImageReader(Image.new("RGB", (300, 400), "white"))
    return draw(lambda canvas: canvas.drawImage(picture, 0, 0, 500, 700))


def pages(count: int) -> bytes:
    def paint(canvas: Canvas) -> None:
        for _ in range(count):
            canvas.drawString(50, 800, "A page")
            canvas.showPage()

    return draw(paint)


def archive(parts: dict[str, bytes]) -> bytes:
    """The DOCX with parts replaced or added."""
    buffer = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(DOCX)) as source,
        zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for name in source.namelist():
            if name not in parts:
                target.writestr(name, source.read(name))
        for name, data in parts.items():
            target.writestr(name, data)
    return buffer.getvalue()


ENTITY = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>'


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "resume_empty"),
        (b" \n\t ", "resume_empty"),
        (draw(lambda canvas: canvas.showPage()), "resume_empty"),
        (saved(docx.Document()), "resume_empty"),
        (scanned_pdf(), "resume_scanned"),
        (encrypted_pdf(), "resume_encrypted"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
            "resume_encrypted",
        ),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "resume_unsupported"),
        (b"\x89PNG\r\n\x1a\n" + bytes(50), "resume_unsupported"),
        (b"{\\rtf1 Ada}", "resume_unsupported"),
        (b"<!DOCTYPE html><html></html>", "resume_unsupported"),
        (bytes(range(256)) * 20, "resume_unsupported"),
        (b"%PDF-1.7\nnothing of the kind", "resume_unreadable"),
        (PDF[: len(PDF) // 2], "resume_unreadable"),
        (b"PK\x03\x04 torn", "resume_unreadable"),
        (DOCX[:-200], "resume_unreadable"),
        (archive({"word/document.xml": ENTITY}), "resume_unreadable"),
        (archive({"docProps/app.xml": ENTITY}), "resume_unreadable"),
        (archive({"word/document.xml": b"<torn"}), "resume_unreadable"),
        (archive({"word/media/bomb.bin": bytes(30_000_000)}), "resume_too_large"),
        (archive({f"word/media/{n}": b"x" for n in range(600)}), "resume_too_large"),
        (pages(21), "resume_too_large"),
        (b"x" * (5 * 1024 * 1024 + 1), "resume_too_large"),
        (("word " * 30_000).encode(), "resume_too_large"),
        (("word\n" * 5_000).encode(), "resume_too_large"),
        (("word " * 1_000).encode(), "resume_unrecognised"),
        (
            b"Lorem ipsum dolor sit amet, consetetur sadipscing elitr, sed diam nonumy.",
            "resume_unrecognised",
        ),
        (b"Shopping list\n\n- milk\n- bread\n", "resume_unrecognised"),
        (b"Ada Example\nada@example.com\n", "resume_unrecognised"),
        (b'{"basics": {"name": "Ada"}}', "resume_unrecognised"),
        (b'{"name": 1, "version": "1.0.0"}', "resume_unrecognised"),
    ],
)
def test_import_refuses(data: bytes, code: str) -> None:
    assert refusal(data) == code


def test_archive_without_a_document_is_unsupported() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as target:
        target.writestr("content.xml", "<office/>")
    assert refusal(buffer.getvalue(), "cv.docx") == "resume_unsupported"


def test_broken_json_is_unreadable_by_its_name_only() -> None:
    assert refusal(b'{"basics": ', "cv.json") == "resume_unreadable"


def test_json_nested_without_end_is_refused() -> None:
    assert refusal(b"[" * 200_000, "cv.json") == "resume_unreadable"


def test_json_too_long_for_us_is_too_large() -> None:
    data = {"basics": {"name": "Ada", "summary": "x" * 60_000}, "work": [{"name": "Acme"}]}
    assert refusal(json.dumps(data).encode(), "cv.json") == "resume_too_large"


def test_kind_is_told_by_content_and_not_by_name() -> None:
    assert import_resume(PDF, "cv.docx").format == "pdf"
    assert import_resume(DOCX, "cv.pdf").format == "docx"
    data = json.dumps({"basics": {"name": "Ada"}, "work": [{"name": "Acme"}]}).encode()
    assert import_resume(data, "cv.txt").format == "json"


def test_refusal_never_quotes_the_file() -> None:
    with pytest.raises(ImportRefusedError) as caught:
        import_resume(b'{"basics": {"name": ["canary-7"]}, "work": "canary-7"}', "canary-7.json")
    assert "canary" not in str(caught.value)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_damaged_file_is_read_or_refused(data: st.DataObject) -> None:
    whole = data.draw(st.sampled_from([PDF, DOCX]))
    at = data.draw(st.integers(0, len(whole) - 1))
    noise = data.draw(st.binary(min_size=1, max_size=40))
    try:
        imported = import_resume(whole[:at] + noise + whole[at + len(noise) :], "cv")
    except ImportRefusedError as error:
        assert error.code.startswith("resume_")  # noqa: PT017  either outcome is right
        return
    assert imported.resume.basics.name


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.one_of(
            st.sampled_from(
                [
                    "Experience",
                    "EDUCATION",
                    "Skills:",
                    "",
                    "- x",
                    "2019 - 2020",
                    "Ada Example",
                    "BSc",
                    "Languages",
                    "Acme, Berlin",
                    "# Work",
                    "---",
                    "a | b\tc",
                    "(",
                    ")",
                    "Publications",
                    "1. y",
                ]
            ),
            st.text(max_size=30),
        ),
        max_size=25,
    ),
    st.sampled_from(["cv.txt", "cv.md"]),
)
def test_any_text_is_read_or_refused(lines: list[str], name: str) -> None:
    try:
        imported = import_resume("\n".join(lines).encode("utf-8", errors="ignore"), name)
    except ImportRefusedError as error:
        assert error.code.startswith("resume_")  # noqa: PT017  either outcome is right
        return
    assert imported.resume.basics.name
    assert all(0 <= doubt.confidence <= 1 for doubt in imported.report.doubts)
