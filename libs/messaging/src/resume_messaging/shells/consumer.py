"""Stage queues consumed with FastStream; what is done with a delivery is the core's business."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import Any, cast

import structlog
from faststream import AckPolicy
from faststream.exceptions import NackMessage, RejectMessage
from faststream.rabbit import Channel, ExchangeType, RabbitBroker, RabbitExchange, RabbitQueue
from faststream.rabbit.annotations import RabbitMessage
from faststream.rabbit.schemas import QueueType
from faststream.rabbit.schemas.queue import QuorumQueueArgs

from resume_contracts import routing
from resume_messaging.core.decode import UndecodableError, decode_delivery
from resume_messaging.core.outcome import Settlement
from resume_messaging.core.ports import Delivery
from resume_messaging.shells.topology import named, source_arguments

log = structlog.get_logger()

Run = Callable[[Delivery], Awaitable[Settlement]]


class StageConsumer:
    """One process's subscriptions: one handler a queue, each with its own channel and prefetch.

    `AckPolicy.REJECT_ON_ERROR`: returning acks, an undecodable body raises and is dead-lettered.
    A delivery runs in a task of its own that a lost channel does not cancel: what it paid for is
    stored, and the redelivery finds it.
    """

    def __init__(
        self,
        amqp_url: str,
        *,
        name: str,
        prefetch: Mapping[str, int],
        run: Run,
        grace_s: float,
    ) -> None:
        self._run = run
        self._grace_s = grace_s
        self._running: set[asyncio.Task[Settlement]] = set()
        self._broker = RabbitBroker(
            amqp_url,
            client_properties=named(name),
            logger=None,
            graceful_timeout=grace_s,
            reconnect_interval=1,
        )
        self._subscribers = [
            self._subscribe(queue, count) for queue, count in sorted(prefetch.items())
        ]

    def _subscribe(self, queue: str, prefetch: int) -> Any:
        arguments = source_arguments(queue)
        del arguments["x-queue-type"]  # FastStream adds it, from queue_type
        subscriber = self._broker.subscriber(
            RabbitQueue(
                queue,
                durable=True,
                queue_type=QueueType.QUORUM,
                routing_key=queue,
                arguments=cast("QuorumQueueArgs", arguments),
            ),
            RabbitExchange(routing.WORK, type=ExchangeType.DIRECT, durable=True),
            channel=Channel(prefetch_count=prefetch),
            ack_policy=AckPolicy.REJECT_ON_ERROR,
            no_reply=True,
            decoder=_undecoded,
        )
        subscriber(partial(self._on_message, queue))
        return subscriber

    async def start(self) -> None:
        """Connect and consume."""
        await self._broker.start()

    @property
    def is_consuming(self) -> bool:
        """Whether every queue's consumer is alive on an open channel."""
        return all(_is_consuming(subscriber) for subscriber in self._subscribers)

    @property
    def in_hand(self) -> int:
        """Deliveries being worked on or held."""
        return len(self._running)

    async def stop(self, release: Callable[[], None]) -> None:
        """Cancel the consumers, release the holders, finish what is paid for, close.

        Args:
            release: called once no new delivery can come; makes holders return `REQUEUE`.
        """
        for subscriber in self._subscribers:
            await _cancel(subscriber)
        release()
        if self._running:
            await asyncio.wait(self._running, timeout=self._grace_s)
        await self._broker.stop()

    async def _on_message(self, queue: str, message: RabbitMessage) -> None:
        raw = message.raw_message
        try:
            delivery = decode_delivery(
                raw.body,
                message_id=raw.message_id,
                correlation_id=raw.correlation_id,
                headers=raw.headers,
            )
        except UndecodableError as error:
            log.error("message.undecodable", queue=queue, code=error.code, size=len(raw.body))
            raise RejectMessage from error
        task = asyncio.create_task(self._settle(delivery), name=f"{queue}/{delivery.message_id}")
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        match await asyncio.shield(task):
            case Settlement.REJECT:
                raise RejectMessage
            case Settlement.REQUEUE:
                raise NackMessage(requeue=True)
            case Settlement.ACK:
                return

    async def _settle(self, delivery: Delivery) -> Settlement:
        try:
            return await self._run(delivery)
        except Exception:
            # The runner turns every failure into an outcome; this is a bug in it. The message
            # goes back instead of vanishing, and the broker's delivery limit ends a loop.
            log.exception("message.runner_failed", job_id=str(delivery.command.job_id))
            return Settlement.REJECT


async def _undecoded(message: RabbitMessage) -> bytes:
    body: bytes = message.body
    return body


def _is_consuming(subscriber: Any) -> bool:
    queue, tag = subscriber._queue_obj, subscriber._consumer_tag  # noqa: SLF001  no public face
    if queue is None or tag is None or queue.channel.is_closed:
        return False
    opened = queue.channel._channel  # noqa: SLF001  the only place that knows live consumers
    return opened is not None and not opened.channel.is_closed and tag in opened.channel.consumers


async def _cancel(subscriber: Any) -> None:
    """Cancel one consumer first: FastStream's own stop strands what arrives while it drains."""
    queue, tag = subscriber._queue_obj, subscriber._consumer_tag  # noqa: SLF001  no public face
    if queue is not None and tag is not None and not queue.channel.is_closed:
        await queue.cancel(tag)
    subscriber._consumer_tag = None  # noqa: SLF001  else stop() would cancel it again
