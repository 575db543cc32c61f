"""Outbound calls inside a stage: their making, and what their errors mean for it."""

import random
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager

from prometheus_client import CollectorRegistry

from resume_contracts.errors import ErrorCode
from resume_messaging.core.attempt import exhausted
from resume_messaging.core.outcome import Expired, Fail, Outcome, Retry, Wait
from resume_messaging.core.ports import CallsExhaustedError
from resume_outbound import bootstrap
from resume_outbound.call import Outbound
from resume_outbound.errors import (
    DeadlineTooCloseError,
    FleetMisconfiguredError,
    OutboundError,
    ProviderFailedError,
    ProviderRefusedError,
    ReplicasExceedLimitError,
    WaitableError,
)
from resume_outbound.policy import Policy
from resume_runtime.clock import Clock, Sleep
from resume_runtime.process import StartupError
from resume_runtime.settings import EXIT_CONFIG, ServiceSettings

#: Providers as people know them.
NAMES = {
    "openai": "OpenAI",
    "perplexity": "Perplexity",
    "firecrawl": "Firecrawl",
    "web": "The posting's site",
}

_OUT_OF_QUOTA = {"insufficient_quota"}


def outcome_of(error: Exception) -> Outcome | None:
    """The outcome of a stage whose call ended in `error`; None when it is no error of a call."""
    if isinstance(error, CallsExhaustedError):
        return exhausted(error)
    if not isinstance(error, OutboundError):
        return None
    name = NAMES.get(error.provider, error.provider)
    match error:
        case WaitableError():
            return Wait(error.provider, error.retry_after)
        case DeadlineTooCloseError():
            return Expired()
        case ProviderFailedError():
            code, message = _failure(error, name)
            if not error.retryable:  # the same question would be paid for and fail again
                return Fail(code, message, retryable=True)
            return Retry(code, message)
        case ProviderRefusedError(code=code) if code in _OUT_OF_QUOTA:
            return Fail(
                ErrorCode.PROVIDER_QUOTA_EXHAUSTED, f"The account at {name} has no quota left."
            )
        case ProviderRefusedError(code="content_filter"):
            return Fail(ErrorCode.CONTENT_REFUSED, f"{name} declined to answer.")
        case ProviderRefusedError():
            return Fail(ErrorCode.PROVIDER_MISCONFIGURED, f"{name} refused the request.")
        case _:
            return None


def _failure(error: ProviderFailedError, name: str) -> tuple[ErrorCode, str]:
    if error.kind == "contract":
        return ErrorCode.ANSWER_UNUSABLE, f"{name} answered with something unusable."
    return ErrorCode.PROVIDER_UNAVAILABLE, f"{name} could not be reached or failed."


def create_outbound(
    providers: Sequence[str],
    *,
    replicas: int,
    clock: Clock,
    sleep: Sleep,
    rng: random.Random,
    registry: CollectorRegistry,
) -> Outbound:
    """One process's share of the fleet's limits for `providers`, with metrics.

    Raises:
        StartupError: REPLICAS exceeds a provider's limit.
    """
    with _startup_errors():
        return bootstrap.create_outbound(
            providers, replicas=replicas, clock=clock, sleep=sleep, rng=rng, registry=registry
        )


@asynccontextmanager
async def open_outbound(
    fleet: Mapping[str, Policy],
    settings: ServiceSettings,
    *,
    service: str,
    clock: Clock,
    sleep: Sleep,
    rng: random.Random,
    registry: CollectorRegistry,
) -> AsyncIterator[Outbound]:
    """One process's part of the limits of `fleet`, with metrics: leases when VALKEY_URL is set.

    Raises:
        StartupError: REPLICAS exceeds a provider's limit, or the Valkey server cannot be used.
    """
    async with AsyncExitStack() as opened:
        with _startup_errors():
            outbound = await opened.enter_async_context(
                bootstrap.open_outbound(
                    fleet,
                    service=service,
                    replicas=settings.replicas,
                    valkey_url=settings.valkey_url,
                    clock=clock,
                    sleep=sleep,
                    rng=rng,
                    registry=registry,
                )
            )
        yield outbound


@contextmanager
def _startup_errors() -> Iterator[None]:
    try:
        yield
    except (ReplicasExceedLimitError, FleetMisconfiguredError) as error:
        raise StartupError(str(error), exit_code=EXIT_CONFIG) from error
