"""Where the stack keeps its things: the repository, and a state folder outside it."""

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

PRODUCT = "resume-tailor"
THROW_AWAY = "-test"


@dataclass(frozen=True, slots=True)
class Folders:
    """The paths of one stack.

    Attributes:
        repository: the clone this runs from.
        state: data, secrets, ports and logs; removed by `make clean`.
        stack_file: what tests and tools read to find a running system.
    """

    repository: Path
    state: Path
    stack_file: Path

    @property
    def logs(self) -> Path:
        """One file for each process."""
        return self.state / "logs"

    @property
    def files(self) -> Path:
        """Uploaded files."""
        return self.state / "files"

    def journal(self, supervisor: int) -> Path:
        """What the supervisor with this process id did, one JSON object a line."""
        return self.logs / f"journal-{supervisor}.jsonl"

    @property
    def lock(self) -> Path:
        """Held by the running supervisor; contains its process id."""
        return self.state / "supervisor.lock"

    @property
    def ports(self) -> Path:
        """The remembered ports."""
        return self.state / "ports.json"

    @property
    def compose_ports(self) -> Path:
        """The remembered ports of the stack in containers."""
        return self.state / "compose-ports.json"

    @property
    def compose_variables(self) -> Path:
        """What fills docker-compose.yml; contains passwords."""
        return self.stack_file.with_name("compose.env")

    @property
    def compose_override(self) -> Path:
        """What is added to docker-compose.yml; contains the keys of providers."""
        return self.stack_file.with_name("compose.override.json")

    @property
    def compose_definitions(self) -> Path:
        """RabbitMQ's queues and users in containers; contains hashes of random passwords."""
        return self.stack_file.with_name("rabbitmq-definitions.json")

    @property
    def image_tag(self) -> str:
        """Tells this clone's images from another clone's."""
        return self.state.name.removesuffix(THROW_AWAY)

    @property
    def versions(self) -> Path:
        """Which versions of the servers wrote the data."""
        return self.state / "versions.json"

    @property
    def postgres(self) -> Path:
        """PostgreSQL's data."""
        return self.state / "postgres"

    @property
    def rabbitmq(self) -> Path:
        """RabbitMQ's data."""
        return self.state / "rabbitmq"

    @property
    def migrated(self) -> Path:
        """Which code's migrations ran last. Beside the data, so that it goes when they go."""
        return self.postgres / "migrated-by"

    @property
    def secrets(self) -> Path:
        """Passwords and keys made at random, one file each."""
        return self.state / "secrets"

    def secret(self, name: str) -> Path:
        """The file of one secret."""
        return self.secrets / name


def find_folders(*, throw_away: bool = False) -> Folders:
    """The folders of this clone's stack; `throw_away`: of the one that its system tests start."""
    repository = _repository()
    digest = hashlib.sha256(str(repository).encode()).hexdigest()[:12]
    state = _state_root() / (f"{digest}{THROW_AWAY}" if throw_away else digest)
    return Folders(repository, state, repository / "build" / "stack.json")


def _repository() -> Path:
    here = Path(__file__).resolve()
    return next(folder for folder in here.parents if (folder / "deploy" / "launcher").is_dir())


def _state_root() -> Path:
    if os.geteuid() == 0:
        # Not under /root: the servers run as their own users, who cannot look in there.
        return Path("/var/lib") / PRODUCT
    home = os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state"
    return Path(home) / PRODUCT
