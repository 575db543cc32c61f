"""The desk: bounded, and every way it can fail is a problem with a stable code."""

import asyncio

import pytest

from gateway_svc.documents import Asked, DocumentDesk, content_disposition
from resume_core.model import Resume
from resume_core.sheet import lay_out
from resume_core.wording import wording_of
from resume_documents import (
    Document,
    DocumentFailedError,
    Options,
    UnfaithfulDocumentError,
    UnprintableError,
    reread,
)
from resume_runtime.errors import ProblemError

from .world import RESUME

ADA = Resume.model_validate(RESUME)
PDF = Asked("pdf", "classic", "a4", None)


async def test_pdf_is_made_in_a_child_and_named_after_the_person() -> None:
    answer = await DocumentDesk(at_once=1, waiting=0).resume_file(ADA, PDF)
    assert answer.media_type == "application/pdf"
    assert "Engines Ltd" in reread(bytes(answer.body), "pdf")
    assert 'filename="Ada Example resume.pdf"' in answer.headers["content-disposition"]


async def test_a_language_is_that_of_a_resumes_headings_alone() -> None:
    """What else is printed is in the language that it was made in, and so is its page."""
    made: list[str] = []

    async def make(_: Document, options: Options) -> bytes:
        made.append(options.language)
        return b"file"

    desk, asked = DocumentDesk(at_once=1, waiting=0, make=make), Asked("pdf", "modern", "a4", "he")
    sheet = lay_out(ADA, wording_of("de"))
    await desk.resume_file(ADA, asked)
    await desk.handout_file(sheet, asked, "de")
    assert made == ["he", "de"]


async def test_too_many_are_asked_to_come_back() -> None:
    release, started = asyncio.Event(), asyncio.Event()

    async def slow(_: Document, __: Options) -> bytes:
        started.set()
        await release.wait()
        return b"file"

    desk = DocumentDesk(at_once=1, waiting=1, make=slow)
    first, second = (asyncio.create_task(desk.resume_file(ADA, PDF)) for _ in range(2))
    await started.wait()
    with pytest.raises(ProblemError) as caught:
        await desk.resume_file(ADA, PDF)
    assert (caught.value.status, caught.value.code) == (503, "documents_busy")
    assert caught.value.retryable
    assert int(caught.value.headers["Retry-After"]) > 0
    plain = await desk.resume_file(ADA, Asked("json", "classic", "a4", None))
    assert b"Ada Example" in bytes(plain.body)
    second.cancel()
    release.set()
    assert (await first).body == b"file"
    await asyncio.wait([second])
    assert (await desk.resume_file(ADA, PDF)).body == b"file"


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (UnprintableError(["Thai"]), 422),
        (UnfaithfulDocumentError(["work[0].name"]), 500),
        (DocumentFailedError("TimeoutError"), 500),
    ],
    ids=str,
)
async def test_failures_are_problems(error: Exception, status: int) -> None:
    async def fail(_: Document, __: Options) -> bytes:
        raise error

    with pytest.raises(ProblemError) as caught:
        await DocumentDesk(at_once=1, waiting=0, make=fail).resume_file(ADA, PDF)
    assert caught.value.status == status
    assert caught.value.code == error.code  # type: ignore[attr-defined]  # each has one
    assert "Ada" not in str(caught.value.detail)


@pytest.mark.parametrize(
    ("title", "names"),
    [
        ("Ada Example", ("Ada Example.pdf", "Ada%20Example.pdf")),
        ("Jörg", ("document.pdf", "J%C3%B6rg.pdf")),
        ('a/../b\\"c\r\nX: y;', ("a .. b c X y.pdf", "a%20..%20b%20c%20X%20y.pdf")),
        ("", ("document.pdf", "document.pdf")),
    ],
)
def test_file_name_is_safe(title: str, names: tuple[str, str]) -> None:
    plain, full = names
    header = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{full}"
    assert content_disposition(title, "pdf") == header
