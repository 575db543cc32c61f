"""The runner with deliveries that came back from crashes, and with copies."""

import asyncio
from uuid import UUID

from resume_contracts.errors import ErrorCode
from resume_contracts.messages import (
    Command,
    StageFailed,
    StageSucceeded,
)
from resume_messaging.core.outcome import (
    Outcome,
    Retry,
    Settlement,
    Wait,
)
from resume_messaging.core.ports import StageContext
from resume_runtime.clock import system_sleep

from .bench import DONE, Bench, a_command, both, on_bench, returns

RETRY = Retry(ErrorCode.ANSWER_UNUSABLE, "It was unusable.")
RESEARCH = ("research.company", "tailor.resume")


@on_bench
async def test_runner_handles_a_suspect_alone() -> None:
    """A delivery that came back twice waits for the others and keeps new ones from starting."""
    running: set[int] = set()
    together: list[set[int]] = []

    async def handler(command: Command, _: StageContext) -> Outcome:
        running.add(command.job_id.int)
        together.append(set(running))
        await system_sleep(5.0)
        running.discard(command.job_id.int)
        return DONE

    bench = Bench(handler)
    numbered = [a_command().model_copy(update={"job_id": UUID(int=n)}) for n in range(1, 5)]
    first = asyncio.ensure_future(both(bench.run(numbered[0]), bench.run(numbered[1])))
    await system_sleep(1.0)
    suspect = asyncio.ensure_future(bench.run(numbered[2], count=2))
    await system_sleep(1.0)
    last = asyncio.ensure_future(bench.run(numbered[3]))
    await asyncio.gather(first, suspect, last)
    assert together == [{1}, {1, 2}, {3}, {4}]


@on_bench
async def test_runner_buries_a_suspect_at_its_third_start() -> None:
    """Two starts did not end and the third is not granted: a failure, and the dead letters."""
    bench = Bench()
    command = a_command()
    bench.store.starts[command.message_id] = 2
    assert await bench.run(command, count=4) is Settlement.REJECT
    assert bench.runs == 0
    (event,) = bench.events()
    assert isinstance(event, StageFailed)
    assert event.error.code is ErrorCode.WORKER_KILLED


@on_bench
async def test_runner_buries_an_optional_suspect_and_goes_on() -> None:
    """A poisoned optional stage costs the job that stage and no more."""
    bench = Bench()
    command = a_command(slip=RESEARCH, stage_s=30.0)
    bench.store.starts[command.message_id] = 2
    assert await bench.run(command, count=4) is Settlement.REJECT
    (event,) = bench.events()
    assert isinstance(event, StageSucceeded)
    assert event.unavailable == ErrorCode.WORKER_KILLED
    assert len(bench.next_commands()) == 1


@on_bench
async def test_runner_counts_a_suspects_start_once() -> None:
    """A suspect that waits and comes back from the gate has started once."""
    bench = Bench(returns(Wait("openai", 1.0), Wait("openai", 1.0), Wait("openai", 1.0), DONE))
    command = a_command()
    assert await bench.run(command, count=2) is Settlement.ACK
    assert bench.store.starts == {command.message_id: 1}


@on_bench
async def test_runner_leaves_no_claim_behind_a_retry() -> None:
    """A copy of an attempt that is over does not hold up the next one."""
    bench = Bench(returns(RETRY, DONE))
    command = a_command()
    await both(bench.run(command), bench.run(command))
    assert bench.runs == 1
    (row,) = bench.store.rows.values()
    assert row.claimed_by is None
    (second,) = {following.message_id: following for following in bench.next_commands()}.values()
    await bench.run(second)
    assert bench.runs == 2
