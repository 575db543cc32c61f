"""What everything in one history shares."""

import asyncio
import random
from collections.abc import Coroutine
from dataclasses import dataclass, field
from typing import Any

from resume_messaging.sim.broker import SimBroker
from resume_messaging.sim.loop import VirtualClock, spawn_in
from resume_messaging.sim.process import SimProcess
from resume_messaging.sim.record import Record
from resume_messaging.sim.store import MemoryMemoStore


@dataclass(slots=True)
class World:
    """Broker, stores and processes, by service and by process name."""

    rng: random.Random
    clock: VirtualClock
    broker: SimBroker
    record: Record
    stores: dict[str, MemoryMemoStore]
    processes: dict[str, SimProcess] = field(default_factory=dict)
    tasks: list["asyncio.Task[None]"] = field(default_factory=list)

    def spawn(self, work: Coroutine[Any, Any, None]) -> None:
        """Start something that belongs to no process, whatever process gave the reason for it."""
        self.tasks.append(spawn_in(None, work))

    def is_quiet(self) -> bool:
        """Whether nothing is ready, delayed, held, or worked on for a channel that is gone."""
        if any(process.is_alive and process.in_hand for process in self.processes.values()):
            return False
        return not any(
            queue.ready or any(True for _ in queue.held())
            for queue in self.broker.queues.values()
            if not queue.name.endswith((".dead", ".control.v1"))
        )
