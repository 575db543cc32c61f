"""The pipeline written by hand with aio-pika and nothing else: what the same messages can do.

`python -m tests.bench.peers.handwritten {extract|research|tailor|projector}`
"""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import aio_pika
import asyncpg
import orjson
import uvloop
from aio_pika.abc import AbstractChannel, AbstractIncomingMessage
from tests.bench.contender import Command, Running, python_module, spawned, submit_all
from tests.bench.peers.common import (
    STAGES,
    TABLE,
    UPSERT,
    grown,
    new_message,
    prepare_table,
    provider_s,
    status_of,
)
from tests.bench.settings import PREFETCH
from tests.bench.site import Place, Site

EVENTS, BATCH = "events", 100
QUORUM: dict[str, Any] = {"x-queue-type": "quorum"}


async def publish(channel: AbstractChannel, queue: str, body: dict[str, Any]) -> None:
    """Publish persistently; return when it is confirmed."""
    message = aio_pika.Message(
        orjson.dumps(body), delivery_mode=aio_pika.DeliveryMode.PERSISTENT, message_id=body["id"]
    )
    await channel.default_exchange.publish(message, routing_key=queue)


async def work(stage: str) -> None:
    """One stage's process: event and next command, both confirmed, then the ack."""
    step, wait = STAGES.index(stage) + 1, provider_s()
    consuming = await aio_pika.connect(os.environ["AMQP_URL"])
    publishing = await aio_pika.connect(os.environ["AMQP_URL"])
    out, inward = await publishing.channel(), await consuming.channel()
    await inward.set_qos(prefetch_count=PREFETCH)

    async def handle(message: AbstractIncomingMessage) -> None:
        job = grown(orjson.loads(message.body))
        if wait:
            await asyncio.sleep(wait)
        event = {"id": job["id"], "step": step}
        if step == len(STAGES):
            await publish(out, EVENTS, {**event, "result": job["facts"][0]})
        else:
            await asyncio.gather(publish(out, EVENTS, event), publish(out, STAGES[step], job))
        await message.ack()

    await (await inward.get_queue(stage)).consume(handle)
    await asyncio.Event().wait()


async def project() -> None:
    """The projector's process: what is there, in one upsert, then one multi-ack."""
    connection = await aio_pika.connect(os.environ["AMQP_URL"])
    database = await asyncpg.connect(os.environ["DATABASE_URL"])
    channel = await connection.channel()
    await channel.set_qos(prefetch_count=2 * BATCH)
    inbox: asyncio.Queue[AbstractIncomingMessage] = asyncio.Queue()
    await (await channel.get_queue(EVENTS)).consume(inbox.put)
    while True:
        batch = [await inbox.get()]
        while len(batch) < BATCH and not inbox.empty():
            batch.append(inbox.get_nowait())
        latest: dict[str, dict[str, Any]] = {}
        for message in batch:
            event = orjson.loads(message.body)
            if event["step"] >= latest.get(event["id"], event)["step"]:
                latest[event["id"]] = event
        rows = [latest[key] for key in sorted(latest)]
        await database.execute(
            UPSERT,
            [row["id"] for row in rows],
            [row["step"] for row in rows],
            [status_of(row["step"]) for row in rows],
            [orjson.dumps(row.get("result")).decode() for row in rows],
        )
        await batch[-1].ack(multiple=True)


class Submitter:
    """Publishes the first command and the first event."""

    def __init__(self, channel: AbstractChannel, processes: Mapping[str, int]) -> None:
        self._channel = channel
        self.processes = processes

    async def submit(self) -> str:
        """Submit one job."""
        job = new_message()
        accepted = {"id": job["id"], "step": 0}
        await asyncio.gather(
            publish(self._channel, EVENTS, accepted), publish(self._channel, STAGES[0], job)
        )
        return str(job["id"])

    async def submit_many(self, count: int) -> None:
        """Submit a burst."""
        await submit_all(self, count)


class Handwritten:
    """The hand-written pipeline."""

    name = "hand-written aio-pika"
    durability = (
        "persistent, confirmed messages on quorum queues; status rows by batches; no outbox, no "
        "memos (a redelivery works again), no history"
    )
    jobs_table = TABLE
    is_slow = False

    async def prepare(self, site: Site) -> Place:
        """Its table and queues."""
        place = await prepare_table(site, "handwritten")
        async with await aio_pika.connect(place.amqp_url) as connection:
            channel = await connection.channel()
            for queue in (*STAGES, EVENTS):
                await channel.declare_queue(queue, durable=True, arguments=QUORUM)
        self._logs = site.folder / "handwritten"
        return place

    @asynccontextmanager
    async def running(self, place: Place) -> AsyncIterator[Running]:
        """Its processes, from start to end."""
        commands = [Command(name, python_module(__name__, name)) for name in (*STAGES, "projector")]
        async with (
            spawned(commands, place, logs=self._logs) as processes,
            await aio_pika.connect(place.amqp_url) as connection,
        ):
            yield Submitter(await connection.channel(), processes)


if __name__ == "__main__":
    uvloop.run(project() if sys.argv[1] == "projector" else work(sys.argv[1]))
