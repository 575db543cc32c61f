"""The private servers themselves; each test starts its own."""

import asyncio
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import aio_pika
import asyncpg
import psutil
import pytest
from pamqp.common import FieldTable
from redis.asyncio import Redis
from redis.exceptions import AuthenticationError

from resume_launcher.ports import free_port
from resume_launcher.servers import PostgresServer, RabbitServer, ValkeyServer

pytestmark = [pytest.mark.connected, pytest.mark.timeout(120)]


@pytest.fixture
def reachable() -> Iterator[Path]:
    """A folder that the servers' own users can pass through.

    Not pytest's own: another run of pytest makes those private again.
    """
    with tempfile.TemporaryDirectory(prefix="resume-servers-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        folder.chmod(0o711)
        yield folder


@pytest.fixture
async def rabbit(reachable: Path) -> AsyncIterator[RabbitServer]:
    server = RabbitServer(reachable / "rabbit", port=free_port(), management_port=free_port())
    yield server
    await server.stop()


@pytest.fixture
async def postgres(reachable: Path) -> AsyncIterator[PostgresServer]:
    server = PostgresServer(reachable / "postgres", port=free_port())
    yield server
    await server.stop()


async def test_rabbit_keeps_a_confirmed_message_over_a_crash(rabbit: RabbitServer) -> None:
    await rabbit.start()
    arguments: FieldTable = {"x-queue-type": "quorum"}
    async with await aio_pika.connect(rabbit.amqp_url) as connection:
        channel = await connection.channel()
        await channel.declare_queue("kept", durable=True, arguments=arguments)
    # A quorum queue that is milliseconds old when its only broker is killed does not come back
    # (RabbitMQ 3.10 writes who its members are a little later); a clean stop makes sure.
    await rabbit.stop()
    await rabbit.start()
    async with await aio_pika.connect(rabbit.amqp_url) as connection:
        channel = await connection.channel()
        message = aio_pika.Message(b"1", delivery_mode=aio_pika.DeliveryMode.PERSISTENT)
        await channel.default_exchange.publish(message, routing_key="kept")
        first = rabbit.pid
        await rabbit.kill()
    await rabbit.start()
    assert rabbit.pid != first
    async with await aio_pika.connect(rabbit.amqp_url) as connection:
        channel = await connection.channel()
        queue = await channel.declare_queue("kept", durable=True, arguments=arguments)
        # Consumed, not fetched: a fetch that comes before the queue has its leader again is lost.
        async with queue.iterator(timeout=30) as deliveries:
            delivery = await anext(deliveries)
            await delivery.ack()
    assert delivery.body == b"1"


async def test_rabbit_leaves_nothing_running_not_even_its_epmd(rabbit: RabbitServer) -> None:
    await rabbit.start()
    pids = [rabbit.pid or 0, rabbit.epmd_pid or 0]
    assert all(psutil.pid_exists(pid) for pid in pids)
    await rabbit.stop()
    assert not any(psutil.pid_exists(pid) for pid in pids)


async def test_postgres_keeps_committed_rows_over_a_crash(postgres: PostgresServer) -> None:
    await postgres.start()
    connection = await asyncpg.connect(postgres.database_url)
    await connection.execute("create table kept (n int); insert into kept values (1)")
    connection.terminate()
    await postgres.kill()
    await postgres.start()
    connection = await asyncpg.connect(postgres.database_url)
    assert await connection.fetchval("select n from kept") == 1
    await connection.close()


async def test_valkey_asks_for_its_password_evicts_nothing_and_ends(reachable: Path) -> None:
    server = ValkeyServer(reachable / "valkey", port=free_port())
    await server.start()
    url = server.url.replace("valkey", "redis", 1)
    try:
        async with Redis.from_url(url) as client:
            memory = await client.info("memory")
            assert memory["maxmemory_policy"] == "noeviction"
        stranger = Redis.from_url(f"redis://{url.rpartition('@')[2]}")
        with pytest.raises(AuthenticationError):
            await stranger.info("memory")
        await stranger.aclose()
    finally:
        await server.kill()
    assert not psutil.pid_exists(server.pid or 0)


async def test_servers_of_two_states_run_side_by_side(reachable: Path) -> None:
    servers = [PostgresServer(reachable / name, port=free_port()) for name in ("a", "b")]
    try:
        await asyncio.gather(*(server.start() for server in servers))
        assert len({server.pid for server in servers}) == 2
    finally:
        await asyncio.gather(*(server.stop() for server in servers))
