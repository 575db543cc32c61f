"""Notices arrive again after the broker was away, whatever the collector did meanwhile."""

import asyncio
import gc
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

import pytest

from resume_contracts import routing
from resume_contracts.messages import Notice, SessionRevoked
from resume_messaging.core.build import outgoing_notice
from resume_messaging.shells.control import ControlListener
from resume_messaging.shells.publisher import ConfirmedPublisher
from resume_messaging.shells.topology import declare

pytestmark = pytest.mark.connected


class Wire:
    """A way to the broker that can be cut."""

    def __init__(self, host: str, port: int) -> None:
        self._host = host
        self._port = port
        self._writers: set[asyncio.StreamWriter] = set()
        self.is_cut = False

    async def carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Carry one connection in both directions."""
        if self.is_cut:
            writer.close()
            return
        there_reader, there = await asyncio.open_connection(self._host, self._port)
        self._writers |= {writer, there}
        await asyncio.gather(_pour(reader, there), _pour(there_reader, writer))

    def cut(self) -> None:
        """End every connection and take no more."""
        self.is_cut = True
        for writer in self._writers:
            writer.close()
        self._writers.clear()

    def mend(self) -> None:
        """Take connections again."""
        self.is_cut = False


async def _pour(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(ConnectionError):
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    writer.close()


@asynccontextmanager
async def wire_to(amqp_url: str) -> AsyncIterator[tuple[Wire, str]]:
    """A wire, and the broker's URL by way of it."""
    parts = urlsplit(amqp_url)
    wire = Wire(parts.hostname or "", parts.port or 5672)
    async with await asyncio.start_server(wire.carry, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        netloc = f"{parts.username}:{parts.password}@127.0.0.1:{port}"
        try:
            yield wire, urlunsplit(parts._replace(netloc=netloc))
        finally:
            wire.cut()


async def until(condition: Callable[[], bool]) -> None:
    """Wait for it, 20 s at most."""
    async with asyncio.timeout(20):
        while not condition():
            await asyncio.sleep(0.02)


async def test_notices_arrive_after_an_outage(amqp_url: str) -> None:
    """The client library restores only channels that somebody still holds."""
    await declare(amqp_url)
    kept, told = list[Notice](), list[Notice]()

    async def keep(notice: Notice) -> None:
        kept.append(notice)

    async def tell(notice: Notice) -> None:
        told.append(notice)

    async with wire_to(amqp_url) as (wire, url):
        listener = ControlListener(
            url,
            service="tailor",
            name="test control",
            own_queue=routing.process_queue("tailor", "tailor@host:7001", "0001"),
            keep=keep,
            tell=tell,
            sleep=asyncio.sleep,
        )
        await listener.start()
        try:
            await until(lambda: listener.is_listening)
            wire.cut()
            await until(lambda: not listener.is_listening)
            gc.collect()
            wire.mend()
            await until(lambda: listener.is_listening)
            notice = SessionRevoked(
                session_id=uuid4(), user_id=uuid4(), occurred_at=datetime.now(UTC)
            )
            async with ConfirmedPublisher(amqp_url, name="test publish") as publisher:
                await publisher.publish([outgoing_notice(notice)])
            await until(lambda: kept == told == [notice])
        finally:
            await listener.stop()
