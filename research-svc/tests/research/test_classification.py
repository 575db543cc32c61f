"""Each row of the provider's errors, over the wire: what it means, and whether it is paid twice."""

import pytest

from research_svc.perplexity_wire import PROVIDER
from resume_outbound.errors import (
    OutboundError,
    ProviderFailedError,
    ProviderRefusedError,
    RateLimitedError,
)
from resume_sandbox.provider_errors import PROVIDER_ERRORS

from .world import World

REFUSED, FAILED, PAUSED = ProviderRefusedError, ProviderFailedError, RateLimitedError

#: Error by its name: the exception, its code or kind, whether another attempt follows.
ERRORS: dict[str, tuple[type[OutboundError], str | None, bool]] = {
    "bad_request": (REFUSED, "invalid_request_error", False),
    "unauthorized": (REFUSED, "invalid_api_key", False),
    "forbidden": (REFUSED, "permission_error", False),
    "not_found": (REFUSED, "not_found_error", False),
    "conflict": (REFUSED, "conflict_error", False),
    "unprocessable": (REFUSED, "invalid_request_error", False),
    "rate_limited": (PAUSED, None, True),
    "server_error": (FAILED, "status", True),
    "overloaded": (FAILED, "status", True),
}
#: Answers of status 200 that are none, and broken answers: the kind, whether one more is tried.
FAULTS = {
    "run_failed": ("status", False),
    "run_queued": ("status", False),
    "run_in_progress": ("status", False),
    "run_cancelled": ("contract", False),
    "run_requires_action": ("contract", False),
    "not_json": ("contract", False),
    "wrong_json": ("contract", False),
    "wrong_schema": ("contract", False),
}


def test_every_known_error_has_a_row() -> None:
    assert set(ERRORS) == set(PROVIDER_ERRORS["perplexity"])


@pytest.mark.parametrize("name", ERRORS)
async def test_error_is_what_its_status_and_code_say(name: str) -> None:
    expected, said, is_retried = ERRORS[name]
    world = World()
    retry_after = {"retryAfter": 60} if expected is PAUSED else {}
    await world.break_it(kind="error", code=name, times=9, **retry_after)

    with pytest.raises(expected) as caught:
        await world.ask()

    error = caught.value
    if isinstance(error, ProviderRefusedError):
        assert error.code == said
        assert world.outbound.state(PROVIDER).kind == "closed"
    if isinstance(error, ProviderFailedError):
        assert error.kind == said
    if isinstance(error, RateLimitedError):
        assert world.outbound.state(PROVIDER).kind == "paused"
    assert "pplx-secret" not in str(error)
    attempts = len(await world.ledger())
    assert attempts == (3 if is_retried and expected is FAILED else 1)


@pytest.mark.parametrize("name", ["rate_limited", "server_error", "overloaded"])
async def test_error_that_passes_is_got_over(name: str) -> None:
    """Without `Retry-After` too."""
    world = World()
    await world.break_it(kind="error", code=name)

    assert (await world.ask()).is_known
    assert [c["clientRequestId"] for c in await world.ledger()] == world.calls.started
    assert len(world.calls.started) == 2


@pytest.mark.parametrize("fault", FAULTS)
async def test_answer_that_is_none_is_not_paid_for_twice(fault: str) -> None:
    kind, _ = FAULTS[fault]
    world = World()
    await world.break_it(kind=fault, times=9)

    with pytest.raises(ProviderFailedError) as caught:
        await world.ask()

    assert caught.value.kind == kind
    assert not caught.value.retryable
    assert len(await world.ledger()) == 1
