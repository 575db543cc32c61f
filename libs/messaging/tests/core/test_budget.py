"""What a run may spend: checked before each call, falling with each hop, never below nothing."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resume_contracts.costs import MICRO, charged
from resume_contracts.errors import ErrorCode
from resume_contracts.facts import Research
from resume_contracts.messages import Command, StageFailed, StageSucceeded, Usage
from resume_messaging.core import build
from resume_messaging.core.attempt import Context
from resume_messaging.core.outcome import Done, Outcome, Retry, Wait
from resume_messaging.core.ports import (
    BudgetExhaustedError,
    CallsExhaustedError,
    Memo,
    StageContext,
)
from resume_messaging.sim.loop import EPOCH

from .bench import DONE, Bench, a_command, on_bench

SLIP = ("research.company", "tailor.resume")


def with_budget(left: int | None, command: Command | None = None) -> Command:
    return (command or a_command()).model_copy(update={"budget_left_micro_usd": left})


def context(left: int | None) -> Context:
    return Context(with_budget(left), 420.0, lambda _command, _used: True)


def spent(usd: float) -> tuple[Usage, ...]:
    return (Usage(provider="openai", model="m", calls=1, cost_usd=usd),)


def test_without_a_budget_a_call_may_cost_anything() -> None:
    one = context(None)
    one.start_call()
    one.start_call(10**12)
    assert one.used == 2


@pytest.mark.parametrize("most", [101, None])
def test_call_that_could_cost_too_much_is_not_counted(most: int | None) -> None:
    """Neither is one of unknown price: a budget that guesses is none."""
    one = context(100)
    with pytest.raises(BudgetExhaustedError):
        one.start_call(most)
    assert (one.used, one.calls_left) == (0, 6)
    assert one.start_call(100).endswith("/1")


def test_call_that_costs_nothing_is_always_covered() -> None:
    one = context(0)
    assert one.start_call(0).endswith("/1")
    with pytest.raises(BudgetExhaustedError):
        one.start_call(1)


def test_second_call_gets_what_the_first_may_leave() -> None:
    one = context(100)
    one.start_call(60)
    with pytest.raises(BudgetExhaustedError):
        one.start_call(41)
    one.start_call(40)


def test_call_told_to_wait_gives_back_what_it_might_have_cost() -> None:
    one = context(100)
    one.start_call(30)
    used = one.used
    one.start_call(70)
    one.forgive(used)
    one.forgive(used)
    one.start_call(70)
    with pytest.raises(BudgetExhaustedError):
        one.start_call(1)


def test_calls_are_counted_before_money() -> None:
    one = context(0)
    for _ in range(6):
        one.start_call(0)
    with pytest.raises(CallsExhaustedError) as caught:
        one.start_call(1)
    assert not isinstance(caught.value, BudgetExhaustedError)


def memo(kind: str, usage: tuple[Usage, ...]) -> Memo:
    fact = Research(available=False, reason="none").model_dump(mode="json")
    return Memo(1, 1, kind, EPOCH, EPOCH, fact=fact, usage=usage, calls_used=1)


@pytest.mark.parametrize("kind", ["done", "retry"])
def test_next_command_has_what_the_bill_left(kind: str) -> None:
    command = with_budget(10_000, a_command(slip=SLIP))
    following = build.next_command(command, memo(kind, spent(0.004)))
    assert following is not None
    assert following.budget_left_micro_usd == 6000
    dear = build.next_command(command, memo(kind, spent(0.4)))
    assert dear is not None
    assert dear.budget_left_micro_usd == 0
    free = build.next_command(with_budget(None, command), memo(kind, spent(0.4)))
    assert free is not None
    assert free.budget_left_micro_usd is None


def test_budget_is_no_part_of_what_a_stage_works_on() -> None:
    """A redrive with another budget finds what was paid for before."""
    one, other = with_budget(1), with_budget(None)
    assert build.memo_key(one) == build.memo_key(other)


calls = st.tuples(st.integers(0, 50), st.floats(0.0, 1.0))


@given(st.integers(0, 200), st.lists(st.lists(calls, max_size=5), max_size=4))
def test_no_run_ever_spends_more_than_it_was_given(
    left: int, stages: list[list[tuple[int, float]]]
) -> None:
    """Over stages and attempts, whatever each call really costs of what it may cost."""
    command, bill = with_budget(left, a_command(slip=SLIP * 3)), 0
    for stage in stages:
        one = Context(command, 420.0, lambda _command, _used: True)
        usage: tuple[Usage, ...] = ()
        for most, part in stage:
            try:
                one.start_call(most)
            except BudgetExhaustedError:
                continue
            usage += spent(int(most * part) / MICRO)
        bill += charged(usage)
        assert bill <= left
        following = build.next_command(command, replace(memo("retry", usage), calls_used=0))
        assert following is not None
        command = following
        assert command.budget_left_micro_usd == left - bill


@on_bench
async def test_stage_that_must_have_the_call_fails_by_its_own_code() -> None:
    async def dear(_: Command, context: StageContext) -> Outcome:
        context.start_call(5_000)
        raise AssertionError("it was started")

    bench = Bench(dear)
    await bench.run(with_budget(4_999))
    (event,) = bench.events()[-1:]
    assert isinstance(event, StageFailed)
    assert (event.error.code, event.error.retryable) == (ErrorCode.BUDGET_EXHAUSTED, False)


@on_bench
async def test_waiting_at_the_gate_costs_nothing_of_the_budget() -> None:
    outcomes: list[Outcome] = [Wait("openai", 1.0)] * 5

    async def limited(_: Command, context: StageContext) -> Outcome:
        context.start_call(5_000)
        return outcomes.pop() if outcomes else DONE

    bench = Bench(limited)
    await bench.run(with_budget(5_000))
    assert bench.runs == 6
    assert isinstance(bench.events()[-1], StageSucceeded)


@on_bench
async def test_second_attempt_has_what_the_first_left() -> None:
    async def wasteful(_: Command, context: StageContext) -> Outcome:
        context.start_call(5_000)
        return Retry(ErrorCode.ANSWER_UNUSABLE, "no", usage=spent(0.003))

    bench = Bench(wasteful)
    await bench.run(with_budget(7_000))
    (second,) = bench.next_commands()
    assert second.budget_left_micro_usd == 4_000
    await bench.run(second)
    failed = bench.events()[-1]
    assert isinstance(failed, StageFailed)
    assert failed.error.code is ErrorCode.BUDGET_EXHAUSTED


@on_bench
async def test_first_provider_may_leave_too_little_for_the_second() -> None:
    """Research spends, and the model behind it is not called."""

    async def research(_: Command, context: StageContext) -> Outcome:
        context.start_call(20_000)
        return Done(Research(available=False, reason="none"), usage=spent(0.016))

    async def tailor(_: Command, context: StageContext) -> Outcome:
        context.start_call(8_000)
        raise AssertionError("it was started")

    bench = Bench(research)
    await bench.run(with_budget(20_000, a_command(slip=SLIP)))
    (following,) = bench.next_commands()
    assert following.budget_left_micro_usd == 4_000
    behind = Bench(tailor)
    await behind.run(following)
    failed = behind.events()[-1]
    assert isinstance(failed, StageFailed)
    assert failed.error.code is ErrorCode.BUDGET_EXHAUSTED
