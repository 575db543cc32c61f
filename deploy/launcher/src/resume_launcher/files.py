"""Small files written so that a reader never sees half of one."""

import os
import secrets
from collections import deque
from pathlib import Path


def write_atomically(path: Path, text: str, *, mode: int = 0o644) -> None:
    """Write `text` beside `path` and rename it into place."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
    beside.chmod(mode)
    beside.replace(path)


def secret_file(path: Path, *, length: int = 24) -> str:
    """The secret kept in `path`; made at random, readable only by its owner, the first time."""
    if not path.exists():
        write_atomically(path, secrets.token_hex(length), mode=0o600)
    return path.read_text().strip()


def tail(path: Path, lines: int) -> list[str]:
    """The last `lines` lines of a log; none when there is no such file."""
    if not path.exists():
        return []
    with path.open(encoding="utf-8", errors="replace") as file:
        return [line.rstrip("\n") for line in deque(file, maxlen=lines)]
