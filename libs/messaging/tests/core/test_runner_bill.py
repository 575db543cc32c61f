"""What was paid for before a stage had to wait is on its bill, whatever it comes to."""

from collections.abc import Iterable

import pytest

from resume_contracts.errors import ErrorCode
from resume_contracts.messages import (
    StageExpired,
    StageFailed,
    StageRetrying,
    StageSucceeded,
    Usage,
)
from resume_messaging.core.observer import NullObserver
from resume_messaging.core.outcome import Done, Expired, Fail, Outcome, Retry, Wait

from .bench import DONE, Bench, a_command, on_bench, returns


def spent(tokens: int) -> tuple[Usage, ...]:
    return (Usage(provider="openai", calls=1, input_tokens=tokens),)


@pytest.mark.parametrize(
    "last",
    [
        Done(DONE.fact, usage=spent(3)),
        Retry(ErrorCode.ANSWER_UNUSABLE, "It was unusable.", usage=spent(3)),
        Fail(ErrorCode.ANSWER_UNUSABLE, "It was unusable.", usage=spent(3)),
        Expired(usage=spent(3)),
    ],
    ids=lambda outcome: type(outcome).__name__,
)
def test_runner_bills_what_was_spent_before_waiting(last: Outcome) -> None:
    @on_bench
    async def test() -> None:
        waits = Wait("openai", 1.0, spent(1)), Wait("openai", 1.0), Wait("openai", 1.0, spent(2))
        bench = Bench(returns(*waits, last))
        await bench.run(a_command())
        (event,) = bench.events()
        assert isinstance(event, StageSucceeded | StageRetrying | StageFailed | StageExpired)
        assert event.usage == spent(1) + spent(2) + spent(3)

    test()


@on_bench
async def test_later_run_pays_nothing_for_what_an_earlier_one_found() -> None:
    """Its bill says what that spared; what was spent stays on the earlier run's."""
    paid = Usage(provider="openai", calls=1, input_tokens=3, output_tokens=1, cost_usd=0.25)
    bench = Bench(returns(Done(DONE.fact, usage=(paid,))))
    for run in (1, 2, 3):
        await bench.run(a_command(run=run))
    first, second, third = bench.events()
    assert bench.runs == 1
    assert isinstance(first, StageSucceeded)
    assert isinstance(second, StageSucceeded)
    assert isinstance(third, StageSucceeded)
    assert first.usage == (paid,)
    (line,) = second.usage
    assert (line.calls, line.cost_usd, line.saved_tokens, line.saved_usd) == (0, 0, 4, 0.25)
    assert third.usage == second.usage


class _Counting(NullObserver):
    def __init__(self) -> None:
        self.bills: list[tuple[Usage, ...]] = []

    def billed(self, usage: Iterable[Usage]) -> None:
        self.bills.append(tuple(usage))


@on_bench
async def test_bill_is_told_once_however_often_its_outcome_is_published() -> None:
    observer = _Counting()
    bench = Bench(returns(Done(DONE.fact, usage=spent(1))), observer=observer)
    for _ in range(3):
        await bench.run(a_command())
    assert len(bench.events()) == 3
    assert observer.bills == [spent(1)]
