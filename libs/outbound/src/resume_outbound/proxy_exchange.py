"""What happens on one connection of the proxy: vet, connect, carry."""

import asyncio
import re
from contextlib import aclosing

import h11
import httpcore2

from resume_outbound.connect import VettedConnector, send, wire_url
from resume_outbound.fetch_errors import FetchRefusedError
from resume_outbound.guard import UrlGuard
from resume_outbound.proxy_client import READ_SIZE, ProxyClient
from resume_outbound.proxy_headers import asks_for_upgrade, request_headers, response_headers
from resume_outbound.proxy_limits import Meter

_AUTHORITY = re.compile(r"(?:\[[0-9a-fA-F:.]+\]|[^\s\[\]/?#@:\\]+):[0-9]{1,5}")
_BROKEN = (httpcore2.NetworkError, httpcore2.ProtocolError, httpcore2.TimeoutException)


class Refusal(Exception):  # noqa: N818  an answer of the proxy, not a fault
    """The proxy answers this itself, with `code` in `X-Guard-Code`."""

    def __init__(self, status: int, code: str) -> None:
        super().__init__(code)
        self.status = status
        self.code = code


class ProxyExchange:
    """Serves one request of one client; keeps nothing between them."""

    def __init__(self, guard: UrlGuard, connector: VettedConnector) -> None:
        self._guard = guard
        self._connector = connector

    async def serve(self, client: ProxyClient, meter: Meter) -> str:
        """Serve the request and tell what came of it: `forwarded`, `tunnelled` or a refusal's code.

        Raises:
            OverBudgetError: a byte cap was reached.
            ConnectionError: the client is gone.
        """
        try:
            return await self._serve(client, meter)
        except FetchRefusedError as error:
            status = 502 if error.code == "posting_unreachable" else 403
            refusal = Refusal(status, error.code)
        except Refusal as error:
            refusal = error
        except h11.ProtocolError:
            refusal = Refusal(400, "request_malformed")
        except _BROKEN:
            refusal = Refusal(502, "origin_broken")
        await client.refuse(refusal.status, refusal.code)
        return refusal.code

    async def _serve(self, client: ProxyClient, meter: Meter) -> str:
        request = await client.request()
        if request is None:
            return "no_request"
        if asks_for_upgrade(request.headers):
            raise Refusal(403, "upgrade_refused")
        url = request.target.decode("ascii")
        if request.method == b"CONNECT":
            await self._tunnel(url, client, meter)
            return "tunnelled"
        if not url.lower().startswith("http://"):
            # Origin form, or https without a tunnel.
            raise Refusal(403, "url_invalid")
        await self._forward(url, request, client, meter)
        return "forwarded"

    async def _forward(
        self, url: str, request: h11.Request, client: ProxyClient, meter: Meter
    ) -> None:
        target = await self._guard.vet(url)
        async with aclosing(await self._connector.open(target)) as stream:
            onward = httpcore2.Request(
                request.method,
                wire_url(target),
                headers=request_headers(request.headers.raw_items(), target.url.netloc),
                content=client.body(),
            )
            response = await send(stream, target, onward)
            if response.status == 101:
                raise Refusal(502, "upgrade_refused")
            head = h11.Response(
                status_code=response.status,
                headers=response_headers(response.headers),
                reason=response.extensions.get("reason_phrase", b""),
            )
            await client.send(head)
            async with aclosing(response.aiter_stream()) as chunks:
                async for chunk in chunks:
                    meter.add(len(chunk))
                    await client.send(h11.Data(data=chunk))
            await client.send(h11.EndOfMessage())

    async def _tunnel(self, authority: str, client: ProxyClient, meter: Meter) -> None:
        if not _AUTHORITY.fullmatch(authority):
            raise Refusal(403, "url_invalid")
        # As https: a tunnel to port 80 would carry an unencrypted WebSocket past the guard.
        target = await self._guard.vet(f"https://{authority}/")
        async with aclosing(await self._connector.open(target)) as stream:
            await stream.write(await client.become_tunnel())
            await _carry_both_ways(client, stream, meter)


async def _carry_both_ways(
    client: ProxyClient, stream: httpcore2.AsyncNetworkStream, meter: Meter
) -> None:
    """Carry until either side has ended; TLS has no use for a half-closed tunnel."""

    async def upwards() -> None:
        while data := await client.read():
            await stream.write(data)

    async def downwards() -> None:
        while data := await stream.read(READ_SIZE):
            meter.add(len(data))
            await client.write(data)

    ways = [asyncio.ensure_future(upwards()), asyncio.ensure_future(downwards())]
    try:
        done, _ = await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        for way in done:
            way.result()
    finally:
        for way in ways:
            way.cancel()
        await asyncio.gather(*ways, return_exceptions=True)
