"""The table of the stack: which processes there are, what each is told and what it waits for."""

import base64
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from resume_launcher.files import secret_file
from resume_launcher.folders import Folders
from resume_launcher.ports import choose_ports
from resume_launcher.settings import StackSettings

LOOPBACK = "127.0.0.1"
PAGE_PORT = 8080
#: One person's machine: the limits of a public edge would only be in the way of demo and tests.
LIMITS = {
    "RATE_WRITES_PER_MIN": "100000",
    "RATE_READS_PER_MIN": "100000",
    "RATE_STATUS_PER_MIN": "100000",
    "RATE_TAILOR_PER_HOUR": "100000",
    "RATE_COVER_LETTERS_PER_HOUR": "100000",
    "RATE_INTERVIEW_PREP_PER_HOUR": "100000",
    "RATE_CAREER_PATH_PER_HOUR": "100000",
    "RATE_POSTINGS_PER_HOUR": "100000",
    "RATE_UPLOADS_PER_HOUR": "100000",
    "RATE_EXPORTS_PER_HOUR": "100000",
    "ADDRESS_ATTEMPTS": "100000",
}
#: Marks every process of a stack, so that what a killed supervisor left can be told from others.
STATE_MARK = "RESUME_STACK_STATE"
POSTGRES, RABBITMQ, MIGRATIONS = "postgres", "rabbitmq", "migrations"


@dataclass(frozen=True, slots=True)
class Row:
    """One process.

    Attributes:
        name: as in `make ps`, `make logs S=` and stack.json.
        argv: what runs, behind `python -m`.
        needs: what must be ready before it starts.
        env: what only this process is told.
        serves: it answers on a port of its own, told as HOST and PORT.
        ops: it has a health and metrics port, told as OPS_HOST and OPS_PORT.
    """

    name: str
    argv: tuple[str, ...]
    needs: frozenset[str]
    env: Mapping[str, str] = field(default_factory=dict)
    serves: bool = False
    ops: bool = True

    @property
    def package(self) -> str:
        """Whose process it is."""
        return self.argv[0]

    @property
    def role(self) -> str:
        """Its name without the number of the replica."""
        return self.name.rstrip("0123456789").removesuffix("-")


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where everything listens."""

    ports: Mapping[str, int]
    amqp_url: str
    database_url: str

    def url(self, name: str) -> str:
        """The public address of a process that serves."""
        return f"http://{LOOPBACK}:{self.ports[name]}"

    def ops_url(self, name: str) -> str:
        """The health and metrics address of a process."""
        return f"http://{LOOPBACK}:{self.ports[f'{name}.ops']}"


#: What a process may need before it starts.
DATABASE = frozenset({MIGRATIONS})
BOTH = frozenset({MIGRATIONS, RABBITMQ})

ROWS: tuple[Row, ...] = (
    Row("sandbox", ("resume_sandbox",), frozenset(), serves=True, ops=False),
    Row("auth", ("auth_svc", "serve"), DATABASE, serves=True),
    Row("gateway-api", ("gateway_svc", "api"), DATABASE, serves=True),
    Row("gateway-projector", ("gateway_svc", "projector"), BOTH),
    Row("gateway-relay", ("gateway_svc", "relay"), BOTH),
    Row("extract", ("extract_svc", "consume"), BOTH),
    Row("research", ("research_svc", "consume"), BOTH),
    Row("tailor", ("tailor_svc", "consume"), BOTH),
)

#: The consumer whose calls take longest and cost most is the one that is worth several processes.
REPLICATED = "tailor"


def rows(settings: StackSettings) -> tuple[Row, ...]:
    """The processes of a stack: `tailor`, `tailor-2`, … share the model's limits."""
    return tuple(copy for row in ROWS for copy in _replicas(row, settings.replicas))


def _replicas(row: Row, count: int) -> tuple[Row, ...]:
    if row.name != REPLICATED:
        return (row,)
    told = replace(row, env={**row.env, "REPLICAS": str(count)})
    return told, *(replace(told, name=f"{row.name}-{n}") for n in range(2, count + 1))


#: One process of each package that has a schema of its own; `migrate` is told what that is told.
MIGRATED = {row.package: row for row in reversed(ROWS) if row.package != "resume_sandbox"}


def stack_ports(folders: Folders, rows: Sequence[Row] = ROWS) -> dict[str, int]:
    """The port of everything that listens, remembered in the state folder."""
    servers = (POSTGRES, RABBITMQ, "management", "epmd", "distribution")
    names: dict[str, int | None] = dict.fromkeys(servers)
    for row in rows:
        if row.serves:
            names[row.name] = PAGE_PORT if row.name == "gateway-api" else None
        if row.ops:
            names[f"{row.name}.ops"] = None
    return choose_ports(folders.ports, names)


def environment(
    row: Row, addresses: Addresses, settings: StackSettings, folders: Folders
) -> dict[str, str]:
    """The environment of one process: the caller's, then the system's variables."""
    env = shared_environment(addresses, settings, folders)
    if row.serves:
        env |= {"HOST": LOOPBACK, "PORT": str(addresses.ports[row.name])}
    if row.ops:
        env |= {"OPS_HOST": LOOPBACK, "OPS_PORT": str(addresses.ports[f"{row.name}.ops"])}
    env |= _own(row, addresses, folders) | settings.providers.of(row.role)
    return env | dict(row.env)


def shared_environment(
    addresses: Addresses, settings: StackSettings, folders: Folders
) -> dict[str, str]:
    """What every process is told."""
    sandbox = addresses.url("sandbox")
    # A proxy of the user's is for the outside; nothing on loopback must go through it.
    no_proxy = ",".join(filter(None, [os.environ.get("NO_PROXY"), LOOPBACK, "localhost"]))
    return {
        # A provider's key is for the one process that calls it.
        **settings.providers.others(os.environ),
        "NO_PROXY": no_proxy,
        "no_proxy": no_proxy,
        "PYTHONUNBUFFERED": "1",
        STATE_MARK: str(folders.state),
        "DATABASE_URL": addresses.database_url,
        "AMQP_URL": addresses.amqp_url,
        "LOG_LEVEL": settings.log_level,
        "JOB_DEADLINE_S": str(settings.deadline_s),
        "GRACE_S": str(settings.grace_s),
        "REPLICAS": "1",
        "SANDBOX_URL": sandbox,
        "FETCH_ALLOW": sandbox.removeprefix("http://"),
        "FILES_URL": folders.files.as_uri(),
    }


def command(argv: tuple[str, ...]) -> list[str]:
    """The command line of one process."""
    return [sys.executable, "-m", *argv]


def _own(row: Row, addresses: Addresses, folders: Folders) -> dict[str, str]:
    page, auth = addresses.url("gateway-api"), addresses.url("auth")
    # Both sides must agree on it; the gateway serves the identities under its own origin.
    issuer = {"AUTH_ISSUER": f"{page}/auth/v1"}
    if row.name == "auth":
        return issuer | {"AUTH_SECRET": secret_file(folders.secret("auth"), length=32)} | LIMITS
    if row.name in {"gateway-api", "gateway-relay", "gateway-projector"}:
        secret = bytes.fromhex(secret_file(folders.secret("dead-letters"), length=32))
        key = base64.urlsafe_b64encode(secret).decode()
        return issuer | {"AUTH_URL": auth, "ALLOWED_ORIGINS": page, "DEADLETTER_KEY": key} | LIMITS
    return {}
