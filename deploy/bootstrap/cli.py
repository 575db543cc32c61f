"""Says what will be done, asks once, does it."""

import argparse
import json
import os
import shlex
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from .environment import Environment, last_lines
from .errors import BootstrapError
from .machine import GIGABYTE, SUPPORTED_NAMES, Machine, Package, is_root, missing_packages
from .packages import install

REPOSITORY = Path(__file__).resolve().parents[2]
STACK_FILE = REPOSITORY / "build" / "stack.json"
DISK = 3 * GIGABYTE
MEMORY = 1.5 * GIGABYTE
#: What each target runs in.
KINDS = {"demo": "runtime", "test": "dev", "bench": "bench"}
#: Downloads of Python packages, in megabytes.
PYTHON_MEGABYTES = {"runtime": 90, "dev": 190, "bench": 110}
#: What sudo would drop and apt-get needs.
KEPT = ("http_proxy", "https_proxy", "ftp_proxy", "no_proxy", "HTTP_PROXY", "HTTPS_PROXY")


@dataclass(frozen=True, slots=True)
class Plan:
    """What is missing, and on what machine."""

    target: str
    packages: Sequence[Package]
    environment: Environment
    machine: Machine

    @property
    def makes_environment(self) -> bool:
        """Whether Python packages are to be installed."""
        return not self.environment.is_ready()

    @property
    def names(self) -> list[str]:
        """Of the Debian packages."""
        return [package.name for package in self.packages]

    def describe(self) -> str:
        """What will be done, for the person who is asked."""
        lines = [f"Preparing this machine ({self.machine.name}):"]
        if self.packages:
            size = sum(package.megabytes for package in self.packages)
            lines.append(f"  - install {', '.join(self.names)} (about {size} MB to download);")
            lines.append("    none of their daemons is started, now or at boot")
        if self.makes_environment:
            size = PYTHON_MEGABYTES[self.environment.kind]
            count = self.environment.count
            lines.append(
                f"  - up to {count} Python packages in {self.environment.folder.name} "
                f"(about {size} MB to download)"
            )
        free, memory = self.machine.disk_free / GIGABYTE, self.machine.memory / GIGABYTE
        lines.append(
            f"  It needs 3 GB of disk (free: {free:.0f}) and 1.5 GB of memory (here: {memory:.1f})."
        )
        return "\n".join(lines)


def main(arguments: Sequence[str]) -> int:
    """Prepare the machine for a target; the exit code."""
    parser = argparse.ArgumentParser(prog="python3 -m deploy.bootstrap", description=__doc__)
    parser.add_argument("target", choices=(*KINDS, "packages"))
    parser.add_argument("names", nargs="*", help="of Debian packages, for `packages` (as root)")
    options = parser.parse_args(arguments)
    try:
        if options.target == "packages":
            install(options.names)
        else:
            prepare(options.target, os.environ)
    except BootstrapError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Interrupted; run it again to carry on.", file=sys.stderr)
        return 130
    return 0


def prepare(target: str, environ: Mapping[str, str]) -> None:
    """Install what `target` misses; says nothing when that is nothing.

    Raises:
        BootstrapError: it cannot, must not, or failed.
    """
    environment = Environment(REPOSITORY, KINDS[target])
    packages = missing_packages(environment.kind, servers=needs_servers(target, environ))
    if not packages and environment.is_ready():
        return
    plan = Plan(target, packages, environment, Machine.look(REPOSITORY))
    check(plan, environ)
    print(plan.describe(), flush=True)
    ask(environ)
    began = time.monotonic()
    log = REPOSITORY / "build" / "bootstrap.log"
    log.parent.mkdir(exist_ok=True)
    log.write_bytes(b"")
    if plan.packages:
        print("Installing Debian packages…", flush=True)
        _install_packages(plan, environ, log)
    if plan.makes_environment:
        print("Installing Python packages…", flush=True)
        environment.make(log)
    print(f"Prepared in {time.monotonic() - began:.0f} s.", flush=True)


