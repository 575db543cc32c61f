"""What this machine is, has and lacks."""

import importlib.util
import os
import shutil
from dataclasses import dataclass
from pathlib import Path

OS_RELEASE = Path("/etc/os-release")
SUPPORTED = frozenset({("debian", "12"), ("debian", "13"), ("ubuntu", "24.04")})
SUPPORTED_NAMES = "Debian 12 and 13 and Ubuntu 24.04"
GIGABYTE = 10**9


@dataclass(frozen=True, slots=True)
class Package:
    """A Debian package with the size of its download, dependencies included, in megabytes."""

    name: str
    megabytes: int


#: Sizes as measured on Debian 13 with nothing but git, make and python3.
VENV = Package("python3-venv", 4)
RABBITMQ = Package("rabbitmq-server", 60)
POSTGRESQL = Package("postgresql", 60)
CHROMIUM = Package("chromium", 130)
IPROUTE2 = Package("iproute2", 2)
FAKETIME = Package("faketime", 1)
REDIS = Package("redis-server", 2)
WRK = Package("wrk", 1)
#: Further packages that a kind of environment needs, each with the program to look for.
PROGRAMS = {
    "dev": {
        CHROMIUM: "chromium",
        IPROUTE2: "ip",
        FAKETIME: "faketime",
        REDIS: "redis-server",
    },
    "bench": {REDIS: "redis-server", WRK: "wrk"},
}


@dataclass(frozen=True, slots=True)
class Machine:
    """Name of the system, and free space and memory in bytes."""

    name: str
    supported: bool
    disk_free: int
    memory: int

    @classmethod
    def look(cls, folder: Path) -> "Machine":
        """Look at the machine that this runs on; `folder`: where the clone is."""
        release = _os_release()
        return cls(
            name=release.get("PRETTY_NAME", "an unknown system"),
            supported=(release.get("ID"), release.get("VERSION_ID")) in SUPPORTED,
            disk_free=min(shutil.disk_usage(path).free for path in (folder, Path("/var"))),
            memory=_memory(),
        )


def missing_packages(kind: str, *, servers: bool = True) -> list[Package]:
    """The Debian packages whose programs are not here, for a kind of environment.

    `servers`: with RabbitMQ and PostgreSQL.
    """
    missing = []
    if importlib.util.find_spec("ensurepip") is None:
        missing.append(VENV)
    if servers and not Path("/usr/lib/rabbitmq/bin/rabbitmq-server").exists():
        missing.append(RABBITMQ)
    if servers and not list(Path("/usr/lib/postgresql").glob("*/bin/initdb")):
        missing.append(POSTGRESQL)
    for package, program in PROGRAMS.get(kind, {}).items():
        if shutil.which(program) is None:
            missing.append(package)
    return missing


def is_root() -> bool:
    """Whether packages can be installed without sudo."""
    return os.geteuid() == 0


def _os_release() -> dict[str, str]:
    if not OS_RELEASE.exists():
        return {}
    pairs = (line.split("=", 1) for line in OS_RELEASE.read_text().splitlines() if "=" in line)
    return {name: value.strip('"') for name, value in pairs}


def _memory() -> int:
    """Bytes of memory we may use: the machine's, or the container's limit."""
    total = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    for limit in ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"):
        path = Path(limit)
        if path.exists() and (text := path.read_text().strip()).isdigit():
            total = min(total, int(text))
    return total
