"""Dead letters stay until they are drained."""

import aio_pika
import pytest

from resume_contracts import routing
from resume_messaging.shells.topology import declare

pytestmark = pytest.mark.connected

#: RabbitMQ 4 drops what was handed back more often than this, unless the queue says otherwise.
DEFAULT_LIMIT = 20


async def test_dead_letter_outlives_a_drain_that_keeps_dying(amqp_url: str) -> None:
    await declare(amqp_url)
    name = routing.dead_queue(routing.PROJECTOR_QUEUE)
    async with await aio_pika.connect(amqp_url) as connection, connection.channel() as channel:
        queue = await channel.get_queue(name)
        await channel.default_exchange.publish(aio_pika.Message(b"letter"), routing_key=name)
        for _ in range(DEFAULT_LIMIT + 5):
            letter = await queue.get(timeout=10, fail=True)
            assert letter is not None
            await letter.reject(requeue=True)
        letter = await queue.get(timeout=10, fail=True)
        assert letter is not None
        assert letter.body == b"letter"
        await letter.ack()
