"""`build/stack.json`: how tests and tools find a running system."""

import json
from pathlib import Path
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic.alias_generators import to_camel

from resume_launcher.files import write_atomically

#: Processes of this machine under a supervisor of ours, or containers under Docker.
Kind = Literal["native", "compose"]


class _Document(BaseModel):
    model_config = ConfigDict(
        alias_generator=to_camel, populate_by_name=True, serialize_by_alias=True, frozen=True
    )


class RunningProcess(_Document):
    """One of our processes. `pid` changes when it is restarted, which `restarts` counts."""

    name: str
    pid: int
    health_url: str
    metrics_url: str | None
    restarts: int = 0


class RunningServer(_Document):
    """The process of RabbitMQ or PostgreSQL."""

    name: str
    pid: int
    restarts: int = 0


class Stack(_Document):
    """A running system. Addresses contain passwords, so the file is its owner's only.

    `careers_url` is the sandbox as the services see it: what a job's `jobUrl` begins with.
    `supervisor_pid` is 0 where the engine is the supervisor.
    """

    kind: Kind = "native"
    base_url: str
    auth_url: str
    sandbox_url: str
    careers_url: str
    amqp_url: str
    management_url: str
    management_user: str
    management_password: str
    database_url: str
    processes: tuple[RunningProcess, ...]
    servers: tuple[RunningServer, ...]
    fingerprint: str
    supervisor_pid: int
    state_dir: Path
    logs_dir: Path

    @classmethod
    def read(cls, path: Path) -> Self | None:
        """The stack described in `path`; None when no such file is there, or an older code's."""
        try:
            return cls.model_validate_json(path.read_text())
        except (FileNotFoundError, ValidationError):
            return None

    def write(self, path: Path) -> None:
        """Write it so that a reader never sees half of it."""
        write_atomically(path, json.dumps(self.model_dump(mode="json"), indent=2), mode=0o600)

    @property
    def names(self) -> list[str]:
        """Of everything that runs."""
        return [p.name for p in self.processes] + [s.name for s in self.servers]

    def pid_of(self, name: str) -> int | None:
        """The process called `name`, or the first whose name starts with it."""
        pids = {p.name: p.pid for p in self.processes} | {p.name: p.pid for p in self.servers}
        if name in pids:
            return pids[name]
        return next((pid for known, pid in pids.items() if known.startswith(name)), None)
