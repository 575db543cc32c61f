"""What the person at the terminal chose for the stack, by environment variables."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self, cast, get_args

from resume_launcher.errors import LauncherError
from resume_launcher.providers import Providers
from resume_launcher.stack import Kind

DEFAULT_DEADLINE_S = 420
DEFAULT_GRACE_S = 120
MOST_REPLICAS = 10


@dataclass(frozen=True, slots=True)
class StackSettings:
    """How to run the stack.

    Attributes:
        providers: the user's own; the sandbox stands in for the others.
        deadline_s: how long a job may take.
        grace_s: how long a stopping process may finish what is paid for.
        log_level: of every process.
        replicas: how many tailor processes share the model's limits.
        kind: as private processes, or in containers.
    """

    providers: Providers
    deadline_s: int
    grace_s: int
    log_level: str
    replicas: int = 1
    kind: Kind = "native"

    @classmethod
    def read(cls, environ: Mapping[str, str]) -> Self:
        """Read them; what is not set has the system's defaults.

        Raises:
            LauncherError: STACK is neither kind, REPLICAS no small number, or the providers are
                not told as agreed.
        """
        kind = environ.get("STACK") or "native"
        if kind not in get_args(Kind):
            raise LauncherError(f"STACK: native or compose, not {kind!r}")
        replicas = environ.get("REPLICAS") or "1"
        if not replicas.isdecimal() or not 1 <= int(replicas) <= MOST_REPLICAS:
            raise LauncherError(f"REPLICAS: 1 to {MOST_REPLICAS}, not {replicas!r}")
        return cls(
            providers=Providers.read(environ),
            deadline_s=int(environ.get("JOB_DEADLINE_S") or DEFAULT_DEADLINE_S),
            grace_s=int(environ.get("GRACE_S") or DEFAULT_GRACE_S),
            log_level=environ.get("LOG_LEVEL") or "INFO",
            replicas=int(replicas),
            kind=cast("Kind", kind),
        )

    def summary(self) -> dict[str, str]:
        """What tells two settings apart, without any key."""
        return {
            "providers": self.providers.summary(),
            "deadline": str(self.deadline_s),
            "grace": str(self.grace_s),
            "log level": self.log_level,
            "replicas": str(self.replicas),
        }
