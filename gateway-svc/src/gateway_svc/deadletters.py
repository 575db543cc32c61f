"""Drains the dead-letter queues into a table, where they are found, kept for a while and counted.

The body holds a person's documents: it is stored encrypted, or not at all without a key.
"""

import hashlib
from collections.abc import Callable
from typing import Any
from uuid import UUID

import aio_pika
import orjson
import structlog
from aio_pika.abc import AbstractIncomingMessage
from cryptography.fernet import Fernet
from prometheus_client import CollectorRegistry, Counter

from gateway_svc.database import UNREACHABLE, UNSTORABLE, Pool
from resume_contracts.routing import dead_queue
from resume_messaging.shells.topology import Topology, consumer_arguments, named
from resume_runtime.clock import Clock, Sleep

log = structlog.get_logger()

PREFETCH = 20

_INSERT = """
    insert into gateway.dead_letters
           (id, queue, user_id, message_id, correlation_id, headers, size, digest, reason,
            body_encrypted, received_at)
    select $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11
     where not exists (select from gateway.erased where user_id = $3)
"""


class DeadLetterDrain:
    """Consumes every dead-letter queue of the topology."""

    def __init__(
        self,
        amqp_url: str,
        pool: Pool,
        *,
        cipher: Fernet | None,
        name: str,
        new_id: Callable[[], UUID],
        clock: Clock,
        sleep: Sleep,
        registry: CollectorRegistry,
    ) -> None:
        self._url = amqp_url
        self._pool = pool
        self._cipher = cipher
        self._name = name
        self._new_id = new_id
        self._clock = clock
        self._sleep = sleep
        self._count = Counter(
            "dead_letters_total", "Messages that were dead-lettered.", ("queue",), registry=registry
        )

    async def run(self) -> None:
        """Drain for ever; cancelled when the process stops."""
        connection = await aio_pika.connect_robust(
            self._url, client_properties=named(self._name), reconnect_interval=1
        )
        async with connection:
            channel = await connection.channel(publisher_confirms=False)
            await channel.set_qos(prefetch_count=PREFETCH)
            for source in Topology().source_queues():
                queue = await channel.get_queue(dead_queue(source))
                await queue.consume(
                    self._receiver(source), arguments=consumer_arguments(self._name)
                )
            await connection.closed()

    def _receiver(self, source: str) -> Callable[[AbstractIncomingMessage], Any]:
        async def receive(message: AbstractIncomingMessage) -> None:
            # Kept unacked while the database is away: there is no hurry, and nothing is lost.
            while not message.channel.is_closed:
                try:
                    await self._store(source, message)
                except UNREACHABLE as error:
                    log.warning("dead_letters.held", error=type(error).__name__)
                    await self._sleep(1.0)
                else:
                    await message.ack()
                    return

        return receive

    async def _store(self, source: str, message: AbstractIncomingMessage) -> None:
        now = self._clock.now()
        headers = readable_headers(dict(message.headers))
        reason = str(headers.get("x-first-death-reason", "unknown"))
        encrypted = self._cipher.encrypt(message.body) if self._cipher is not None else None

        async def insert(
            message_id: str | None, correlation_id: str | None, headers: dict[str, Any], reason: str
        ) -> None:
            await self._pool.execute(
                _INSERT,
                self._new_id(),
                source,
                owner_of(message.body),
                message_id,
                correlation_id,
                headers,
                len(message.body),
                hashlib.sha256(message.body).digest(),
                reason,
                encrypted,
                now,
            )

        try:
            await insert(message.message_id, message.correlation_id, headers, reason)
        except UNSTORABLE:
            # What a stranger wrote on the envelope must not hold up the letters behind it.
            await insert(None, None, {}, "unknown")
        self._count.labels(source).inc()
        log.error(
            "message.dead_lettered", queue=source, reason=reason, message_id=message.message_id
        )


def owner_of(body: bytes) -> UUID | None:
    """Whose data a body holds, so that erasing a user finds it; None when it cannot be told."""
    try:
        content = orjson.loads(body)
        return UUID(content["user_id"])
    except (ValueError, TypeError, KeyError, AttributeError):
        return None


def readable_headers(headers: dict[str, Any]) -> dict[str, Any]:
    """Headers as JSON; what JSON has no form for becomes text."""
    readable: dict[str, Any] = orjson.loads(
        orjson.dumps(headers, default=str, option=orjson.OPT_NON_STR_KEYS)
    )
    return readable
