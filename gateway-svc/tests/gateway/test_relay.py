"""Outbox, relay, sweeper and dead letters, with a real broker where one is needed."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta

import aio_pika
import asyncpg
import pytest
from cryptography.fernet import Fernet
from prometheus_client import CollectorRegistry

from gateway_svc import outbox
from gateway_svc.bootstrap import bootstrap_projector, bootstrap_relay
from gateway_svc.database import Listener, Pool
from gateway_svc.deadletters import DeadLetterDrain
from gateway_svc.outbox import OutboxStore
from gateway_svc.relay import Relay
from gateway_svc.settings import GatewaySettings, RelaySettings
from gateway_svc.sweeper import PATIENCE, Sweeper
from resume_contracts import routing
from resume_messaging.core.build import outgoing_event
from resume_messaging.core.ports import Outgoing, PublishError
from resume_messaging.shells.publisher import ConfirmedPublisher
from resume_messaging.shells.topology import declare
from resume_runtime.clock import SystemClock, system_sleep
from resume_runtime.ids import uuid7
from resume_runtime.testing import FakeClock

from .facts import Facts
from .world import World, until

pytestmark = pytest.mark.connected


def a_message(routing_key: str = "job.accepted.v1", exchange: str = routing.EVENTS) -> Outgoing:
    return Outgoing(exchange, routing_key, b"{}", uuid7(), "c-1", "test")


async def add(pool: Pool, *messages: Outgoing) -> None:
    async with pool.acquire() as connection, connection.transaction():
        await outbox.add(connection, None, messages)


async def waiting(pool: Pool) -> int:
    return int(await pool.fetchval("select count(*) from gateway.outbox"))


async def depth(amqp_url: str, queue: str) -> int:
    async with await aio_pika.connect(amqp_url) as connection, connection.channel() as channel:
        declared = await channel.declare_queue(queue, passive=True)
        return declared.declaration_result.message_count or 0


class FlakyPublisher:
    """Refuses messages by routing key; keeps the rest."""

    def __init__(self, *refused: str) -> None:
        self.refused = set(refused)
        self.sent: list[Outgoing] = []
        self.is_connected = True

    async def publish(self, batch: Sequence[Outgoing]) -> None:
        if any(message.routing_key in self.refused for message in batch):
            raise PublishError("refused")
        self.sent += batch


def a_relay(pool: Pool, owner: str = "one", lease_s: float = 30) -> Relay:
    @asynccontextmanager
    async def connect() -> AsyncIterator[FlakyPublisher]:
        yield FlakyPublisher()

    async def listen() -> Listener:
        raise OSError

    return Relay(
        OutboxStore(pool, owner=owner, lease=timedelta(seconds=lease_s)),
        connect,
        listen,
        sleep=system_sleep,
        registry=CollectorRegistry(),
    )


async def test_relay_publishes_in_order_and_deletes(pool: Pool) -> None:
    messages = [a_message() for _ in range(50)]
    await add(pool, *messages)
    publisher = FlakyPublisher()
    assert await a_relay(pool).relay_once(publisher) == 50
    assert [m.message_id for m in publisher.sent] == [m.message_id for m in messages]
    assert await waiting(pool) == 0


async def test_relay_keeps_what_cannot_be_routed_and_sends_the_rest(pool: Pool) -> None:
    await add(pool, a_message(), a_message("nowhere"), a_message())
    publisher = FlakyPublisher("nowhere")
    relay = a_relay(pool)
    await relay.relay_once(publisher)
    assert len(publisher.sent) == 2
    assert await waiting(pool) == 1
    assert await relay.relay_once(publisher) == 0, "it pauses before the next try"
    await pool.execute("update gateway.outbox set leased_until = now()")
    publisher.refused.clear()
    await relay.relay_once(publisher)
    assert await waiting(pool) == 0


async def test_relays_share_the_outbox_and_take_over_from_the_dead(pool: Pool) -> None:
    await add(pool, *(a_message() for _ in range(10)))
    dead = OutboxStore(pool, owner="dead", lease=timedelta(seconds=0.3))
    claimed = await dead.claim(10)
    assert len(claimed) == 10
    publisher = FlakyPublisher()
    other = a_relay(pool, "other")
    assert await other.relay_once(publisher) == 0

    async def took_over() -> bool:
        return bool(await other.relay_once(publisher))

    await until(took_over)
    assert len(publisher.sent) == 10
    await add(pool, a_message())
    await dead.delete([*claimed, 11])
    assert await waiting(pool) == 1, "whoever lost the lease deletes nothing"


async def test_lease_is_whole_or_absent(pool: Pool) -> None:
    await add(pool, a_message())
    with pytest.raises(asyncpg.CheckViolationError):
        await pool.execute("update gateway.outbox set leased_by = 'half'")


async def test_relay_goes_on_when_the_broker_comes_back(pool: Pool) -> None:
    """Away at the start, then there but cut off, then well: nothing is claimed before that."""
    await add(pool, a_message())
    publisher = FlakyPublisher()
    publisher.is_connected = False
    tries = 0

    @asynccontextmanager
    async def connect() -> AsyncIterator[FlakyPublisher]:
        nonlocal tries
        tries += 1
        if tries < 3:
            raise ConnectionError
        yield publisher

    async def listen() -> Listener:
        raise OSError

    relay = Relay(
        OutboxStore(pool, owner="one", lease=timedelta(seconds=30)),
        connect,
        listen,
        sleep=FakeClock().sleep,
        registry=CollectorRegistry(),
        poll_s=0.02,
    )
    stop = asyncio.Event()
    relaying = asyncio.create_task(relay.run(stop))
    await until(lambda: tries == 3)
    assert not relay.is_publishing
    assert await pool.fetchval("select max(attempts) from gateway.outbox") == 0
    publisher.is_connected = True
    await until(lambda: _empty(pool))
    assert len(publisher.sent) == 1
    stop.set()
    await asyncio.wait_for(relaying, 5)


@asynccontextmanager
async def running_relay(database_url: str, amqp_url: str) -> AsyncIterator[None]:
    settings = RelaySettings(database_url=database_url, amqp_url=amqp_url, files_url="memory:///")
    stop = asyncio.Event()
    async with bootstrap_relay(
        settings, clock=SystemClock(), sleep=system_sleep, registry=CollectorRegistry()
    ) as relay:
        relaying = asyncio.create_task(relay.run(stop))
        try:
            yield
        finally:
            stop.set()
            await relaying


async def test_submission_reaches_the_first_stages_queue(world: World, amqp_url: str) -> None:
    """From 202 to the queue of `extract.posting`, woken by the transaction itself."""
    async with running_relay(world.database_url, amqp_url):
        await world.submit()
        queue = routing.work_key("extract.posting")

        async def arrived() -> bool:
            return await depth(amqp_url, queue) == 1

        await until(lambda: _empty(world.pool))
        await until(arrived)


async def _empty(pool: Pool) -> bool:
    return await waiting(pool) == 0


async def test_events_are_folded_from_the_queue(world: World, amqp_url: str) -> None:
    """A projector process: batches from the broker, undecodable ones to the dead letters."""
    facts = Facts(await world.submit(), world.user_id)
    settings = GatewaySettings(database_url=world.database_url, amqp_url=amqp_url)
    stop = asyncio.Event()
    async with bootstrap_projector(
        settings, clock=SystemClock(), sleep=system_sleep, registry=CollectorRegistry()
    ) as consumer:
        consuming = asyncio.create_task(consumer.run(stop))
        async with ConfirmedPublisher(amqp_url, name="test") as publisher:
            await publisher.publish(
                [
                    outgoing_event(facts.started(0)),
                    a_message("broken.v1"),
                    outgoing_event(facts.failed(0)),
                ]
            )

        async def failed() -> bool:
            return bool((await world.status(facts.job_id))["status"] == "failed")

        async def buried() -> bool:
            return await depth(amqp_url, routing.dead_queue(routing.PROJECTOR_QUEUE)) == 1

        await until(failed)
        await until(buried)
        stop.set()
        await consuming
    assert await depth(amqp_url, routing.PROJECTOR_QUEUE) == 0


async def test_dead_letters_are_stored_encrypted_and_found_by_user(
    pool: Pool, amqp_url: str
) -> None:
    await declare(amqp_url)
    cipher, user_id = Fernet(Fernet.generate_key()), uuid7()
    drain = DeadLetterDrain(
        amqp_url,
        pool,
        cipher=cipher,
        name="test",
        new_id=uuid7,
        clock=SystemClock(),
        sleep=system_sleep,
        registry=CollectorRegistry(),
    )
    body = f'{{"user_id": "{user_id}", "resume": "secret"}}'.encode()
    queue = routing.dead_queue(routing.PROJECTOR_QUEUE)
    letter = Outgoing(routing.DEAD, queue, body, uuid7(), "c-1", "test")
    async with ConfirmedPublisher(amqp_url, name="test") as publisher:
        await publisher.publish([letter])
    draining = asyncio.create_task(drain.run())

    async def stored() -> bool:
        return bool(await pool.fetchval("select count(*) from gateway.dead_letters"))

    await until(stored)
    draining.cancel()
    await asyncio.gather(draining, return_exceptions=True)
    record = await pool.fetchrow("select * from gateway.dead_letters")
    assert record is not None
    assert (record["user_id"], record["size"]) == (user_id, len(body))
    assert record["queue"] == routing.PROJECTOR_QUEUE
    assert b"secret" not in record["body_encrypted"]
    assert cipher.decrypt(record["body_encrypted"]) == body


async def test_dead_letter_with_headers_that_cannot_be_stored_is_kept_without_them(
    pool: Pool, amqp_url: str
) -> None:
    await declare(amqp_url)
    drain = DeadLetterDrain(
        amqp_url,
        pool,
        cipher=None,
        name="test",
        new_id=uuid7,
        clock=SystemClock(),
        sleep=system_sleep,
        registry=CollectorRegistry(),
    )
    connection = await aio_pika.connect(amqp_url)
    async with connection, connection.channel() as channel:
        exchange = await channel.get_exchange(routing.DEAD)
        letter = aio_pika.Message(b"garbage", headers={"x": "a\x00b"}, message_id="m\x00")
        await exchange.publish(letter, routing.dead_queue(routing.PROJECTOR_QUEUE))
    draining = asyncio.create_task(drain.run())

    async def stored() -> bool:
        return bool(await pool.fetchval("select count(*) from gateway.dead_letters"))

    await until(stored)
    draining.cancel()
    await asyncio.gather(draining, return_exceptions=True)
    record = await pool.fetchrow("select size, headers, message_id from gateway.dead_letters")
    assert record is not None
    assert tuple(record) == (7, {}, None)


def a_sweeper(pool: Pool, clock: FakeClock) -> Sweeper:
    return Sweeper(
        pool, new_id=uuid7, clock=clock, sleep=system_sleep, registry=CollectorRegistry()
    )


async def test_sweeper_asks_once_and_then_ends_the_run_itself(world: World) -> None:
    job_id = await world.submit()
    clock = FakeClock(SystemClock().now() + timedelta(seconds=419))
    sweeper = a_sweeper(world.pool, clock)
    await sweeper.sweep()
    assert await world.outbox() == ["command"], "its deadline is not there yet"
    clock.advance(2)
    await sweeper.sweep()
    await sweeper.sweep()
    assert await world.outbox() == ["command", "job.expire_due"]
    assert (await world.status(job_id))["status"] == "pending"
    clock.advance(PATIENCE.total_seconds())
    await sweeper.sweep()
    status = await world.status(job_id)
    assert (status["status"], status["error"]["code"]) == ("failed", "deadline_exceeded")
    version = status["version"]
    await sweeper.sweep()
    assert (await world.status(job_id))["version"] == version


async def test_sweeper_leaves_a_finished_run_alone(world: World) -> None:
    facts = Facts(await world.submit(), world.user_id)
    await world.project(facts.failed(0))
    await a_sweeper(world.pool, FakeClock(SystemClock().now() + timedelta(days=1))).sweep()
    assert await world.outbox() == ["command"]
    assert (await world.status(facts.job_id))["version"] == 2


async def test_expired_upload_leaves_its_resume_failed(world: World) -> None:
    """A file whose reading never ended is not `parsing` for ever."""
    answer = await world.client.post("/api/resumes/upload", files={"file": ("cv.txt", b"text")})
    resume_id = answer.json()["resumeId"]
    clock = FakeClock(SystemClock().now() + timedelta(seconds=420) + PATIENCE)
    await a_sweeper(world.pool, clock).sweep()
    resume = await world.client.get(f"/api/resumes/{resume_id}")
    assert resume.json()["state"] == "failed"
