"""Batch consumption: the projector's raw consumer, one multi-ack for a whole batch."""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import aio_pika
import structlog
from aio_pika.abc import AbstractIncomingMessage

from resume_messaging.shells.topology import consumer_arguments, named
from resume_runtime.clock import Sleep

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Raw:
    """One undecoded delivery of a batch."""

    body: bytes
    message_id: str | None
    correlation_id: str | None
    kind: str | None
    headers: Mapping[str, Any]


#: Handles a batch and returns those that can never be handled, for the dead letters. An exception
#: means that nothing was done: the batch is handed in again after a pause.
Handle = Callable[[Sequence[Raw]], Awaitable[Collection[Raw]]]


class BatchConsumer:
    """Takes what is there, up to a limit, without lingering; settles a batch after its handling."""

    def __init__(
        self,
        amqp_url: str,
        queue: str,
        handle: Handle,
        *,
        name: str,
        sleep: Sleep,
        prefetch: int = 200,
        batch: int = 100,
        retry_pause_s: float = 1.0,
    ) -> None:
        self._url = amqp_url
        self._queue = queue
        self._handle = handle
        self._name = name
        self._sleep = sleep
        self._prefetch = prefetch
        self._batch = batch
        self._retry_pause_s = retry_pause_s
        self._inbox: asyncio.Queue[AbstractIncomingMessage] = asyncio.Queue()
        self._consuming: Callable[[], bool] = lambda: False

    @property
    def is_consuming(self) -> bool:
        """Whether deliveries would arrive now."""
        return self._consuming()

    async def run(self, stop: asyncio.Event) -> None:
        """Consume until `stop` is set; finishes the batch in hand."""
        connection = await aio_pika.connect_robust(
            self._url, client_properties=named(self._name), reconnect_interval=1
        )
        async with connection:
            channel = await connection.channel(publisher_confirms=False)
            await channel.set_qos(prefetch_count=self._prefetch)
            queue = await channel.get_queue(self._queue)
            tag = await queue.consume(self._receive, arguments=consumer_arguments(self._name))
            self._consuming = lambda: connection.connected.is_set() and not channel.is_closed
            stopping = asyncio.create_task(stop.wait())
            try:
                while not stop.is_set():
                    messages = await self._collect(stopping)
                    if messages:
                        await self._settle(messages, stop)
            finally:
                stopping.cancel()
                self._consuming = lambda: False
                if not channel.is_closed:
                    await queue.cancel(tag)

    async def _receive(self, message: AbstractIncomingMessage) -> None:
        self._inbox.put_nowait(message)

    async def _collect(self, stopping: asyncio.Task[Any]) -> list[AbstractIncomingMessage]:
        first = asyncio.create_task(self._inbox.get())
        await asyncio.wait({first, stopping}, return_when=asyncio.FIRST_COMPLETED)
        if not first.done():
            first.cancel()
            return []
        messages = [first.result()]
        while len(messages) < self._batch and not self._inbox.empty():
            messages.append(self._inbox.get_nowait())
        # Deliveries of a channel that is gone come again on the next one.
        return [m for m in messages if not m.channel.is_closed]

    async def _settle(
        self, messages: Sequence[AbstractIncomingMessage], stop: asyncio.Event
    ) -> None:
        raws = [
            Raw(m.body, m.message_id, m.correlation_id, m.type, dict(m.headers)) for m in messages
        ]
        while True:
            try:
                dead = await self._handle(raws)
                break
            except Exception as error:  # noqa: BLE001  nothing was done: pause and hand it in again
                log.warning("batch.retried", queue=self._queue, error=type(error).__name__)
                if stop.is_set():
                    return
                await self._sleep(self._retry_pause_s)
        buried = {id(raw) for raw in dead}
        by_channel: dict[int, list[tuple[AbstractIncomingMessage, Raw]]] = {}
        for message, raw in zip(messages, raws, strict=True):
            by_channel.setdefault(id(message.channel), []).append((message, raw))
        for group in by_channel.values():
            await self._acknowledge(group, buried)

    async def _acknowledge(
        self, group: Sequence[tuple[AbstractIncomingMessage, Raw]], buried: Collection[int]
    ) -> None:
        try:
            for message, raw in group:
                if id(raw) in buried:
                    await message.reject(requeue=False)
            kept = [message for message, raw in group if id(raw) not in buried]
            if kept:
                # Tags arrive in order, and nothing but this loop settles them.
                await kept[-1].ack(multiple=True)
        except (aio_pika.exceptions.AMQPError, ConnectionError, RuntimeError) as error:
            # The channel went away: the batch comes again and is folded to the same rows.
            log.warning("batch.ack_lost", queue=self._queue, error=type(error).__name__)
