"""What calls cost: the retry budget, pauses, and what is told of attempts that gave nothing."""

import asyncio
import logging

import pytest

from resume_outbound.budget import FLOOR
from resume_outbound.errors import (
    CircuitOpenError,
    ConcurrencyLimitError,
    DeadlineTooCloseError,
    ProviderFailedError,
    ProviderRefusedError,
    RateLimitedError,
)
from resume_outbound.verdict import Waste

from .world import SECRET, World, status_error


async def test_call_out_of_retry_budget_fails_as_the_attempt_did() -> None:
    """An outage that the breaker does not see yet is not fed with threefold load."""
    world = World(threshold=1000, max_concurrent=50)
    failing = world.answering(status_error(503), takes=0.1)
    calls = [asyncio.create_task(world.out.call("p", failing, deadline=2000)) for _ in range(50)]
    results = await world.time.run(asyncio.gather(*calls, return_exceptions=True))
    assert len(world.starts) == 50 + FLOOR
    assert all(isinstance(r, ProviderFailedError) and r.retryable for r in results)
    assert world.heard.counts["retried"] == FLOOR
    assert world.heard.counts["denied"] == 50, "every call ended so, ten of them a try later"
    await world.time.advance(62)
    world.starts.clear()
    with pytest.raises(ProviderFailedError):
        await world.call(failing)
    assert len(world.starts) == 3, "a minute later there is a budget again"


async def test_call_out_of_retry_budget_waits_when_it_was_rate_limited() -> None:
    world = World(max_concurrent=50)
    while world.out._lines["p"].budget.spend():
        pass
    with pytest.raises(RateLimitedError) as refusal:
        await world.call(world.answering(status_error(429, {"Retry-After": "5"})))
    assert 5 <= refusal.value.retry_after <= 5.5
    assert world.heard.counts["denied"] == 1


async def test_call_pause_counts_from_the_first_429() -> None:
    """Who was under way hears of the same limit 6 s later: the pause is not begun anew."""
    world = World(max_concurrent=2, retries=0)
    limited = status_error(429, {"Retry-After": "20"})
    calls = [
        asyncio.create_task(
            world.out.call("p", world.answering(limited, takes=takes), deadline=2000)
        )
        for takes in (1.0, 7.0)
    ]
    await world.time.advance(7.5)
    until = world.out.blocked_until("p")
    assert until is not None
    assert 1001 + 20 <= until <= 1001 + 21
    assert world.heard.counts["paused"] == 1
    results = await asyncio.gather(*calls, return_exceptions=True)
    assert all(isinstance(result, RateLimitedError) for result in results)


async def test_call_longer_wish_of_a_later_429_counts_from_the_first_too() -> None:
    world = World(max_concurrent=2, retries=0)
    for wish, takes in (("5", 1.0), ("30", 3.0)):
        factory = world.answering(status_error(429, {"Retry-After": wish}), takes=takes)
        task = asyncio.create_task(world.out.call("p", factory, deadline=2000))
        task.add_done_callback(lambda done: done.exception())
    await world.time.advance(4)
    until = world.out.blocked_until("p")
    assert until is not None
    assert 1031 <= until <= 1032


@pytest.mark.parametrize(
    ("error", "causes"),
    [
        (ConnectionResetError(), ["connect"]),
        (TimeoutError(), ["timeout"]),
        (status_error(500), []),  # an error is not billed
        (status_error(400), []),
        (status_error(429, {"Retry-After": "60"}), []),
    ],
)
async def test_call_tells_what_was_wasted(error: Exception, causes: list[Waste]) -> None:
    world = World(retries=0)
    with pytest.raises((ProviderFailedError, ProviderRefusedError, RateLimitedError)):
        await world.call(world.answering(error))
    assert world.heard.wasted == causes


async def test_call_tells_timeouts_of_ours_from_the_providers() -> None:
    world = World(retries=0, timeout=30)
    with pytest.raises(ProviderFailedError):
        await world.call(world.answering("x", takes=500))
    with pytest.raises(ProviderFailedError):
        await world.call(world.answering("x", takes=500), within=8)
    task = asyncio.create_task(world.out.call("p", world.answering("x"), deadline=9000))
    await world.time.advance(0.5)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert world.heard.wasted == ["timeout", "deadline", "cancelled"]
    assert world.heard.calls == ["failed", "failed", "cancelled"]


async def test_call_endings_are_told_once_a_call() -> None:
    world = World(retries=1, threshold=4, max_concurrent=1)
    assert await world.call(world.answering(status_error(500), "fine")) == "fine"
    with pytest.raises(ProviderRefusedError):
        await world.call(world.answering(status_error(400)))
    with pytest.raises(KeyError):
        await world.call(world.answering(KeyError()))
    with pytest.raises(DeadlineTooCloseError):
        await world.call(world.answering("x"), within=1)
    busy = asyncio.create_task(world.out.call("p", world.answering("x", takes=25), deadline=9000))
    await world.time.advance(0)
    with pytest.raises(ConcurrencyLimitError):
        await world.call(world.answering("x"))
    await world.time.run(busy)
    assert world.heard.calls == ["ok", "refused", "raised", "expired", "waiting", "ok"]
    await world.trip()
    with pytest.raises(CircuitOpenError):
        await world.call(world.answering("x"))
    await world.time.advance(30)
    await world.call(world.answering("fine"))
    assert world.heard.counts["probed"] == 1


async def test_call_logs_what_happened_and_nothing_that_was_said(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    world = World(threshold=3)
    limited = status_error(429, {"Retry-After": "1"})
    await world.call(world.answering(limited, status_error(503), SECRET))
    await world.trip()
    await world.time.advance(30)
    await world.call(world.answering(SECRET))
    messages = {record.message for record in caplog.records}
    assert messages >= {
        "outbound.attempt",
        "outbound.paused",
        "outbound.retry",
        "outbound.circuit_opened",
        "outbound.probe",
    }
    for record in caplog.records:
        assert SECRET not in str(vars(record))
        if record.name.startswith("resume_outbound"):
            assert vars(record)["provider"] == "p"
