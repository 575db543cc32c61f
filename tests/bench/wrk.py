"""Drives wrk: requests that differ, over connections that stay open, for a while."""

import asyncio
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.bench.settings import Edge

_RATE = re.compile(r"^Requests/sec:\s+([0-9.]+)$", re.MULTILINE)
_WRONG = re.compile(r"^\s*(Non-2xx or 3xx responses|Socket errors): (.*)$", re.MULTILINE)


class LoadError(Exception):
    """Not every request was answered well, so the rate means nothing."""


@dataclass(frozen=True, slots=True)
class Request:
    """One kind of request; they are sent in turn."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: Any = None

    def lua(self) -> str:
        """The request as wrk's script makes it."""
        headers = ", ".join(f"[{_text(k)}] = {_text(v)}" for k, v in self.headers.items())
        body = "nil" if self.body is None else _text(json.dumps(self.body))
        return f"wrk.format({_text(self.method)}, {_text(self.path)}, {{ {headers} }}, {body})"


def script(requests: Sequence[Request]) -> str:
    """The script of wrk: the requests are made once, and sent round and round."""
    made = ",\n  ".join(request.lua() for request in requests)
    return (
        "local made, at\n"
        f"function init()\n  made = {{\n  {made}\n  }}\n  at = 0\nend\n"
        "function request()\n  at = at % #made + 1\n  return made[at]\nend\n"
    )


async def requests_per_second(
    url: str, requests: Sequence[Request], settings: Edge, folder: Path
) -> float:
    """Answers a second of a server.

    Raises:
        LoadError: some request was not answered by a 2xx, or not at all.
    """
    file = folder / "load.lua"
    file.write_text(script(requests))
    process = await asyncio.create_subprocess_exec(
        "wrk",
        f"--threads={settings.threads}",
        f"--connections={settings.connections}",
        f"--duration={settings.seconds}s",
        f"--script={file}",
        url,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    output, _ = await process.communicate()
    said = output.decode()
    rate, wrong = _RATE.search(said), _WRONG.search(said)
    if rate is None or wrong is not None:
        raise LoadError(wrong.group(0).strip() if wrong else said.strip()[:200])
    return float(rate.group(1))


def _text(value: str) -> str:
    """A Lua string of ASCII text, which is what the JSON encoder makes."""
    quoted = value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{quoted}"'
