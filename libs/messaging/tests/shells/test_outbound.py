"""What an error of an outbound call means for a stage."""

import pytest

from resume_contracts.errors import ErrorCode
from resume_messaging.core.outcome import Expired, Fail, Outcome, Retry, Wait
from resume_messaging.shells.outbound import outcome_of
from resume_outbound.errors import (
    CircuitOpenError,
    ConcurrencyLimitError,
    DeadlineTooCloseError,
    ProviderFailedError,
    ProviderRefusedError,
    RateLimitedError,
)


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (CircuitOpenError("openai", 12.0), Wait("openai", 12.0)),
        (RateLimitedError("openai", 20.0), Wait("openai", 20.0)),
        (ConcurrencyLimitError("openai", 1.0), Wait("openai", 1.0)),
        (DeadlineTooCloseError("openai", 3.0), Expired()),
    ],
)
def test_outcome_of_what_can_wait(error: Exception, expected: Outcome) -> None:
    """Waiting is uncounted; too little time is the end of it."""
    assert outcome_of(error) == expected


@pytest.mark.parametrize(
    ("error", "kind", "code"),
    [
        (ProviderFailedError("openai", "timeout"), Retry, ErrorCode.PROVIDER_UNAVAILABLE),
        (ProviderFailedError("openai", "contract"), Retry, ErrorCode.ANSWER_UNUSABLE),
        (
            ProviderFailedError("openai", "contract", retryable=False),
            Fail,
            ErrorCode.ANSWER_UNUSABLE,
        ),
        (
            ProviderRefusedError("openai", 429, "insufficient_quota"),
            Fail,
            ErrorCode.PROVIDER_QUOTA_EXHAUSTED,
        ),
        (ProviderRefusedError("openai", 200, "content_filter"), Fail, ErrorCode.CONTENT_REFUSED),
        (ProviderRefusedError("openai", 401), Fail, ErrorCode.PROVIDER_MISCONFIGURED),
    ],
)
def test_outcome_of_what_failed(
    error: Exception, kind: type[Retry | Fail], code: ErrorCode
) -> None:
    """Only what may go better is tried again; the code is stable."""
    outcome = outcome_of(error)
    assert isinstance(outcome, kind)
    assert outcome.code is code


def test_outcome_of_a_bug_is_none() -> None:
    """An exception of ours is no provider's fault."""
    assert outcome_of(KeyError()) is None
