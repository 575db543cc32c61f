"""Topology, confirmed publishing and batch consumption on a real RabbitMQ."""

import asyncio
from collections.abc import Collection, Sequence
from uuid import UUID, uuid4

import aio_pika
import pytest

from resume_contracts import routing
from resume_messaging.core.ports import Outgoing, PublishError
from resume_messaging.shells.batch import BatchConsumer, Raw
from resume_messaging.shells.publisher import ConfirmedPublisher
from resume_messaging.shells.topology import Topology, declare
from resume_runtime.clock import system_sleep
from resume_runtime.process import StartupError

pytestmark = pytest.mark.connected


def outgoing(
    key: str, *, exchange: str = routing.EVENTS, message_id: UUID | None = None
) -> Outgoing:
    return Outgoing(exchange, key, b"{}", message_id or uuid4(), "c-1", "test")


async def depth(amqp_url: str, queue: str) -> int:
    async with await aio_pika.connect(amqp_url) as connection, connection.channel() as channel:
        declared = await channel.declare_queue(queue, passive=True)
        return declared.declaration_result.message_count or 0


async def until_depth(amqp_url: str, queue: str, count: int) -> None:
    async with asyncio.timeout(10):
        while await depth(amqp_url, queue) != count:
            await asyncio.sleep(0.05)


async def test_declaring_twice_changes_nothing(amqp_url: str) -> None:
    """Every process declares everything at its start."""
    await declare(amqp_url)
    await declare(amqp_url)
    assert await depth(amqp_url, routing.PROJECTOR_QUEUE) == 0


async def test_other_arguments_refuse_the_start_in_one_line(amqp_url: str) -> None:
    """A queue that is not what it should be is not consumed from."""
    async with await aio_pika.connect(amqp_url) as connection, connection.channel() as channel:
        await channel.declare_queue(routing.PROJECTOR_QUEUE, durable=True)
    with pytest.raises(StartupError, match=r"^AMQP_URL: .*"):
        await declare(amqp_url)


async def test_batch_is_confirmed_and_persistent(amqp_url: str) -> None:
    """What publish returned for is in the queue, persistent, with its ids."""
    await declare(amqp_url)
    batch = [outgoing("job.accepted.v1") for _ in range(50)]
    async with ConfirmedPublisher(amqp_url, name="test") as publisher:
        await publisher.publish(batch)
    assert await depth(amqp_url, routing.PROJECTOR_QUEUE) == 50
    async with await aio_pika.connect(amqp_url) as connection, connection.channel() as channel:
        queue = await channel.get_queue(routing.PROJECTOR_QUEUE)
        message = await queue.get()
        assert message is not None
        assert message.message_id in {str(each.message_id) for each in batch}
        assert message.delivery_mode is aio_pika.DeliveryMode.PERSISTENT


async def test_unroutable_message_raises(amqp_url: str) -> None:
    """A message that no queue takes is never taken for sent."""
    await declare(amqp_url)
    async with ConfirmedPublisher(amqp_url, name="test") as publisher:
        with pytest.raises(PublishError):
            await publisher.publish([outgoing("nobody.v1", exchange=routing.WORK)])
        await publisher.publish([outgoing("job.accepted.v1")])


async def test_unknown_exchange_raises_and_the_publisher_recovers(amqp_url: str) -> None:
    """A channel closed by the broker is opened again for the next batch."""
    await declare(amqp_url)
    async with ConfirmedPublisher(amqp_url, name="test") as publisher:
        with pytest.raises(PublishError):
            await publisher.publish([outgoing("x", exchange="no-such-exchange")])
        async with asyncio.timeout(10):
            while True:
                try:
                    await publisher.publish([outgoing("job.accepted.v1")])
                    break
                except PublishError:
                    await asyncio.sleep(0.05)
    assert await depth(amqp_url, routing.PROJECTOR_QUEUE) >= 1


async def test_same_id_many_times_at_once(amqp_url: str) -> None:
    """One id is never in flight twice, and all publishes end well."""
    await declare(amqp_url)
    message = outgoing("job.accepted.v1")
    async with ConfirmedPublisher(amqp_url, name="test") as publisher:
        await asyncio.gather(*(publisher.publish([message]) for _ in range(20)))
    assert await depth(amqp_url, routing.PROJECTOR_QUEUE) == 20


async def test_retry_tier_returns_to_the_same_queue(amqp_url: str) -> None:
    """A message keeps its routing key through a tier."""
    topology = Topology(tier_ttl_ms={5: 100, 30: 200})
    await declare(amqp_url, topology)
    target = routing.work_key("tailor.rules")
    async with ConfirmedPublisher(amqp_url, name="test") as publisher:
        for tier in routing.RETRY_TIERS:
            await publisher.publish([outgoing(target, exchange=routing.retry_exchange(tier))])
    await until_depth(amqp_url, target, 2)


async def test_batch_consumer_buries_and_acks(amqp_url: str) -> None:
    """Handled ones are gone, refused ones are in the dead letters, failures are handed in again."""
    await declare(amqp_url)
    stop, seen, failures = asyncio.Event(), set[str](), [RuntimeError("once")]
    bad = uuid4()

    async def handle(batch: Sequence[Raw]) -> Collection[Raw]:
        if failures:
            raise failures.pop()
        seen.update(raw.message_id or "" for raw in batch)
        if len(seen) == 100:
            stop.set()
        return [raw for raw in batch if raw.message_id == str(bad)]

    async with ConfirmedPublisher(amqp_url, name="test") as publisher:
        await publisher.publish([outgoing("a.v1") for _ in range(99)])
        await publisher.publish([outgoing("a.v1", message_id=bad)])
    consumer = BatchConsumer(
        amqp_url,
        routing.PROJECTOR_QUEUE,
        handle,
        name="test",
        sleep=system_sleep,
        retry_pause_s=0.01,
    )
    async with asyncio.timeout(20):
        await consumer.run(stop)
    await until_depth(amqp_url, routing.PROJECTOR_QUEUE, 0)
    await until_depth(amqp_url, routing.dead_queue(routing.PROJECTOR_QUEUE), 1)
