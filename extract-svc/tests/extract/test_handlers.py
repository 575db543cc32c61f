from typing import get_args

import pytest

from extract_svc.extraction import Extractor
from extract_svc.handlers import ExtractHandlers
from extract_svc.postings import PostingError
from resume_contracts.errors import ErrorCode
from resume_contracts.facts import (
    RESUME_TEXT_LIMIT,
    ParsedResume,
    Posting,
    RouteOutcome,
    Source,
    Submission,
)
from resume_contracts.messages import Command
from resume_contracts.workflows import Workflow
from resume_core.importing.report import (
    Doubt,
    FieldRead,
    ImportedResume,
    ImportRefusedError,
    ImportReport,
    RefusalCode,
)
from resume_core.model import Resume
from resume_messaging.core.outcome import Done, Fail, Outcome, Retry
from resume_outbound.errors import ConcurrencyLimitError
from resume_outbound.fetch_errors import FetchCode, FetchRefusedError
from resume_outbound.testing import ManualTime

from .making import PROSE, RESUME, URL, Answers, Context, NoBoards, command, page

POSTING = Posting(text=PROSE, route=Source.PAGE_TEXT)
BY_URL = command(Submission(job_url=URL, company="Blue Mill"))
UPLOADED = command(Submission(), workflow=Workflow.PARSE_RESUME, upload=True)
#: Every refusal of the fetcher, the job's code, and whether a retry is left to the runner.
REFUSALS: dict[FetchCode, tuple[ErrorCode, bool]] = {
    "url_invalid": (ErrorCode.URL_NOT_ALLOWED, False),
    "url_not_allowed": (ErrorCode.URL_NOT_ALLOWED, False),
    "posting_unreachable": (ErrorCode.POSTING_UNREACHABLE, False),
    "posting_not_found": (ErrorCode.POSTING_NOT_FOUND, False),
    "posting_forbidden": (ErrorCode.POSTING_FORBIDDEN, False),
    "posting_too_large": (ErrorCode.POSTING_TOO_LARGE, False),
    "posting_not_html": (ErrorCode.POSTING_NOT_HTML, False),
    "posting_server_error": (ErrorCode.POSTING_UNREACHABLE, True),
    "too_many_redirects": (ErrorCode.POSTING_UNREACHABLE, False),
}


def handlers(answers: Answers) -> ExtractHandlers:
    extractor = Extractor(
        answers,
        answers.read_page,
        boards=NoBoards(),
        scraper=None,
        browser=None,
        clock=ManualTime(),
    )
    return ExtractHandlers(extractor, answers, answers.read_resume)


async def posting_outcome(answers: Answers, asked: Command = BY_URL) -> Outcome:
    return await handlers(answers).extract_posting(asked, Context())


async def resume_outcome(answers: Answers, asked: Command = UPLOADED) -> Outcome:
    return await handlers(answers).extract_resume(asked, Context())


async def test_posting_is_fetched_and_read() -> None:
    answers = Answers(fetched=page(PROSE), posting=POSTING)

    outcome = await posting_outcome(answers)

    assert isinstance(outcome, Done)
    assert isinstance(outcome.fact, Posting)
    assert (outcome.fact.text, outcome.fact.url, outcome.degraded) == (POSTING.text, URL, False)
    assert {tried.route: tried.outcome for tried in outcome.fact.routes} == {
        Source.BOARD: RouteOutcome.NOT_APPLICABLE,
        Source.JSON_LD: RouteOutcome.NOTHING_FOUND,
        Source.FIRECRAWL: RouteOutcome.NOT_CONFIGURED,
        Source.RENDERED: RouteOutcome.NOT_CONFIGURED,
        Source.PAGE_TEXT: RouteOutcome.USED,
    }
    assert answers.asked == [("get", URL, Context.deadline), ("read_page", URL, "Blue Mill")]


async def test_pasted_text_is_read_without_any_call() -> None:
    answers = Answers()
    outcome = await posting_outcome(answers, command(Submission(job_text=PROSE)))

    assert isinstance(outcome, Done)
    assert outcome.fact == Posting(text=PROSE.strip(), language="en", route=Source.PASTED)
    assert answers.asked == []


async def test_pasted_text_too_short_fails() -> None:
    outcome = await posting_outcome(Answers(), command(Submission(job_text="Engineer")))

    assert isinstance(outcome, Fail)
    assert outcome.code is ErrorCode.POSTING_EMPTY
    assert not outcome.retryable


