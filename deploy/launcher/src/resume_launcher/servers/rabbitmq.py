"""A private RabbitMQ server: own node, own epmd, own cookie and user, loopback only."""

import asyncio
import contextlib
import hashlib
import re
import secrets
import shutil
from pathlib import Path

from resume_launcher.errors import MissingProgramError, StartError
from resume_launcher.ports import free_port
from resume_launcher.servers.account import Account
from resume_launcher.servers.child import Child
from resume_launcher.servers.environment import server_environment

#: The start script itself: Debian's /usr/sbin/rabbitmq-server is a wrapper that only serves the
#: package's own daemon.
CANDIDATES = (
    Path("/usr/lib/rabbitmq/bin/rabbitmq-server"),
    Path("/opt/rabbitmq/sbin/rabbitmq-server"),
)
USER = "resume"
START_TIMEOUT_S = 90.0
STOP_GRACE_S = 30.0
EPMD_GRACE_S = 2.0
POLL_S = 0.1
PROBE_TIMEOUT_S = 5.0
#: What an AMQP 0-9-1 client says first; a broker that is up answers with Connection.Start.
PROTOCOL_HEADER = b"AMQP\x00\x00\x09\x01"


def find_server() -> Path:
    """RabbitMQ's start script.

    Raises:
        MissingProgramError: RabbitMQ is not installed.
    """
    for candidate in CANDIDATES:
        if candidate.exists():
            return candidate
    raise MissingProgramError("RabbitMQ is not installed (looked for rabbitmq-server)")


def server_version() -> str:
    """The version that `RabbitServer` would run, for example "3.10.8"."""
    match = re.search(r"rabbitmq_server-([0-9.]+)", str(find_server().resolve()))
    return match.group(1) if match else "unknown"


