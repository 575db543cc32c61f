"""One call through all layers, on hand-moved time, against a scripted provider."""

import asyncio

import pytest

from resume_outbound.availability import ProviderState
from resume_outbound.breaker import LEASE_MARGIN_S
from resume_outbound.errors import (
    CircuitOpenError,
    ConcurrencyLimitError,
    DeadlineTooCloseError,
    ProviderFailedError,
    ProviderRefusedError,
    RateLimitedError,
)
from resume_outbound.observer import NullObserver
from resume_outbound.verdict import Ending, Verdict

from .world import SECRET, World, status_error


async def test_call_returns_the_first_good_result() -> None:
    world = World()
    assert await world.call(world.answering("fine")) == "fine"
    assert world.heard.attempts == [("p", 1.0, "ok")]


async def test_call_retries_with_growing_waits() -> None:
    world, attempts = World(), list[int]()
    factory = world.answering(status_error(500), ConnectionResetError(), "fine")
    assert await world.call(factory, on_attempt=attempts.append) == "fine"
    first, second = (b - a - 1 for a, b in zip(world.starts, world.starts[1:], strict=False))
    assert 0.5 <= first <= 1.5
    assert 1.0 <= second <= 3.0
    assert attempts == [1, 2, 3]


async def test_call_out_of_attempts_says_what_failed_and_nothing_else() -> None:
    world = World()
    with pytest.raises(ProviderFailedError) as failure:
        await world.call(world.answering(status_error(503)))
    error = failure.value
    assert (error.kind, error.status, error.retryable) == ("status", 503, True)
    assert len(world.starts) == 3
    assert SECRET not in str(error)
    assert error.__cause__ is None
    assert error.__context__ is None, "the provider's exception would carry its text into a log"


async def test_call_client_error_is_terminal_and_does_not_count() -> None:
    world = World(threshold=1)
    with pytest.raises(ProviderRefusedError) as refusal:
        await world.call(world.answering(status_error(400)))
    assert refusal.value.status == 400
    assert len(world.starts) == 1
    assert world.out.state("p").kind == "closed"


async def test_call_our_own_bug_passes_through_uncounted() -> None:
    world = World(threshold=1)
    with pytest.raises(KeyError, match="mine"):
        await world.call(world.answering(KeyError("mine")))
    assert world.out.state("p").kind == "closed"


async def test_call_own_classifier_goes_first_and_may_abstain() -> None:
    world = World(threshold=1)

    def unknown_company(error: BaseException) -> Verdict | None:
        return Verdict.ok() if isinstance(error, LookupError) else None

    with pytest.raises(LookupError):
        await world.call(world.answering(LookupError()), classify=unknown_company)
    assert world.heard.endings == ["ok"]
    with pytest.raises(ProviderRefusedError):
        await world.call(world.answering(status_error(404)), classify=unknown_company)


async def test_call_slot_is_free_during_backoff() -> None:
    world = World(max_concurrent=1)
    failing = asyncio.create_task(
        world.out.call("p", world.answering(status_error(500), "late"), deadline=2000)
    )
    await world.time.advance(1.2)
    assert await world.call(world.answering("meanwhile", takes=0.1)) == "meanwhile"
    assert not failing.done()
    assert await world.time.run(failing) == "late"


async def test_call_without_a_slot_raises_after_ten_seconds() -> None:
    world = World(max_concurrent=1)
    busy = asyncio.create_task(world.out.call("p", world.answering("x", takes=25), deadline=2000))
    await world.time.advance(0)
    with pytest.raises(ConcurrencyLimitError):
        await world.call(world.answering("y"))
    assert world.time.monotonic() == 1010
    assert await world.time.run(busy) == "x"


async def test_call_admits_nobody_whose_circuit_opened_while_they_queued() -> None:
    """Looked at before the slot and again after it."""
    world = World(max_concurrent=1, threshold=1, retries=0)
    failing = asyncio.create_task(
        world.out.call("p", world.answering(status_error(500)), deadline=2000)
    )
    await world.time.advance(0)
    with pytest.raises(CircuitOpenError):
        await world.call(world.answering("never"))
    assert len(world.starts) == 1
    with pytest.raises(ProviderFailedError):
        await failing


async def test_call_open_circuit_fails_fast_and_says_when() -> None:
    world = World()
    await world.trip()
    with pytest.raises(CircuitOpenError) as refusal:
        await world.call(world.answering("never"))
    assert 0 < refusal.value.retry_after <= 30
    assert world.starts == []
    assert world.heard.trips["p"] == 1
    assert world.heard.states == ["open"]


async def test_call_retry_never_passes_an_open_circuit() -> None:
    """The failure that trips ends the call as waitable, not as failed: it had tries left."""
    world = World(threshold=1)
    with pytest.raises(CircuitOpenError):
        await world.call(world.answering(status_error(500)))
    assert len(world.starts) == 1
    assert world.time.monotonic() == 1001, "nothing to wait for"


