"""The supervisor's process: builds the stack's parts, runs them, keeps `stack.json` true."""

import asyncio
import os
import signal
from pathlib import Path

import httpx2

from resume_launcher.errors import LauncherError
from resume_launcher.files import secret_file, write_atomically
from resume_launcher.folders import Folders
from resume_launcher.servers import PostgresServer, RabbitServer
from resume_launcher.settings import StackSettings
from resume_launcher.stack import RunningProcess, RunningServer, Stack
from resume_launcher.supervisor import table
from resume_launcher.supervisor.journal import Journal
from resume_launcher.supervisor.lock import SupervisorLock
from resume_launcher.supervisor.logs import cap_logs
from resume_launcher.supervisor.managed import ServiceProcess, run_once
from resume_launcher.supervisor.supervisor import Part, Step, Supervisor
from resume_launcher.terminal import complain

#: A stopping process may take its grace; only after that it is killed.
GRACE_MARGIN_S = 10.0
CONSUMERS, PROVIDERS, SERVERS = range(3)


async def supervise(folders: Folders, settings: StackSettings, fingerprint: str) -> None:
    """Run the stack until SIGTERM.

    Raises:
        LauncherError: something did not start; everything was stopped again.
    """
    lock = SupervisorLock(folders.lock)
    if not lock.acquire():
        raise LauncherError(f"another supervisor already runs in {folders.state}")
    for old in folders.logs.glob("journal-*.jsonl"):
        old.unlink()
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for sig in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(sig, stop.set)
    async with httpx2.AsyncClient(trust_env=False) as client:
        stack = _Stack(folders, settings, fingerprint, client)
        capping = asyncio.create_task(cap_logs(folders.logs))
        try:
            await stack.supervisor.run(stop)
        finally:
            capping.cancel()
            folders.stack_file.unlink(missing_ok=True)


class _Stack:
    """All the parts, wired."""

    def __init__(
        self,
        folders: Folders,
        settings: StackSettings,
        fingerprint: str,
        client: httpx2.AsyncClient,
    ) -> None:
        self._folders = folders
        self._settings = settings
        self._fingerprint = fingerprint
        for private in (folders.files, folders.logs, folders.secrets):
            private.mkdir(parents=True, exist_ok=True)
            private.chmod(0o700)
        self._rows = table.rows(settings)
        ports = table.stack_ports(folders, self._rows)
        self._rabbit = RabbitServer(
            folders.rabbitmq,
            port=ports[table.RABBITMQ],
            management_port=ports["management"],
            epmd_port=ports["epmd"],
            distribution_port=ports["distribution"],
            password=secret_file(folders.secret("rabbitmq")),
            log=folders.logs / "rabbitmq.log",
        )
        self._postgres = PostgresServer(
            folders.postgres,
            port=ports[table.POSTGRES],
            password=secret_file(folders.secret("postgres")),
            log=folders.logs / "postgres.log",
        )
        self._addresses = table.Addresses(
            ports=ports,
            amqp_url=self._rabbit.amqp_url,
            database_url=self._postgres.database_url,
        )
        servers = (
            Part(table.RABBITMQ, self._rabbit, frozenset(), SERVERS),
            Part(table.POSTGRES, self._postgres, frozenset(), SERVERS),
        )
        self._services = {row.name: self._service(row, client) for row in self._rows}
        services = (
            Part(
                row.name,
                self._services[row.name],
                row.needs,
                # A call that a consumer finishes must still be answered.
                PROVIDERS if row.name == "sandbox" else CONSUMERS,
            )
            for row in self._rows
        )
        self.supervisor = Supervisor(
            (*servers, *services),
            {table.MIGRATIONS: Step(self._migrate, frozenset({table.POSTGRES}))},
            journal=Journal(folders.journal(os.getpid())),
            on_change=self._write,
        )

    def _service(self, row: table.Row, client: httpx2.AsyncClient) -> ServiceProcess:
        base = self._addresses.ops_url(row.name) if row.ops else self._addresses.url(row.name)
        return ServiceProcess(
            row.name,
            table.command(row.argv),
            env=table.environment(row, self._addresses, self._settings, self._folders),
            log=self._folders.logs / f"{row.name}.log",
            health_url=f"{base}/health/ready" if row.ops else f"{base}/health",
            grace_s=self._settings.grace_s + GRACE_MARGIN_S,
            client=client,
        )

    async def _migrate(self) -> None:
        # Five interpreters for nothing would be a third of a restart's time.
        stamp = self._folders.migrated
        if stamp.exists() and stamp.read_text() == self._fingerprint:
            return
        results = await asyncio.gather(
            *(self._migrate_one(row) for row in table.MIGRATED.values()),
            return_exceptions=True,
        )
        for result in results:
            if isinstance(result, BaseException):
                raise result
        write_atomically(stamp, self._fingerprint)

    async def _migrate_one(self, row: table.Row) -> None:
        name = f"{row.package.removesuffix('_svc')}-migrate"
        await run_once(
            name,
            table.command((row.package, "migrate")),
            env=table.environment(row, self._addresses, self._settings, self._folders),
            log=self._folders.logs / f"{name}.log",
        )

    def _write(self) -> None:
        parts = {part.name: part for part in self.supervisor.parts}
        processes = [
            RunningProcess(
                name=row.name,
                pid=parts[row.name].managed.pid or 0,
                health_url=self._services[row.name].health_url,
                metrics_url=f"{self._addresses.ops_url(row.name)}/metrics" if row.ops else None,
                restarts=parts[row.name].restarts,
            )
            for row in self._rows
        ]
        servers = [
            RunningServer(
                name=name, pid=parts[name].managed.pid or 0, restarts=parts[name].restarts
            )
            for name in (table.RABBITMQ, table.POSTGRES)
        ]
        Stack(
            base_url=self._addresses.url("gateway-api"),
            auth_url=self._addresses.url("auth"),
            sandbox_url=self._addresses.url("sandbox"),
            careers_url=self._addresses.url("sandbox"),
            amqp_url=self._rabbit.amqp_url,
            management_url=self._rabbit.management_url,
            management_user=self._rabbit.management_user,
            management_password=self._rabbit.management_password,
            database_url=self._postgres.database_url,
            processes=tuple(processes),
            servers=tuple(servers),
            fingerprint=self._fingerprint,
            supervisor_pid=os.getpid(),
            state_dir=self._folders.state,
            logs_dir=self._folders.logs,
        ).write(self._folders.stack_file)


def main(state: Path, stack_file: Path, repository: Path, fingerprint: str) -> int:
    """Run the supervisor; its exit code."""
    folders = Folders(repository, state, stack_file)
    try:
        asyncio.run(supervise(folders, StackSettings.read(os.environ), fingerprint))
    except LauncherError as error:
        complain(str(error))
        return 1
    return 0
