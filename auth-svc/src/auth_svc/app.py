"""The commands of auth-svc's process."""

import asyncio
import socket
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from argon2 import PasswordHasher
from prometheus_client import CollectorRegistry

from auth_svc.bootstrap import bootstrap
from auth_svc.settings import AuthSettings
from resume_messaging.core.ports import Publisher
from resume_messaging.shells.access import prepare
from resume_messaging.shells.publisher import ConfirmedPublisher
from resume_runtime.clock import SystemClock, system_sleep
from resume_runtime.database import find_migrations, migrate
from resume_runtime.ids import uuid7
from resume_runtime.logging import configure_logging
from resume_runtime.ops import OpsServer, serve_app
from resume_runtime.process import run
from resume_runtime.settings import load_settings

MIGRATIONS = find_migrations(Path(__file__).parent)


async def serve(stop: asyncio.Event, settings: AuthSettings) -> None:
    """Serve until `stop` is set."""
    registry = CollectorRegistry()
    process = f"auth@{socket.gethostname()}:{settings.ops_port}"

    @asynccontextmanager
    async def connect() -> AsyncIterator[Publisher]:
        await prepare(settings.amqp_url, "auth", settings.amqp_topology)
        async with ConfirmedPublisher(settings.amqp_url, name=f"{process} publish") as publisher:
            yield publisher

    async with bootstrap(
        settings,
        connect=connect,
        hasher=PasswordHasher(),
        clock=SystemClock(),
        sleep=system_sleep,
        new_id=uuid7,
        registry=registry,
    ) as service:
        ops = OpsServer(settings.ops_host, settings.ops_port, registry, service.checks)
        async with ops.running(), asyncio.TaskGroup() as group:
            helpers = [
                group.create_task(service.announcer.run()),
                group.create_task(service.purger.run()),
            ]
            await serve_app(service.app, settings.host, settings.port, stop)
            for helper in helpers:
                helper.cancel()


def main(arguments: Sequence[str]) -> int:
    """Run the command named first: `migrate` or `serve`; return the exit code."""
    settings = load_settings(AuthSettings)
    configure_logging("auth", settings.log_level)
    match list(arguments):
        case ["migrate"]:
            return run(lambda _: migrate(settings.database_url, "auth", MIGRATIONS))
        case ["serve"]:
            return run(lambda stop: serve(stop, settings))
        case _:
            return 2
