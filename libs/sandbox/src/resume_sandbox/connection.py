"""A server whose application can break its connection: reset it, or close it half-way.

ASGI has no word for this. uvicorn takes a protocol class, so ours puts a handle of the transport
into each request's scope, under the name that ASGI reserves for servers: `extensions`.
"""

import contextlib
import socket
import struct
from asyncio import Transport
from collections.abc import Iterator
from typing import Final

import uvicorn
from starlette.types import ASGIApp, Scope
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

_EXTENSION: Final = "resume_sandbox.connection"
#: Seconds that open requests get when the sandbox stops; there is nothing to lose.
_GRACE_S = 1


class Connection:
    """The connection of one request."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def reset(self) -> None:
        """Drop what is unsent and send RST: the peer reads `ECONNRESET`."""
        # Lingering for 0 s makes close() send RST instead of FIN (socket(7), SO_LINGER).
        linger = struct.pack("ii", 1, 0)
        self._transport.get_extra_info("socket").setsockopt(
            socket.SOL_SOCKET, socket.SO_LINGER, linger
        )
        self._transport.abort()

    def close(self) -> None:
        """Send what is written, then FIN, however much of the answer is missing."""
        self._transport.close()


def connection_of(scope: Scope) -> Connection:
    """The connection of a request.

    Raises:
        RuntimeError: the app does not run on `create_server`.
    """
    extension = scope.get("extensions", {}).get(_EXTENSION)
    if extension is None:
        raise RuntimeError("faults of the connection need the sandbox's own server")
    connection: Connection = extension["connection"]
    return connection


class _BreakableProtocol(HttpToolsProtocol):
    """uvicorn's HTTP/1.1 with a handle of its connection in the scope."""

    def on_message_begin(self) -> None:
        """Start the scope of a request."""
        super().on_message_begin()
        connection = Connection(self.transport)
        self.scope["extensions"] = {_EXTENSION: {"connection": connection}}


class _Server(uvicorn.Server):
    """Leaves signals to the process."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Install nothing."""
        yield


def create_server(app: ASGIApp, host: str, port: int) -> uvicorn.Server:
    """A server of `app`; `serve()` runs it until `should_exit` is set. Port 0: any free one."""
    return _Server(
        uvicorn.Config(
            app,
            host=host,
            port=port,
            http=_BreakableProtocol,
            ws="none",
            log_config=None,
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=_GRACE_S,
        )
    )
