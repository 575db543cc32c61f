"""The commands of tailor-svc's process."""

import asyncio
import random
import sys
from collections.abc import Sequence
from pathlib import Path

from prometheus_client import CollectorRegistry

from resume_messaging.shells.service import serve
from resume_runtime.clock import SystemClock, system_sleep
from resume_runtime.database import find_migrations, migrate
from resume_runtime.logging import configure_logging
from resume_runtime.process import run
from resume_runtime.settings import load_settings
from tailor_svc import smoke
from tailor_svc.bootstrap import bootstrap
from tailor_svc.settings import TailorSettings

MIGRATIONS = find_migrations(Path(__file__).parent)


async def consume(stop: asyncio.Event, settings: TailorSettings) -> None:
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
    settings = load_settings(TailorSettings)
    configure_logging("tailor", settings.log_level)
    match list(arguments):
        case ["migrate"]:
            return run(lambda _: migrate(settings.database_url, "tailor", MIGRATIONS))
        case ["consume"]:
            return run(lambda stop: consume(stop, settings))
        case _:
            sys.stderr.write("usage: python -m tailor_svc {migrate|consume|smoke}\n")
            return 2
