"""What a scenario can do to a world and ask of it, whichever broker it stands on."""

import inspect
import random
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Protocol
from uuid import UUID, uuid4

from resume_contracts.facts import BaseResume, Facts, Options, Submission
from resume_contracts.messages import Command, JobEvent, job_event_adapter
from resume_contracts.routing import EVENTS
from resume_contracts.workflows import Engine, Workflow
from resume_messaging.core.build import outgoing_command
from resume_messaging.core.gate import Gate
from resume_messaging.core.ports import Handler, Outgoing
from resume_messaging.core.stops import Stops
from resume_messaging.sim.availability import PROVIDER, ScriptedAvailability
from resume_messaging.sim.chaos import Process
from resume_messaging.sim.store import MemoryMemoStore
from resume_runtime.clock import Clock, Sleep

__all__ = ["PROVIDER", "TAILOR_QUEUE", "Places", "ScriptedChaos", "Worker", "World"]

TAILOR_QUEUE = "tailor.resume.v1"


class ScriptedChaos:
    """Nothing goes wrong but what the scenario asks for: `Chaos` of both worlds."""

    def __init__(self, sleep: Sleep) -> None:
        self._sleep = sleep
        self._crashes: dict[str, int] = {}
        self.publishes: list[tuple[int, bool]] = []

    def crash_at(self, point: str, visit: int = 1) -> None:
        """Kill the process that comes by `point` for the `visit`-th time from now."""
        self._crashes[point] = visit

    async def at(self, process: Process, point: str) -> None:
        await self._sleep(0)
        if point in self._crashes:
            self._crashes[point] -= 1
            if self._crashes[point] == 0:
                del self._crashes[point]
                process.kill()

    def store_fails(self, process: Process, point: str) -> bool:
        del process, point
        return False

    def confirmed(self, process: Process, batch: Sequence[Outgoing]) -> tuple[int, bool]:
        del process
        arrive, confirmed = self.publishes.pop(0) if self.publishes else (len(batch), True)
        return min(arrive, len(batch)), confirmed


class Worker(Protocol):
    """A consumer process."""

    gate: Gate
    stops: Stops
    is_alive: bool

    @property
    def held(self) -> int:
        """Deliveries in hand."""

    async def stop(self) -> None:
        """Stop in order."""

    def kill(self) -> None:
        """Die."""


@dataclass(slots=True)
class Places:
    """Where every copy of every message is."""

    ready: Counter[UUID] = field(default_factory=Counter)
    delayed: Counter[UUID] = field(default_factory=Counter)
    held: Counter[UUID] = field(default_factory=Counter)
    acked: Counter[UUID] = field(default_factory=Counter)
    dead: Counter[UUID] = field(default_factory=Counter)

    def all(self) -> set[UUID]:
        """Every distinct id."""
        return set(self.ready | self.delayed | self.held | self.acked | self.dead)


