"""A stage consumer whose queue is taken away notices it."""

import asyncio

import aio_pika
import pytest

from resume_contracts import routing
from resume_messaging.core.outcome import Settlement
from resume_messaging.core.ports import Delivery
from resume_messaging.shells.consumer import StageConsumer
from resume_messaging.shells.topology import declare

pytestmark = pytest.mark.connected

QUEUE = routing.work_key("tailor.rules")


async def test_consumer_of_a_deleted_queue_is_lost(amqp_url: str) -> None:
    """A process whose consumer the broker cancelled for good is told so, and not before."""
    await declare(amqp_url)

    async def run(_: Delivery) -> Settlement:
        return Settlement.ACK

    async def soon(_: float) -> None:
        await asyncio.sleep(0.01)

    consumer = StageConsumer(
        amqp_url, name="test", prefetch={QUEUE: 1}, run=run, grace_s=1.0, sleep=soon
    )
    await consumer.start()
    lost = asyncio.create_task(consumer.lost())
    try:
        await asyncio.wait({lost}, timeout=0.5)
        assert consumer.is_consuming
        assert not lost.done()
        async with await aio_pika.connect(amqp_url) as connection, connection.channel() as channel:
            await channel.queue_delete(QUEUE)
        async with asyncio.timeout(20):
            await lost
        assert not consumer.is_consuming
    finally:
        lost.cancel()
        await consumer.stop(release=lambda: None)
