"""The commands of gateway-svc's processes."""

import asyncio
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TypeVar

from prometheus_client import CollectorRegistry

from gateway_svc import openapi, operate
from gateway_svc.bootstrap import bootstrap_api, bootstrap_projector, bootstrap_relay
from gateway_svc.settings import ApiSettings, GatewaySettings, RelaySettings
from resume_runtime.clock import SystemClock, system_sleep
from resume_runtime.database import find_migrations, migrate
from resume_runtime.logging import configure_logging
from resume_runtime.ops import Check, CheckResult, OpsServer, serve_app
from resume_runtime.process import run
from resume_runtime.settings import load_settings

MIGRATIONS = find_migrations(Path(__file__).parent)

SettingsT = TypeVar("SettingsT", bound=GatewaySettings)

USAGE = """usage: python -m gateway_svc COMMAND
  migrate              bring the schema up to date
  api                  serve the public API
  projector            fold events into job rows
  relay                publish the outbox; sweep and delete; drain dead letters
  openapi [--check FILE | --write FILE]
  rebuild-projection   fold every job anew from its history
  redrive JOB          start a job that is over once more
  budget USER [DAY MONTH]
                       show a user's budget; give them their own (USD; 0: none, -: as set)
"""


def main(arguments: Sequence[str]) -> int:
    """Run the command named first; return the exit code."""
    match list(arguments):
        case ["openapi", *rest]:
            return openapi.main(rest)
        case ["api"]:
            settings = _settings(ApiSettings, "gateway-api")
            return run(lambda stop: serve_api(settings, stop))
        case ["projector"]:
            plain = _settings(GatewaySettings, "gateway-projector")
            return run(lambda stop: project(plain, stop))
        case ["relay"]:
            relaying = _settings(RelaySettings, "gateway-relay")
            return run(lambda stop: relay(relaying, stop))
        case ["migrate"]:
            plain = _settings(GatewaySettings, "gateway")
            return run(lambda _: migrate(plain.database_url, "gateway", MIGRATIONS))
        case ["rebuild-projection"]:
            plain = _settings(GatewaySettings, "gateway")
            return run(lambda _: operate.rebuild(plain))
        case ["budget", user] | ["budget", user, _, _] as given:
            plain = _settings(GatewaySettings, "gateway")
            return run(lambda _: operate.budget(plain, user, given[2:]))
        case ["redrive", job]:
            plain = _settings(GatewaySettings, "gateway")
            return run(lambda _: operate.redrive(plain, job))
        case _:
            sys.stderr.write(USAGE)
            return 2


def _settings(cls: type[SettingsT], service: str) -> SettingsT:
    settings = load_settings(cls)
    configure_logging(service, settings.log_level)
    return settings


async def serve_api(settings: ApiSettings, stop: asyncio.Event) -> None:
    """Serve the public API until `stop` is set; streams end first, with a word on reconnecting."""
    clock, registry = SystemClock(), CollectorRegistry()
    async with bootstrap_api(settings, clock=clock, sleep=system_sleep, registry=registry) as app:
        edge = app.state.edge

        async def close_streams() -> None:
            await stop.wait()
            edge.watcher.close()

        closing = asyncio.create_task(close_streams())
        try:
            async with _ops(settings, registry, app.state.checks):
                await serve_app(app, settings.host, settings.port, stop)
        finally:
            closing.cancel()


async def project(settings: GatewaySettings, stop: asyncio.Event) -> None:
    """Fold events until `stop` is set; the batch in hand is finished."""
    registry = CollectorRegistry()
    async with bootstrap_projector(
        settings, clock=SystemClock(), sleep=system_sleep, registry=registry
    ) as consumer:

        async def consuming() -> CheckResult:
            return CheckResult(ok=consumer.is_consuming)

        async with _ops(settings, registry, {"consuming": consuming}):
            await consumer.run(stop)


async def relay(settings: RelaySettings, stop: asyncio.Event) -> None:
    """Publish the outbox until `stop` is set; the batch in hand is finished."""
    registry = CollectorRegistry()
    async with bootstrap_relay(
        settings, clock=SystemClock(), sleep=system_sleep, registry=registry
    ) as publishing:

        async def broker() -> CheckResult:
            return CheckResult(ok=publishing.is_publishing, degraded=True)

        async with _ops(settings, registry, {"rabbitmq": broker}):
            await publishing.run(stop)


@asynccontextmanager
async def _ops(
    settings: GatewaySettings, registry: CollectorRegistry, checks: Mapping[str, Check]
) -> AsyncIterator[None]:
    async with OpsServer(settings.ops_host, settings.ops_port, registry, checks).running():
        yield
