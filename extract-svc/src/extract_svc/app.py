"""The commands of extract-svc's process."""

import asyncio
import random
import sys
from collections.abc import Sequence
from pathlib import Path

from prometheus_client import CollectorRegistry

from extract_svc import smoke
from extract_svc.bootstrap import bootstrap
from extract_svc.settings import ExtractSettings
from resume_messaging.shells.service import serve
from resume_runtime.clock import SystemClock, system_sleep
from resume_runtime.database import find_migrations, migrate
from resume_runtime.logging import configure_logging
from resume_runtime.process import run
from resume_runtime.settings import load_settings

MIGRATIONS = find_migrations(Path(__file__).parent)


async def consume(stop: asyncio.Event, settings: ExtractSettings) -> None:
    """Run the service until `stop` is set."""
    clock, registry, rng = SystemClock(), CollectorRegistry(), random.Random()  # noqa: S311  jitter
    async with bootstrap(
        settings, clock=clock, sleep=system_sleep, rng=rng, registry=registry
    ) as service:
        await serve(
            service, settings, stop, registry=registry, clock=clock, sleep=system_sleep, rng=rng
        )


def main(arguments: Sequence[str]) -> int:
    """Run the command named first: `migrate`, `consume` or `smoke`; return the exit code."""
    if list(arguments) == ["smoke"]:
        return smoke.main()
    settings = load_settings(ExtractSettings)
    configure_logging("extract", settings.log_level)
    match list(arguments):
        case ["migrate"]:
            return run(lambda _: migrate(settings.database_url, "extract", MIGRATIONS))
        case ["consume"]:
            return run(lambda stop: consume(stop, settings))
        case _:
            sys.stderr.write("usage: python -m extract_svc {migrate|consume|smoke}\n")
            return 2
