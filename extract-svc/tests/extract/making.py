"""Pages, commands and stand-ins of the ports for the tests."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

from extract_svc.boards import BoardPosting
from resume_contracts.facts import Facts, Posting, Submission, Upload
from resume_contracts.messages import Command
from resume_contracts.workflows import Workflow, slip
from resume_core.importing.report import ImportedResume
from resume_outbound.fetch import Page

T = TypeVar("T")

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
JOB = UUID("01900000-0000-7000-8000-000000000001")
USER = UUID("01900000-0000-7000-8000-0000000000aa")
RESUME = UUID("01900000-0000-7000-8000-0000000000bb")
URL = "https://jobs.example/1"

#: Enough text to be a posting, in sentences of which none is a title.
PROSE = "We move parcels for small shops and we are looking for a calm colleague. " * 6


def page(
    body: str | bytes, *, content_type: str = "text/html", charset: str | None = "utf-8"
) -> Page:
    data = body if isinstance(body, bytes) else body.encode()
    return Page(URL, f"{URL}/final", 200, content_type, charset, data, 1, NOW)


def json_ld(*items: Any) -> str:
    text = json.dumps(items[0] if len(items) == 1 else list(items)).replace("<", "\\u003c")
    return f'<script type="application/ld+json">{text}</script>'


def job(**others: Any) -> dict[str, Any]:
    return {
        "@context": "https://schema.org",
        "@type": "JobPosting",
        "title": "Backend Engineer",
        "description": f"<p>{PROSE}</p><ul><li>Python</li><li>PostgreSQL</li></ul>",
        "hiringOrganization": {"@type": "Organization", "name": "Northwind"},
        **others,
    }


def command(
    submission: Submission, *, workflow: Workflow = Workflow.TAILOR_RESUME, upload: bool = False
) -> Command:
    file = Upload(resume_id=RESUME, key="uploads/1", filename="cv.txt", size=10)
    return Command(
        job_id=JOB,
        run=1,
        user_id=USER,
        workflow=workflow,
        slip=slip(workflow),
        stage_index=0,
        accepted_at=NOW,
        deadline=NOW + timedelta(seconds=420),
        facts=Facts(submission=submission, upload=file if upload else None),
    )


class Context:
    """A `StageContext` of a stage that pays for nothing."""

    deadline = 1420.0
    calls_left = 0
    do_without_provider = False
    may_try_again = True

    def start_call(self, most: int | None = None) -> str:
        raise AssertionError(f"nothing is paid for here, least of all {most}")


class Answers:
    """`Fetch`, `ReadPage`, `Files` and `ReadResume` that give, or raise, what they were told."""

    def __init__(
        self,
        *,
        fetched: Page | Exception | None = None,
        posting: Posting | Exception | None = None,
        file: bytes | Exception = b"",
        resume: ImportedResume | Exception | None = None,
    ) -> None:
        self._fetched = fetched
        self._posting = posting
        self._file = file
        self._resume = resume
        self.asked: list[tuple[object, ...]] = []

    async def get(self, url: str, *, deadline: float) -> Page:
        self.asked.append(("get", url, deadline))
        return _given(self._fetched)

    async def read_page(
        self, page: Page, company: str | None, board: BoardPosting | None = None
    ) -> Posting:
        assert board is None
        self.asked.append(("read_page", page.url, company))
        return _given(self._posting)

    async def read(self, key: str) -> bytes:
        self.asked.append(("read", key))
        return _given(self._file)

    async def read_resume(self, data: bytes, filename: str) -> ImportedResume:
        self.asked.append(("read_resume", data, filename))
        return _given(self._resume)


class NoBoards:
    """`Boards` that nobody asks."""

    async def get(self, posting: BoardPosting, *, deadline: float) -> Page:
        raise AssertionError(f"{posting} was not expected before {deadline}")


def _given(answer: T | Exception | None) -> T:
    assert answer is not None, "the handler asked for what the test did not expect"
    if isinstance(answer, Exception):
        raise answer
    return answer
