"""The retry budget against a plain model that remembers every moment."""

from hypothesis import given
from hypothesis import strategies as st

from resume_outbound.budget import FLOOR, RATIO, WINDOW_S, RetryBudget
from resume_outbound.testing import ManualTime

#: Seconds that pass, then calls that begin, then retries that are asked for.
STEPS = st.lists(
    st.tuples(
        st.sampled_from([0.0, 0.3, 1.0, 7.5, 29.0, 59.9, 60.0, 61.0, 200.0]),
        st.integers(0, 150),
        st.integers(0, 25),
    ),
    max_size=25,
)


def granted(budget: RetryBudget, asked: int) -> int:
    return sum(budget.spend() for _ in range(asked))


def test_budget_allows_ten_retries_a_minute_however_few_the_calls() -> None:
    time = ManualTime()
    budget = RetryBudget(time.monotonic)
    assert granted(budget, 50) == FLOOR
    time.jump(30)
    assert granted(budget, 50) == 0
    time.jump(WINDOW_S - 30 + 1)
    assert granted(budget, 50) == FLOOR


def test_budget_is_a_tenth_of_many_calls() -> None:
    time = ManualTime()
    budget = RetryBudget(time.monotonic)
    for _ in range(400):
        budget.count_call()
    assert budget.left == 40
    assert granted(budget, 100) == 40


def test_budget_of_calls_long_ago_is_gone() -> None:
    time = ManualTime()
    budget = RetryBudget(time.monotonic)
    for _ in range(1000):
        budget.count_call()
    time.jump(WINDOW_S + 1)
    assert granted(budget, 100) == FLOOR


def test_budget_remembers_no_more_than_a_minutes_seconds() -> None:
    time = ManualTime()
    budget = RetryBudget(time.monotonic)
    for _ in range(5000):
        time.jump(0.5)
        budget.count_call()
    assert len(budget._seconds) <= WINDOW_S + 1
    assert budget._calls == sum(calls for _, calls, _ in budget._seconds)


@given(STEPS)
def test_budget_holds_in_every_minute(steps: list[tuple[float, int, int]]) -> None:
    """Never more than the rule allows, and never less: bounds from both ends of the window."""
    time = ManualTime()
    budget = RetryBudget(time.monotonic)
    calls, retries = list[float](), list[float]()

    def within(moments: list[float], seconds: float) -> int:
        return sum(moment > time.monotonic() - seconds for moment in moments)

    for wait, begun, asked in steps:
        time.jump(wait)
        for _ in range(begun):
            budget.count_call()
            calls.append(time.monotonic())
        for _ in range(asked):
            most = max(FLOOR, int(RATIO * within(calls, WINDOW_S + 1)))
            least = max(FLOOR, int(RATIO * within(calls, WINDOW_S)))
            if budget.spend():
                assert within(retries, WINDOW_S) < most
                retries.append(time.monotonic())
            else:
                assert within(retries, WINDOW_S + 1) >= least
