"""The runner's branches, one by one; the scenarios show them together."""

import asyncio
from datetime import timedelta
from uuid import UUID

import pytest
from structlog.testing import capture_logs

from resume_contracts.errors import ErrorCode
from resume_contracts.facts import Posting, Research, Source
from resume_contracts.messages import (
    Command,
    EventKind,
    StageFailed,
    StageRetrying,
    StageSucceeded,
)
from resume_contracts.workflows import Engine
from resume_messaging.core.outcome import (
    Done,
    Expired,
    Fail,
    Outcome,
    Retry,
    Settlement,
    Wait,
)
from resume_messaging.core.ports import StageContext
from resume_messaging.sim.loop import EPOCH, VirtualClock
from resume_messaging.sim.provider import SimBreaker
from resume_runtime.clock import system_sleep

from .bench import DONE, Bench, a_command, on_bench, returns, sleeps

RETRY = Retry(ErrorCode.ANSWER_UNUSABLE, "It was unusable.")
RESEARCH = ("research.company", "tailor.resume")


@on_bench
async def test_runner_stores_then_publishes_then_acks() -> None:
    """The common path: started, done, result of the last stage, memo kept."""
    bench = Bench()
    assert await bench.run(a_command()) is Settlement.ACK
    (event,) = bench.events()
    assert isinstance(event, StageSucceeded)
    assert event.is_last
    assert event.result == {"document": {"summary": "better"}}
    assert [m.kind for m in bench.sent()] == ["stage.started", "stage.succeeded"]
    assert not bench.next_commands()
    (row,) = bench.store.rows.values()
    assert row.memo is not None
    assert row.claimed_by is None


@on_bench
async def test_runner_publishes_a_stored_outcome_with_the_same_bytes() -> None:
    """A redelivery costs nothing and says the same, times included."""
    bench = Bench()
    await bench.run(a_command())
    first = bench.sent()[-1]
    await system_sleep(30.0)
    await bench.run(a_command())
    assert bench.runs == 1
    assert bench.sent()[-1] == first


@on_bench
async def test_runner_expires_without_looking_anywhere() -> None:
    """Past the deadline neither store nor handler is asked."""
    bench = Bench()
    await system_sleep(11.0)
    assert await bench.run(a_command(deadline_s=10.0)) is Settlement.ACK
    assert (bench.runs, bench.store.looks) == (0, 0)
    assert [event.kind for event in bench.events()] == [EventKind.STAGE_EXPIRED]


@on_bench
async def test_runner_ends_a_handler_at_the_deadline() -> None:
    """A handler that takes too long is ended, and the run is expired."""
    bench = Bench(sleeps(1000.0))
    assert await bench.run(a_command(deadline_s=10.0)) is Settlement.ACK
    assert bench.clock.monotonic() == pytest.approx(10.0)
    assert [event.kind for event in bench.events()] == [EventKind.STAGE_EXPIRED]


@on_bench
async def test_runner_looks_once_at_what_comes_for_the_first_time() -> None:
    """The claim's statement looks as well; what came back from a crash is looked at before."""
    bench = Bench()
    await bench.run(a_command())
    assert bench.store.looks == 1
    await bench.run(a_command(), count=1)
    assert bench.store.looks == 2
    assert bench.runs == 1


@on_bench
async def test_runner_does_nothing_for_an_erased_user() -> None:
    """Nothing is called, stored or told of somebody who asked to be forgotten."""
    bench = Bench()
    await bench.store.erase(UUID(int=11))
    assert await bench.run(a_command()) is Settlement.ACK
    assert (bench.runs, bench.sent(), bench.store.rows) == (0, [], {})


@on_bench
async def test_runner_drops_the_result_of_a_user_erased_meanwhile() -> None:
    """What was found while the user was erased is neither stored nor sent."""
    bench = Bench(sleeps(5.0))
    running = asyncio.ensure_future(bench.run(a_command()))
    await system_sleep(1.0)
    await bench.store.erase(UUID(int=11))
    assert await running is Settlement.ACK
    assert bench.events() == []


