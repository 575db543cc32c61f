"""Our own processes as the launcher starts them, over a virtual host and database of their own."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import httpx2
from tests.bench.completions import add_trigger
from tests.bench.site import Place, Site

from resume_launcher.folders import Folders, find_folders
from resume_launcher.ports import choose_ports
from resume_launcher.providers import Providers
from resume_launcher.settings import StackSettings
from resume_launcher.supervisor import table
from resume_launcher.supervisor.managed import ServiceProcess, run_once

GRACE_S = 20.0
JOBS = "gateway.jobs"
#: Stages whose handlers the no-op rows replace.
STAGES = ("extract", "research", "tailor")
EDGE = ("auth", "gateway-api")
PIPELINE = ("gateway-projector", "gateway-relay")


def product_rows(*names: str) -> tuple[table.Row, ...]:
    """Rows of the product by name."""
    rows = {row.name: row for row in table.ROWS}
    return tuple(rows[name] for name in names)


def noop_rows(provider_ms: int) -> tuple[table.Row, ...]:
    """The three stages with handlers that only await a scripted provider."""
    env = {"BENCH_PROVIDER_MS": str(provider_ms)}
    return tuple(
        replace(row, argv=("tests.bench.noop", row.name), env=env) for row in product_rows(*STAGES)
    )


@dataclass(frozen=True, slots=True)
class FleetSettings:
    """What the launcher is told, and what the benchmark tells every process beside it."""

    log_level: str = "INFO"
    env: Mapping[str, str] = field(default_factory=dict)

    @property
    def stack(self) -> StackSettings:
        """In the launcher's words."""
        return StackSettings(
            providers=Providers.read({}), deadline_s=420, grace_s=5, log_level=self.log_level
        )


class Fleet:
    """Some of the stack's processes; `copies` of tailor each have their share of its slots."""

    def __init__(
        self,
        site: Site,
        name: str,
        place: Place,
        rows: Sequence[table.Row],
        settings: FleetSettings,
        *,
        copies: int = 1,
    ) -> None:
        self._place = place
        self._settings = settings
        state = site.folder / name
        self._folders = Folders(find_folders().repository, state, state / "stack.json")
        for folder in (self._folders.files, self._folders.logs, self._folders.secrets):
            folder.mkdir(parents=True, exist_ok=True)
        self._rows = [
            replace(row, name=f"{row.name}-copy{n}" if n else row.name)
            for row in rows
            for n in range(copies if row.name == "tailor" else 1)
        ]
        self._replicas = copies
        self._addresses = table.Addresses(self._ports(), place.amqp_url, place.database_url)
        self._services: dict[str, ServiceProcess] = {}

    def _ports(self) -> dict[str, int]:
        every = {row.name for row in table.ROWS} | {row.name for row in self._rows}
        names = [*every, *(f"{name}.ops" for name in every)]
        return choose_ports(self._folders.ports, dict.fromkeys(sorted(names)))

    @property
    def processes(self) -> dict[str, int]:
        """Process ids by name."""
        pids = {name: service.pid for name, service in self._services.items()}
        return {name: pid for name, pid in pids.items() if pid is not None}

    def url(self, name: str) -> str:
        """Where a process serves."""
        return self._addresses.url(name)

    async def migrate(self) -> None:
        """Make the tables of every service, and let the jobs' table tell of completions."""
        await asyncio.gather(
            *(
                run_once(
                    f"{row.package}-migrate",
                    table.command((row.package, "migrate")),
                    env=self._environment(row),
                    log=self._folders.logs / f"{row.package}-migrate.log",
                )
                for row in table.MIGRATED.values()
            )
        )
        await add_trigger(self._place.database_url, JOBS)

    @asynccontextmanager
    async def running(self, *names: str) -> AsyncIterator[None]:
        """Run the processes, or those whose rows are named; ready when each says that it is."""
        rows = [row for row in self._rows if not names or row.name.partition("-copy")[0] in names]
        async with httpx2.AsyncClient(trust_env=False) as client:
            services = {row.name: self._service(row, client) for row in rows}
            self._services |= services
            try:
                await asyncio.gather(*(s.spawn() for s in services.values()))
                await asyncio.gather(*(s.wait_ready() for s in services.values()))
                yield
            finally:
                await asyncio.gather(*(s.stop() for s in services.values()))
                for name in services:
                    del self._services[name]

    def _service(self, row: table.Row, client: httpx2.AsyncClient) -> ServiceProcess:
        base = self._addresses.ops_url(row.name) if row.ops else self._addresses.url(row.name)
        return ServiceProcess(
            row.name,
            table.command(row.argv),
            env=self._environment(row),
            log=self._folders.logs / f"{row.name}.log",
            health_url=f"{base}/health/ready" if row.ops else f"{base}/health",
            grace_s=GRACE_S,
            client=client,
        )

    def _environment(self, row: table.Row) -> dict[str, str]:
        # A copy is told what the first is told, but for its own ports and its share.
        original = replace(row, name=row.name.partition("-copy")[0])
        env = table.environment(original, self._addresses, self._settings.stack, self._folders)
        if row.ops:
            env["OPS_PORT"] = str(self._addresses.ports[f"{row.name}.ops"])
        # Only the tailor has copies to share its limits with.
        replicas = self._replicas if original.name == "tailor" else 1
        return {**env, "REPLICAS": str(replicas), **self._settings.env}

    @property
    def logs(self) -> Path:
        """One file for each process."""
        return self._folders.logs
