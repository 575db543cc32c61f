"""What extract-svc does: postings and uploaded resumes become facts."""

from dataclasses import asdict

from extract_svc.extraction import Extractor
from extract_svc.ports import Files, ReadResume
from extract_svc.postings import PostingError, posting_from_text
from extract_svc.search import Extraction
from resume_contracts.errors import ErrorCode
from resume_contracts.facts import (
    RESUME_TEXT_LIMIT,
    FieldRead,
    ParsedResume,
    RouteOutcome,
    RouteTried,
    Source,
)
from resume_contracts.messages import Command
from resume_core.importing import ImportRefusedError
from resume_core.importing.confidence import CONFIDENCE_VERSION
from resume_core.jsonresume import to_json_resume
from resume_messaging.core.outcome import Done, Fail, Outcome, Retry
from resume_messaging.core.ports import StageContext
from resume_outbound.fetch_errors import FetchRefusedError

#: Refusals that may be gone in a moment: asked again through the retry tiers.
_PASSING = frozenset({"posting_server_error"})
#: Refusals whose own code is of no use to a client.
_CODES = {
    "posting_server_error": ErrorCode.POSTING_UNREACHABLE,
    "too_many_redirects": ErrorCode.POSTING_UNREACHABLE,
    "url_invalid": ErrorCode.URL_NOT_ALLOWED,
}


class ExtractHandlers:
    """The service's two stages over its ports."""

    def __init__(self, extractor: Extractor, files: Files, read_resume: ReadResume) -> None:
        self._extractor = extractor
        self._files = files
        self._read_resume = read_resume

    async def extract_posting(self, command: Command, context: StageContext) -> Outcome:
        """Read the posting from its address, or from the text the user pasted."""
        submission = command.facts.submission
        if submission.job_text is not None:
            try:
                return Done(posting_from_text(submission.job_text, company=submission.company))
            except PostingError as error:
                return Fail(error.code, error.message)
        if submission.job_url is None:
            return Fail(ErrorCode.POSTING_NOT_FOUND, "Neither an address nor a text was given.")
        found = await self._extractor.extract(submission.job_url, submission.company, context)
        if found.posting is not None:
            return Done(found.posting, usage=found.usage, degraded=found.is_degraded)
        return _none_found(found)

    async def extract_resume(self, command: Command, _: StageContext) -> Outcome:
        """Read an uploaded resume file."""
        upload = command.facts.upload
        if upload is None:
            return Fail(ErrorCode.RESUME_UNREADABLE, "No file was uploaded.")
        try:
            data = await self._files.read(upload.key)
        except FileNotFoundError:
            return Fail(ErrorCode.RESUME_UNREADABLE, "The uploaded file is no longer there.")
        try:
            imported = await self._read_resume(data, upload.filename)
        except ImportRefusedError as error:
            return Fail(ErrorCode(error.code), error.message)
        if len(imported.text.encode()) > RESUME_TEXT_LIMIT:
            most = RESUME_TEXT_LIMIT // 1024
            return Fail(ErrorCode.RESUME_TOO_LARGE, f"The file holds more than {most} KiB of text.")
        return Done(
            ParsedResume(
                resume_id=upload.resume_id,
                document=to_json_resume(imported.resume),
                format=imported.format,
                doubts=tuple(asdict(doubt) for doubt in imported.report.doubts),
                characters=imported.report.characters,
                pages=imported.report.pages,
                text=imported.text,
                fields=tuple(FieldRead(**asdict(field)) for field in imported.fields),
                confidence_version=CONFIDENCE_VERSION,
            )
        )


def _none_found(found: Extraction) -> Outcome:
    error = found.refusal
    if isinstance(error, FetchRefusedError):
        code = _CODES.get(error.code) or ErrorCode(error.code)
        if error.code in _PASSING:
            return Retry(code, error.message, usage=found.usage)
        may_help = error.retryable or found.is_degraded
        return Fail(code, error.message, retryable=may_help, usage=found.usage)
    if error is None:
        raise RuntimeError("a search without posting has a refusal")
    message = error.message
    rendered = RouteTried(route=Source.RENDERED, outcome=RouteOutcome.NOT_CONFIGURED)
    if error.code is ErrorCode.POSTING_EMPTY and rendered in found.routes:
        message += " Pages made by scripts need a browser, and none is set up here."
    return Fail(error.code, message, retryable=found.is_degraded, usage=found.usage)
