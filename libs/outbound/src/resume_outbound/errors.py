"""What a call to somebody else's service can end in, beside its result.

    OutboundError
    ├── WaitableError                 nothing is wrong with the request: hold it for `retry_after`
    │   ├── CircuitOpenError          the breaker is open, or its one probe is under way
    │   ├── RateLimitedError          the provider said 429: all callers pause
    │   └── ConcurrencyLimitError     no slot came free in time
    ├── DeadlineTooCloseError         too little time is left to start an attempt
    ├── ProviderFailedError           the provider's fault: timeout, connect, status, contract
    └── ProviderRefusedError          ours or the account's fault: trying again cannot help

    ReplicasExceedLimitError          start-up: more replicas than a provider's fleet limit
    FleetMisconfiguredError           start-up: the Valkey server is none to keep leases in

Every raise makes a fresh instance. A provider's own exception is never chained: its text may
echo the request, and with it somebody's resume.
"""

from typing import Literal

FailureKind = Literal["timeout", "connect", "status", "contract"]


class OutboundError(Exception):
    """A call to `provider` did not give a result."""

    def __init__(self, provider: str, message: str) -> None:
        super().__init__(f"{provider}: {message}")
        self.provider = provider


class WaitableError(OutboundError):
    """The call may not start now; `retry_after` seconds from now it is worth asking again."""

    def __init__(self, provider: str, message: str, retry_after: float) -> None:
        super().__init__(provider, f"{message}, ask again in {retry_after:.1f} s")
        self.retry_after = retry_after


class CircuitOpenError(WaitableError):
    """The breaker admits nobody, or its only probe is under way."""

    def __init__(self, provider: str, retry_after: float) -> None:
        super().__init__(provider, "circuit open", retry_after)


class RateLimitedError(WaitableError):
    """The provider asked all its callers to slow down (429)."""

    def __init__(self, provider: str, retry_after: float) -> None:
        super().__init__(provider, "rate limited", retry_after)


class ConcurrencyLimitError(WaitableError):
    """All slots of this provider stayed taken."""

    def __init__(self, provider: str, retry_after: float) -> None:
        super().__init__(provider, "no free slot", retry_after)


class DeadlineTooCloseError(OutboundError):
    """`left` seconds are too few to start an attempt; the provider was not called."""

    def __init__(self, provider: str, left: float) -> None:
        super().__init__(provider, f"{left:.1f} s left, too few to start a call")
        self.left = left


class ProviderFailedError(OutboundError):
    """The provider did not do its part; `retryable`: a later call may go better.

    `reason` is the class name of the provider's exception, for the log.
    """

    def __init__(
        self,
        provider: str,
        kind: FailureKind,
        *,
        status: int | None = None,
        retryable: bool = True,
        reason: str = "",
    ) -> None:
        what = kind if status is None else f"{kind} {status}"
        super().__init__(provider, f"failed: {what} ({reason})" if reason else f"failed: {what}")
        self.kind: FailureKind = kind
        self.status = status
        self.retryable = retryable
        self.reason = reason


class ProviderRefusedError(OutboundError):
    """The provider understood and said no: bad request, bad key, no quota, unknown model."""

    def __init__(self, provider: str, status: int | None, code: str | None = None) -> None:
        super().__init__(provider, f"refused: {status or 'no status'} {code or ''}".rstrip())
        self.status = status
        self.code = code


class ReplicasExceedLimitError(ValueError):
    """`REPLICAS` processes cannot share fewer concurrent calls than there are processes."""

    def __init__(self, policy: str, replicas: int, limit: int) -> None:
        super().__init__(
            f"REPLICAS={replicas} exceeds the fleet limit of {limit} concurrent calls to {policy}"
        )
        self.replicas = replicas
        self.limit = limit


class FleetMisconfiguredError(ValueError):
    """The server of `VALKEY_URL` cannot keep the fleet's limits; the text is one readable line."""
