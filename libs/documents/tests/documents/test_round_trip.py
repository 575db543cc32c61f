"""Every file says everything that the resume says, in its order."""

from string import digits

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from pypdfium2 import PdfDocument

from resume_core.model import Resume
from resume_documents import (
    FORMATS,
    TEMPLATES,
    Options,
    Template,
    UnfaithfulDocumentError,
    UnprintableError,
    produce,
    render,
    verify,
)
from resume_documents.produce import _SHEETS

from .hard import HARD, pages, resume
from .strategies import LATIN, RIGHT_TO_LEFT, SCRIPTS, resumes

LOOKS = [
    pytest.param(form, template, id=f"{form}-{template}")
    for form in FORMATS
    for template in (TEMPLATES if form in {"pdf", "docx"} else TEMPLATES[:1])
]
#: The first example pays for reading fonts; to shrink one takes minutes.
PATIENT = settings(
    max_examples=5,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
)


@pytest.mark.parametrize("case", HARD)
@pytest.mark.parametrize(("form", "template"), LOOKS)
def test_hard_resume_is_found_again(case: str, form: str, template: str) -> None:
    language, document = HARD[case]
    options = Options(form, template, language=language)  # type: ignore[arg-type]  # the parameters are of these types
    assert produce(document, options)


@pytest.mark.parametrize("language", ["en", "es", "pl", "pt", "fr"])
@pytest.mark.parametrize("template", TEMPLATES)
def test_hyphen_at_the_end_of_a_line_is_said_once(language: str, template: Template) -> None:
    """Some languages say it again on the next line; a reader would take that for the word's."""
    lines = [f"{'o' * count} {'long-running low-cost ' * 9}" for count in range(1, 30)]
    document = resume("Ada Example", "Engineer", "Halden Freight", *lines)
    assert produce(document, Options("pdf", template, language=language))


@pytest.mark.parametrize("template", TEMPLATES)
def test_english_lines_that_wrap_in_a_hebrew_document_are_found_again(template: Template) -> None:
    """Common words of each line stand in the lines before it too."""
    ends = (
        "the alerts",
        "a billing monolith",
        "the nightly loads",
        "a release",
        "the pages at night",
    )
    lines = [
        f"Moved {end} of the team from {count} virtual machines to a cluster with charts, which"
        f" cut the time that a fix of {end} needs from {count + 7} hours to {count} minutes"
        for count, end in enumerate(ends * 3, 20)
    ]
    document = resume("Ada Example", "Engineer", "Halden Freight", *lines)
    assert produce(document, Options("pdf", template, language="he"))


@pytest.mark.parametrize(("form", "template"), LOOKS)
@PATIENT
@given(document=resumes(*SCRIPTS), paper=st.sampled_from(("a4", "us-letter")))
def test_any_resume_is_found_again(form: str, template: str, document: Resume, paper: str) -> None:
    assert produce(document, Options(form, template, paper))  # type: ignore[arg-type]  # same


@pytest.mark.parametrize("language", ["he", "ar"])
@PATIENT
@given(data=st.data())
def test_any_resume_in_both_directions_is_found_again(language: str, data: st.DataObject) -> None:
    """Words of one right-to-left script between Latin ones and numbers, as people write them."""
    script = RIGHT_TO_LEFT[language]
    document = data.draw(resumes(script, LATIN.rstrip(digits), digits))
    assert produce(document, Options("pdf", language=language))
    assert produce(document, Options("md", language=language))


@pytest.mark.parametrize(("form", "template"), LOOKS)
def test_what_is_left_out_is_missed(form: str, template: str) -> None:
    """A file made from less than the resume is not given out as the resume's."""
    whole = resume("Ada", "Engineer", "Acme", "Built it", "Sold it", "Built more of it")
    jobs = list(whole.work)
    jobs[1] = jobs[1].model_copy(update={"highlights": ("Built it", "Built more of it")})
    less = whole.model_copy(update={"work": tuple(jobs)})
    options = Options(form, template)  # type: ignore[arg-type]  # same
    missing = verify(whole, render(less, options), options)
    assert [(item.id, item.out_of_order) for item in missing] == [("work[1].highlights[1]", True)]


def test_another_order_is_missed() -> None:
    first = resume("Ada", "Engineer", "Acme", "Alpha work", "Beta work")
    second = resume("Ada", "Engineer", "Acme", "Beta work", "Alpha work")
    options = Options("pdf")
    assert any(item.out_of_order for item in verify(first, render(second, options), options))


def test_broken_renderer_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    """The error names paths and quotes nothing."""
    document = resume("Ada", "Engineer", "Acme", "Secret work")
    other = render(resume("Ada", "Engineer", "Acme", "Other work"), Options("pdf"))
    monkeypatch.setitem(_SHEETS, "pdf", lambda *_: other)
    with pytest.raises(UnfaithfulDocumentError) as caught:
        produce(document, Options("pdf"))
    assert caught.value.missing == ("work[0].highlights[0]", "work[1].highlights[0]")
    assert "Secret" not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "script"), [("अमित", "Devanagari"), ("สมชาย", "Thai"), ("\u0e01 ok", "Thai")]
)
def test_letters_without_a_font_are_refused_in_pdf_alone(text: str, script: str) -> None:
    document = resume("Ada", "Engineer", text)
    with pytest.raises(UnprintableError) as caught:
        produce(document, Options("pdf"))
    assert caught.value.scripts == (script,)
    assert produce(document, Options("docx"))


@pytest.mark.parametrize("text", ["a\x07b", "a\ufffeb", "a\ud800b"])
@pytest.mark.parametrize("form", FORMATS)
def test_what_is_no_text_is_refused(form: str, text: str) -> None:
    with pytest.raises(UnprintableError):
        produce(resume("Ada", "Engineer", text), Options(form))  # type: ignore[arg-type]  # same


def test_long_resume_breaks_pages() -> None:
    pdf = PdfDocument(produce(pages(44), Options("pdf")))
    assert len(pdf) >= 12
    assert pdf[3].get_textpage().get_text_range().rstrip().endswith(f"4 / {len(pdf)}")
    pdf.close()
