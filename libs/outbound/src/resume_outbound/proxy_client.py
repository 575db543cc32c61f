"""The proxy's side towards whoever asks it: one HTTP/1.1 request a connection."""

import asyncio
from collections.abc import AsyncIterator

import h11

from resume_outbound.proxy_headers import GUARD_CODE
from resume_outbound.proxy_limits import Meter

READ_SIZE = 64 * 1024


class ProxyClient:
    """Reads the request and writes the answer; counts what it reads."""

    def __init__(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, meter: Meter
    ) -> None:
        self._reader = reader
        self._writer = writer
        self._meter = meter
        self._http = h11.Connection(h11.SERVER)
        self._method = b""
        # So that drain() means sent: the end of an exchange cuts what is not.
        writer.transport.set_write_buffer_limits(high=0)

    async def request(self) -> h11.Request | None:
        """The head of the request; None when the client left without one.

        Raises:
            h11.RemoteProtocolError: this is no HTTP/1.1.
        """
        event = await self._next()
        if not isinstance(event, h11.Request):
            return None
        self._method = event.method
        return event

    async def body(self) -> AsyncIterator[bytes]:
        """The request's body, as it comes."""
        if self._http.they_are_waiting_for_100_continue:
            await self.send(h11.InformationalResponse(status_code=100, headers=[]))
        while isinstance(event := await self._next(), h11.Data):
            yield bytes(event.data)

    async def send(self, event: h11.Event) -> None:
        """Write one part of the answer."""
        data = self._http.send(event)
        if data:
            self._writer.write(data)
            await self._writer.drain()

    async def refuse(self, status: int, code: str) -> None:
        """Answer with `X-Guard-Code`, unless an answer has begun: then there is no way to say."""
        if self._http.our_state not in {h11.IDLE, h11.SEND_RESPONSE}:
            return
        text = f"{code}\n".encode()
        headers = [
            (GUARD_CODE, code.encode()),
            (b"Content-Type", b"text/plain"),
            (b"Content-Length", str(len(text)).encode()),
            (b"Connection", b"close"),
        ]
        await self.send(h11.Response(status_code=status, headers=headers))
        if self._method != b"HEAD":
            await self.send(h11.Data(data=text))
        await self.send(h11.EndOfMessage())

    async def become_tunnel(self) -> bytes:
        """Agree to CONNECT; what the client sent ahead is returned."""
        await self._next()
        await self.send(h11.Response(status_code=200, headers=[]))
        ahead, _ = self._http.trailing_data
        return bytes(ahead)

    async def read(self) -> bytes:
        """Raw bytes of the tunnel; empty at its end."""
        data = await self._reader.read(READ_SIZE)
        self._meter.add(len(data))
        return data

    async def write(self, data: bytes) -> None:
        """Raw bytes into the tunnel."""
        self._writer.write(data)
        await self._writer.drain()

    async def _next(self) -> h11.Event | None:
        while True:
            event = self._http.next_event()
            if event is h11.NEED_DATA:
                self._http.receive_data(await self.read())
            elif isinstance(event, h11.Event):
                return event
            else:
                # Paused: after CONNECT, or after a request that may not be followed by another.
                return None
