"""Stage queues consumed with FastStream; what is done with a delivery is the core's business."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import Any

import structlog
from faststream import AckPolicy
from faststream.exceptions import NackMessage, RejectMessage
from faststream.rabbit import Channel, RabbitBroker, RabbitQueue
from faststream.rabbit.message import RabbitMessage

from resume_messaging.core.build import TRACEPARENT
from resume_messaging.core.decode import UndecodableError, decode_delivery
from resume_messaging.core.outcome import Settlement
from resume_messaging.core.ports import Delivery
from resume_messaging.shells.consumers import is_consuming
from resume_messaging.shells.topology import consumer_arguments, named_url
from resume_runtime.clock import Sleep
from resume_runtime.correlation import TraceParent, bound

log = structlog.get_logger()

Run = Callable[[Delivery], Awaitable[Settlement]]

#: Seconds without a consumer on a connection that works.
_LOST_AFTER_S = 10.0


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
        sleep: Sleep,
    ) -> None:
        self._run = run
        self._sleep = sleep
        self._grace_s = grace_s
        self._running: set[asyncio.Task[Settlement]] = set()
        self._broker = RabbitBroker(
            named_url(amqp_url, name),
            logger=None,
            graceful_timeout=grace_s,
            reconnect_interval=1,
            # Injecting the message would cost each delivery a trip through a worker thread.
            apply_types=False,
        )
        self._consume_arguments = consumer_arguments(name)
        self._subscribers = [
            self._subscribe(queue, count) for queue, count in sorted(prefetch.items())
        ]

    def _subscribe(self, queue: str, prefetch: int) -> Any:
        subscriber = self._broker.subscriber(
            # Only looked for: a queue made here alone would be one without its dead letters.
            RabbitQueue(queue, durable=True, declare=False),
            channel=Channel(prefetch_count=prefetch),
            consume_args=self._consume_arguments,
            ack_policy=AckPolicy.REJECT_ON_ERROR,
            no_reply=True,
            decoder=_whole,
        )
        subscriber(partial(self._on_message, queue))
        return subscriber

    async def start(self) -> None:
        """Connect and consume."""
        await self._broker.start()

    @property
    def is_consuming(self) -> bool:
        """Whether every queue's consumer is alive on an open channel."""
        return all(
            is_consuming(subscriber._queue_obj, subscriber._consumer_tag)  # noqa: SLF001  no public face
            for subscriber in self._subscribers
        )

    async def lost(self) -> None:
        """Return when the broker has cancelled a consumer and it did not come back.

        The client library subscribes again after a lost connection, not after a queue was deleted
        under its consumer: such a process would sit there and look well.
        """
        since = 0.0
        while since < _LOST_AFTER_S:
            await self._sleep(1.0)
            is_lost = not self.is_consuming and await self._broker.ping(timeout=1.0)
            since = since + 1.0 if is_lost else 0.0

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
        with bound(**_ids(delivery)):  # a task keeps the ids that are bound where it is made
            task = asyncio.create_task(self._settle(delivery), name=f"{queue}/{raw.message_id}")
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
            settlement = await self._run(delivery)
        except Exception as error:
            log.error("delivery.broken", exc_info=error)
            settlement = Settlement.REJECT
        log.info("delivery.settled", settlement=settlement.value, attempt=delivery.command.attempt)
        return settlement


def _ids(delivery: Delivery) -> dict[str, object]:
    """What every log line of a delivery carries."""
    trace = TraceParent.parse(delivery.headers.get(TRACEPARENT))
    command = delivery.command
    return {
        "correlation_id": delivery.correlation_id,
        "trace_id": trace.trace_id if trace else None,
        "job_id": command.job_id,
        "user_id": command.user_id,
        "stage": command.stage,
    }


async def _whole(message: RabbitMessage) -> RabbitMessage:
    """What the handler is given: the message as it came; the core decodes it."""
    return message


async def _cancel(subscriber: Any) -> None:
    """Cancel one consumer first: FastStream's own stop strands what arrives while it drains."""
    queue, tag = subscriber._queue_obj, subscriber._consumer_tag  # noqa: SLF001  no public face
    if queue is not None and tag is not None and not queue.channel.is_closed:
        await queue.cancel(tag)
    subscriber._consumer_tag = None  # noqa: SLF001  else stop() would cancel it again
