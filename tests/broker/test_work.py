"""What each service does all day, done as its limited broker user."""

import asyncio
import random
from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
from prometheus_client import CollectorRegistry

from gateway_svc.app import MIGRATIONS
from gateway_svc.database import Pool
from gateway_svc.deadletters import DeadLetterDrain
from resume_contracts import routing
from resume_contracts.messages import Notice, SessionRevoked
from resume_messaging.core.build import outgoing_notice
from resume_messaging.core.outcome import Settlement
from resume_messaging.core.ports import Delivery, Outgoing
from resume_messaging.shells.access import access_table, check, prepare
from resume_messaging.shells.batch import BatchConsumer, Raw
from resume_messaging.shells.consumer import StageConsumer
from resume_messaging.shells.control import ControlListener
from resume_messaging.shells.publisher import ConfirmedPublisher
from resume_runtime.clock import SystemClock, system_sleep
from resume_runtime.database import create_asyncpg_pool, migrate
from resume_runtime.process import StartupError

from .conftest import Broker

pytestmark = [pytest.mark.connected, pytest.mark.timeout(150)]

CONSUMERS = {
    owner: [queue for queue, service in routing.STAGE_QUEUES.items() if service == owner]
    for owner in sorted(set(routing.STAGE_QUEUES.values()))
}


def message(exchange: str, key: str) -> Outgoing:
    return Outgoing(exchange, key, b"no command", uuid4(), "c-1", "test")


@asynccontextmanager
async def publishing(broker: Broker, user: str) -> AsyncIterator[ConfirmedPublisher]:
    async with ConfirmedPublisher(broker.url(user), name=f"{user} publish") as publisher:
        yield publisher


@pytest.mark.parametrize("service", access_table())
async def test_service_finds_what_it_needs(broker: Broker, service: str) -> None:
    await prepare(broker.url(service), service, "check")


@pytest.mark.parametrize("service", access_table())
async def test_service_cannot_declare(broker: Broker, service: str) -> None:
    """The process that is told to declare with a limited user says so and does not start."""
    with pytest.raises(StartupError, match=r"^AMQP_URL: cannot declare the topology"):
        await prepare(broker.url(service), service, "declare")


async def test_wrong_password_is_one_line(broker: Broker) -> None:
    url = broker.url("tailor").replace(":tailor-development", ":wrong")
    with pytest.raises(StartupError, match=r"^AMQP_URL: cannot check the topology: \w+$"):
        await prepare(url, "tailor", "check")


async def test_what_is_missing_is_named(amqp_url: str) -> None:
    """An empty broker: each queue and exchange the service needs, once, in one line."""
    with pytest.raises(StartupError) as refused:
        await check(amqp_url, access_table()["auth"])
    assert str(refused.value) == "AMQP_URL: missing on the broker: control.v1"
    with pytest.raises(StartupError) as refused:
        await check(amqp_url, access_table()["tailor"])
    named = set(str(refused.value).partition("broker: ")[2].split(", "))
    access = access_table()["tailor"]
    assert named == {*access.reads, *access.writes, routing.CONTROL}
    await prepare(amqp_url, "tailor", "declare")
    await prepare(amqp_url, "tailor", "check")


async def test_notice_of_auth_reaches_every_service_and_process(broker: Broker) -> None:
    """Each has a durable queue for the service and one of its own for the process."""
    kept, told = set[str](), set[str]()
    notice = SessionRevoked(session_id=uuid4(), user_id=uuid4(), occurred_at=datetime.now(UTC))
    async with AsyncExitStack() as stack:
        for service in ("gateway", *CONSUMERS):
            listener = a_listener(broker, service, kept, told)
            await listener.start()
            stack.push_async_callback(listener.stop)
        publisher = await stack.enter_async_context(publishing(broker, "auth"))
        await publisher.publish([outgoing_notice(notice)])
        everybody = {"gateway", *CONSUMERS}
        async with asyncio.timeout(20):
            while kept != everybody or told != everybody:
                await asyncio.sleep(0.02)


