"""Throw-away RabbitMQ, PostgreSQL and Valkey in containers, for connected tests.

Uses testcontainers, which is only installed for those who work on this.
"""

import secrets
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any

from testcontainers.core.config import testcontainers_config
from testcontainers.core.container import DockerContainer
from testcontainers.core.wait_strategies import ExecWaitStrategy

from resume_launcher.compose.engine import SERVERS

RABBITMQ, POSTGRES, VALKEY = SERVERS
LOOPBACK = "127.0.0.1"
USER = "resume"
START_TIMEOUT_S = 90


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where the servers are; the addresses contain the log-in."""

    amqp_url: str
    management_url: str
    database_url: str
    valkey_url: str


@contextmanager
def containers() -> Iterator[Addresses]:
    """Start the servers, empty, on free ports of the loopback; remove them at the end."""
    # They are removed here, by whoever started them; a container that watches is one image more.
    testcontainers_config.ryuk_disabled = True
    testcontainers_config.tc_host_override = LOOPBACK
    password = secrets.token_hex(16)
    with ExitStack() as stack:
        rabbit = stack.enter_context(_rabbit(password))
        postgres = stack.enter_context(_postgres(password))
        valkey = stack.enter_context(_valkey(password))
        login = f"{USER}:{password}@{LOOPBACK}"
        yield Addresses(
            amqp_url=f"amqp://{login}:{rabbit.get_exposed_port(5672)}/",
            management_url=f"http://{login}:{rabbit.get_exposed_port(15672)}",
            database_url=f"postgresql://{login}:{postgres.get_exposed_port(5432)}/resume",
            valkey_url=f"valkey://:{password}@{LOOPBACK}:{valkey.get_exposed_port(6379)}",
        )


def _rabbit(password: str) -> DockerContainer:
    container = _container(RABBITMQ, 5672, 15672)
    container.with_env("RABBITMQ_DEFAULT_USER", USER).with_env("RABBITMQ_DEFAULT_PASS", password)
    # Its listeners are the last thing that starts, the management's among them.
    test = "exec 3<>/dev/tcp/127.0.0.1/5672 4<>/dev/tcp/127.0.0.1/15672"
    return container.waiting_for(_answer("bash", "-c", test))


def _postgres(password: str) -> DockerContainer:
    container = _container(POSTGRES, 5432).with_command("postgres -c max_connections=400")
    container.with_tmpfs_mount("/var/lib/postgresql/data")
    container.with_env("POSTGRES_USER", USER).with_env("POSTGRES_PASSWORD", password)
    container.with_env("POSTGRES_DB", "resume")
    return container.waiting_for(_answer("pg_isready", "-q", "-h", LOOPBACK, "-U", USER))


def _valkey(password: str) -> DockerContainer:
    container = _container(VALKEY, 6379)
    container.with_command(["valkey-server", "--save", "", "--requirepass", password])
    return container.waiting_for(_answer("valkey-cli", "ping"))


def _container(image: str, *ports: int) -> DockerContainer:
    container = DockerContainer(image).with_kwargs(
        # Erlang makes tables of the size of this limit.
        ulimits=[{"Name": "nofile", "Soft": 16384, "Hard": 16384}],
    )
    # An address without a port: any free one. `with_bind_ports` would listen to the network.
    loopback: Any = dict.fromkeys(ports, (LOOPBACK,))
    container.ports = loopback
    return container


def _answer(*command: str) -> ExecWaitStrategy:
    return ExecWaitStrategy(list(command)).with_startup_timeout(START_TIMEOUT_S)
