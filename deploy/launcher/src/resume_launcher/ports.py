"""Free TCP ports on loopback, and remembering them so that a restart keeps its addresses."""

import json
import secrets
import socket
from collections.abc import Mapping
from pathlib import Path

from resume_launcher.files import write_atomically

#: Below Linux's ephemeral range (32768 and up), so that no outgoing connection takes the port
#: between choosing it and listening on it.
LOWEST, HIGHEST = 20_000, 32_000
ATTEMPTS = 200


def is_free(port: int) -> bool:
    """Whether a server could listen on 127.0.0.1:`port` now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def free_port(*, avoid: frozenset[int] = frozenset()) -> int:
    """A port nobody listens on.

    Raises:
        OSError: no free port was found, which means the machine is out of them.
    """
    for _ in range(ATTEMPTS):
        port = LOWEST + secrets.randbelow(HIGHEST - LOWEST)
        if port not in avoid and is_free(port):
            return port
    raise OSError(f"no free port between {LOWEST} and {HIGHEST}")


def choose_ports(path: Path, names: Mapping[str, int | None]) -> dict[str, int]:
    """One port for each name: the remembered one, else the preferred one, else any free one.

    Args:
        path: the JSON file that remembers them; written again when something changed.
        names: each name's preferred port, or None.
    """
    remembered: dict[str, int] = json.loads(path.read_text()) if path.exists() else {}
    chosen: dict[str, int] = {}
    for name, preferred in names.items():
        taken = frozenset(chosen.values())
        for candidate in (remembered.get(name), preferred):
            if candidate is not None and candidate not in taken and is_free(candidate):
                chosen[name] = candidate
                break
        else:
            chosen[name] = free_port(avoid=taken | frozenset(remembered.values()))
    if chosen != remembered:
        write_atomically(path, json.dumps(chosen, indent=2))
    return chosen