@on_bench
async def test_runner_turns_an_unexpected_exception_into_retry_then_failure() -> None:
    """A bug in a handler is tried again, then a failure; its text is in no log and no event."""

    async def broken(command: Command, _: StageContext) -> Outcome:
        raise RuntimeError(f"could not read {command.facts.submission.job_text}")

    bench = Bench(broken)
    with capture_logs() as logs:
        for attempt in (1, 2, 3):
            await bench.run(a_command(attempt=attempt))
    *retries, last = bench.events()
    assert all(isinstance(event, StageRetrying) for event in retries)
    assert len(retries) == 2
    assert isinstance(last, StageFailed)
    assert last.error.code is ErrorCode.INTERNAL_ERROR
    assert [log["error"] for log in logs] == ["RuntimeError"] * 3
    assert "secret" not in str(logs)
    assert "secret" not in last.model_dump_json()


@on_bench
async def test_runner_asks_the_classifier_first() -> None:
    """What the service knows of an exception decides."""

    async def broken(_: Command, __: StageContext) -> Outcome:
        raise KeyError

    bench = Bench(broken, classify=lambda _: Fail(ErrorCode.CONTENT_REFUSED, "No."))
    await bench.run(a_command())
    (event,) = bench.events()
    assert isinstance(event, StageFailed)
    assert event.error.code is ErrorCode.CONTENT_REFUSED


@on_bench
async def test_runner_fails_a_stage_it_has_no_handler_for() -> None:
    """A stage that is not this service's is a failure, not a lost message."""
    bench = Bench()
    command = a_command(slip=("extract.posting",), attempt=3)
    assert await bench.run(command) is Settlement.ACK
    (event,) = bench.events()
    assert isinstance(event, StageFailed)


@on_bench
async def test_runner_refuses_a_fact_of_another_stage() -> None:
    """A handler that returns the wrong fact has failed."""
    bench = Bench(returns(Done(Research(available=True))))
    await bench.run(a_command())
    (event,) = bench.events()
    assert isinstance(event, StageFailed)
    assert event.error.code is ErrorCode.INTERNAL_ERROR


@on_bench
async def test_runner_counts_calls_over_attempts() -> None:
    """The next attempt may start what this one left; without calls there is none."""
    bench = Bench(returns(RETRY, RETRY))
    await bench.run(a_command(calls_left=2))
    (second,) = bench.next_commands()
    assert (second.attempt, second.calls_left) == (2, 1)
    await bench.run(second)
    assert [event.kind for event in bench.events()] == [
        EventKind.STAGE_RETRYING,
        EventKind.STAGE_FAILED,
    ]


@on_bench
async def test_runner_fails_a_handler_that_used_up_its_calls() -> None:
    """Starting a call that is not left ends the stage; the ids of those before are in order."""
    ids: list[str] = []

    async def greedy(_: Command, context: StageContext) -> Outcome:
        while True:
            ids.append(context.start_call())

    bench = Bench(greedy)
    await bench.run(a_command(calls_left=2))
    (event,) = bench.events()
    assert isinstance(event, StageFailed)
    assert event.error.code is ErrorCode.PROVIDER_UNAVAILABLE
    assert [request.rpartition("/")[2] for request in ids] == ["5", "6"]


@on_bench
async def test_runner_does_not_retry_past_the_deadline() -> None:
    """With the tier's time beyond the deadline the stage fails at once."""
    bench = Bench(returns(RETRY))
    await bench.run(a_command(deadline_s=4.0))
    assert [event.kind for event in bench.events()] == [EventKind.STAGE_FAILED]


@on_bench
async def test_runner_waits_uncounted() -> None:
    """`Wait` goes back to the gate: no attempt, no event, and the refused call is forgiven."""
    left: list[int] = []
    outcomes = [Wait("openai", 1.0)] * 10

    async def limited(_: Command, context: StageContext) -> Outcome:
        context.start_call()
        left.append(context.calls_left)
        return outcomes.pop() if outcomes else DONE

    bench = Bench(limited)
    assert await bench.run(a_command()) is Settlement.ACK
    assert bench.runs == 11
    assert set(left) == {5}
    assert len(bench.sent()) == 2
    assert bench.clock.monotonic() >= 10.0