async def test_call_starts_nothing_in_a_pause_that_began_while_it_queued() -> None:
    world = World(max_concurrent=1, retries=0)
    limited = asyncio.create_task(
        world.out.call(
            "p", world.answering(status_error(429, {"Retry-After": "40"})), deadline=2000
        )
    )
    await world.time.advance(0)
    with pytest.raises(RateLimitedError):
        await world.call(world.answering("never"))
    assert len(world.starts) == 1
    with pytest.raises(RateLimitedError):
        await limited


async def test_call_half_open_lets_one_of_fifty_through() -> None:
    world = World(max_concurrent=50)
    await world.trip()
    await world.time.advance(30)
    factory = world.answering("fine")
    results = await world.time.run(
        asyncio.gather(
            *(world.out.call("p", factory, deadline=2000) for _ in range(50)),
            return_exceptions=True,
        )
    )
    assert results.count("fine") == 1
    assert sum(isinstance(r, CircuitOpenError) for r in results) == 49
    assert len(world.starts) == 1
    assert world.out.state("p").kind == "closed"


async def test_call_cancelled_probe_hands_its_permit_back() -> None:
    world = World()
    await world.trip()
    await world.time.advance(30)
    probe = asyncio.create_task(world.out.call("p", world.answering("x"), deadline=2000))
    heard: list[ProviderState] = []
    world.out.subscribe(heard.append)
    await world.time.advance(0.5)
    assert world.out.blocked_until("p") == world.time.monotonic() - 0.5 + 30 + LEASE_MARGIN_S
    probe.cancel()
    with pytest.raises(asyncio.CancelledError):
        await probe
    assert world.out.blocked_until("p") is None
    assert [state.until is None for state in heard] == [False, True], "the gate must hear of it"
    assert await world.call(world.answering("fine")) == "fine"


async def test_call_cancellations_never_trip() -> None:
    """A rolling deployment is not the provider's fault."""
    world = World(threshold=1)
    for _ in range(5):
        task = asyncio.create_task(world.out.call("p", world.answering("x"), deadline=2000))
        await world.time.advance(0.5)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    assert world.out.state("p").kind == "closed"
    assert world.heard.active["p"] == 0
    assert world.heard.endings == ["neutral"] * 5


async def test_call_429_pauses_everybody_and_does_not_trip() -> None:
    world = World(threshold=1)
    limited = asyncio.create_task(
        world.out.call(
            "p", world.answering(status_error(429, {"Retry-After": "5"}), "late"), deadline=2000
        )
    )
    await world.time.advance(1.5)
    assert world.out.state("p").kind == "paused"
    with pytest.raises(RateLimitedError) as refusal:
        await world.call(world.answering("never"))
    assert 4 < refusal.value.retry_after <= 5.5
    assert len(world.starts) == 1
    assert await world.time.run(limited) == "late"
    assert 5 <= world.starts[1] - world.starts[0] - 1 <= 5.6
    assert world.out.state("p").kind == "closed"
    assert world.heard.trips["p"] == 0


async def test_call_429_with_a_long_pause_is_left_to_the_gate() -> None:
    world = World()
    with pytest.raises(RateLimitedError) as refusal:
        await world.call(world.answering(status_error(429, {"Retry-After": "40"})))
    assert 40 <= refusal.value.retry_after <= 41
    assert world.time.monotonic() == 1001


@pytest.mark.parametrize(
    "headers",
    [
        {"Retry-After": "0"},
        {"retry-after-ms": "0"},
        {"Retry-After": "Tue, 24 Nov 2020 12:00:00 GMT"},
    ],
)
async def test_call_429_whose_time_is_over_is_no_hot_loop(headers: dict[str, str]) -> None:
    """Whoever holds the delivery asks again as soon as it is told."""
    world = World(retries=0)
    factory = world.answering(status_error(429, headers), takes=0.05)
    ends = world.time.monotonic() + 10
    while world.time.monotonic() < ends:
        with pytest.raises(RateLimitedError) as refusal:
            await world.call(factory)
        await world.time.advance(refusal.value.retry_after)
    assert len(world.starts) <= 10


async def test_call_classifier_that_breaks_hides_no_failure() -> None:
    world = World(retries=0, threshold=2)

    def broken(_: BaseException) -> Verdict | None:
        raise OverflowError

    for _ in range(2):
        with pytest.raises(ProviderFailedError):
            await world.call(world.answering(status_error(503)), classify=broken)
    assert world.out.state("p").kind == "open"


async def test_reset_ends_a_pause() -> None:
    world = World(retries=0)
    with pytest.raises(RateLimitedError):
        await world.call(world.answering(status_error(429, {"Retry-After": "40"})))
    world.out.reset("p")
    assert world.out.state("p").kind == "closed"
    assert await world.call(world.answering("fine")) == "fine"


async def test_call_long_retry_after_of_a_503_ends_the_call() -> None:
    world = World()
    with pytest.raises(ProviderFailedError):
        await world.call(world.answering(status_error(503, {"Retry-After": "40"})))
    assert len(world.starts) == 1


