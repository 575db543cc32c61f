"""Confirmed publishing over a connection of its own."""

import asyncio
from collections.abc import Sequence
from types import TracebackType
from typing import Self
from uuid import UUID

import aio_pika
from aio_pika.abc import AbstractRobustChannel, AbstractRobustConnection
from aiormq import spec

from resume_messaging.core.ports import Outgoing, PublishError
from resume_messaging.shells.topology import named


class ConfirmedPublisher:
    """Publishes batches, persistent and mandatory, and returns when all are confirmed.

    A connection of its own, so that a publisher blocked by flow control never delays an ack.
    """

    def __init__(self, amqp_url: str, *, name: str, timeout_s: float = 5.0) -> None:
        self._url = amqp_url
        self._name = name
        self._timeout_s = timeout_s
        self._connection: AbstractRobustConnection | None = None
        self._channel: AbstractRobustChannel | None = None
        self._in_flight: dict[UUID, asyncio.Future[None]] = {}

    async def __aenter__(self) -> Self:
        """Connect; a broker that is not there raises the client library's error."""
        self._connection = await aio_pika.connect_robust(
            self._url, client_properties=named(self._name), reconnect_interval=1
        )
        self._channel = await self._connection.channel(
            publisher_confirms=True, on_return_raises=True
        )
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the connection."""
        if self._connection is not None:
            await self._connection.close()

    @property
    def is_connected(self) -> bool:
        """Whether a publish has a chance just now."""
        return self._connection is not None and self._connection.connected.is_set()

    async def publish(self, batch: Sequence[Outgoing]) -> None:
        """Publish all, pipelined; return when each is confirmed and was routed.

        Raises:
            PublishError: not all are known to be there within the time limit.
        """
        results = await asyncio.gather(
            *(self._publish_one(message) for message in batch), return_exceptions=True
        )
        failed = [error for error in results if isinstance(error, BaseException)]
        if failed:
            names = ", ".join(sorted({type(error).__name__ for error in failed}))
            raise PublishError(f"{len(failed)} of {len(batch)} not confirmed: {names}")

    async def _publish_one(self, message: Outgoing) -> None:
        # The client library tells returned messages apart by their id, so one id is never in
        # flight twice on a channel.
        while (earlier := self._in_flight.get(message.message_id)) is not None:
            await asyncio.wait([earlier])
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._in_flight[message.message_id] = done
        try:
            await self._send(message)
        finally:
            del self._in_flight[message.message_id]
            done.set_result(None)

    async def _send(self, message: Outgoing) -> None:
        if self._channel is None:
            raise PublishError("not connected")
        # Not a message of the client library: half of its cost is the checks of its attributes.
        properties = spec.Basic.Properties(
            headers=dict(message.headers),
            content_type="application/json",
            delivery_mode=aio_pika.DeliveryMode.PERSISTENT,
            message_id=str(message.message_id),
            correlation_id=message.correlation_id,
            message_type=message.kind,
        )
        async with asyncio.timeout(self._timeout_s):
            channel = await self._channel.get_underlay_channel()
            await channel.basic_publish(  # type: ignore[call-arg]  # its interface forgot `wait`
                message.body,
                exchange=message.exchange,
                routing_key=message.routing_key,
                properties=properties,
                mandatory=True,
                # Only the confirm is waited for: not also, one after the other, for the socket.
                wait=False,
            )
