"""Installs Debian packages without letting one of their daemons run. Needs root.

RabbitMQ's and PostgreSQL's packages start a daemon each, now and at every boot, and PostgreSQL's
makes a database cluster. We run private processes of our own, so none of that may happen; what a
machine had before is not touched.
"""

import fcntl
import os
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from .errors import BootstrapError

POLICY = Path("/usr/sbin/policy-rc.d")
MARK = "# Written by the resume-tailor bootstrap while it installs packages; may be removed."
NO_CLUSTER = Path("/etc/postgresql-common/createcluster.d/resume-tailor.conf")
SYSTEMD = Path("/run/systemd/system")
#: The units that each package brings.
UNITS = {
    "rabbitmq-server": ("rabbitmq-server.service",),
    "postgresql-common": ("postgresql.service",),
    "erlang-base": ("epmd.service", "epmd.socket"),
    "redis-server": ("redis-server.service",),
}
#: apt-get waits for dpkg's lock, but not for these two, which an automatic update holds at boot.
LOCKS = (Path("/var/lib/apt/lists/lock"), Path("/var/cache/apt/archives/lock"))
LOCKS_WAIT_S = 300
QUIET = {"DEBIAN_FRONTEND": "noninteractive", "NEEDRESTART_MODE": "l", "LC_ALL": "C.UTF-8"}


def install(names: Sequence[str]) -> None:
    """Install the packages.

    Raises:
        BootstrapError: apt-get failed; its own words went to stdout and stderr.
    """
    fresh = [package for package in UNITS if not _installed(package)]
    with _no_daemons(), _no_cluster(new="postgresql-common" in fresh):
        _apt("update")
        _apt("install", "--yes", "--no-install-recommends", *names)
    if SYSTEMD.is_dir():
        units = [unit for package in fresh if _installed(package) for unit in UNITS[package]]
        for unit in units:
            # Without this they would start at the next boot.
            subprocess.run(["systemctl", "disable", "--now", unit], check=False)


@contextmanager
def _no_daemons() -> Iterator[None]:
    """Forbid packages to start daemons, unless somebody rules that already."""
    if POLICY.exists() and MARK not in POLICY.read_text(errors="replace"):
        yield
        return
    POLICY.write_text(f"#!/bin/sh\n{MARK}\nexit 101\n")
    POLICY.chmod(0o755)
    try:
        yield
    finally:
        POLICY.unlink(missing_ok=True)


@contextmanager
def _no_cluster(*, new: bool) -> Iterator[None]:
    """Keep PostgreSQL's package from making its `main` cluster, when it is new here."""
    if not new:
        yield
        return
    made = [folder for folder in NO_CLUSTER.parents[:2] if not folder.exists()]
    NO_CLUSTER.parent.mkdir(parents=True, exist_ok=True)
    NO_CLUSTER.write_text("create_main_cluster = false\n")
    try:
        yield
    finally:
        NO_CLUSTER.unlink(missing_ok=True)
        for folder in made:
            if folder.exists() and not any(folder.iterdir()):
                folder.rmdir()


def _apt(*arguments: str) -> None:
    _wait_for_others(time.monotonic() + LOCKS_WAIT_S)
    command = ["apt-get", "-q", "-o", "DPkg::Lock::Timeout=300", *arguments]
    done = subprocess.run(
        command, env={**os.environ, **QUIET}, stdin=subprocess.DEVNULL, check=False
    )
    if done.returncode != 0:
        raise BootstrapError(f"apt-get {arguments[0]} failed (exit code {done.returncode})")


def _wait_for_others(deadline: float) -> None:
    """Wait until nobody else refreshes or downloads packages, or until the deadline."""
    for path in LOCKS:
        if not path.exists():
            continue
        with path.open("r+b") as lock:
            while time.monotonic() < deadline:
                try:
                    fcntl.lockf(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    break
                except OSError:  # somebody else holds it
                    time.sleep(0.5)


def _installed(package: str) -> bool:
    done = subprocess.run(
        ["dpkg-query", "--show", "--showformat=${db:Status-Status}", package],
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout == "installed"
