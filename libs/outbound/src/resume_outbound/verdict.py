"""What an exception says about the provider that raised it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, Self

from resume_outbound.errors import FailureKind

Judgement = Literal["ok", "failure", "rate_limited", "refused", "neutral"]

#: How an attempt ended; a closed set, so that it can label a metric.
Ending = Literal[
    "ok", "timeout", "connect", "status", "contract", "rate_limited", "refused", "neutral"
]

#: Why an attempt that may have been paid for gave nothing: `deadline` is our own, cut short by the
#: job's or the call's end; `cancelled` is ours too; the others are a failure's kind.
Waste = Literal["timeout", "deadline", "cancelled", "connect", "contract"]

#: How a whole call ended: `waiting` may be asked again, `expired` had too little time left to
#: start, `raised` gave its caller the factory's own exception.
CallEnding = Literal["ok", "waiting", "expired", "failed", "refused", "cancelled", "raised"]


@dataclass(frozen=True, slots=True)
class Verdict:
    """A judgement on one exception. Build it with the class methods.

    `retry`: a further attempt may help. `counted`: the breaker hears of it.
    `retry_after`: seconds the provider asked for.
    """

    judgement: Judgement
    retry: bool = False
    counted: bool = False
    kind: FailureKind = "status"
    status: int | None = None
    code: str | None = None
    retry_after: float | None = None

    @property
    def ending(self) -> Ending:
        """The judgement, with a failure's kind in its place."""
        return self.kind if self.judgement == "failure" else self.judgement

    @classmethod
    def ok(cls) -> Self:
        """The provider is well; the exception is its answer and goes to the caller as it is."""
        return cls("ok", counted=True)

    @classmethod
    def failure(
        cls,
        kind: FailureKind,
        *,
        status: int | None = None,
        retry: bool = True,
        counted: bool = True,
        retry_after: float | None = None,
    ) -> Self:
        """The provider's fault; becomes `ProviderFailedError`."""
        return cls("failure", retry, counted, kind, status=status, retry_after=retry_after)

    @classmethod
    def rate_limited(cls, retry_after: float | None = None) -> Self:
        """The provider lives and asks all callers to pause; becomes `RateLimitedError`."""
        return cls("rate_limited", retry=True, status=429, retry_after=retry_after)

    @classmethod
    def refused(cls, status: int | None, code: str | None = None) -> Self:
        """The request's or the account's fault; becomes `ProviderRefusedError`."""
        return cls("refused", status=status, code=code)

    @classmethod
    def neutral(cls, *, retry: bool = False) -> Self:
        """It says nothing about the provider; the exception goes to the caller as it is."""
        return cls("neutral", retry=retry)


#: Judges an exception; None leaves it to the default classifier.
Classify = Callable[[BaseException], Verdict | None]
