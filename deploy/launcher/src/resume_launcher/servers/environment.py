"""The environment of the servers: small and ours, so that nobody's RABBITMQ_* or PG* leaks in."""

import os
from pathlib import Path

DEFAULT_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


def server_environment(home: Path, **extra: str | Path | int) -> dict[str, str]:
    """PATH, a fixed language, `home` as HOME, and `extra`."""
    return {
        "PATH": os.environ.get("PATH", DEFAULT_PATH) + ":/usr/sbin:/sbin",
        "LANG": "C.UTF-8",
        "HOME": str(home),
        **{name: str(value) for name, value in extra.items()},
    }
