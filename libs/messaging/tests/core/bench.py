"""A stage runner on a bench: virtual time, a store and a publisher that fail when told."""

import asyncio
import random
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from datetime import timedelta
from typing import Any, TypeVar
from uuid import UUID

from resume_contracts.facts import BaseResume, Facts, Options, Submission, TailoredResume
from resume_contracts.messages import Command, JobEvent, job_event_adapter
from resume_contracts.routing import EVENTS
from resume_contracts.workflows import STAGES, Engine, Workflow
from resume_messaging.core.gate import Gate
from resume_messaging.core.observer import Observer
from resume_messaging.core.outcome import Done, Outcome, Settlement
from resume_messaging.core.ports import (
    Availability,
    Bid,
    Classify,
    Delivery,
    Handler,
    Look,
    Memo,
    MemoKey,
    Outgoing,
    PublishError,
    StageContext,
    StoreUnavailableError,
)
from resume_messaging.core.runner import StageRunner
from resume_messaging.core.settings import RunnerSettings
from resume_messaging.core.stops import Stops
from resume_messaging.sim.loop import EPOCH, VirtualClock, run_virtual
from resume_messaging.sim.store import MemoryMemoStore
from resume_runtime.clock import system_sleep

T = TypeVar("T")

DONE = Done(TailoredResume(document={"summary": "better"}))


def a_command(
    *,
    slip: tuple[str, ...] = ("tailor.resume",),
    engine: Engine = Engine.MODEL,
    attempt: int = 1,
    run: int = 1,
    calls_left: int = 6,
    deadline_s: float = 420.0,
    stage_s: float | None = None,
) -> Command:
    """A command accepted at the bench's beginning."""
    stage_deadline = None if stage_s is None else EPOCH + timedelta(seconds=stage_s)
    return Command(
        job_id=UUID(int=10),
        run=run,
        user_id=UUID(int=11),
        workflow=Workflow.TAILOR_RESUME,
        slip=slip,
        stage_index=0,
        attempt=attempt,
        calls_left=calls_left,
        accepted_at=EPOCH,
        deadline=EPOCH + timedelta(seconds=deadline_s),
        stage_deadline=stage_deadline,
        facts=Facts(
            submission=Submission(job_text="secret posting", options=Options(engine=engine)),
            resume=BaseResume(resume_id=UUID(int=12), version=1, document={"name": "secret"}),
        ),
    )


def a_delivery(command: Command, *, count: int = 0) -> Delivery:
    """The command, delivered for the first time or after `count` crashes."""
    return Delivery(command, command.message_id, str(command.job_id), delivery_count=count)


class BenchPublisher:
    """Takes everything, unless it is down until a moment."""

    def __init__(self, clock: VirtualClock) -> None:
        self._clock = clock
        self.down_until = 0.0
        self.sent: list[Outgoing] = []
        self.tries = 0

    async def publish(self, batch: Sequence[Outgoing]) -> None:
        self.tries += 1
        if self._clock.monotonic() < self.down_until:
            raise PublishError("down")
        self.sent.extend(batch)


class BenchStore(MemoryMemoStore):
    """A memory store that is away until a moment."""

    clock: VirtualClock
    down_until = 0.0
    looks = 0

    def _reach(self) -> None:
        if self.clock.monotonic() < self.down_until:
            raise StoreUnavailableError("down")

    async def look(self, key: MemoKey, *, run: int, user_id: UUID) -> Look:
        self._reach()
        self.looks += 1
        return await super().look(key, run=run, user_id=user_id)

    async def claim(self, key: MemoKey, bid: Bid) -> Look:
        self._reach()
        return await super().claim(key, bid)

    async def save(self, key: MemoKey, memo: Memo, *, user_id: UUID) -> bool:
        self._reach()
        return await super().save(key, memo, user_id=user_id)


class Bench:
    """One runner and all it needs. Make it inside `on_bench`."""

    def __init__(
        self,
        handler: Handler | None = None,
        *,
        availability: Availability | None = None,
        classify: Classify | None = None,
        settings: RunnerSettings | None = None,
        observer: Observer | None = None,
    ) -> None:
        self.clock = VirtualClock(asyncio.get_running_loop())
        self.store = BenchStore()
        self.store.clock = self.clock
        self.publisher = BenchPublisher(self.clock)
        self.stops = Stops(self.clock)
        self.gate = Gate(availability, self.clock, system_sleep)
        self.runs = 0
        self._handler = handler or self._done
        self.runner = StageRunner(
            service="tailor",
            owner="bench",
            handlers=dict.fromkeys(STAGES, self._counted),
            publisher=self.publisher,
            memos=self.store,
            gate=self.gate,
            stops=self.stops,
            classify=classify or (lambda _: None),
            clock=self.clock,
            sleep=system_sleep,
            rng=random.Random(1),
            settings=settings,
            observer=observer,
        )

    async def run(self, command: Command, *, count: int = 0) -> Settlement:
        """Run one delivery."""
        return await self.runner.run(a_delivery(command, count=count))

    def events(self) -> list[JobEvent]:
        """What was told, `StageStarted` left out."""
        events = [job_event_adapter.validate_json(m.body) for m in self.sent(EVENTS)]
        return [event for event in events if event.kind != "stage.started"]

    def sent(self, exchange: str | None = None) -> list[Outgoing]:
        """What was published."""
        return [m for m in self.publisher.sent if exchange in {None, m.exchange}]

    def next_commands(self) -> list[Command]:
        """The commands that were published."""
        sent = [m for m in self.publisher.sent if m.kind == "command"]
        return [Command.model_validate_json(m.body) for m in sent]

    async def _counted(self, command: Command, context: StageContext) -> Outcome:
        self.runs += 1
        return await self._handler(command, context)

    async def _done(self, command: Command, context: StageContext) -> Outcome:
        del command
        context.start_call()
        return DONE


def on_bench(test: Callable[[], Coroutine[Any, Any, None]]) -> Callable[[], None]:
    """Run an async test under virtual time."""

    def run() -> None:
        run_virtual(test())

    run.__name__, run.__doc__ = test.__name__, test.__doc__
    return run


def returns(*outcomes: Outcome) -> Handler:
    """A handler that comes to these outcomes in turn, one paid call each."""
    left = list(outcomes)

    async def handler(command: Command, context: StageContext) -> Outcome:
        del command
        context.start_call()
        return left.pop(0)

    return handler


def sleeps(seconds: float, outcome: Outcome = DONE) -> Handler:
    """A handler that takes its time."""

    async def handler(command: Command, context: StageContext) -> Outcome:
        del command
        context.start_call()
        await system_sleep(seconds)
        return outcome

    return handler


async def both(first: Awaitable[T], second: Awaitable[T]) -> list[T]:
    """Run two at once."""
    return list(await asyncio.gather(first, second))
