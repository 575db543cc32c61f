"""What the files are besides their text: metadata, paper, language, direction, styles."""

import io
from dataclasses import replace
from typing import Any

import docx
import pytest
from docx.oxml.ns import qn
from pypdfium2 import PdfDocument

from resume_core.letters import LetterOrder, build_letter
from resume_core.posting import PostingView
from resume_core.sheet import Block, Item, Section, Sheet
from resume_core.skills import load_catalog
from resume_documents import (
    FORMATS,
    PAPERS,
    TEMPLATES,
    Letter,
    Options,
    UnprintableError,
    printed,
    produce,
    render,
    verify,
)

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


HANDOUT = Sheet(
    name="Interview preparation",
    label="Engineer, Acme Ltd",
    contacts=(),
    summary_title="",
    summary="",
    sections=(
        Section("Questions", blocks=(Block(title="Where was *that*?", bullets=("At 1. Acme",)),)),
        Section("Gaps", items=(Item("Kafka", "Say so."), Item("", "What is next?"))),
    ),
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
@pytest.mark.parametrize("form", FORMATS)
def test_letter_is_found_again(form: str, template: str) -> None:
    assert produce(LETTER, Options(form, template))  # type: ignore[arg-type]  # one of them


def test_cover_letter_is_printed_with_who_sends_it_and_to_whom() -> None:
    posting = PostingView(title="Ingenieurin", company="Acme GmbH", text="Python")
    letter = build_letter(LetterOrder(ADA, posting, "de"), None, load_catalog())
    paper = printed(letter, ADA, "2026-11-28")
    assert paper.sender[0] == paper.signature == "Ada Example"
    assert (ADA.basics.email or "") in paper.sender
    assert (paper.recipient, paper.subject) == (("Acme GmbH",), "Bewerbung als Ingenieurin")
    assert paper.date == "28.11.2026"
    assert paper.paragraphs == tuple(p.text for p in letter.paragraphs)
    assert produce(paper, Options("pdf", language="de"))


@pytest.mark.parametrize("form", FORMATS)
def test_line_that_a_letter_lost_is_missed(form: str) -> None:
    options = Options(form)  # type: ignore[arg-type]  # one of them
    less = render(replace(LETTER, paragraphs=LETTER.paragraphs[:1]), options)
    assert [missing.id for missing in verify(LETTER, less, options)] == ["paragraphs[1]"]


@pytest.mark.parametrize("form", FORMATS)
def test_handout_is_found_again(form: str) -> None:
    options = Options(form)  # type: ignore[arg-type]  # one of them
    assert produce(HANDOUT, options)
    section = HANDOUT.sections[0]
    fewer = replace(section, blocks=(replace(section.blocks[0], bullets=()),))
    less = render(replace(HANDOUT, sections=(fewer, *HANDOUT.sections[1:])), options)
    assert [missing.id for missing in verify(HANDOUT, less, options)] == [
        "sections[0].blocks[0].bullets[0]"
    ]


def test_error_of_letters_names_scripts_alone() -> None:
    with pytest.raises(UnprintableError, match=r"^cannot print: Thai$"):
        produce(resume("Ada", "Engineer", "สมชาย"), Options("pdf"))
