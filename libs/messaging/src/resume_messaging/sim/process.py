"""A consumer process that can stop, and die, at every point where it touches the world."""

import asyncio
import random
from collections.abc import Callable, Coroutine, Mapping, Sequence
from typing import Any

from resume_messaging.core.decode import UndecodableError, decode_delivery
from resume_messaging.core.gate import Gate
from resume_messaging.core.outcome import Settlement
from resume_messaging.core.ports import (
    Classify,
    Handler,
    Memo,
    MemoKey,
    MemoStore,
    Outgoing,
)
from resume_messaging.core.runner import StageRunner
from resume_messaging.core.settings import RunnerSettings
from resume_messaging.core.stops import Stops
from resume_messaging.sim.broker import Consumer, Delivered, SimBroker
from resume_messaging.sim.chaos import Chaos, CrashedError
from resume_messaging.sim.loop import spawn_in
from resume_messaging.sim.ports import BrokerPublisher, FaultyMemos, FaultyPublisher
from resume_runtime.clock import Clock, Sleep

#: Virtual seconds that a stopping process gives what it has paid for.
GRACE_S = 120.0


class SimProcess:
    """One process: the real runner, gate and stops over simulated ports.

    Args:
        name: unlike every other process's, also unlike its own after a restart.
        prefetch: deliveries in hand at once, by queue.
        gate: makes its gate, given the process's sleep.
        on_saved: told of every outcome that was stored.
        on_publish: told of every batch before it is sent, and (True) when it is confirmed.
    """

    def __init__(
        self,
        name: str,
        *,
        broker: SimBroker,
        store: MemoStore,
        chaos: Chaos,
        handlers: Mapping[str, Handler],
        prefetch: Mapping[str, int],
        gate: Callable[[Sleep], Gate],
        classify: Classify,
        clock: Clock,
        sleep: Sleep,
        rng: random.Random,
        settings: RunnerSettings | None = None,
        runner_type: type[StageRunner] = StageRunner,
        on_saved: Callable[["SimProcess", MemoKey, Memo], None] | None = None,
        on_publish: Callable[[Sequence[Outgoing], bool], None] | None = None,
    ) -> None:
        self.name = name
        self.chaos = chaos
        self.is_alive = True
        self.tasks: dict[asyncio.Task[Any], None] = {}
        self.in_hand: dict[Delivered, None] = {}
        self.stops = Stops(clock)
        self.gate = gate(self.sleep)
        self._broker = broker
        self._prefetch = prefetch
        self._really_sleep = sleep
        self._on_saved = on_saved
        self._on_publish = on_publish
        self._consumers: list[Consumer] = []
        self._is_stopping = False
        self._idle = asyncio.Event()
        self._idle.set()
        self.runner = runner_type(
            service=name.partition("-")[0],
            owner=name,
            handlers=handlers,
            publisher=FaultyPublisher(self, BrokerPublisher(broker, self.sleep)),
            memos=FaultyMemos(self, store),
            gate=self.gate,
            stops=self.stops,
            classify=classify,
            clock=clock,
            sleep=self.sleep,
            rng=rng,
            settings=settings,
        )

    @property
    def is_consuming(self) -> bool:
        """Whether it would get deliveries."""
        return self.is_alive and any(each.is_consuming for each in self._consumers)

    def start(self) -> None:
        """Consume; again after the broker was away."""
        if not self.is_alive or self._is_stopping:
            return
        self._consumers = [
            self._broker.consume(queue, count, self._deliver)
            for queue, count in sorted(self._prefetch.items())
        ]

    def kill(self) -> None:
        """Die: nothing more happens in it, and the broker takes back what it had in hand."""
        if not self.is_alive:
            return
        self.is_alive = False
        current = asyncio.current_task()
        for task in tuple(self.tasks):
            if task is not current:
                task.cancel()
        for consumer in self._consumers:
            self._broker.close(consumer)
        self._idle.set()
        if current in self.tasks:
            raise CrashedError

    async def stop(self) -> None:
        """Stop in order: consumers, holders, what is paid for (within the grace), connection."""
        self._is_stopping = True
        for consumer in self._consumers:
            self._broker.cancel(consumer)
        self.gate.close()
        try:
            async with asyncio.timeout(GRACE_S):
                await self._idle.wait()
        finally:
            self.kill()

    async def at(self, point: str) -> None:
        """A touch of the world: takes time, and may be the last one.

        Raises:
            CrashedError: the process died here, or is dead.
        """
        self._live()
        await self.chaos.at(self, point)
        self._live()

    async def sleep(self, seconds: float) -> None:
        """`Sleep` of this process."""
        self._live()
        await self._really_sleep(seconds)
        self._live()

    def on_publish(self, batch: Sequence[Outgoing], *, confirmed: bool) -> None:
        """A batch is on its way, or there."""
        if self._on_publish is not None:
            self._on_publish(batch, confirmed)

    def on_saved(self, key: MemoKey, memo: Memo) -> None:
        """An outcome is in the store."""
        if self._on_saved is not None:
            self._on_saved(self, key, memo)

    def spawn(self, work: Coroutine[Any, Any, None]) -> None:
        """Run something in this process."""
        spawn_in(self, work)

    def _live(self) -> None:
        if not self.is_alive:
            raise CrashedError

    def _deliver(self, delivered: Delivered) -> None:
        if self.is_alive:
            self.in_hand[delivered] = None
            self._idle.clear()
            self.spawn(self._handle(delivered))

    async def _handle(self, delivered: Delivered) -> None:
        try:
            settlement = await self._settlement(delivered)
            await self.at("settle:before")
            match settlement:
                case Settlement.ACK:
                    self._broker.ack(delivered)
                case Settlement.REJECT:
                    self._broker.reject(delivered)
                case Settlement.REQUEUE:
                    self._broker.requeue(delivered)
            await self.at("settle:after")
        finally:
            self.in_hand.pop(delivered, None)
            if not self.in_hand:
                self._idle.set()

    async def _settlement(self, delivered: Delivered) -> Settlement:
        message = delivered.message
        try:
            delivery = decode_delivery(
                message.body,
                message_id=str(message.message_id),
                correlation_id=message.correlation_id,
                headers={**message.headers, "x-delivery-count": message.count},
            )
        except UndecodableError:
            return Settlement.REJECT
        return await self.runner.run(delivery)
