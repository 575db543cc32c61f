"""The internet of the namespace: every address is ours, every connection is counted."""

import html
import json
import socket
import ssl
import subprocess
import tempfile
import threading
from collections import Counter
from collections.abc import Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import IPv6Address, ip_address
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from .pages import PAGES

SITE, SITE6, OTHER = "93.184.215.14", "2606:4700::1111", "8.8.8.8"
ALLOW = frozenset({"127.0.0.1:8080", "10.0.0.9:8080"})
PORTS = (21, 22, 25, 70, 80, 443, 3478, 5432, 5672, 6379, 8080, 8443, 9200, 15672)
MAY_ARRIVE = {(address, port) for address in (SITE, SITE6, OTHER) for port in (80, 443)} | {
    (pair.split(":")[0], int(pair.split(":")[1])) for pair in ALLOW
}
ZONE: dict[str, Sequence[str]] = {
    "site.example.com": [SITE],
    "other.example.com": [OTHER],
    "xn--exmple-cua.example.com": [SITE],
    "loop.example.com": ["127.0.0.1"],
    "ten.example.com": ["10.0.0.5"],
    "metadata.example.com": ["169.254.169.254"],
    "cgnat.example.com": ["100.64.0.1"],
    "zero.example.com": ["0.0.0.0"],  # noqa: S104  an answer to refuse
    "ula.example.com": ["fd00::1"],
    "linklocal.example.com": ["fe80::1%lo"],
    "mapped.example.com": ["::ffff:10.0.0.5"],
    "nat64.example.com": ["64:ff9b::a00:5"],
    "sixtofour.example.com": ["2002:a00:5::1"],
    "half.example.com": [SITE, "10.0.0.5"],
    "half6.example.com": [SITE, "fd00::1"],
    "127.0.0.1.nip.example.com": ["127.0.0.1"],
    # As a careless resolver would have it.
    **{name: ["127.0.0.1"] for name in ("localhost", "a.localhost", "intranet", "printer.local")},
}


def enclose(parent: str) -> None:
    """Make every address of this namespace local.

    Raises:
        SystemExit: this is the parent's namespace, where packets would reach others.
    """
    if str(Path("/proc/self/ns/net").readlink()) == parent:
        raise SystemExit("not in a network namespace of its own")
    for command in (
        "ip link set lo up",
        "ip route add local default dev lo",
        "ip -6 route add local default dev lo",
    ):
        subprocess.run(command.split(), check=True)  # noqa: S603  constants


class Listeners:
    """Counts the connections to every address, on many ports."""

    def __init__(self, tls: ssl.SSLContext) -> None:
        self._lock = threading.Lock()
        self._seen: Counter[tuple[str, int]] = Counter()
        for port in PORTS:
            server = Listener(self, port, tls if port == 443 else None)
            threading.Thread(target=server.serve_forever, daemon=True).start()

    def count(self, address: str, port: int) -> None:
        with self._lock:
            self._seen[plain(address), port] += 1

    def take(self) -> tuple[int, int]:
        """Connections since the last time: to where none may go, and to where they may."""
        with self._lock:
            seen, self._seen = self._seen, Counter()
        allowed = sum(number for where, number in seen.items() if where in MAY_ARRIVE)
        return seen.total() - allowed, allowed


class Listener(ThreadingHTTPServer):
    """One port, both families, counted before a byte is read."""

    address_family = socket.AF_INET6
    request_queue_size = 128
    daemon_threads = True

    def __init__(self, listeners: Listeners, port: int, tls: ssl.SSLContext | None) -> None:
        self._listeners, self._tls = listeners, tls
        super().__init__(("::", port), Pages)

    def server_bind(self) -> None:
        self.socket.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
        self.socket.bind(self.server_address)

    def get_request(self) -> tuple[socket.socket, Any]:
        connection, peer = super().get_request()
        address, port = connection.getsockname()[:2]
        self._listeners.count(address, port)
        return connection, peer

    def finish_request(self, request: Any, client_address: Any) -> None:
        # In the connection's own thread: a silent client stops nobody else.
        stream = self._tls.wrap_socket(request, server_side=True) if self._tls else request
        super().finish_request(stream, client_address)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Scanned ports get garbage; the count is all that matters."""


class Pages(BaseHTTPRequestHandler):
    """Pages that lead where the corpus says."""

    timeout = 5

    def do_GET(self) -> None:
        query = parse_qs(urlsplit(self.path).query)
        via, to = query.get("via", [""])[0], query.get("to", [""])[0]
        kind, body = "text/html; charset=utf-8", "<h1>here</h1>"
        if self.path.startswith("/sw.js"):
            kind = "text/javascript"
            body = f"fetch({json.dumps(to)}, {{mode: 'no-cors'}})"
        elif via in PAGES:
            body = PAGES[via].format(html=html.escape(to), js=json.dumps(to))
        self.send_response(int(via) if via.isdigit() else 200)
        if via.isdigit() or via == "refresh-header":
            name, value = ("Location", to) if via.isdigit() else ("Refresh", f"0;url={to}")
            self.send_header(name, value.encode().decode("latin-1"))
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body.encode())))
        self.end_headers()
        self.wfile.write(body.encode())

    do_POST = do_PUT = do_GET  # noqa: N815  names of the standard library

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class Resolver:
    """The world's DNS, and its liars: `rebind-…` is public at first and private ever after."""

    def __init__(self) -> None:
        self.asked: Counter[str] = Counter()

    async def __call__(self, host: str, _port: int) -> Sequence[str]:
        self.asked[host] += 1
        if host == "rebind-next.example.com":
            return ["10.0.0.5"]
        if host.startswith("rebind-"):
            return [SITE if self.asked[host] == 1 else "10.0.0.5"]
        if host not in ZONE:
            raise socket.gaierror(socket.EAI_NONAME, "unknown")
        return ZONE[host]


def plain(address: str) -> str:
    ip = ip_address(address.partition("%")[0])
    mapped = ip.ipv4_mapped if isinstance(ip, IPv6Address) else None
    return str(mapped or ip)


def certificate() -> tuple[ssl.SSLContext, ssl.SSLContext]:
    names = "DNS:site.example.com,DNS:other.example.com"
    with tempfile.TemporaryDirectory() as folder:
        key, pem = f"{folder}/key.pem", f"{folder}/cert.pem"
        command = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2"
        rest = ["-subj", "/CN=test", "-addext", f"subjectAltName={names}", "-keyout", key]
        made = [*command.split(), *rest, "-out", pem]
        subprocess.run(made, check=True, capture_output=True)  # noqa: S603  constants
        server = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        server.load_cert_chain(pem, key)
        return server, ssl.create_default_context(cafile=pem)
