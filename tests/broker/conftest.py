"""RabbitMQ started from the committed definitions: a private process, and version 4 in a container.

Both start with the six users of that file and nobody else.
"""

import asyncio
import os
import shutil
import subprocess
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path

import aio_pika
import pytest

from resume_launcher.ports import free_port
from resume_launcher.servers import RabbitServer
from resume_messaging.definitions import VHOST, development_password

CONFIGURATION = Path(__file__).parents[2] / "deploy" / "rabbitmq"
IMAGE = "rabbitmq:4-management"


@dataclass(frozen=True, slots=True)
class Broker:
    """Where a broker listens."""

    port: int
    management_port: int

    def url(self, user: str) -> str:
        """The address for one of the broker's users."""
        return f"amqp://{user}:{development_password(user)}@127.0.0.1:{self.port}/{VHOST}"

    @property
    def management_url(self) -> str:
        """The management API."""
        return f"http://127.0.0.1:{self.management_port}"


@pytest.fixture(params=["private process", IMAGE], scope="package")
def broker(request: pytest.FixtureRequest) -> Iterator[Broker]:
    """RabbitMQ with the committed definitions; one for all tests of this folder."""
    if not os.environ.get("TEST_AMQP_URL"):
        pytest.skip("TEST_AMQP_URL is not set: `make test-connected` starts the servers")
    opened = _in_container() if request.param == IMAGE else _as_process()
    with opened as broker:
        yield broker


@contextmanager
def _as_process() -> Iterator[Broker]:
    definitions = (CONFIGURATION / "definitions.json").read_text()
    with tempfile.TemporaryDirectory(prefix="resume-broker-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        folder.chmod(0o711)  # the server's own user passes through it
        port = free_port()
        broker = Broker(port, free_port(avoid=frozenset({port})))
        server = RabbitServer(
            folder / "rabbitmq",
            port=broker.port,
            management_port=broker.management_port,
            definitions=definitions,
        )
        with asyncio.Runner() as runner:
            try:
                runner.run(server.start())
                runner.run(_until_defined(broker))
                yield broker
            finally:
                runner.run(server.stop())


@contextmanager
def _in_container() -> Iterator[Broker]:
    docker = shutil.which("docker")
    if docker is None:
        pytest.skip("no docker here")
    if _run(docker, "image", "inspect", IMAGE).returncode:
        pytest.skip(f"docker has no {IMAGE}")
    files = ("definitions.json", "enabled_plugins", "conf.d/20-resume.conf")
    mounts = [f"--volume={CONFIGURATION / file}:/etc/rabbitmq/{file}:ro" for file in files]
    ports = [f"--publish=127.0.0.1::{port}" for port in (5672, 15672)]
    started = _run(docker, "run", "--detach", "--rm", *ports, *mounts, IMAGE)
    assert started.returncode == 0, started.stderr
    container = started.stdout.strip()
    try:
        listening = (
            int(_run(docker, "port", container, f"{port}/tcp").stdout.split()[0].rpartition(":")[2])
            for port in (5672, 15672)
        )
        broker = Broker(*listening)
        asyncio.run(_until_defined(broker))
        yield broker
    finally:
        _run(docker, "rm", "--force", "--volumes", container)


def _run(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603  ours


async def _until_defined(broker: Broker) -> None:
    """It takes connections before its definitions are read."""
    async with asyncio.timeout(90):
        while True:
            try:
                async with connected(broker, "gateway") as channel:
                    await channel.get_queue("gateway.events.v1")
                    return
            except (aio_pika.exceptions.AMQPError, OSError):
                await asyncio.sleep(0.2)


@asynccontextmanager
async def connected(broker: Broker, user: str) -> AsyncIterator[aio_pika.abc.AbstractChannel]:
    """A channel as one of the broker's users."""
    async with await aio_pika.connect(broker.url(user)) as connection:
        yield await connection.channel()