class RabbitServer:
    """Runs RabbitMQ, with the management UI, in `state_dir`.

    Queues and messages survive `stop` and `kill`. `state_dir` must be reachable by the user
    `rabbitmq` when this runs as root.
    """

    def __init__(
        self,
        state_dir: Path,
        *,
        port: int,
        management_port: int,
        epmd_port: int | None = None,
        distribution_port: int | None = None,
        password: str | None = None,
        log: Path | None = None,
        definitions: str | None = None,
    ) -> None:
        """Ports that are not given are free ones; a password that is not given is random.

        With `definitions`, RabbitMQ's JSON, an empty broker starts with their users and queues,
        and without the one that `amqp_url` and `management_user` name.
        """
        self._state = state_dir
        self._log = log or state_dir / "rabbitmq.log"
        self._port = port
        self._management_port = management_port
        self._epmd_port = epmd_port or free_port(avoid=frozenset({port, management_port}))
        self._distribution_port = distribution_port or free_port(
            avoid=frozenset({port, management_port, self._epmd_port})
        )
        self._password = password or secrets.token_hex(16)
        self._definitions = definitions
        self._account = Account.for_package("rabbitmq")
        self._epmd: Child | None = None
        self._child: Child | None = None

    @property
    def amqp_url(self) -> str:
        """Where clients connect; contains the password."""
        return f"amqp://{USER}:{self._password}@127.0.0.1:{self._port}/"

    @property
    def management_url(self) -> str:
        """The management UI and API, without the log-in."""
        return f"http://127.0.0.1:{self._management_port}"

    @property
    def management_user(self) -> str:
        """Log-in of the management UI."""
        return USER

    @property
    def management_password(self) -> str:
        """Log-in of the management UI."""
        return self._password

    @property
    def pid(self) -> int | None:
        """The broker's process, when it was started."""
        return self._child.pid if self._child else None

    @property
    def epmd_pid(self) -> int | None:
        """The process of its own Erlang port mapper, when it was started."""
        return self._epmd.pid if self._epmd else None

    @property
    def node(self) -> str:
        """The Erlang node's name: one for each state folder."""
        digest = hashlib.sha256(str(self._state.resolve()).encode()).hexdigest()[:10]
        return f"resume-{digest}@localhost"

    async def start(self) -> None:
        """Start the broker and wait until it takes connections.

        Raises:
            MissingProgramError: RabbitMQ is not installed.
            StartError: it did not answer in time, or ended.
        """
        await self.spawn()
        await self.wait_ready()

    async def spawn(self) -> None:
        """Start the broker without waiting until it answers."""
        script = find_server()
        self._write_configuration()
        environment = self._environment()
        if self._epmd is None or self._epmd.exit_code is not None:
            self._epmd = await Child.spawn(
                "epmd",
                self._account.command(_find_epmd(), "-port", str(self._epmd_port)),
                env=environment,
                log=self._log,
                cwd=self._state,
            )
        self._child = await Child.spawn(
            "rabbitmq",
            self._account.command(script),
            env=environment,
            log=self._log,
            cwd=self._state,
        )

    async def wait_ready(self) -> None:
        """Wait until the broker takes AMQP connections.

        Raises:
            StartError: it did not answer in time, or ended.
        """
        try:
            async with asyncio.timeout(START_TIMEOUT_S):
                while not await self._answers():
                    if self._child is None or self._child.exit_code is not None:
                        raise StartError("rabbitmq", "ended while it was starting")
                    await asyncio.sleep(POLL_S)
        except TimeoutError:
            raise StartError("rabbitmq", f"did not answer in {START_TIMEOUT_S:.0f} s") from None

    async def wait_exit(self) -> int:
        """Wait until the broker has ended; its exit code."""
        return await self._running().wait()

    async def stop(self) -> None:
        """Shut the broker and its epmd down cleanly; nothing when they do not run."""
        if self._child is not None:
            await self._child.stop(grace_s=STOP_GRACE_S)
        if self._epmd is not None:
            await self._epmd.stop(grace_s=EPMD_GRACE_S)

    async def kill(self) -> None:
        """End the broker at once, as a crash would; its epmd stays."""
        await self._running().kill()

    def _running(self) -> Child:
        if self._child is None:
            raise StartError("rabbitmq", "was not started")
        return self._child

    def _write_configuration(self) -> None:
        for folder in ("", "mnesia", "log", "schema", "config"):
            self._account.folder(self._state / folder)
        settings: dict[str, object] = {
            "listeners.tcp.1": f"127.0.0.1:{self._port}",
            "management.tcp.ip": "127.0.0.1",
            "management.tcp.port": self._management_port,
            "default_user": USER,
            "default_pass": self._password,
            "loopback_users": "none",
            # The default asks for as much free disk as the machine has memory on some versions.
            "disk_free_limit.absolute": "64MB",
            "vm_memory_high_watermark.relative": 0.4,
            # Ready means ready: the management statistics need not be fine-grained.
            "collect_statistics_interval": 5000,
        }
        if self._definitions is not None:
            file = self._state / "definitions.json"
            self._account.write(file, self._definitions)
            settings |= {
                "definitions.import_backend": "local_filesystem",
                "definitions.local.path": file,
            }
        lines = [f"{key} = {value}\n" for key, value in settings.items()]
        self._account.write(self._state / "rabbitmq.conf", "".join(lines))
        self._account.write(self._state / "enabled_plugins", "[rabbitmq_management].\n")
        cookie = self._state / ".erlang.cookie"
        if not cookie.exists():
            self._account.write(cookie, secrets.token_hex(16), mode=0o400)

    def _environment(self) -> dict[str, str]:
        state = self._state
        return server_environment(
            state,
            ERL_EPMD_PORT=self._epmd_port,
            ERL_EPMD_ADDRESS="127.0.0.1",
            RABBITMQ_NODENAME=self.node,
            RABBITMQ_DIST_PORT=self._distribution_port,
            RABBITMQ_CONFIG_FILE=state / "rabbitmq.conf",
            RABBITMQ_CONF_ENV_FILE="/dev/null",
            RABBITMQ_ADVANCED_CONFIG_FILE=state / "advanced.config",
            RABBITMQ_ENABLED_PLUGINS_FILE=state / "enabled_plugins",
            RABBITMQ_MNESIA_BASE=state / "mnesia",
            RABBITMQ_SCHEMA_DIR=state / "schema",
            RABBITMQ_GENERATED_CONFIG_DIR=state / "config",
            RABBITMQ_LOG_BASE=state / "log",
            RABBITMQ_LOGS="-",
            # The script then replaces itself by the broker instead of staying as its parent, so
            # that the process we signal and name in stack.json is the broker.
            RUNNING_UNDER_SYSTEMD="true",
            # Nobody but us starts a port mapper: one that erl starts would outlive the stack.
            RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS=(
                "-start_epmd false -kernel inet_dist_use_interface {127,0,0,1}"
            ),
        )

    async def _answers(self) -> bool:
        with contextlib.suppress(OSError, TimeoutError):
            async with asyncio.timeout(PROBE_TIMEOUT_S):
                reader, writer = await asyncio.open_connection("127.0.0.1", self._port)
                try:
                    writer.write(PROTOCOL_HEADER)
                    return bool(await reader.read(1))
                finally:
                    writer.close()
        return False


def _find_epmd() -> str:
    epmd = shutil.which("epmd")
    if epmd is None:
        raise MissingProgramError("Erlang's epmd is not installed")
    return epmd
