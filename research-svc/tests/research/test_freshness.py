from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from research_svc.freshness import Freshness, State

SPANS = st.timedeltas(timedelta(0), timedelta(days=4000))
AGES = st.timedeltas(timedelta(days=-10), timedelta(days=9000))
FRESHNESSES = st.builds(Freshness, fresh=SPANS, stale=SPANS, nothing=SPANS)
ORDER = [State.FRESH, State.STALE, State.EXPIRED]


@given(freshness=FRESHNESSES, one=AGES, other=AGES, is_known=st.booleans())
def test_answer_never_gets_fresher(
    freshness: Freshness, one: timedelta, other: timedelta, *, is_known: bool
) -> None:
    younger, older = sorted((one, other))
    states = [freshness.state(age, is_known=is_known) for age in (younger, older)]
    assert ORDER.index(states[0]) <= ORDER.index(states[1])


@given(FRESHNESSES, AGES)
def test_nothing_is_never_served_stale_nor_longer_than_something(
    freshness: Freshness, age: timedelta
) -> None:
    nothing = freshness.state(age, is_known=False)
    assert nothing is not State.STALE
    if nothing is State.FRESH:
        assert freshness.state(age, is_known=True) is State.FRESH


@given(FRESHNESSES)
def test_borders_are_where_they_are_set(freshness: Freshness) -> None:
    tick, end = timedelta(microseconds=1), freshness.fresh + freshness.stale
    assert freshness.state(freshness.fresh - tick, is_known=True) is State.FRESH
    assert freshness.state(end, is_known=True) is State.EXPIRED
    if freshness.stale:
        assert freshness.state(freshness.fresh, is_known=True) is State.STALE
        assert freshness.state(end - tick, is_known=True) is State.STALE
