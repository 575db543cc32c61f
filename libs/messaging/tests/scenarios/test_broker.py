"""Scenarios that need a real broker: what it refuses, loses sight of, or takes down with it."""

import asyncio
import shutil
import sys
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from resume_contracts.errors import ErrorCode
from resume_contracts.messages import EventKind, JobEvent, StageFailed, job_event_adapter
from resume_contracts.routing import PROJECTOR_QUEUE, WORK, dead_queue
from resume_launcher.ports import free_port
from resume_launcher.servers import RabbitServer
from resume_messaging.core.ports import Outgoing, PublishError
from resume_messaging.shells.memos import consumer_schema
from resume_messaging.shells.topology import declare
from resume_runtime.clock import system_sleep
from resume_runtime.database import create_asyncpg_pool

from . import poisoned_worker
from .rabbit import TOPOLOGY, RabbitWorker, RabbitWorld, rabbit_world
from .script import Script
from .shared import RESEARCH_QUEUES
from .world import TAILOR_QUEUE

_STARTED = EventKind.STAGE_STARTED

pytestmark = pytest.mark.connected


@pytest.fixture
async def world(amqp_url: str) -> AsyncIterator[RabbitWorld]:
    async with rabbit_world(amqp_url) as world:
        yield world


@pytest.fixture
def server_folder() -> Iterator[Path]:
    """A folder for a broker. Not pytest's own: each pytest that starts closes that to others."""
    folder = Path(tempfile.mkdtemp(prefix="resume-scenarios-"))
    folder.chmod(0o711)
    state = folder / "rabbitmq"
    state.mkdir()
    # Dead letters without a target are tried again after this; the default is three minutes.
    (state / "advanced.config").write_text(
        "[{rabbit, [{dead_letter_worker_publisher_confirm_timeout, 1000}]}].\n"
    )
    yield state
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
async def server(server_folder: Path) -> AsyncIterator[RabbitServer]:
    """A broker that may be stopped."""
    port = free_port()
    server = RabbitServer(
        server_folder, port=port, management_port=free_port(avoid=frozenset({port}))
    )
    try:
        await server.start()
        yield server
    finally:
        await server.stop()


def undecodable(body: bytes = b"{") -> Outgoing:
    return Outgoing(WORK, TAILOR_QUEUE, body, uuid4(), "test", "command")


async def send(world: RabbitWorld, message: Outgoing) -> None:
    world.on_publish([message], confirmed=False)
    await world.send([message])
    world.on_publish([message], confirmed=True)


async def delete(world: RabbitWorld, queue: str) -> None:
    await (await world.admin.get_queue(queue, ensure=False)).delete(if_unused=False, if_empty=False)


@pytest.mark.parametrize("prefetch", [1, 2, 8])
async def test_undecodable_bodies_go_to_the_dead_letters(world: RabbitWorld, prefetch: int) -> None:
    """However many are in hand at once, each goes to the dead letters and its neighbours live."""
    script = Script(world.sleep)
    await world.start(script.handlers, queues={TAILOR_QUEUE: prefetch})
    good = [world.tailor() for _ in range(3)]
    bad = [undecodable(body) for body in (b"", b"{", b"[]", b"\xff\x00", b'{"job_id": 1}')]
    for command, message in zip(good, bad[:3], strict=True):
        await send(world, message)
        await world.publish(command)
    for message in bad[3:]:
        await send(world, message)
    for command in good:
        await world.until_acked(command)

    async def all_are_dead() -> bool:
        return await world.depth(dead_queue(TAILOR_QUEUE)) == len(bad)

    await world.until(all_are_dead)
    places = await world.account()
    assert set(places.dead) == {message.message_id for message in bad}


async def test_unroutable_message_is_an_error(world: RabbitWorld) -> None:
    """A message without a queue is returned, and whoever published it is told."""
    lost = Outgoing(WORK, "nobody.v1", b"{}", uuid4(), "test", "command")
    with pytest.raises(PublishError):
        await send(world, lost)
    places = await world.account()
    assert lost.message_id not in places.all()


async def test_queue_deleted_and_declared_again(world: RabbitWorld) -> None:
    """While the next stage's queue is missing the outcome is kept; declared again, it goes on."""
    script = Script(world.sleep)
    await delete(world, TAILOR_QUEUE)
    worker = await world.start(script.handlers, queues=RESEARCH_QUEUES)
    command = world.research()
    await world.publish(command)
    await world.until(lambda: script.ended.total() == 1)
    batches = len(world.attempted)
    await world.until(lambda: len(world.attempted) > batches or worker.held == 1)
    assert world.acks(command.message_id) == 0
    await declare(world.url, TOPOLOGY)
    await world.until_acked(command)
    assert script.calls == 1
    assert await world.depth(TAILOR_QUEUE) == 1
    await world.account()