async def test_submission_without_a_posting_fails() -> None:
    outcome = await posting_outcome(Answers(), command(Submission()))
    assert isinstance(outcome, Fail)
    assert outcome.code is ErrorCode.POSTING_NOT_FOUND


@pytest.mark.parametrize("may_help", [True, False])
@pytest.mark.parametrize("code", get_args(FetchCode))
async def test_refused_fetch_has_an_outcome(code: FetchCode, may_help: bool) -> None:  # noqa: FBT001  a parameter of the test
    error = FetchRefusedError(code, "Why, for people.", retryable=may_help)
    expected, is_retried = REFUSALS[code]

    outcome = await posting_outcome(Answers(fetched=error))

    if is_retried:
        assert outcome == Retry(expected, "Why, for people.")
    else:
        assert outcome == Fail(expected, "Why, for people.", retryable=may_help)


async def test_page_that_is_no_posting_fails_with_its_code() -> None:
    error = PostingError(ErrorCode.POSTING_FORBIDDEN, "Log in first.")
    outcome = await posting_outcome(Answers(fetched=page(PROSE), posting=error))
    assert outcome == Fail(ErrorCode.POSTING_FORBIDDEN, "Log in first.")


async def test_empty_page_without_a_browser_says_so() -> None:
    error = PostingError(ErrorCode.POSTING_EMPTY, "Too little text.")
    outcome = await posting_outcome(Answers(fetched=page(PROSE), posting=error))

    assert isinstance(outcome, Fail)
    assert outcome.message.startswith("Too little text. Pages made by scripts need a browser")


async def test_full_slots_are_left_to_the_runner() -> None:
    error = ConcurrencyLimitError("web", 1.0)
    with pytest.raises(ConcurrencyLimitError):
        await posting_outcome(Answers(fetched=error))


async def test_uploaded_resume_is_read_with_its_doubts() -> None:
    doubt = Doubt("work[0].position", "guessed", 0.5)
    document = {"basics": {"name": "Ada"}, "work": [{"id": "w1", "name": "Blue Mill"}]}
    imported = ImportedResume(
        Resume.model_validate(document),
        "txt",
        "Ada",
        ImportReport((doubt,), 2, 3, 1),
        (FieldRead("basics.name", ((0, 3),), 1, None, 0.98, "layout"),),
    )
    answers = Answers(file=b"Ada", resume=imported)

    outcome = await resume_outcome(answers)

    assert isinstance(outcome, Done)
    assert isinstance(outcome.fact, ParsedResume)
    assert outcome.fact.document["basics"]["name"] == "Ada"
    assert outcome.fact.doubts == (
        {
            "path": "work[0].position",
            "reason": "guessed",
            "confidence": 0.5,
            "alternative": None,
        },
    )
    (field,) = outcome.fact.fields
    assert (field.path, field.spans, outcome.fact.text) == ("basics.name", ((0, 3),), "Ada")
    assert (outcome.fact.resume_id, outcome.fact.format, outcome.fact.pages) == (RESUME, "txt", 2)
    assert answers.asked == [("read", "uploads/1"), ("read_resume", b"Ada", "cv.txt")]


async def test_resume_with_more_text_than_a_job_carries_fails() -> None:
    text = "x" * (RESUME_TEXT_LIMIT + 1)
    imported = ImportedResume(Resume(), "txt", text, ImportReport((), 1, len(text), 1))
    outcome = await resume_outcome(Answers(file=b"x", resume=imported))
    assert outcome == Fail(ErrorCode.RESUME_TOO_LARGE, "The file holds more than 128 KiB of text.")


@pytest.mark.parametrize("code", get_args(RefusalCode))
async def test_refused_resume_fails_with_its_code(code: RefusalCode) -> None:
    answers = Answers(file=b"x", resume=ImportRefusedError(code, "Why, for people."))
    assert await resume_outcome(answers) == Fail(ErrorCode(code), "Why, for people.")


async def test_upload_that_is_gone_fails() -> None:
    outcome = await resume_outcome(Answers(file=FileNotFoundError("/srv/files/secret")))

    assert isinstance(outcome, Fail)
    assert outcome.code is ErrorCode.RESUME_UNREADABLE
    assert "secret" not in outcome.message


async def test_job_without_an_upload_fails() -> None:
    asked = command(Submission(), workflow=Workflow.PARSE_RESUME)
    outcome = await resume_outcome(Answers(), asked)
    assert isinstance(outcome, Fail)
    assert outcome.code is ErrorCode.RESUME_UNREADABLE
