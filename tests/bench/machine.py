"""What the figures were measured on: machine, commit, versions."""

import os
import platform
import subprocess
from importlib.metadata import version
from pathlib import Path

import psutil

from resume_launcher.folders import find_folders
from resume_launcher.servers import postgres, rabbitmq

PACKAGES = (
    *("aio-pika", "faststream", "asyncpg", "fastapi", "starlette", "uvicorn", "uvloop"),
    *("pydantic", "orjson", "celery", "dramatiq", "taskiq", "taskiq-aio-pika", "psycopg"),
)


def describe() -> dict[str, str]:
    """The machine, in words."""
    return {
        "processor": f"{_processor()}, {os.cpu_count()} cores",
        "memory": f"{psutil.virtual_memory().total / 2**30:.0f} GiB",
        "system": f"{_system()}, Linux {platform.release()}",
        "load before": ", ".join(f"{load:.1f}" for load in os.getloadavg()),
        "commit": commit(),
    }


def versions() -> dict[str, str]:
    """Versions of the servers and libraries measured."""
    servers = {
        "Python": platform.python_version(),
        "RabbitMQ": rabbitmq.server_version(),
        "PostgreSQL": postgres.server_version(),
        "Redis": _said("redis-server", "--version").partition("v=")[2].partition(" ")[0],
        "wrk": _said("dpkg-query", "--show", "--showformat=${Version}", "wrk"),
    }
    return {**servers, **{name: version(name) for name in PACKAGES}}


def commit() -> str:
    """What was measured; marked when it differs from what is committed."""
    git = ("git", "-C", str(find_folders().repository))
    changed = _said(*git, "status", "--porcelain", "--untracked-files=no")
    return _said(*git, "rev-parse", "--short=12", "HEAD") + (" with changes" if changed else "")


def _said(*command: str) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603  constants
    return done.stdout.strip()


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


def _system() -> str:
    return platform.freedesktop_os_release().get("PRETTY_NAME", "Linux")
