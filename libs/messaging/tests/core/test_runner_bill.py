"""What was paid for before a stage had to wait is on its bill, whatever it comes to."""

import pytest

from resume_contracts.errors import ErrorCode
from resume_contracts.messages import StageFailed, StageRetrying, StageSucceeded, Usage
from resume_messaging.core.outcome import Done, Fail, Outcome, Retry, Wait

from .bench import DONE, Bench, a_command, on_bench, returns


def spent(tokens: int) -> tuple[Usage, ...]:
    return (Usage(provider="openai", calls=1, input_tokens=tokens),)


@pytest.mark.parametrize(
    "last",
    [
        Done(DONE.fact, usage=spent(3)),
        Retry(ErrorCode.ANSWER_UNUSABLE, "It was unusable.", usage=spent(3)),
        Fail(ErrorCode.ANSWER_UNUSABLE, "It was unusable.", usage=spent(3)),
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
        assert isinstance(event, StageSucceeded | StageRetrying | StageFailed)
        assert event.usage == spent(1) + spent(2) + spent(3)

    test()
