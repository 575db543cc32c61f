"""Every row of OpenAI's table of errors, over the wire: what it means for the call."""

from typing import Any

import pytest

from resume_outbound.errors import (
    OutboundError,
    ProviderFailedError,
    ProviderRefusedError,
    RateLimitedError,
)
from resume_sandbox.provider_errors import PROVIDER_ERRORS
from tailor_svc.endpoints import PROVIDER

from .world import ModelWorld

#: Error, how it ends, its calls, and the state of the endpoint afterwards.
ROWS: dict[str, tuple[type[OutboundError], int, str]] = {
    "invalid_request": (ProviderRefusedError, 1, "closed"),
    "context_length_exceeded": (ProviderRefusedError, 1, "closed"),
    "invalid_api_key": (ProviderRefusedError, 1, "closed"),
    "unsupported_country": (ProviderRefusedError, 1, "closed"),
    "model_not_found": (ProviderRefusedError, 1, "closed"),
    "insufficient_quota": (ProviderRefusedError, 1, "closed"),
    "rate_limit_requests": (RateLimitedError, 1, "paused"),
    "rate_limit_tokens": (RateLimitedError, 1, "paused"),
    "server_error": (ProviderFailedError, 3, "closed"),
    "overloaded": (ProviderFailedError, 3, "closed"),
}


def test_no_row_is_forgotten() -> None:
    assert set(ROWS) == set(PROVIDER_ERRORS["openai"])


@pytest.mark.parametrize("code", ROWS)
async def test_error_is_what_its_row_says(world: ModelWorld, code: str) -> None:
    ending, calls, state = ROWS[code]
    fault: dict[str, Any] = {"kind": "error", "code": code, "times": 9}
    if ending is RateLimitedError:
        fault["retryAfter"] = 40
    await world.break_it(fault)

    with pytest.raises(ending):
        await world.propose()

    assert len(world.calls.started) == calls
    assert len(await world.ledger()) == calls
    assert world.outbound.state(PROVIDER).kind == state


@pytest.mark.parametrize(("status", "says", "calls"), [(500, False, 1), (409, True, 3)])
async def test_provider_has_the_last_word_on_retries(
    world: ModelWorld,
    status: int,
    says: bool,  # noqa: FBT001  a parameter of the test
    calls: int,
) -> None:
    await world.break_it({"kind": "status", "status": status, "shouldRetry": says, "times": 9})
    with pytest.raises(ProviderFailedError):
        await world.propose()
    assert len(world.calls.started) == calls


async def test_rate_limit_without_a_time_is_retried_after_a_moment(world: ModelWorld) -> None:
    await world.break_it({"kind": "error", "code": "rate_limit_requests"})
    assert (await world.propose()).changes
    assert len(world.calls.started) == 2
