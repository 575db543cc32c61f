"""The notice of an ended session arrives through a real broker."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aio_pika
import pytest

from auth_svc.revocations import RevocationAnnouncer
from resume_contracts import routing
from resume_contracts.messages import SessionRevoked, notice_adapter
from resume_messaging.core.ports import Publisher
from resume_messaging.shells.publisher import ConfirmedPublisher
from resume_messaging.shells.topology import declare
from resume_runtime.testing import FakeClock

from .replica import Replica

pytestmark = pytest.mark.connected


async def test_sign_out_reaches_the_edges_queue(
    replica: Replica, clock: FakeClock, amqp_url: str
) -> None:
    session = (await replica.sign_up()).json()
    await replica.sign_out(session["access_token"])

    @asynccontextmanager
    async def connect() -> AsyncIterator[Publisher]:
        await declare(amqp_url)
        async with ConfirmedPublisher(amqp_url, name="test") as publisher:
            yield publisher

    store = replica.service.announcer._store
    announced = asyncio.Event()

    async def sleep(_: float) -> None:
        announced.set()
        await asyncio.Event().wait()

    announcer = RevocationAnnouncer(store, connect, clock, sleep)
    task = asyncio.create_task(announcer.run())
    await asyncio.wait_for(announced.wait(), 20)
    assert announcer.is_connected
    connection = await aio_pika.connect(amqp_url)
    async with connection, connection.channel() as channel:
        queue = await channel.get_queue(routing.control_queue("gateway"))
        message = await queue.get(timeout=10)
        await message.ack()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    notice = notice_adapter.validate_json(message.body)
    assert isinstance(notice, SessionRevoked)
    assert str(notice.user_id) == session["user"]["id"]
    assert not announcer.is_connected
