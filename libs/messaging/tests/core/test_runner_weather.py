"""The runner while PostgreSQL, RabbitMQ, its process or the user go away."""

import asyncio
from datetime import timedelta

import pytest

from resume_contracts.messages import (
    Command,
)
from resume_messaging.core import build
from resume_messaging.core.outcome import (
    Done,
    Outcome,
    Settlement,
)
from resume_messaging.core.ports import Bid, StageContext
from resume_messaging.core.settings import RunnerSettings
from resume_messaging.sim.loop import EPOCH
from resume_runtime.clock import system_sleep

from .bench import DONE, Bench, a_command, both, on_bench, returns, sleeps


@on_bench
async def test_runner_waits_for_the_store_before_a_paid_call() -> None:
    """PostgreSQL away is no outcome: nothing is called until it is back."""
    bench = Bench()
    bench.store.down_until = 60.0
    assert await bench.run(a_command()) is Settlement.ACK
    assert bench.clock.monotonic() >= 60.0
    assert bench.runs == 1


@on_bench
async def test_runner_looks_again_when_the_broker_was_away_before_a_paid_call() -> None:
    """What its claim saw is old by then: who was erased meanwhile is not paid for."""
    bench = Bench()
    bench.publisher.down_until = 60.0
    running = asyncio.ensure_future(bench.run(a_command()))
    await system_sleep(30.0)
    await bench.store.erase(a_command().user_id)
    assert await running is Settlement.ACK
    assert (bench.runs, bench.store.rows) == (0, {})


@on_bench
async def test_runner_gives_a_delivery_back_when_the_store_stays_away() -> None:
    """At the deadline it goes back to its queue, where it will be found expired."""
    bench = Bench()
    bench.store.down_until = 10_000.0
    assert await bench.run(a_command(deadline_s=50.0)) is Settlement.REQUEUE
    assert bench.clock.monotonic() == pytest.approx(50.0)
    assert bench.runs == 0


@on_bench
async def test_runner_keeps_a_paid_result_while_the_store_is_away() -> None:
    """The store failing after a call costs time, not money."""
    bench = Bench(sleeps(5.0))
    running = asyncio.ensure_future(bench.run(a_command()))
    await system_sleep(1.0)
    bench.store.down_until = 100.0
    assert await running is Settlement.ACK
    assert bench.runs == 1
    assert len(bench.events()) == 1


@on_bench
async def test_runner_keeps_a_paid_result_while_the_broker_is_away() -> None:
    """The same batch is sent until it is confirmed."""
    bench = Bench(sleeps(5.0))
    running = asyncio.ensure_future(bench.run(a_command()))
    await system_sleep(1.0)
    bench.publisher.down_until = 100.0
    assert await running is Settlement.ACK
    assert bench.publisher.tries > 5
    assert len(bench.events()) == 1


@on_bench
async def test_runner_gives_up_publishing_after_the_deadline() -> None:
    """It lingers a while, then the delivery goes back; the memo serves whoever takes it."""
    bench = Bench(sleeps(5.0))
    running = asyncio.ensure_future(bench.run(a_command(deadline_s=10.0)))
    await system_sleep(1.0)
    bench.publisher.down_until = 10_000.0
    assert await running is Settlement.REQUEUE
    assert bench.clock.monotonic() == pytest.approx(35.0, abs=1.0)


@on_bench
async def test_runner_gives_back_at_once_when_the_process_stops() -> None:
    """Whoever waits for the store, or for another's claim, gives back; nothing is called."""
    bench = Bench(sleeps(100.0))
    bench.store.down_until = 300.0
    waiting = asyncio.ensure_future(bench.run(a_command()))
    await system_sleep(1.0)
    bench.gate.close()
    assert await waiting is Settlement.REQUEUE
    assert bench.clock.monotonic() == pytest.approx(1.0)


@on_bench
async def test_runner_gives_back_what_a_stopping_process_has_stored() -> None:
    """With the broker away, a stored outcome need not hold up the stop."""
    bench = Bench(sleeps(5.0))
    running = asyncio.ensure_future(bench.run(a_command()))
    await system_sleep(1.0)
    bench.publisher.down_until = 300.0
    await system_sleep(9.0)
    bench.gate.close()
    assert await running is Settlement.REQUEUE
    assert bench.clock.monotonic() == pytest.approx(10.0)
    assert next(iter(bench.store.rows.values())).memo is not None


@on_bench
async def test_runner_acks_a_cancelled_run_that_cannot_be_published() -> None:
    """A cancelled run needs no event: its row is terminal already."""
    bench = Bench(sleeps(5.0))
    command = a_command()
    running = asyncio.ensure_future(bench.run(command))
    await system_sleep(1.0)
    bench.publisher.down_until = 300.0
    await system_sleep(9.0)
    bench.stops.stop(command.job_id, command.run, command.deadline)
    assert await running is Settlement.ACK


@on_bench
async def test_runner_acks_although_a_cancelled_handler_goes_on() -> None:
    """A handler that swallows its cancellation does not bring its result into a stopped run."""

    async def stubborn(_: Command, __: StageContext) -> Outcome:
        try:
            await system_sleep(100.0)
        except asyncio.CancelledError:
            await system_sleep(1.0)
        return DONE

    bench = Bench(stubborn)
    command = a_command()
    running = asyncio.ensure_future(bench.run(command))
    await system_sleep(1.0)
    bench.stops.stop(command.job_id, command.run, command.deadline)
    assert await running is Settlement.ACK
    assert bench.events() == []


@on_bench
async def test_runner_takes_over_an_expired_claim() -> None:
    """The claim of a process that died holds for its time and no longer."""
    bench = Bench(settings=RunnerSettings(claim_s=20.0))
    command = a_command()
    await bench.store.claim(
        build.memo_key(command),
        Bid(1, 1, command.user_id, "dead", until=EPOCH + timedelta(seconds=20), now=EPOCH),
    )
    assert await bench.run(command) is Settlement.ACK
    assert 20.0 <= bench.clock.monotonic() < 26.0
    assert bench.runs == 1


@on_bench
async def test_runner_extends_its_claim_while_its_handler_runs() -> None:
    """A call longer than the claim's time is still paid once, whoever else has the command."""
    bench = Bench(sleeps(100.0), settings=RunnerSettings(claim_s=20.0))
    assert await both(bench.run(a_command()), bench.run(a_command())) == [Settlement.ACK] * 2
    assert bench.runs == 1


@on_bench
async def test_runner_publishes_the_outcome_that_was_stored_first() -> None:
    """Whose claim was taken over while it worked takes the other's outcome for its own."""
    bench = Bench(sleeps(100.0), settings=RunnerSettings(claim_s=20.0))
    command = a_command()
    running = asyncio.ensure_future(bench.run(command))
    await system_sleep(1.0)
    other = Bench(returns(Done(DONE.fact, degraded=True)))
    (row,) = bench.store.rows.values()
    row.claimed_by = row.claimed_until = None  # as if the store had been away for 20 s
    other.runner._memory._memos = other.runner._memos = bench.store
    await other.run(command)
    await running
    assert bench.events() == other.events()
