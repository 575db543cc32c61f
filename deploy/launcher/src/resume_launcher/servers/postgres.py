"""A private PostgreSQL server: own data folder, own port, own password, loopback only."""

import asyncio
import re
import secrets
import shutil
import signal
import time
from pathlib import Path

import asyncpg

from resume_launcher.errors import MissingProgramError, StartError
from resume_launcher.servers.account import Account
from resume_launcher.servers.child import Child
from resume_launcher.servers.environment import server_environment

BINARIES = Path("/usr/lib/postgresql")
ROLE = "resume"
START_TIMEOUT_S = 60.0
STOP_GRACE_S = 20.0
POLL_S = 0.05
#: After a crash the sessions of the old server take a moment to notice that it is gone, and a new
#: one refuses to start beside them.
OLD_SESSIONS_S = 10.0
RETRY_S = 0.25


def find_binaries() -> Path:
    """The folder of the newest installed server's programs (Debian keeps them off PATH).

    Raises:
        MissingProgramError: no PostgreSQL server is installed.
    """
    versions = [path.parent for path in BINARIES.glob("*/bin/initdb")]
    if versions:
        return max(versions, key=lambda path: float(path.parent.name))
    on_path = shutil.which("initdb")
    if on_path is None:
        raise MissingProgramError("PostgreSQL is not installed (looked for initdb)")
    return Path(on_path).resolve().parent


def server_version() -> str:
    """The major version that `PostgresServer` would run, for example "17"."""
    binaries = find_binaries()
    return binaries.parent.name if binaries.is_relative_to(BINARIES) else "unknown"


class PostgresServer:
    """Runs PostgreSQL in `state_dir`.

    The data survive `stop` and `kill`; a later `start` carries on with them. `state_dir` must be
    reachable by the user `postgres` when this runs as root.
    """

    def __init__(
        self,
        state_dir: Path,
        *,
        port: int,
        password: str | None = None,
        database: str = "resume",
        max_connections: int = 200,
        log: Path | None = None,
    ) -> None:
        """A password that is not given is made at random."""
        self._state = state_dir
        self._data = state_dir / "data"
        self._log = log or state_dir / "postgres.log"
        self._port = port
        self._password = password or secrets.token_hex(16)
        self._database = database
        self._max_connections = max_connections
        self._account = Account.for_package("postgres")
        self._child: Child | None = None

    @property
    def database_url(self) -> str:
        """Where clients connect; contains the password."""
        return self._url(self._database)

    @property
    def pid(self) -> int | None:
        """The server's process, when it was started."""
        return self._child.pid if self._child else None

    async def start(self) -> None:
        """Make the data folder the first time, start the server, wait until it answers.

        Raises:
            MissingProgramError: PostgreSQL is not installed.
            StartError: it did not answer in time, or ended.
        """
        await self.spawn()
        await self.wait_ready()

    async def spawn(self) -> None:
        """Start the server without waiting until it answers."""
        binaries = find_binaries()
        self._account.folder(self._state)
        if not (self._data / "PG_VERSION").exists():
            await self._initialise(binaries)
        # A crash leaves this file; its process number may belong to somebody else by now.
        (self._data / "postmaster.pid").unlink(missing_ok=True)
        settings = {
            "port": self._port,
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": "",
            "max_connections": self._max_connections,
            # Error details name column values, and column values are people's resumes.
            "log_error_verbosity": "terse",
        }
        options = [word for key, value in settings.items() for word in ("-c", f"{key}={value}")]
        self._child = await Child.spawn(
            "postgres",
            self._account.command(binaries / "postgres", "-D", self._data, *options),
            env=server_environment(self._state),
            log=self._log,
            cwd=self._state,
        )

    async def wait_ready(self) -> None:
        """Wait until the server takes connections and the database exists.

        Raises:
            StartError: it did not answer in time, or ended.
        """
        try:
            async with asyncio.timeout(START_TIMEOUT_S):
                began = time.monotonic()
                while not await self._answers():
                    if self._running().exit_code is None:
                        await asyncio.sleep(POLL_S)
                    elif time.monotonic() - began < OLD_SESSIONS_S:
                        await asyncio.sleep(RETRY_S)
                        await self.spawn()
                    else:
                        raise StartError("postgres", "ended while it was starting")
        except TimeoutError:
            raise StartError("postgres", f"did not answer in {START_TIMEOUT_S:.0f} s") from None

    async def wait_exit(self) -> int:
        """Wait until the server has ended; its exit code."""
        return await self._running().wait()

    async def stop(self) -> None:
        """End every session and shut down cleanly ("fast"); nothing when it does not run."""
        if self._child is not None:
            await self._child.stop(grace_s=STOP_GRACE_S, sig=signal.SIGINT)

    async def kill(self) -> None:
        """End it at once, as a crash would."""
        await self._running().kill()

    def _running(self) -> Child:
        if self._child is None:
            raise StartError("postgres", "was not started")
        return self._child

    def _url(self, database: str) -> str:
        return f"postgresql://{ROLE}:{self._password}@127.0.0.1:{self._port}/{database}"

    async def _initialise(self, binaries: Path) -> None:
        # A folder without PG_VERSION is what an interrupted initdb left.
        shutil.rmtree(self._data, ignore_errors=True)
        password_file = self._state / "initial-password"
        self._account.write(password_file, self._password)
        options = ("--encoding=UTF8", "--no-locale", "--auth=scram-sha-256", "--no-sync")
        initdb = await Child.spawn(
            "postgres",
            self._account.command(
                binaries / "initdb",
                f"--pgdata={self._data}",
                f"--username={ROLE}",
                f"--pwfile={password_file}",
                *options,
            ),
            env=server_environment(self._state),
            log=self._log,
            cwd=self._state,
        )
        try:
            if await initdb.wait() != 0:
                raise StartError("postgres", "could not make its data folder")
        finally:
            password_file.unlink(missing_ok=True)

    async def _answers(self) -> bool:
        try:
            connection = await asyncpg.connect(self._url("postgres"), timeout=5)
        except (OSError, asyncpg.CannotConnectNowError, TimeoutError):
            return False
        try:
            if not await connection.fetchval(
                "select 1 from pg_database where datname = $1", self._database
            ):
                await connection.execute(f"create database {_identifier(self._database)}")
        finally:
            await connection.close()
        return True


def _identifier(name: str) -> str:
    if re.fullmatch(r"[a-z_][a-z0-9_]*", name) is None:
        raise ValueError(f"not a plain database name: {name!r}")
    return name
