"""An in-memory broker with the behaviours of RabbitMQ's quorum queues that we rely on."""

import random
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import count
from typing import Protocol
from uuid import UUID

from resume_contracts import routing
from resume_contracts.workflows import QUEUES
from resume_messaging.core.ports import Outgoing

#: As in `shells.topology`.
DELIVERY_LIMIT = 20


class Timer(Protocol):
    """`call_later` of an event loop."""

    def __call__(self, delay: float, callback: Callable[..., object], *args: object) -> object:
        """Call back after `delay` seconds."""


class UnroutableError(Exception):
    """A mandatory message found no queue."""


@dataclass(slots=True, eq=False)
class Message:
    """One copy of a message; `count` is `x-delivery-count`."""

    message_id: UUID
    routing_key: str
    body: bytes
    kind: str
    correlation_id: str
    headers: dict[str, str]
    count: int = 0


@dataclass(slots=True, eq=False)
class Consumer:
    """One subscription on a channel of its own."""

    queue: "Queue"
    prefetch: int
    deliver: Callable[["Delivered"], None]
    unacked: dict[int, "Delivered"] = field(default_factory=dict)
    is_open: bool = True
    is_consuming: bool = True


@dataclass(slots=True, eq=False)
class Delivered:
    """A message in a consumer's hands."""

    tag: int
    message: Message
    consumer: Consumer


@dataclass(slots=True, eq=False)
class Queue:
    """A quorum queue."""

    name: str
    dead_key: str | None = None
    ttl_s: float | None = None
    limit: int | None = None
    ready: deque[Message] = field(default_factory=deque)
    consumers: list[Consumer] = field(default_factory=list)

    def held(self) -> Iterable[Message]:
        """What consumers have not settled."""
        return (each.message for consumer in self.consumers for each in consumer.unacked.values())


class SimBroker:
    """Queues, exchanges, prefetch, redelivery, retry tiers and dead letters.

    Args:
        rng: reorders deliveries a little; None keeps the order.
        later: the loop's `call_later`.
        on_publish: told of every message that was routed.
    """

    def __init__(
        self,
        *,
        rng: random.Random | None,
        later: Timer,
        services: Iterable[str] = ("gateway", "extract", "research", "tailor"),
        on_publish: Callable[[Outgoing], None] | None = None,
    ) -> None:
        self._on_publish = on_publish
        self._rng = rng
        self._later = later
        self._tags = count(1)
        self.is_up = True
        self.queues: dict[str, Queue] = {}
        stages = [routing.work_key(name) for name in QUEUES]
        controls = [routing.control_queue(service) for service in services]
        for name in (*stages, routing.PROJECTOR_QUEUE, *controls):
            dead = routing.dead_queue(name)
            self.queues[dead] = Queue(dead)
            self.queues[name] = Queue(name, dead_key=dead, limit=DELIVERY_LIMIT)
        for tier in routing.RETRY_TIERS:
            name = routing.retry_exchange(tier)
            self.queues[name] = Queue(name, ttl_s=tier)
        self._controls = controls
        self.acked: list[UUID] = []
        self.published: list[UUID] = []

    def publish(self, message: Outgoing) -> None:
        """Route one message.

        Raises:
            UnroutableError: no queue is bound for it.
        """
        copy = Message(
            message.message_id,
            message.routing_key,
            message.body,
            message.kind,
            message.correlation_id,
            dict(message.headers),
        )
        targets = self._targets(message.exchange, message.routing_key)
        if not targets:
            raise UnroutableError(message.routing_key)
        self.published.append(message.message_id)
        if self._on_publish is not None:
            self._on_publish(message)
        for queue in targets:
            self._put(queue, copy)

    def consume(self, queue: str, prefetch: int, deliver: Callable[[Delivered], None]) -> Consumer:
        """Subscribe; `deliver` is called for each delivery and must not block."""
        consumer = Consumer(self.queues[queue], prefetch, deliver)
        consumer.queue.consumers.append(consumer)
        self._dispatch(consumer.queue)
        return consumer

    def cancel(self, consumer: Consumer) -> None:
        """No new deliveries; what is unacked stays with the consumer."""
        consumer.is_consuming = False

    def close(self, consumer: Consumer) -> None:
        """The channel is gone: everything unacked comes back, counted."""
        if not consumer.is_open:
            return
        consumer.is_open = consumer.is_consuming = False
        consumer.queue.consumers.remove(consumer)
        back = list(consumer.unacked.values())
        consumer.unacked.clear()
        for delivered in reversed(back):
            self._return(consumer.queue, delivered.message)
        self._dispatch(consumer.queue)

    def ack(self, delivered: Delivered) -> bool:
        """Settle for good; False when the channel is gone and the message comes again."""
        if not self._settle(delivered):
            return False
        self.acked.append(delivered.message.message_id)
        self._dispatch(delivered.consumer.queue)
        return True

    def reject(self, delivered: Delivered) -> None:
        """To the dead letters."""
        if self._settle(delivered):
            self._bury(delivered.consumer.queue, delivered.message)
            self._dispatch(delivered.consumer.queue)

    def requeue(self, delivered: Delivered) -> None:
        """Back to the queue, counted."""
        if self._settle(delivered):
            self._return(delivered.consumer.queue, delivered.message)
            self._dispatch(delivered.consumer.queue)

    def stop(self) -> None:
        """All channels are lost; queues stay."""
        self.is_up = False
        for queue in self.queues.values():
            for consumer in tuple(queue.consumers):
                self.close(consumer)

    def start(self) -> None:
        """Take connections again."""
        self.is_up = True

    def _settle(self, delivered: Delivered) -> bool:
        return delivered.consumer.unacked.pop(delivered.tag, None) is not None

    def _targets(self, exchange: str, key: str) -> list[Queue]:
        if exchange == routing.EVENTS:
            names = [routing.PROJECTOR_QUEUE]
        elif exchange == routing.CONTROL:
            names = self._controls
        elif exchange in {routing.WORK, routing.DEAD}:
            names = [key]
        else:
            names = [exchange]
        return [self.queues[name] for name in names if name in self.queues]

    def _put(self, queue: Queue, message: Message, *, front: bool = False) -> None:
        if front:
            queue.ready.appendleft(message)
        else:
            queue.ready.append(message)
        if queue.ttl_s is not None:
            self._later(queue.ttl_s, self._expire, queue, message)
        else:
            self._dispatch(queue)

    def _expire(self, queue: Queue, message: Message) -> None:
        queue.ready.remove(message)
        message.count = 0
        self._put(self.queues[message.routing_key], message)

    def _return(self, queue: Queue, message: Message) -> None:
        message.count += 1
        if queue.limit is not None and message.count > queue.limit:
            self._bury(queue, message)
        else:
            queue.ready.appendleft(message)

    def _bury(self, queue: Queue, message: Message) -> None:
        if queue.dead_key is not None:
            self._put(self.queues[queue.dead_key], message)

    def _dispatch(self, queue: Queue) -> None:
        if not self.is_up:
            return
        while queue.ready:
            free = [
                consumer
                for consumer in queue.consumers
                if consumer.is_consuming and len(consumer.unacked) < consumer.prefetch
            ]
            if not free:
                return
            consumer, index = free[0], 0
            if self._rng is not None:
                consumer = free[self._rng.randrange(len(free))]
                index = self._rng.randrange(min(3, len(queue.ready)))
            message = queue.ready[index]
            del queue.ready[index]
            delivered = Delivered(next(self._tags), message, consumer)
            consumer.unacked[delivered.tag] = delivered
            consumer.deliver(delivered)
