"""What our own code did, what the kernel saw, and whether the listeners can count at all."""

import asyncio
import socket
import threading
from pathlib import Path
from typing import Any

import httpcore2

from resume_outbound.proxy import GuardProxy

from .world import Listeners

#: Connected to without any guard, so that it is known that the listeners count.
WITNESSES = ("10.0.0.5", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1")
WITNESSES6 = ("::1", "fd00::1", "64:ff9b::a00:5", "2002:a00:5::1")


class CountingBackend(httpcore2.AnyIOBackend):
    """Counts the attempts of our own code to connect."""

    attempts = 0

    async def connect_tcp(self, *args: Any, **kwargs: Any) -> httpcore2.AsyncNetworkStream:
        self.attempts += 1
        return await super().connect_tcp(*args, **kwargs)


class CountingProxy(GuardProxy):
    accepted = 0

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.accepted += 1
        super()._accept(reader, writer)


def kernel_counts() -> dict[str, int]:
    """What the kernel saw in this namespace: TCP connections opened, UDP datagrams sent."""
    lines = Path("/proc/self/net/snmp").read_text().splitlines()
    found: dict[str, int] = {}
    for names, values in zip(lines[::2], lines[1::2], strict=True):
        kind = names.partition(":")[0]
        pairs = zip(names.split()[1:], values.split()[1:], strict=True)
        found.update({f"{kind}.{name}": int(value) for name, value in pairs})
    six = dict(line.split() for line in Path("/proc/self/net/snmp6").read_text().splitlines())
    udp = found["Udp.OutDatagrams"] + int(six["Udp6OutDatagrams"])
    return {"tcp": found["Tcp.ActiveOpens"], "udp": udp}


def witness(seen: Listeners) -> int:
    """Connect straight to private addresses: how many of them the listeners counted."""
    for address in (*WITNESSES, *WITNESSES6):
        socket.create_connection((address, 80), timeout=2).close()
    for port in (22, 6379):
        socket.create_connection(("127.0.0.1", port), timeout=2).close()
    expected, counted = len(WITNESSES) + len(WITNESSES6) + 2, 0
    for _ in range(200):
        counted += seen.take()[0]
        if counted >= expected:
            break
        threading.Event().wait(0.01)
    return counted - expected
