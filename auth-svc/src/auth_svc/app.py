"""The commands of auth-svc's process."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

from prometheus_client import CollectorRegistry

from auth_svc.bootstrap import bootstrap
from auth_svc.settings import AuthSettings
from resume_messaging.shells.publisher import ConfirmedPublisher
from resume_runtime.clock import SystemClock
from resume_runtime.database import migrate
from resume_runtime.ids import uuid7
from resume_runtime.logging import configure_logging
from resume_runtime.ops import CheckResult, OpsServer, serve_app
from resume_runtime.process import run
from resume_runtime.settings import load_settings

MIGRATIONS = Path(__file__).parents[2] / "migrations"


async def serve(stop: asyncio.Event, settings: AuthSettings) -> None:
    """Serve until `stop` is set."""
    clock, registry = SystemClock(), CollectorRegistry()
    async with (
        ConfirmedPublisher(settings.amqp_url, name="auth publish", must_connect=False) as publisher,
        bootstrap(settings, publisher=publisher, clock=clock, new_id=uuid7, registry=registry) as (
            app,
            store,
        ),
    ):

        async def postgres() -> CheckResult:
            await store.ping()
            return CheckResult(ok=True)

        async def rabbitmq() -> CheckResult:
            return CheckResult(ok=publisher.is_connected, degraded=True)

        checks = {"postgres": postgres, "rabbitmq": rabbitmq}
        ops = OpsServer(settings.ops_host, settings.ops_port, registry, checks)
        async with ops.running():
            await serve_app(app, settings.host, settings.port, stop)


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
