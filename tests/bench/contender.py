"""What is measured, whoever made it: processes that work on jobs, and a way to submit some."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from tests.bench.settings import SUBMITTERS
from tests.bench.site import Place, Site

from resume_launcher.servers.account import Account
from resume_launcher.servers.child import Child

STOP_S = 10.0


class Running(Protocol):
    """A contender at work."""

    @property
    def processes(self) -> Mapping[str, int]:
        """Its processes by name."""

    async def submit(self) -> str:
        """Submit one job, durably; its id as the completion names it."""

    async def submit_many(self, count: int) -> None:
        """Submit a burst as fast as it can be done."""


class Contender(Protocol):
    """A way to carry a job through three stages and keep its status."""

    @property
    def name(self) -> str:
        """How the tables call it."""

    @property
    def durability(self) -> str:
        """What it does not lose."""

    @property
    def jobs_table(self) -> str:
        """The table of its jobs."""

    @property
    def is_slow(self) -> bool:
        """Whether fewer jobs suffice to time it."""

    async def prepare(self, site: Site) -> Place:
        """Make its virtual host, database and tables, once."""

    def running(self, place: Place) -> AbstractAsyncContextManager[Running]:
        """Its processes, from start to end."""


@dataclass(frozen=True, slots=True)
class Command:
    """A worker process of a peer."""

    name: str
    argv: Sequence[str]
    env: Mapping[str, str] = field(default_factory=dict)


async def submit_all(running: Running, count: int) -> None:
    """Submit a burst, a fixed number at a time."""
    left = iter(range(count))

    async def submitter() -> None:
        for _ in left:
            await running.submit()

    async with asyncio.TaskGroup() as group:
        for _ in range(SUBMITTERS):
            group.create_task(submitter())


def python_module(*argv: str) -> list[str]:
    """The command line of a module, in the environment that runs the benchmark."""
    return [sys.executable, "-B", "-m", *argv]


@asynccontextmanager
async def spawned(
    commands: Sequence[Command], place: Place, *, logs: Path
) -> AsyncIterator[dict[str, int]]:
    """Run a peer's worker processes; their ids by name."""
    env = {
        **os.environ,
        "AMQP_URL": place.amqp_url,
        "DATABASE_URL": place.database_url,
        "REDIS_URL": place.redis_url,
    }
    children: list[Child] = []
    try:
        for command in commands:
            child = await Child.spawn(
                command.name,
                Account(None).command(*command.argv),
                env={**env, **command.env},
                log=logs / f"{command.name}.log",
            )
            children.append(child)
        yield {child.name: child.pid for child in children}
    finally:
        await asyncio.gather(*(child.stop(grace_s=STOP_S) for child in children))