def needs_servers(target: str, environ: Mapping[str, str]) -> bool:
    """Whether RabbitMQ and PostgreSQL must be installed; some tests start and kill their own."""
    return target == "test" or (environ.get("STACK") or running_kind(STACK_FILE)) != "compose"


def running_kind(stack_file: Path) -> str | None:
    """How the stack runs that this file describes; None when it describes none."""
    try:
        kind = json.loads(stack_file.read_text(encoding="utf-8")).get("kind")
    except (OSError, ValueError):
        return None
    return str(kind) if kind else None


def check(plan: Plan, environ: Mapping[str, str]) -> None:
    """Refuse now what would fail half-way.

    Raises:
        BootstrapError: one readable reason.
    """
    machine = plan.machine
    if plan.packages and not machine.supported:
        raise BootstrapError(
            f"This is {machine.name}; packages can be installed on {SUPPORTED_NAMES}. "
            f"Install {', '.join(plan.names)} yourself, then run it again."
        )
    if machine.disk_free < DISK:
        free = machine.disk_free / GIGABYTE
        raise BootstrapError(f"Too little disk: {free:.1f} GB are free, 3 GB are needed.")
    if machine.memory < MEMORY:
        memory = machine.memory / GIGABYTE
        raise BootstrapError(f"Too little memory: {memory:.1f} GB, and 1.5 GB are needed.")
    if plan.packages and not is_root() and shutil.which("sudo") is None:
        raise BootstrapError(
            f"{', '.join(plan.names)} must be installed by root, and there is no sudo. "
            f"Run this as root, then try again:\n  {by_hand(plan)}"
        )
    if not is_root() and not _agreed_before(environ) and not _has_terminal():
        command = f"{by_hand(plan, 'sudo ')} && " if plan.packages else ""
        raise BootstrapError(
            f"{plan.describe()}\nNobody is at a terminal to agree. Run this instead:\n"
            f"  {command}YES=1 make {plan.target}"
        )


def by_hand(plan: Plan, prefix: str = "") -> str:
    """The exact command that installs the Debian packages."""
    folder = shlex.quote(str(REPOSITORY))
    names = " ".join(plan.names)
    return f"cd {folder} && {prefix}python3 -B -m deploy.bootstrap packages {names}"


def ask(environ: Mapping[str, str]) -> None:
    """Ask whoever is not root and has not agreed beforehand.

    Raises:
        BootstrapError: the answer was no.
    """
    if is_root() or _agreed_before(environ):
        return
    # Not stdin: a posting may be piped in there.
    with Path("/dev/tty").open("w", encoding="utf-8") as screen:
        screen.write("Go ahead? [y/N] ")
    with Path("/dev/tty").open(encoding="utf-8") as keyboard:
        if keyboard.readline().strip().lower() not in {"y", "yes"}:
            raise BootstrapError("Nothing was done.")


def _install_packages(plan: Plan, environ: Mapping[str, str], log: Path) -> None:
    command = [sys.executable, "-B", "-m", "deploy.bootstrap", "packages", *plan.names]
    if not is_root():
        kept = [f"{name}={environ[name]}" for name in KEPT if name in environ]
        # Without a terminal sudo must not wait for a password.
        quietly = [] if _has_terminal() else ["--non-interactive"]
        command = ["sudo", *quietly, "env", *kept, *command]
    with log.open("ab") as output:
        done = subprocess.run(command, cwd=REPOSITORY, stdout=output, stderr=output, check=False)
    if done.returncode != 0:
        raise BootstrapError(
            f"The Debian packages could not be installed:\n{last_lines(log)}\n"
            f"As root, by hand:\n  {by_hand(plan)}"
        )


def _agreed_before(environ: Mapping[str, str]) -> bool:
    return environ.get("YES") == "1" or environ.get("CI") == "true"


def _has_terminal() -> bool:
    try:
        with Path("/dev/tty").open():
            return True
    except OSError:
        return False
