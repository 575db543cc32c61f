"""The child process gives the same files, and nothing gets past its limits."""

from dataclasses import replace

import pytest

from resume_core.confined import ChildFailedError, run_child
from resume_documents import (
    DocumentFailedError,
    Limits,
    Options,
    UnfaithfulDocumentError,
    UnprintableError,
    child,
    render,
    reread,
    sandboxed,
)

from .hard import HARD, pages, resume
from .test_files import LETTER

ADA = resume("Ada Example", "Engineer", "Acme", "Built it")


@pytest.mark.parametrize("form", ["pdf", "docx", "md", "json"])
async def test_child_makes_what_we_make(form: str) -> None:
    options = Options(form)  # type: ignore[arg-type]  # one of them
    data = await sandboxed.produce_in_child(ADA, options)
    assert reread(data, options.format) == reread(render(ADA, options), options.format)


async def test_child_makes_letters_and_arabic() -> None:
    assert await sandboxed.produce_in_child(LETTER, Options("pdf"))
    language, arabic = HARD["arabic"]
    assert await sandboxed.produce_in_child(arabic, Options("pdf", language=language))


async def test_child_refuses_as_we_do() -> None:
    with pytest.raises(UnprintableError) as caught:
        await sandboxed.produce_in_child(resume("Ada", "x", "สมชาย"), Options("pdf"))
    assert caught.value.scripts == ("Thai",)


@pytest.mark.parametrize(
    "limits",
    [
        Limits(wall_s=0.05),
        Limits(memory=64 * 1024 * 1024),
        Limits(file_bytes=1000),
    ],
    ids=["time", "memory", "size"],
)
async def test_limits_hold(limits: Limits) -> None:
    with pytest.raises(DocumentFailedError):
        await sandboxed.produce_in_child(pages(30), Options("pdf"), limits)


async def test_child_without_processor_time_fails() -> None:
    many = replace(Limits(), cpu_s=1)
    with pytest.raises(DocumentFailedError):
        await sandboxed.produce_in_child(pages(400), Options("docx"), many)


def test_unfaithful_document_is_an_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    def unfaithful(*_: object) -> bytes:
        raise UnfaithfulDocumentError(["work[0].name"])

    monkeypatch.setattr(child, "produce", unfaithful)
    request = {
        "resume": ADA.model_dump(mode="json", by_alias=True),
        "options": {"format": "pdf"},
    }
    status, _, body = child.answer(request).partition(b"\n")
    assert status == b"refused"
    with pytest.raises(UnfaithfulDocumentError) as caught:
        sandboxed._refuse(body)
    assert caught.value.missing == ("work[0].name",)


async def test_crashed_child_is_a_failure() -> None:
    with pytest.raises(ChildFailedError):
        await run_child("resume_documents.nothing", b"", wall_s=10, most=100)
