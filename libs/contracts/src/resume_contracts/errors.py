"""The closed list of codes a job can fail with. Clients act on the code, never on the message."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

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
    BUDGET_EXHAUSTED = "budget_exhausted"
    RESUME_EMPTY = "resume_empty"
    RESUME_SCANNED = "resume_scanned"
    RESUME_ENCRYPTED = "resume_encrypted"
    RESUME_UNREADABLE = "resume_unreadable"
    RESUME_TOO_LARGE = "resume_too_large"
    RESUME_UNSUPPORTED = "resume_unsupported"
    RESUME_UNRECOGNISED = "resume_unrecognised"
    WORKER_KILLED = "worker_killed"
    INTERNAL_ERROR = "internal_error"


class Fault(StrEnum):
    """Why a job failed, as the question who bears it.

    The test: would the same order have succeeded, had everybody's machines and accounts been well?
    Then it was not the user's input.
    """

    #: What the user gave cannot be worked on; asking the same again fails the same.
    INPUT = "input"
    #: The user's own budget.
    BUDGET = "budget"
    #: A provider, or the site of the posting.
    PROVIDER = "provider"
    #: Ours, or the operator's.
    OURS = "ours"

    @property
    def returns_quota(self) -> bool:
        """Whether the order is not counted against the user's quota."""
        return self is not Fault.INPUT

    @property
    def is_forgiven(self) -> bool:
        """Whether what the run cost is not charged to the user's budget."""
        return self in {Fault.PROVIDER, Fault.OURS}


#: Whose fault each code is: every code has its line.
FAULTS: Mapping[ErrorCode, Fault] = MappingProxyType(
    {
        ErrorCode.DEADLINE_EXCEEDED: Fault.OURS,
        ErrorCode.POSTING_UNREACHABLE: Fault.PROVIDER,
        ErrorCode.POSTING_NOT_FOUND: Fault.INPUT,
        ErrorCode.POSTING_FORBIDDEN: Fault.INPUT,
        ErrorCode.POSTING_NOT_HTML: Fault.INPUT,
        ErrorCode.POSTING_TOO_LARGE: Fault.INPUT,
        ErrorCode.POSTING_EMPTY: Fault.INPUT,
        ErrorCode.POSTING_AMBIGUOUS: Fault.INPUT,
        ErrorCode.URL_NOT_ALLOWED: Fault.INPUT,
        ErrorCode.PROVIDER_UNAVAILABLE: Fault.PROVIDER,
        ErrorCode.PROVIDER_RATE_LIMITED: Fault.PROVIDER,
        ErrorCode.PROVIDER_QUOTA_EXHAUSTED: Fault.OURS,
        ErrorCode.PROVIDER_MISCONFIGURED: Fault.OURS,
        ErrorCode.ENGINE_UNAVAILABLE: Fault.OURS,
        ErrorCode.CONTENT_REFUSED: Fault.INPUT,
        ErrorCode.ANSWER_UNUSABLE: Fault.PROVIDER,
        ErrorCode.BUDGET_EXHAUSTED: Fault.BUDGET,
        ErrorCode.RESUME_EMPTY: Fault.INPUT,
        ErrorCode.RESUME_SCANNED: Fault.INPUT,
        ErrorCode.RESUME_ENCRYPTED: Fault.INPUT,
        ErrorCode.RESUME_UNREADABLE: Fault.INPUT,
        ErrorCode.RESUME_TOO_LARGE: Fault.INPUT,
        ErrorCode.RESUME_UNSUPPORTED: Fault.INPUT,
        ErrorCode.RESUME_UNRECOGNISED: Fault.INPUT,
        ErrorCode.WORKER_KILLED: Fault.OURS,
        ErrorCode.INTERNAL_ERROR: Fault.OURS,
    }
)


class JobError(Contract):
    """Why a job failed.

    `message` is for people and names no provider text, resume text or posting text;
    `retryable` says whether asking again can help.
    """

    code: ErrorCode
    message: str
    retryable: bool
