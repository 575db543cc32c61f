"""A stage consumer whose queue is taken away notices it."""

import asyncio

import aio_pika
import httpx2
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


async def test_operator_sees_whose_connection_and_consumer_it_is(
    amqp_url: str, management_url: str
) -> None:
    """The management UI names the process, on the connection and beside each consumer."""
    await declare(amqp_url)

    async def run(_: Delivery) -> Settlement:
        return Settlement.ACK

    name, vhost = "tailor@host:7001 consume", amqp_url.rpartition("/")[2]
    consumer = StageConsumer(
        amqp_url, name=name, prefetch={QUEUE: 1}, run=run, grace_s=1.0, sleep=asyncio.sleep
    )
    await consumer.start()
    try:
        async with httpx2.AsyncClient(base_url=management_url) as client, asyncio.timeout(20):
            while True:  # the statistics come every five seconds
                connections = (await client.get(f"/api/vhosts/{vhost}/connections")).json()
                consumers = (await client.get(f"/api/consumers/{vhost}")).json()
                if connections and consumers:
                    break
                await asyncio.sleep(0.2)
    finally:
        await consumer.stop(release=lambda: None)
    assert [c["client_properties"].get("connection_name") for c in connections] == [name]
    assert [c["arguments"] for c in consumers] == [{"connection": name}]
