"""The Python environments: the locked requirements and our own packages."""

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from .errors import BootstrapError

PACKAGES = ("libs/*", "*-svc", "deploy/launcher")
FAILURE_LINES = 15


@dataclass(frozen=True, slots=True)
class Environment:
    """The environment of one clone.

    Attributes:
        repository: the clone.
        kind: `runtime`: what runs; `dev`: with the tools of those who work on it; `bench`: what
            runs and what it is compared with, in a folder of its own, so that none of it can
            change what the others do.
    """

    repository: Path
    kind: str

    @property
    def requirements(self) -> Path:
        """The locked requirements. Every kind's contain all that runs."""
        return self.repository / "requirements" / f"{self.kind}.txt"

    @property
    def folder(self) -> Path:
        """Where it is."""
        return self.repository / (".venv-bench" if self.kind == "bench" else ".venv")

    @property
    def count(self) -> int:
        """How many packages are locked."""
        lines = self.requirements.read_text().splitlines()
        return sum("==" in line for line in lines if not line.startswith((" ", "#")))

    def is_ready(self) -> bool:
        """Whether it was made from the requirements as they are now."""
        if not (self.folder / "bin" / "python").exists():
            return False
        return any(
            stamp.exists() and stamp.read_text() == environment.digest()
            for environment in self._sufficient()
            for stamp in (environment.stamp,)
        )

    @property
    def stamp(self) -> Path:
        """Says what the environment was made from."""
        return self.folder / f".made-from-{self.requirements.name}"

    def digest(self) -> str:
        """Of everything that decides what is installed."""
        digest = hashlib.sha256(str(self.folder).encode())
        for path in (self.requirements, *sorted(self._projects())):
            digest.update(path.read_bytes())
        return digest.hexdigest()

    def make(self, log: Path) -> None:
        """Make it or bring it up to date; pip's own settings (proxy, index, CA) are respected.

        Raises:
            BootstrapError: a step failed; the end of its output is in the message.
        """
        if not (self.folder / "bin" / "python").exists():
            shutil.rmtree(self.folder, ignore_errors=True)
            _run([sys.executable, "-m", "venv", str(self.folder)], log)
        for environment in self._sufficient():
            environment.stamp.unlink(missing_ok=True)
        pip = [str(self.folder / "bin" / "python"), "-m", "pip", "install", "--no-input", "--quiet"]
        _run([*pip, "--require-hashes", "--requirement", str(self.requirements)], log)
        ours = [word for path in self._projects() for word in ("--editable", str(path.parent))]
        _run([*pip, "--no-build-isolation", "--no-deps", *ours], log)
        self.stamp.write_text(self.digest())

    def _sufficient(self) -> Iterator["Environment"]:
        yield self
        if self.kind == "runtime":
            yield Environment(self.repository, "dev")

    def _projects(self) -> list[Path]:
        return [
            project
            for pattern in PACKAGES
            for project in sorted(self.repository.glob(f"{pattern}/pyproject.toml"))
        ]


def _run(command: list[str], log: Path) -> None:
    # A user's `pip config set global.user true` means their own environment, never this one.
    env = {**os.environ, "PIP_USER": "0", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    with log.open("ab") as output:
        done = subprocess.run(command, stdout=output, stderr=output, env=env, check=False)
    if done.returncode != 0:
        raise BootstrapError(f"{' '.join(command[:4])} … failed:\n{last_lines(log)}")


def last_lines(log: Path) -> str:
    """The end of a log, indented."""
    lines = log.read_text(errors="replace").splitlines()[-FAILURE_LINES:]
    return "\n".join(f"  {line}" for line in lines)
