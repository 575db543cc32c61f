"""Which code and which servers a stack runs, so that another version's is noticed."""

import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path

from resume_launcher.errors import LauncherError
from resume_launcher.files import write_atomically
from resume_launcher.folders import Folders
from resume_launcher.servers import postgres, rabbitmq

#: Raised when a state folder of older code cannot be carried on with.
LAYOUT = 1
SOURCES = ("libs/*/src", "*-svc/src", "*-svc/migrations", "deploy/launcher/src")


def fingerprint(repository: Path, settings: Mapping[str, str], more: tuple[str, ...] = ()) -> str:
    """Changes whenever the code (by size and time of change) or the settings do."""
    digest = hashlib.sha256(json.dumps(dict(sorted(settings.items()))).encode())
    for path in _sources(repository, (*SOURCES, *more)):
        status = path.stat()
        digest.update(f"{path} {status.st_size} {status.st_mtime_ns}".encode())
    return digest.hexdigest()[:16]


def _sources(repository: Path, patterns: tuple[str, ...]) -> Iterator[Path]:
    for pattern in patterns:
        for root in sorted(repository.glob(pattern)):
            if root.is_file():
                yield root
            for folder, names, files in os.walk(root):
                names[:] = sorted(name for name in names if name != "__pycache__")
                yield from (Path(folder) / name for name in sorted(files))


def check_state(folders: Folders) -> None:
    """Refuse data that another version of RabbitMQ or PostgreSQL wrote; note ours.

    Raises:
        LauncherError: the data are of another version; says how to start afresh.
    """
    ours = {
        "layout": str(LAYOUT),
        "RabbitMQ": rabbitmq.server_version(),
        "PostgreSQL": postgres.server_version(),
    }
    if folders.versions.exists():
        theirs: dict[str, str] = json.loads(folders.versions.read_text())
        for name, version in ours.items():
            if theirs.get(name) != version:
                raise LauncherError(
                    f"{folders.state} was written by {name} {theirs.get(name)}, here is {version}: "
                    "`make clean` removes it, then try again"
                )
    else:
        write_atomically(folders.versions, json.dumps(ours, indent=2))