class World(ABC):
    """A broker, a memo store, a provider, and the consumer processes a scenario starts."""

    def __init__(self, clock: Clock, sleep: Sleep) -> None:
        self.clock = clock
        self.sleep = sleep
        self.rng = random.Random(7)
        self.store = MemoryMemoStore()
        self.providers = ScriptedAvailability()
        self.chaos = ScriptedChaos(sleep)
        self.workers: list[Worker] = []
        self.attempted: dict[UUID, Outgoing] = {}
        self.confirmed: Counter[UUID] = Counter()
        self._places: Places | None = None

    @abstractmethod
    async def start(
        self, handlers: Mapping[str, Handler], *, queues: Mapping[str, int] | None = None
    ) -> Worker:
        """Start a consumer process; `queues` are its queues' prefetch (4 of the tailor's)."""

    @abstractmethod
    async def send(self, batch: Sequence[Outgoing]) -> None:
        """Publish as the relay does: confirmed."""

    @abstractmethod
    async def depth(self, queue: str) -> int:
        """How many messages are ready in a queue, as the broker counts."""

    @abstractmethod
    def acks(self, message_id: UUID) -> int:
        """How many copies of a message were acked."""

    @abstractmethod
    async def places(self) -> Places:
        """Where everything is. Ends the world: its processes are stopped, its queues emptied."""

    async def publish(self, command: Command, *, copies: int = 1) -> None:
        """Publish a command."""
        for _ in range(copies):
            message = outgoing_command(command)
            self.on_publish([message], confirmed=False)
            await self.send([message])
            self.on_publish([message], confirmed=True)

    async def cancel(self, command: Command, *, tell: bool = True) -> None:
        """Stop a run: in the store, and in every process unless its queue was away."""
        expires_at = command.deadline + timedelta(seconds=60)
        await self.store.stop(command.job_id, command.run, expires_at)
        if tell:
            for worker in self.workers:
                worker.stops.stop(command.job_id, command.run, expires_at)

    async def until(
        self, condition: Callable[[], bool | Awaitable[bool]], *, within_s: float = 300.0
    ) -> None:
        """Wait for a condition."""
        limit = self.clock.monotonic() + within_s
        while True:
            result = condition()
            if inspect.isawaitable(result):
                result = await result
            if result:
                return
            assert self.clock.monotonic() < limit, f"never: {inspect.getsource(condition)}"
            await self.sleep(0.05)

    async def until_acked(self, command: Command, copies: int = 1) -> None:
        """Wait until a command is settled for good."""
        await self.until(lambda: self.acks(command.message_id) >= copies)

    def events(self, kind: str | None = None) -> list[JobEvent]:
        """The distinct events that were confirmed, in the order they were first sent."""
        sent = [
            job_event_adapter.validate_json(message.body)
            for message_id, message in self.attempted.items()
            if message.exchange == EVENTS and self.confirmed[message_id]
        ]
        return [event for event in sent if kind is None or event.kind == kind]

    def commands(self) -> list[Command]:
        """The distinct commands that were confirmed, in the order they were first sent."""
        return [
            Command.model_validate_json(message.body)
            for message_id, message in self.attempted.items()
            if message.kind == "command" and self.confirmed[message_id]
        ]

    def on_publish(self, batch: Sequence[Outgoing], *, confirmed: bool) -> None:
        for message in batch:
            self.attempted.setdefault(message.message_id, message)
            self.confirmed[message.message_id] += confirmed

    async def account(self) -> Places:
        """Every distinct id that was confirmed is somewhere; nothing else is but what was sent."""
        if self._places is not None:
            return self._places
        places = self._places = await self.places()
        confirmed = {message_id for message_id, count in self.confirmed.items() if count}
        assert confirmed <= places.all(), "lost"
        assert places.all() <= self.attempted.keys(), "from nowhere"
        assert not places.held, "still in hand after every process stopped"
        return places

    # Commands

    def tailor(
        self,
        *,
        run: int = 1,
        deadline_s: float = 420.0,
        engine: Engine = Engine.MODEL,
        like: Command | None = None,
        text: str = "text",
    ) -> Command:
        """A command of the paid stage, the last of its slip; `like`: another run of that job."""
        now = self.clock.now()
        return Command(
            job_id=uuid4() if like is None else like.job_id,
            run=run,
            user_id=UUID(int=1),
            workflow=Workflow.TAILOR_RESUME,
            slip=("tailor.resume",),
            stage_index=0,
            accepted_at=now,
            deadline=now + timedelta(seconds=deadline_s),
            facts=Facts(
                submission=Submission(job_text=text, options=Options(engine=engine)),
                resume=BaseResume(resume_id=UUID(int=2), version=1, document={}),
            ),
        )

    def research(self, *, stage_s: float = 30.0) -> Command:
        """A command of the optional stage, the paid one after it."""
        command = self.tailor()
        return command.model_copy(
            update={
                "slip": ("research.company", "tailor.resume"),
                "stage_deadline": self.clock.now() + timedelta(seconds=stage_s),
            }
        )
