"""Publishes the outbox: claim with a lease, confirm, delete in bulk.

A crash after the confirm and before the delete publishes a message twice; its id is the same, and
every consumer survives being told twice.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager
from typing import Protocol

import structlog
from prometheus_client import CollectorRegistry, Counter, Gauge

from gateway_svc.database import UNREACHABLE, Listener
from gateway_svc.outbox import CHANNEL, OutboxStore
from resume_messaging.core.ports import Outgoing, Publisher, PublishError
from resume_runtime.clock import Sleep

log = structlog.get_logger()

#: Seconds between two looks when nothing was notified.
POLL_S = 1.0

#: Seconds before a broker that was not there is tried again.
RECONNECT_S = 1.0

BATCH = 200


class ConnectedPublisher(Publisher, Protocol):
    """A publisher that knows whether its connection is up."""

    @property
    def is_connected(self) -> bool:
        """Whether a publish has a chance just now."""


Connect = Callable[[], AbstractAsyncContextManager[ConnectedPublisher]]


class Relay:
    """Moves messages from the outbox to the broker until it is told to stop."""

    def __init__(
        self,
        store: OutboxStore,
        connect: Connect,
        listen: Callable[[], Awaitable[Listener]],
        *,
        sleep: Sleep,
        registry: CollectorRegistry,
        poll_s: float = POLL_S,
    ) -> None:
        self._store = store
        self._connect = connect
        self._listen = listen
        self._sleep = sleep
        self._poll_s = poll_s
        self._news = asyncio.Event()
        self._publisher: ConnectedPublisher | None = None
        self._published = Counter(
            "outbox_published_total",
            "Messages by what became of them.",
            ("fate",),
            registry=registry,
        )
        self._depth = Gauge("outbox_depth", "Messages that wait.", registry=registry)
        self._oldest = Gauge(
            "outbox_oldest_age_seconds", "Age of the oldest message.", registry=registry
        )

    @property
    def is_publishing(self) -> bool:
        """Whether the broker is there."""
        return self._publisher is not None and self._publisher.is_connected

    async def run(self, stop: asyncio.Event) -> None:
        """Relay until `stop` is set; finishes the batch in hand."""
        helpers = [
            asyncio.create_task(self._listen_for_news()),
            asyncio.create_task(self._measure()),
            asyncio.create_task(self._wake_on(stop)),
        ]
        try:
            while not stop.is_set():
                try:
                    async with self._connect() as publisher:
                        self._publisher = publisher
                        await self._publish_while_connected(publisher, stop)
                except Exception as error:  # noqa: BLE001  the broker's library raises many kinds
                    log.warning("relay.disconnected", error=type(error).__name__)
                self._publisher = None
                if not stop.is_set():
                    await self._sleep(RECONNECT_S)
        finally:
            for helper in helpers:
                helper.cancel()
            await asyncio.gather(*helpers, return_exceptions=True)

    async def _publish_while_connected(
        self, publisher: ConnectedPublisher, stop: asyncio.Event
    ) -> None:
        while not stop.is_set():
            self._news.clear()
            try:
                # Nothing is claimed while the broker is away, so that nothing has to be postponed.
                found = await self.relay_once(publisher) if publisher.is_connected else 0
            except UNREACHABLE as error:
                log.warning("relay.database_lost", error=type(error).__name__)
                found = 0
            if found < BATCH:
                await self._rest()

    async def relay_once(self, publisher: Publisher) -> int:
        """Publish one batch of what is due; returns how many were claimed."""
        claimed = await self._store.claim(BATCH)
        if not claimed:
            return 0
        confirmed = await self._publish(publisher, claimed)
        failed = [row for row in claimed if row not in confirmed]
        if confirmed:
            await self._store.delete(confirmed)
        if failed:
            await self._store.postpone(failed)
            log.warning("relay.postponed", count=len(failed))
        self._published.labels("confirmed").inc(len(confirmed))
        self._published.labels("postponed").inc(len(failed))
        return len(claimed)

    async def _publish(self, publisher: Publisher, claimed: Mapping[int, Outgoing]) -> list[int]:
        try:
            await publisher.publish(list(claimed.values()))
        except PublishError:
            if len(claimed) == 1:
                return []
            # One that cannot be routed must not hold up the others: each for itself.
            results = await asyncio.gather(
                *(publisher.publish([message]) for message in claimed.values()),
                return_exceptions=True,
            )
            return [row for row, result in zip(claimed, results, strict=True) if result is None]
        return list(claimed)

    async def _rest(self) -> None:
        try:
            async with asyncio.timeout(self._poll_s):
                await self._news.wait()
        except TimeoutError:
            return

    async def _wake_on(self, stop: asyncio.Event) -> None:
        await stop.wait()
        self._news.set()

    async def _listen_for_news(self) -> None:
        while True:
            try:
                connection = await self._listen()
                lost = asyncio.Event()
                connection.add_termination_listener(lambda _, lost=lost: lost.set())
                try:
                    await connection.add_listener(CHANNEL, lambda *_: self._news.set())
                    self._news.set()
                    await lost.wait()
                finally:
                    connection.terminate()
            except UNREACHABLE as error:
                log.warning("relay.listen_lost", error=type(error).__name__)
            await self._sleep(RECONNECT_S)

    async def _measure(self) -> None:
        while True:
            try:
                depth, oldest_s = await self._store.backlog()
                self._depth.set(depth)
                self._oldest.set(oldest_s)
            except UNREACHABLE as error:
                log.warning("relay.not_measured", error=type(error).__name__)
            await self._sleep(2.0)