async def test_call_pause_of_a_probe_keeps_the_circuit_half_open() -> None:
    world = World()
    await world.trip()
    await world.time.advance(30)
    with pytest.raises(RateLimitedError):
        await world.call(world.answering(status_error(429, {"Retry-After": "40"})))
    assert world.out.state("p").kind == "paused"
    await world.time.advance(42)
    assert world.out.state("p") == ProviderState("p", "half_open", None)


async def test_call_is_not_started_under_five_seconds() -> None:
    world = World()
    with pytest.raises(DeadlineTooCloseError):
        await world.call(world.answering("x"), within=4.9)
    assert world.starts == []


async def test_call_is_not_started_when_queueing_used_up_the_time() -> None:
    world = World(max_concurrent=1)
    busy = asyncio.create_task(world.out.call("p", world.answering("x", takes=6), deadline=2000))
    await world.time.advance(0)
    with pytest.raises(ConcurrencyLimitError):
        await world.call(world.answering("y"), within=10)
    assert world.time.monotonic() == 1005
    await world.time.run(busy)


async def test_call_is_not_retried_into_the_deadline() -> None:
    world = World()
    with pytest.raises(ProviderFailedError):
        await world.call(world.answering(status_error(500)), within=6)
    assert len(world.starts) == 1


async def test_call_attempt_is_cut_at_the_service_timeout_and_counts() -> None:
    world = World(threshold=1, retries=0)
    with pytest.raises(ProviderFailedError) as failure:
        await world.call(world.answering("x", takes=500))
    assert failure.value.kind == "timeout"
    assert world.time.monotonic() == 1030
    assert world.heard.endings == ["timeout"]
    assert world.out.state("p").kind == "open"


async def test_call_attempt_cut_short_by_the_deadline_does_not_count() -> None:
    world = World(threshold=1)
    with pytest.raises(ProviderFailedError):
        await world.call(world.answering("x", takes=500), within=8)
    assert world.time.monotonic() == 1008
    assert world.out.state("p").kind == "closed"


async def test_call_ends_within_its_total() -> None:
    world = World(timeout=90)
    with pytest.raises(ProviderFailedError):
        await world.call(world.answering("x", takes=500))
    assert world.time.monotonic() <= 1120
    assert len(world.starts) == 2


async def test_call_on_attempt_may_forbid_and_the_probe_goes_back() -> None:
    world = World()
    await world.trip()
    await world.time.advance(30)

    def no_call_left(_attempt: int) -> None:
        raise PermissionError("no call left")

    with pytest.raises(PermissionError):
        await world.call(world.answering("x"), on_attempt=no_call_left)
    assert world.starts == []
    assert world.out.state("p") == ProviderState("p", "half_open", None)


async def test_call_publishes_every_change() -> None:
    world, heard, names = World(), list[str](), list[str]()
    unsubscribe = world.out.subscribe(lambda state: heard.append(state.kind))
    world.out.watch(names.append)
    await world.trip()
    await world.time.advance(30)
    assert world.out.is_probing("p")
    assert world.out.blocked_until("p") is None
    await world.call(world.answering("fine"))
    assert heard == ["open", "half_open", "closed"]
    assert names == ["p"] * 3
    unsubscribe()
    unsubscribe()
    world.out.isolate("p")
    assert heard == ["open", "half_open", "closed"]
    assert world.out.state("p").kind == "open"
    world.out.reset("p")
    assert names == ["p"] * 5
    assert world.out.blocked_until("p") is None


async def test_call_listeners_cannot_hurt(caplog: pytest.LogCaptureFixture) -> None:
    class Broken(NullObserver):
        def attempt_finished(self, provider: str, seconds: float, ending: Ending) -> None:
            raise RuntimeError(f"{provider} {seconds} {ending}")

        def tripped(self, provider: str) -> None:
            raise RuntimeError(provider)

    world, heard = World(Broken(), threshold=1, retries=0), list[str]()

    def broken(state: ProviderState) -> None:
        raise KeyError(state.kind)

    world.out.subscribe(broken)
    world.out.subscribe(lambda state: heard.append(state.kind))
    assert await world.call(world.answering("fine")) == "fine"
    with pytest.raises(ProviderFailedError):
        await world.call(world.answering(status_error(500)))
    assert heard == ["open"]
    assert {r.message for r in caplog.records} >= {
        "outbound.listener_failed",
        "outbound.observer_failed",
    }


async def test_call_total_outage_is_met_with_probes_only() -> None:
    """Two minutes down at ten calls a second: after it opened, one call each 30 s."""
    world = World(max_concurrent=10, retries=0)
    factory = world.answering(status_error(500), takes=0.05)
    calls = []
    for _ in range(1200):
        calls.append(asyncio.create_task(world.out.call("p", factory, deadline=9000)))
        await world.time.advance(0.1)
    await world.time.run(asyncio.gather(*calls, return_exceptions=True))
    opened_at = world.starts[4]
    probes = [start for start in world.starts if start > opened_at]
    assert len(world.starts) == 5 + len(probes)
    assert len(probes) == 3
