"""The world on a real RabbitMQ, with time that runs faster than on the wall."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime, timedelta
from itertools import count
from uuid import UUID

import aio_pika
from aio_pika.abc import AbstractChannel

from resume_contracts.routing import RETRY_TIERS, dead_queue, retry_exchange
from resume_messaging.core.gate import Gate
from resume_messaging.core.outcome import Settlement
from resume_messaging.core.ports import Delivery, Handler, Memo, MemoKey, Outgoing
from resume_messaging.core.runner import StageRunner
from resume_messaging.core.stops import Stops
from resume_messaging.shells.consumer import StageConsumer
from resume_messaging.shells.publisher import ConfirmedPublisher
from resume_messaging.shells.topology import Topology, declare
from resume_messaging.sim.chaos import CrashedError
from resume_messaging.sim.ports import FaultyMemos, FaultyPublisher
from resume_runtime.clock import SystemClock, system_sleep

from .world import TAILOR_QUEUE, Places, ScriptedChaos, Worker, World

#: Scenario seconds in a second on the wall; retry tiers are shortened alike.
SPEED = 20.0


TOPOLOGY = Topology(tier_ttl_ms={tier: int(tier * 1000 / SPEED) for tier in RETRY_TIERS})


class FastClock:
    """`Clock` whose time runs `SPEED` times as fast."""

    def __init__(self) -> None:
        self._clock = SystemClock()
        self._start = self._clock.now()
        self._origin = self._clock.monotonic()

    def now(self) -> datetime:
        return self._start + timedelta(seconds=self.monotonic())

    def monotonic(self) -> float:
        return (self._clock.monotonic() - self._origin) * SPEED


async def fast_sleep(seconds: float) -> None:
    """`Sleep` in the fast clock's seconds."""
    await system_sleep(seconds / SPEED)


class RabbitWorker:
    """A consumer process: the real runner and shells on connections of its own."""

    def __init__(self, world: "RabbitWorld", name: str) -> None:
        self.name = name
        self.is_alive = True
        self.held = 0
        self.stops = Stops(world.clock)
        self.gate = Gate(world.providers, world.clock, self._sleep)
        self._world = world
        self._end: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._dying: asyncio.Task[None] | None = None

    @property
    def chaos(self) -> ScriptedChaos:
        return self._world.chaos

    async def start(self, handlers: Mapping[str, Handler], queues: Mapping[str, int]) -> None:
        world = self._world
        self.publisher = ConfirmedPublisher(world.url, name=f"{self.name} publish")
        await self.publisher.__aenter__()
        self._runner = StageRunner(
            service="tailor",
            owner=self.name,
            handlers=handlers,
            publisher=FaultyPublisher(self, self.publisher),
            memos=FaultyMemos(self, world.store),
            gate=self.gate,
            stops=self.stops,
            classify=lambda _: None,
            clock=world.clock,
            sleep=self._sleep,
            rng=world.rng,
        )
        self.consumer = StageConsumer(
            world.url,
            name=f"{self.name} consume",
            prefetch=queues,
            run=self._run,
            grace_s=10.0,
            sleep=system_sleep,
        )
        await self.consumer.start()

    async def stop(self) -> None:
        if self._dying is not None:
            await self._dying
        elif self.is_alive:
            await self.consumer.stop(release=self.gate.close)
            self.is_alive = False
            await self.publisher.__aexit__(None, None, None)

    def kill(self) -> None:
        """Die, as the broker sees it: the connection ends and nothing was settled."""
        if self.is_alive:
            self.is_alive = False
            self._dying = asyncio.ensure_future(self._die())

    async def at(self, point: str) -> None:
        self._live()
        await self.chaos.at(self, point)
        self._live()

    def on_publish(self, batch: Sequence[Outgoing], *, confirmed: bool) -> None:
        self._world.on_publish(batch, confirmed=confirmed)

    def on_saved(self, key: MemoKey, memo: Memo) -> None:
        """Nobody asks."""

    async def _sleep(self, seconds: float) -> None:
        self._live()
        await fast_sleep(seconds)
        self._live()

    def _live(self) -> None:
        if not self.is_alive:
            raise CrashedError

    async def _run(self, delivery: Delivery) -> Settlement:
        self.held += 1
        try:
            settlement = await self._runner.run(delivery)
            await self.at("settle:before")
        except CrashedError:
            # A dead process settles nothing: it only ever ends.
            await self._end
            raise
        finally:
            self.held -= 1
        if settlement is Settlement.ACK:
            self._world.acked[delivery.message_id] += 1
        return settlement

    async def _die(self) -> None:
        broker = self.consumer._broker
        assert broker._connection is not None
        await broker._connection.close()
        self.gate.close()
        await self.publisher.__aexit__(None, None, None)


class RabbitWorld(World):
    """On an empty virtual host."""

    def __init__(
        self,
        url: str,
        admin: AbstractChannel,
        relay: ConfirmedPublisher,
        connections: AsyncExitStack,
    ) -> None:
        super().__init__(FastClock(), fast_sleep)
        self._connections = connections
        self.url = url
        self.acked: Counter[UUID] = Counter()
        self.relay = relay
        self.admin = admin
        self._numbers = count(1)

    async def start(
        self, handlers: Mapping[str, Handler], *, queues: Mapping[str, int] | None = None
    ) -> Worker:
        worker = RabbitWorker(self, f"worker-{next(self._numbers)}")
        self.workers.append(worker)
        await worker.start(handlers, queues or {TAILOR_QUEUE: 4})
        return worker

    async def send(self, batch: Sequence[Outgoing]) -> None:
        await self.relay.publish(batch)

    async def depth(self, queue: str) -> int:
        declared = await self.admin.declare_queue(queue, passive=True)
        return declared.declaration_result.message_count or 0

    async def reconnect(self) -> None:
        """Look at a broker that was away."""
        connection = await aio_pika.connect(self.url)
        self._connections.push_async_callback(connection.close)
        self.admin = await connection.channel()

    async def until_idle(self, queue: str) -> None:
        """Wait until nothing is ready or in hand."""

        async def is_idle() -> bool:
            return await self.depth(queue) == 0 and not any(w.held for w in self.workers)

        await self.until(is_idle)

    def acks(self, message_id: UUID) -> int:
        return self.acked[message_id]

    async def places(self) -> Places:
        for worker in self.workers:
            await worker.stop()
        places = Places(acked=self.acked)
        for name in TOPOLOGY.source_queues():
            places.ready.update(await self._drain(name))
            places.dead.update(await self._drain(dead_queue(name)))
        for tier in RETRY_TIERS:
            places.delayed.update(await self._drain(retry_exchange(tier)))
        return places

    async def _drain(self, name: str) -> list[UUID]:
        """Take everything out of a queue; as many as the broker counts."""
        counted = await self.depth(name)
        queue = await self.admin.get_queue(name, ensure=False)
        ids: list[UUID] = []
        while (message := await queue.get(no_ack=True, fail=False)) is not None:
            ids.append(UUID(message.message_id))
        assert len(ids) == counted, f"{name} has {counted} messages and gave {len(ids)}"
        return ids


@asynccontextmanager
async def rabbit_world(url: str) -> AsyncIterator[RabbitWorld]:
    """A world on the virtual host at `url`, with shortened retry tiers."""
    await declare(url, TOPOLOGY)
    async with AsyncExitStack() as stack:
        connection = await aio_pika.connect(url)
        await stack.enter_async_context(connection)
        relay = await stack.enter_async_context(ConfirmedPublisher(url, name="relay"))
        admin = await connection.channel()
        yield RabbitWorld(url, admin, relay, stack)
