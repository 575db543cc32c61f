"""The closed list of codes a job can fail with. Clients act on the code, never on the message."""

from enum import StrEnum

from resume_contracts.base import Contract


class ErrorCode(StrEnum):
    """Stable codes; documented in `docs/errors.md`."""

    DEADLINE_EXCEEDED = "deadline_exceeded"
    POSTING_UNREACHABLE = "posting_unreachable"
    POSTING_NOT_FOUND = "posting_not_found"
    POSTING_FORBIDDEN = "posting_forbidden"
    POSTING_NOT_HTML = "posting_not_html"
    POSTING_TOO_LARGE = "posting_too_large"
    POSTING_EMPTY = "posting_empty"
    POSTING_AMBIGUOUS = "posting_ambiguous"
    URL_NOT_ALLOWED = "url_not_allowed"
    PROVIDER_UNAVAILABLE = "provider_unavailable"
    PROVIDER_RATE_LIMITED = "provider_rate_limited"
    PROVIDER_QUOTA_EXHAUSTED = "provider_quota_exhausted"
    PROVIDER_MISCONFIGURED = "provider_misconfigured"
    ENGINE_UNAVAILABLE = "engine_unavailable"
    CONTENT_REFUSED = "content_refused"
    ANSWER_UNUSABLE = "answer_unusable"
    RESUME_EMPTY = "resume_empty"
    RESUME_SCANNED = "resume_scanned"
    RESUME_ENCRYPTED = "resume_encrypted"
    RESUME_UNREADABLE = "resume_unreadable"
    RESUME_TOO_LARGE = "resume_too_large"
    RESUME_UNSUPPORTED = "resume_unsupported"
    RESUME_UNRECOGNISED = "resume_unrecognised"
    WORKER_KILLED = "worker_killed"
    INTERNAL_ERROR = "internal_error"


class JobError(Contract):
    """Why a job failed.

    `message` is for people and names no provider text, resume text or posting text;
    `retryable` says whether asking again can help.
    """

    code: ErrorCode
    message: str
    retryable: bool
