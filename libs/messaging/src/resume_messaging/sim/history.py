"""One random history: jobs, processes, troubles, cancels and redrives, all from one seed."""

import asyncio
import random

from resume_contracts import routing
from resume_contracts.messages import EventKind, JobEvent, ends_run, job_event_adapter
from resume_messaging.core.ports import Memo, MemoKey
from resume_messaging.sim.broker import Delivered, SimBroker
from resume_messaging.sim.chaos import Process
from resume_messaging.sim.disturbances import Disturbances
from resume_messaging.sim.jobs import draw_jobs, draw_weather
from resume_messaging.sim.loop import VirtualClock
from resume_messaging.sim.process import SimProcess
from resume_messaging.sim.provider import Provider, SimBreaker
from resume_messaging.sim.record import Parts, Record
from resume_messaging.sim.scripts import Handlers, Odds
from resume_messaging.sim.troubles import Plan, RandomChaos
from resume_messaging.sim.watch import WatchedGate
from resume_messaging.sim.world import World
from resume_runtime.clock import system_sleep

#: Every run is over and every queue quiet by then, or something is lost. Virtual seconds.
HORIZON_S = 1500.0
PREFETCH = 4

#: Every process, with the queues it consumes.
PROCESSES: dict[str, tuple[str, ...]] = {
    "extract-1": ("extract.posting",),
    "research-1": ("research.company",),
    "tailor-1": ("tailor.resume", "tailor.rules"),
    "tailor-2": ("tailor.resume", "tailor.rules"),
}


class History:
    """Builds a world from a seed and lets it run to its end."""

    def __init__(self, seed: int, parts: Parts, loop: asyncio.AbstractEventLoop) -> None:
        rng = random.Random(seed)  # noqa: S311  a seed must replay
        clock, record = VirtualClock(loop), Record()
        self.record = record
        self.world = World(
            rng=rng,
            clock=clock,
            record=record,
            broker=SimBroker(
                rng=rng,
                later=loop.call_later,
                on_publish=lambda message: record.published(message, loop.time()),
            ),
            stores={service: parts.store() for service in ("extract", "research", "tailor")},
        )
        self.chaos = RandomChaos(Plan.draw(rng), rng=rng, sleep=system_sleep, crash=self._crash)
        self.openai = Provider("openai", clock, system_sleep, rng)
        draw_weather(rng, self.openai)
        self._odds = Odds.draw(rng)
        self._jobs = {command.job_id: command for command in draw_jobs(rng, clock)}
        self.poison = frozenset(self._jobs if rng.random() < 0.08 else ())
        self._parts = parts
        self._loop = loop
        self._incarnations: dict[str, int] = {}
        self._disturbances = Disturbances(self.world, boot=self._boot, reconnect=self._reconnect)
        loop.set_exception_handler(self._on_error)

    async def run(self) -> None:
        """Live until every run is over and every queue is quiet, or the horizon."""
        for name in PROCESSES:
            self._boot(name)
        self._consume_events()
        self._disturbances.draw(self._jobs.values(), tuple(PROCESSES))
        while self._loop.time() < HORIZON_S and not self._is_over():
            await system_sleep(5.0)
        for task in self.world.tasks:
            task.cancel()

    def _is_over(self) -> bool:
        runs = self.record.deadlines
        if len(runs) < len(self._jobs) or not all(map(self.record.is_over, runs)):
            return False
        return self.world.is_quiet()

    def _boot(self, name: str) -> None:
        world = self.world
        if name in world.processes and world.processes[name].is_alive:
            return
        self._incarnations[name] = self._incarnations.get(name, 0) + 1
        breaker = SimBreaker("openai", world.clock)
        handlers = Handlers(
            lambda: world.processes[name],
            rng=world.rng,
            odds=self._odds,
            provider=self.openai,
            breaker=breaker,
            poison=self.poison,
            crash=self._crash,
        )
        process = SimProcess(
            f"{name}#{self._incarnations[name]}",
            broker=world.broker,
            store=world.stores[name.partition("-")[0]],
            chaos=self.chaos,
            handlers=handlers.table(),
            prefetch={routing.work_key(queue): PREFETCH for queue in PROCESSES[name]},
            gate=lambda sleep: WatchedGate(
                self._parts.gate(breaker, world.clock, sleep),
                self.record,
                availability=breaker,
                clock=world.clock,
                sleep=sleep,
            ),
            classify=lambda _: None,
            clock=world.clock,
            sleep=system_sleep,
            rng=world.rng,
            runner_type=self._parts.runner,
            on_saved=self._on_saved,
        )
        world.processes[name] = process
        if world.broker.is_up:
            process.start()

    def _crash(self, process: Process) -> None:
        """Kill a process now; another takes its place soon."""
        name = process.name.rpartition("#")[0]
        running = self.world.processes[name]
        if running is process and running.is_alive:
            self.record.died.add(process.name)
            self.record.troubles += 1 + len(running.in_hand)
            self._loop.call_later(self.world.rng.uniform(0.5, 3.0), self._boot, name)
        process.kill()

    def _reconnect(self) -> None:
        self._consume_events()
        for process in self.world.processes.values():
            process.start()

    def _consume_events(self) -> None:
        self.world.broker.consume(routing.PROJECTOR_QUEUE, 100, self._project)

    def _project(self, delivered: Delivered) -> None:
        """A projector that keeps the first fact that ends each run."""
        event = job_event_adapter.validate_json(delivered.message.body)
        run = (event.job_id, event.run)
        if ends_run(event) and not self.record.is_over(run):
            self.record.terminal[run] = event
            if self._may_redrive(event):
                self.world.spawn(self._disturbances.redrive(self._jobs[event.job_id]))
        self._loop.call_soon(self.world.broker.ack, delivered)

    def _may_redrive(self, event: JobEvent) -> bool:
        has_failed = event.kind in {EventKind.STAGE_FAILED, EventKind.STAGE_EXPIRED}
        is_hopeless = event.run > 1 or event.job_id in self.poison
        return has_failed and not is_hopeless and self.world.rng.random() < 0.5

    def _on_saved(self, process: SimProcess, key: MemoKey, memo: Memo) -> None:
        for call in self.openai.ledger:
            is_its = (call.process, call.job_id, call.run) == (process.name, key.job_id, memo.run)
            if is_its and call.result in {"done", "unusable"}:
                call.is_saved = True

    def _on_error(self, loop: asyncio.AbstractEventLoop, context: dict[str, object]) -> None:
        del loop
        error = context.get("exception")
        if isinstance(error, Exception):
            self.record.errors.append(repr(error))