@on_bench
async def test_runner_lets_an_auto_job_go_on_without_its_provider() -> None:
    """`engine=auto` waits for the model until 60 s before the deadline, then does without."""
    seen: list[tuple[bool, float]] = []

    async def handler(_: Command, context: StageContext) -> Outcome:
        seen.append((context.do_without_provider, bench.clock.monotonic()))
        return DONE

    breaker = SimBreaker("openai", _clock())
    bench = Bench(handler, availability=breaker)
    breaker._open_until = 10_000.0
    await bench.run(a_command(engine=Engine.AUTO))
    ((without, seconds),) = seen
    assert without
    assert seconds == pytest.approx(360.0)


@on_bench
async def test_runner_ends_the_waiting_of_an_auto_job_that_keeps_wishing() -> None:
    """A handler that wishes to wait after that is tried again through the tiers, not in a loop."""
    breaker = SimBreaker("openai", _clock())
    bench = Bench(returns(*[Wait("openai", 1.0)] * 3), availability=breaker)
    breaker._open_until = 10_000.0
    await bench.run(a_command(engine=Engine.AUTO))
    assert bench.runs == 1
    assert [event.kind for event in bench.events()] == [EventKind.STAGE_RETRYING]


@on_bench
async def test_runner_tells_a_handler_whether_it_may_try_again() -> None:
    """Attempts, calls and time decide."""
    seen: list[bool] = []

    async def handler(_: Command, context: StageContext) -> Outcome:
        seen.append(context.may_try_again)
        return DONE

    bench = Bench(handler)
    commands = (a_command(), a_command(attempt=3), a_command(calls_left=0), a_command(deadline_s=3))
    for number, command in enumerate(commands):
        await bench.run(command.model_copy(update={"job_id": UUID(int=number)}))
    assert seen == [True, False, False, False]


@on_bench
async def test_runner_completes_an_optional_stage_that_fails() -> None:
    """An optional stage is done, unavailable, with its reason; the job goes on."""
    bench = Bench(returns(Fail(ErrorCode.PROVIDER_QUOTA_EXHAUSTED, "No.")))
    await bench.run(a_command(slip=RESEARCH, stage_s=30.0))
    (event,) = bench.events()
    assert isinstance(event, StageSucceeded)
    assert event.unavailable == ErrorCode.PROVIDER_QUOTA_EXHAUSTED
    assert not event.degraded
    (following,) = bench.next_commands()
    assert following.facts.research == Research(available=False, reason="provider_quota_exhausted")


@on_bench
async def test_runner_expires_an_optional_stage_with_its_job() -> None:
    """When the job's own deadline is past there is nothing to go on with."""
    bench = Bench(returns(Expired()))
    await bench.run(a_command(slip=RESEARCH, stage_s=30.0, deadline_s=0.0))
    assert [event.kind for event in bench.events()] == [EventKind.STAGE_EXPIRED]


@on_bench
async def test_runner_asks_again_in_a_later_run_what_was_unavailable() -> None:
    """A redrive does not take «unavailable» for an answer."""
    bench = Bench(returns(Fail(ErrorCode.PROVIDER_UNAVAILABLE, "No."), Done(_known())))
    await bench.run(a_command(slip=RESEARCH, stage_s=30.0))
    await bench.run(a_command(slip=RESEARCH, stage_s=30.0, run=2))
    assert bench.runs == 2
    assert bench.next_commands()[-1].facts.research == _known()


@on_bench
async def test_runner_gives_the_next_optional_stage_its_time() -> None:
    """The deadline of an optional stage counts from the end of the one before."""
    bench = Bench(sleeps(5.0, Done(Posting(text="t", route=Source.PASTED))))
    await bench.run(a_command(slip=("extract.posting", *RESEARCH)))
    (following,) = bench.next_commands()
    assert following.stage_deadline == EPOCH + timedelta(seconds=35.0)


def _known() -> Research:
    return Research(available=True, summary="known")


def _clock() -> VirtualClock:
    return VirtualClock(asyncio.get_running_loop())


@on_bench
async def test_runner_buries_what_the_store_cannot_take() -> None:
    """What no column can hold ends in the dead letters, and the job is told at once."""
    bench = Bench()

    async def refuse(*_: object, **__: object) -> bool:
        raise ValueError("unstorable")

    setattr(bench.store, "save", refuse)  # noqa: B010  a store that cannot take the value
    assert await bench.run(a_command()) is Settlement.REJECT
    (event,) = bench.events()
    assert event.kind is EventKind.STAGE_FAILED
    assert event.error.code is ErrorCode.INTERNAL_ERROR
