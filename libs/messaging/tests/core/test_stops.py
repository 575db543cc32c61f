"""What a process remembers of stopped runs."""

from datetime import timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from resume_messaging.core.stops import Stops
from resume_runtime.testing import FakeClock

JOB = UUID(int=1)


def test_stops_tell_whoever_watches() -> None:
    """Those who watch a run hear of its stop, before and after it came; others do not."""
    clock = FakeClock()
    stops = Stops(clock)
    with stops.watching(JOB, 1) as first, stops.watching(JOB, 2) as other:
        stops.stop(JOB, 1, clock.now() + timedelta(seconds=60))
        assert first.is_set
        assert not other.is_set
        with stops.watching(JOB, 1) as late:
            assert late.is_set
        assert stops.watched == ((JOB, 1), (JOB, 2))
    assert not stops.watched


def test_stops_are_forgotten_when_they_expire() -> None:
    """The run's commands are past their deadline by then."""
    clock = FakeClock()
    stops = Stops(clock)
    stops.stop(JOB, 1, clock.now() + timedelta(seconds=60))
    assert stops.is_stopped(JOB, 1)
    clock.advance(60)
    assert not stops.is_stopped(JOB, 1)
    assert len(stops) == 0


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(1, 100), st.integers(0, 30))))
def test_stops_hold_exactly_what_has_not_expired(steps: list[tuple[int, int, int]]) -> None:
    """Whatever the order of notices: what is remembered is what is alive, told twice or not."""
    clock = FakeClock()
    stops = Stops(clock)
    expected: dict[int, float] = {}
    for run, lives, passes in steps:
        now = clock.monotonic()
        expected = {key: until for key, until in expected.items() if until > now}
        stops.stop(JOB, run, clock.now() + timedelta(seconds=lives))
        expected.setdefault(run, now + lives)
        clock.advance(passes)
        alive = {key for key, until in expected.items() if until > clock.monotonic()}
        assert {key for key in range(6) if stops.is_stopped(JOB, key)} == alive
        assert len(stops) == len(alive)