async def test_server_cancelled_consumer_is_noticed(world: RabbitWorld) -> None:
    """A consumer whose queue was deleted under it is not ready any more; a new one takes over."""
    script = Script(world.sleep)
    worker = await world.start(script.handlers)
    assert isinstance(worker, RabbitWorker)
    assert worker.consumer.is_consuming
    await delete(world, TAILOR_QUEUE)
    await world.until(lambda: not worker.consumer.is_consuming)
    await declare(world.url, TOPOLOGY)
    command = world.tailor()
    await world.publish(command)
    await world.start(script.handlers)
    await world.until_acked(command)
    assert script.calls == 1
    await world.account()


@pytest.mark.timeout(120)
async def test_publish_during_a_broker_stop(server: RabbitServer) -> None:
    """The broker stops in a paid call: the result is kept, published when it is back, paid once."""
    async with rabbit_world(server.amqp_url) as world:
        script = Script(world.sleep, seconds=(20.0,))
        await world.start(script.handlers)
        commands = [world.tailor(deadline_s=2000.0) for _ in range(3)]
        for command in commands:
            await world.publish(command)
        await world.until(lambda: script.running == 3)
        # Not killed: RabbitMQ 3.10 loses the leader of a queue declared less than 5 s before.
        await server.stop()
        await world.until(lambda: script.ended.total() == 3)
        await server.start()
        await world.reconnect()
        for command in commands:
            await world.until(lambda: len(world.events(EventKind.STAGE_SUCCEEDED)) == 3)
            await world.until_acked(command)
        await world.until_idle(TAILOR_QUEUE)
        assert script.calls == 3
        await world.account()


@pytest.mark.timeout(120)
async def test_dead_letters_without_a_queue_are_kept(server: RabbitServer) -> None:
    """With its dead-letter queue missing a refused message stays; declared again, it arrives."""
    async with rabbit_world(server.amqp_url) as world:
        script = Script(world.sleep)
        await delete(world, dead_queue(TAILOR_QUEUE))
        await world.start(script.handlers)
        message, marker = undecodable(), world.tailor()
        await send(world, message)
        await world.publish(marker)
        await world.until_acked(marker)
        await declare(world.url, TOPOLOGY)

        async def it_is_dead() -> bool:
            return await world.depth(dead_queue(TAILOR_QUEUE)) == 1

        await world.until(it_is_dead, within_s=600)
        places = await world.account()
        assert places.dead[message.message_id] == 1


@pytest.mark.timeout(120)
async def test_poison_beside_innocent_neighbours(amqp_url: str, database_url: str) -> None:
    """A job that kills its process ends in the dead letters; those in hand beside it are done."""
    async with (
        await create_asyncpg_pool(database_url, 1, 2) as pool,
        rabbit_world(amqp_url) as world,
    ):
        await pool.execute("create schema svc")
        await pool.execute(consumer_schema("svc"))
        innocent = [world.tailor(deadline_s=4000.0) for _ in range(3)]
        poison = world.tailor(deadline_s=4000.0, text=poisoned_worker.POISON)
        for command in (*innocent[:2], poison, innocent[2]):
            await world.publish(command)
        ends: dict[UUID, JobEvent] = {}

        async def all_ended() -> bool:
            ends.update({e.job_id: e for e in await _events(world) if e.kind != _STARTED})
            dead = await world.depth(dead_queue(TAILOR_QUEUE))
            return len(ends) == 4 and dead == 1

        deaths = await _restart_until(all_ended, amqp_url, database_url)
        assert deaths == 4  # two make a suspect of it, two more starts are counted; no fifth
        assert {ends[c.job_id].kind for c in innocent} == {EventKind.STAGE_SUCCEEDED}
        buried = ends[poison.job_id]
        assert isinstance(buried, StageFailed)
        assert buried.error.code == ErrorCode.WORKER_KILLED
        assert await world.depth(TAILOR_QUEUE) == 0


async def _restart_until(
    condition: Callable[[], Awaitable[bool]], amqp_url: str, database_url: str
) -> int:
    """Start the worker whenever it died, as the launcher would; how often it did."""
    deaths = 0
    while True:
        worker = await asyncio.create_subprocess_exec(
            sys.executable, poisoned_worker.__file__, amqp_url, database_url
        )
        try:
            while worker.returncode is None:
                if await condition():
                    return deaths
                await system_sleep(0.05)
            assert worker.returncode == poisoned_worker.KILLED
            deaths += 1
        finally:
            if worker.returncode is None:
                worker.terminate()
            await worker.wait()


async def _events(world: RabbitWorld) -> list[JobEvent]:
    """Take the events that have arrived."""
    queue = await world.admin.get_queue(PROJECTOR_QUEUE, ensure=False)
    events: list[JobEvent] = []
    while (message := await queue.get(no_ack=True, fail=False)) is not None:
        events.append(job_event_adapter.validate_json(message.body))
    return events
