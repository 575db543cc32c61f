"""What the files are besides their text: metadata, paper, language, direction, styles."""

import io
from typing import Any

import docx
import pytest
from docx.oxml.ns import qn
from pypdfium2 import PdfDocument

from resume_documents import PAPERS, TEMPLATES, Letter, Options, UnprintableError, produce

from .hard import HARD, resume

ADA = resume("Ada Example", "Engineer", "Acme", "Built it")
LETTER = Letter(
    sender=("Ada Example", "ada@example.org", "Kiel"),
    date="28 November 2026",
    recipient=("Acme Ltd", "Ms *Smith*"),
    subject="Engineer (m/w/d) #42",
    salutation="Dear Ms Smith,",
    paragraphs=("I build $efficient$ things.", "I would like to build yours.\nReally."),
    closing="Kind regards",
    signature="Ada Example",
)


@pytest.mark.parametrize("template", TEMPLATES)
def test_pdf_says_whose_it_is(template: str) -> None:
    data = produce(ADA, Options("pdf", template, language="de"))  # type: ignore[arg-type]  # one of them
    pdf = PdfDocument(data)
    metadata = pdf.get_metadata_dict()
    pdf.close()
    assert (metadata["Title"], metadata["Author"]) == ("Ada Example", "Ada Example")
    assert b"/Lang" in data
    assert b"/StructTreeRoot" in data


@pytest.mark.parametrize("paper", PAPERS)
def test_paper_is_what_was_asked_for(paper: str) -> None:
    width = {"a4": 210, "us-letter": 215.9}[paper]
    pdf = PdfDocument(produce(ADA, Options("pdf", paper=paper)))  # type: ignore[arg-type]  # one of them
    assert pdf[0].get_width() / 72 * 25.4 == pytest.approx(width, abs=0.1)
    pdf.close()
    document: Any = docx.Document(io.BytesIO(produce(ADA, Options("docx", paper=paper))))  # type: ignore[arg-type]  # same
    assert document.sections[0].page_width.mm == pytest.approx(width, abs=0.1)


def test_headings_are_in_the_language() -> None:
    markdown = produce(ADA, Options("md", language="de-AT")).decode()
    assert "## Berufserfahrung" in markdown
    assert "05/2021 – heute" in markdown


def test_docx_has_styles_lists_and_language() -> None:
    document = docx.Document(io.BytesIO(produce(ADA, Options("docx", language="de"))))
    styles = {p.style.name for p in document.paragraphs if p.style is not None}
    assert {"Title", "Heading 1", "Entry", "List Bullet"} <= styles
    language = document.styles["Normal"].element.rPr.find(qn("w:lang"))
    assert language.get(qn("w:val")) == "de"
    assert document.core_properties.author == "Ada Example"


def test_docx_from_right_to_left_is_marked_so() -> None:
    language, hebrew = HARD["hebrew"]
    document: Any = docx.Document(io.BytesIO(produce(hebrew, Options("docx", language=language))))
    assert all(p._p.pPr.find(qn("w:bidi")) is not None for p in document.paragraphs)
    runs = [run for p in document.paragraphs for run in p.runs if "מהנדסת" in run.text]
    assert runs
    assert all(run.font.rtl for run in runs)


@pytest.mark.parametrize("template", TEMPLATES)
@pytest.mark.parametrize("form", ["pdf", "docx", "md"])
def test_letter_is_found_again(form: str, template: str) -> None:
    assert produce(LETTER, Options(form, template))  # type: ignore[arg-type]  # one of them


def test_letter_is_no_json_resume() -> None:
    with pytest.raises(ValueError, match="no JSON Resume"):
        produce(LETTER, Options("json"))


def test_error_of_letters_names_scripts_alone() -> None:
    with pytest.raises(UnprintableError, match=r"^cannot print: Thai$"):
        produce(resume("Ada", "Engineer", "สมชาย"), Options("pdf"))
