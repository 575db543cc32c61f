"""The named breaker tests: each is a way in which common breakers go wrong."""

import tracemalloc
from traceback import walk_tb

import pytest

from resume_outbound.breaker import LEASE_MARGIN_S, Breaker
from resume_outbound.errors import CircuitOpenError
from resume_outbound.policy import Policy
from resume_outbound.testing import ManualTime

POLICY = Policy(
    "openai", max_concurrent=50, timeout=90, retries=0, threshold=3, window=60, recovery=30
)


@pytest.fixture
def time() -> ManualTime:
    return ManualTime()


@pytest.fixture
def breaker(time: ManualTime) -> Breaker:
    return Breaker(POLICY, time.monotonic)


def fail(breaker: Breaker, times: int = 1) -> None:
    for _ in range(times):
        breaker.settle(breaker.admit(), "failure")


def state(breaker: Breaker) -> str:
    """The state's name, which mypy must not narrow: calls in between change it."""
    return breaker.state


def half_open(breaker: Breaker, time: ManualTime) -> None:
    fail(breaker, POLICY.threshold)
    time.jump(POLICY.recovery)


def test_breaker_opens_at_exactly_the_threshold(breaker: Breaker) -> None:
    fail(breaker, 2)
    assert state(breaker) == "closed"
    fail(breaker)
    assert state(breaker) == "opened"


def test_breaker_window_slides(breaker: Breaker, time: ManualTime) -> None:
    fail(breaker, 2)
    time.jump(POLICY.window)
    fail(breaker, 2)
    assert state(breaker) == "closed"
    fail(breaker)
    assert state(breaker) == "opened"


def test_breaker_success_does_not_reset_the_count(breaker: Breaker) -> None:
    """A provider that answers every other call is still down half of the time."""
    for _ in range(POLICY.threshold):
        breaker.settle(breaker.admit(), "ok")
        fail(breaker)
    assert state(breaker) == "opened"


def test_breaker_open_says_how_long(breaker: Breaker, time: ManualTime) -> None:
    fail(breaker, POLICY.threshold)
    time.jump(10)
    with pytest.raises(CircuitOpenError) as refusal:
        breaker.admit()
    assert refusal.value.retry_after == pytest.approx(20)
    assert breaker.blocked_until() == pytest.approx(time.monotonic() + 20)


def test_breaker_half_open_admits_one_of_fifty(breaker: Breaker, time: ManualTime) -> None:
    half_open(breaker, time)
    admitted, refused = 0, 0
    for _ in range(50):
        try:
            breaker.admit()
            admitted += 1
        except CircuitOpenError:
            refused += 1
    assert (admitted, refused) == (1, 49)


def test_breaker_half_open_is_observable_before_anybody_calls(
    breaker: Breaker, time: ManualTime
) -> None:
    fail(breaker, POLICY.threshold)
    seen = [breaker.is_half_open]
    time.jump(POLICY.recovery)
    seen.append(breaker.is_half_open)
    assert seen == [False, True]
    assert breaker.blocked_until() is None


def test_breaker_successful_probe_closes(breaker: Breaker, time: ManualTime) -> None:
    half_open(breaker, time)
    breaker.settle(breaker.admit(), "ok")
    assert state(breaker) == "closed"
    fail(breaker, POLICY.threshold - 1)
    assert state(breaker) == "closed"


def test_breaker_failed_probe_reopens_for_the_full_time(breaker: Breaker, time: ManualTime) -> None:
    half_open(breaker, time)
    probe = breaker.admit()
    time.jump(20)
    breaker.settle(probe, "failure")
    assert breaker.blocked_until() == pytest.approx(time.monotonic() + POLICY.recovery)


def test_breaker_ignored_probe_hands_its_permit_back(breaker: Breaker, time: ManualTime) -> None:
    """Cancelled, or answered with a 4xx: neither closes nor opens, the next one probes."""
    half_open(breaker, time)
    breaker.settle(breaker.admit(), "ignore")
    assert state(breaker) == "half-opened"
    assert breaker.admit().is_probe


def test_breaker_hung_probe_loses_its_lease(breaker: Breaker, time: ManualTime) -> None:
    half_open(breaker, time)
    hung = breaker.admit()
    time.jump(POLICY.timeout + LEASE_MARGIN_S)
    second = breaker.admit()
    breaker.settle(hung, "failure")
    assert state(breaker) == "half-opened", "a probe without a lease has no say"
    breaker.settle(second, "ok")
    assert state(breaker) == "closed"


@pytest.mark.parametrize("late", ["ok", "failure"])
def test_breaker_late_result_of_an_older_era_is_ignored(
    breaker: Breaker, time: ManualTime, late: str
) -> None:
    old = breaker.admit()
    half_open(breaker, time)
    probe = breaker.admit()
    breaker.settle(old, "ok" if late == "ok" else "failure")
    assert state(breaker) == "half-opened"
    breaker.settle(probe, "ok")
    assert state(breaker) == "closed"


def test_breaker_settling_a_probe_twice_counts_once(breaker: Breaker, time: ManualTime) -> None:
    half_open(breaker, time)
    probe = breaker.admit()
    breaker.settle(probe, "ignore")
    breaker.settle(probe, "failure")
    assert state(breaker) == "half-opened"


def test_breaker_isolated_admits_nobody_until_reset(breaker: Breaker, time: ManualTime) -> None:
    breaker.isolate()
    time.jump(10 * POLICY.recovery)
    with pytest.raises(CircuitOpenError):
        breaker.admit()
    assert not breaker.is_half_open
    breaker.reset()
    assert not breaker.admit().is_probe


def test_breaker_rejections_grow_neither_tracebacks_nor_memory(breaker: Breaker) -> None:
    fail(breaker, POLICY.threshold)
    breaker.take_events()

    def reject(times: int) -> list[CircuitOpenError]:
        last: list[CircuitOpenError] = []
        for _ in range(times):
            try:
                breaker.admit()
            except CircuitOpenError as error:
                last = [*last[-1:], error]
        return last

    reject(100)
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    first, second = reject(10_000)
    grown = tracemalloc.get_traced_memory()[0] - before
    tracemalloc.stop()
    assert first is not second
    assert len(list(walk_tb(second.__traceback__))) == 2
    assert breaker.take_events() == []
    assert grown < 20_000
