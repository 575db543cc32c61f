"""Who a server runs as.

RabbitMQ and PostgreSQL must not run as root (PostgreSQL refuses to), so root gives them the
user their Debian package made, and owns neither their files nor their process.
"""

import os
import pwd
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from resume_launcher.errors import MissingProgramError


@dataclass(frozen=True, slots=True)
class Account:
    """A system user to run as; None means: as whoever runs this."""

    name: str | None

    @classmethod
    def for_package(cls, user: str) -> Self:
        """The package's own user when we are root, else ourselves.

        Raises:
            MissingProgramError: root, and the package's user does not exist.
        """
        if os.geteuid() != 0:
            return cls(None)
        try:
            pwd.getpwnam(user)
        except KeyError:
            raise MissingProgramError(
                f"the system user {user!r} does not exist: its package is not installed"
            ) from None
        return cls(user)

    def folder(self, path: Path) -> Path:
        """Make `path` a private folder of this account."""
        path.mkdir(parents=True, exist_ok=True)
        path.chmod(0o700)
        self.take(path)
        return path

    def write(self, path: Path, text: str, *, mode: int = 0o600) -> None:
        """Write a file that only this account reads."""
        path.unlink(missing_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
        self.take(path)

    def take(self, path: Path) -> None:
        """Give `path` to this account."""
        if self.name is not None:
            shutil.chown(path, self.name, self.name)

    def command(self, *argv: str | Path, dies_with_parent: bool = True) -> list[str]:
        """`argv` as this account; SIGTERM reaches it when its parent dies, however it dies."""
        prefix = ["setpriv"]
        if self.name is not None:
            prefix += [f"--reuid={self.name}", f"--regid={self.name}", "--init-groups"]
        if dies_with_parent:
            prefix += ["--pdeathsig=TERM"]
        return [*prefix, "--", *map(str, argv)]