def a_listener(broker: Broker, service: str, kept: set[str], told: set[str]) -> ControlListener:
    async def keep(_: Notice) -> None:
        kept.add(service)

    async def tell(_: Notice) -> None:
        told.add(service)

    unique = f"{random.getrandbits(32):08x}"
    return ControlListener(
        broker.url(service),
        service=service,
        name=f"{service} control",
        own_queue=routing.process_queue(service, f"{service}@host.example:7001", unique),
        keep=keep,
        tell=tell,
        sleep=system_sleep,
    )


@pytest.mark.parametrize("service", CONSUMERS)
async def test_stage_tells_retries_and_commands(broker: Broker, service: str) -> None:
    """The projector's user reads the events; what a stage may send is confirmed."""
    stop, keys = asyncio.Event(), set[str | None]()
    access = access_table()[service]
    queue = CONSUMERS[service][0]
    event = message(routing.EVENTS, f"{queue.removesuffix('.v1')}.succeeded.v1")
    state = message(routing.EVENTS, "provider.state_changed.v1")

    async def handle(batch: Sequence[Raw]) -> Collection[Raw]:
        keys.update(raw.message_id for raw in batch)
        if {str(event.message_id), str(state.message_id)} <= keys:
            stop.set()
        return []

    projector = BatchConsumer(
        broker.url("gateway"),
        routing.PROJECTOR_QUEUE,
        handle,
        name="gateway-projector consume",
        sleep=system_sleep,
    )
    async with publishing(broker, service) as publisher, asyncio.timeout(20):
        await publisher.publish([event, state])
        await projector.run(stop)
        await publisher.publish([message(routing.retry_exchange(5), queue)])
        if routing.WORK in access.writes:
            await publisher.publish([message(routing.WORK, "tailor.resume.v1")])


async def test_undecodable_commands_of_all_stages_are_drained(
    broker: Broker, database_url: str
) -> None:
    """Gateway sends, each stage's user consumes and rejects, gateway's user drains the letters.

    What the test before this one sent ends here too.
    """
    await migrate(database_url, "gateway", MIGRATIONS)
    sent = [message(routing.WORK, queue) for queue in routing.STAGE_QUEUES]
    async with await create_asyncpg_pool(database_url, 1, 2) as pool, AsyncExitStack() as stack:
        publisher = await stack.enter_async_context(publishing(broker, "gateway"))
        for service, queues in CONSUMERS.items():
            consumer = a_consumer(broker, service, queues)
            await consumer.start()
            stack.push_async_callback(consumer.stop, lambda: None)
            assert consumer.is_consuming
        drain = DeadLetterDrain(
            broker.url("gateway"),
            pool,
            cipher=None,
            name="gateway-relay dead letters",
            new_id=uuid4,
            clock=SystemClock(),
            sleep=system_sleep,
            registry=CollectorRegistry(),
        )
        draining = asyncio.create_task(drain.run())
        stack.callback(draining.cancel)
        await publisher.publish(sent)
        wanted = {m.message_id for m in sent}
        async with asyncio.timeout(30):
            while not wanted <= await stored(pool):
                await asyncio.sleep(0.05)


async def stored(pool: Pool) -> set[UUID]:
    rows = await pool.fetch("select message_id from gateway.dead_letters")
    return {UUID(row["message_id"]) for row in rows}


def a_consumer(broker: Broker, service: str, queues: Sequence[str]) -> StageConsumer:
    async def run(_: Delivery) -> Settlement:
        raise AssertionError("nothing can be decoded")

    return StageConsumer(
        broker.url(service),
        name=f"{service} consume",
        prefetch=dict.fromkeys(queues, 2),
        run=run,
        grace_s=1.0,
        sleep=system_sleep,
    )
