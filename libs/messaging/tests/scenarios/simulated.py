"""The world on the simulated broker, under a virtual clock."""

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import count
from uuid import UUID

from resume_contracts.routing import RETRY_TIERS, retry_exchange
from resume_messaging.core.gate import Gate
from resume_messaging.core.ports import Handler, Outgoing
from resume_messaging.sim.broker import SimBroker
from resume_messaging.sim.chaos import CrashedError
from resume_messaging.sim.loop import VirtualClock
from resume_messaging.sim.process import SimProcess
from resume_runtime.clock import system_sleep

from .world import TAILOR_QUEUE, Places, Worker, World


class SimWorker(SimProcess):
    """A simulated process, as a scenario sees it."""

    @property
    def held(self) -> int:
        return len(self.in_hand)


class SimWorld(World):
    """Build it inside a virtual loop."""

    def __init__(self) -> None:
        loop = asyncio.get_running_loop()
        super().__init__(VirtualClock(loop), system_sleep)
        self.broker = SimBroker(rng=None, later=loop.call_later)
        self._numbers = count(1)
        self._errors: list[object] = []
        loop.set_exception_handler(self._on_error)

    async def start(
        self, handlers: Mapping[str, Handler], *, queues: Mapping[str, int] | None = None
    ) -> Worker:
        worker = SimWorker(
            f"tailor-{next(self._numbers)}",
            broker=self.broker,
            store=self.store,
            chaos=self.chaos,
            handlers=handlers,
            prefetch=queues or {TAILOR_QUEUE: 4},
            gate=lambda sleep: Gate(self.providers, self.clock, sleep),
            classify=lambda _: None,
            clock=self.clock,
            sleep=self.sleep,
            rng=self.rng,
            on_publish=lambda batch, confirmed: self.on_publish(batch, confirmed=confirmed),
        )
        self.workers.append(worker)
        worker.start()
        return worker

    def _on_error(self, loop: asyncio.AbstractEventLoop, context: dict[str, object]) -> None:
        """Nobody fetches the end of a task that died with its process; all else is a bug."""
        del loop
        if not isinstance(context.get("exception"), CrashedError):
            self._errors.append(context)

    async def send(self, batch: Sequence[Outgoing]) -> None:
        for message in batch:
            self.broker.publish(message)

    async def depth(self, queue: str) -> int:
        return len(self.broker.queues[queue].ready)

    def acks(self, message_id: UUID) -> int:
        return self.broker.acked.count(message_id)

    async def places(self) -> Places:
        for worker in self.workers:
            await worker.stop()
        assert not self._errors
        places = Places(acked=Counter(self.broker.acked))
        delayed = {retry_exchange(tier) for tier in RETRY_TIERS}
        for name, queue in self.broker.queues.items():
            place = places.delayed if name in delayed else places.ready
            place = places.dead if name.endswith(".dead") else place
            place.update(message.message_id for message in queue.ready)
            places.held.update(message.message_id for message in queue.held())
        return places
