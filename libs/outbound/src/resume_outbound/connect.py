"""Opens connections to vetted targets, the only way out for a user's URL."""

import ssl

import httpcore2

from resume_outbound.fetch_errors import FetchRefusedError
from resume_outbound.guard import VettedTarget


class VettedConnector:
    """Connects to the addresses that were vetted, never to a name: nothing is resolved again.

    Our own client and the proxy (so Chromium too) both connect here and nowhere else.
    """

    def __init__(
        self, *, timeout: float = 5.0, backend: httpcore2.AsyncNetworkBackend | None = None
    ) -> None:
        self._timeout = timeout
        self._backend = backend or httpcore2.AnyIOBackend()

    async def open(
        self, target: VettedTarget, ssl_context: ssl.SSLContext | None = None
    ) -> httpcore2.AsyncNetworkStream:
        """Try the vetted addresses in turn; with `ssl_context`, speak TLS for the target's name.

        Each connection and each handshake may take the connector's `timeout` seconds.

        Raises:
            FetchRefusedError: `posting_unreachable`: no address accepts a connection.
        """
        for address in target.addresses:
            try:
                stream = await self._backend.connect_tcp(address, target.port, self._timeout)
                if ssl_context is None:
                    return stream
                # On failure start_tls closes the stream itself.
                return await stream.start_tls(ssl_context, target.host, self._timeout)
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout):
                continue
        raise FetchRefusedError(
            "posting_unreachable", "The site does not accept connections.", retryable=True
        )


async def send(
    stream: httpcore2.AsyncNetworkStream, target: VettedTarget, request: httpcore2.Request
) -> httpcore2.Response:
    """Speak HTTP/1.1 on `stream`, whose closing stays the caller's business.

    `request.url` must be the target's own (`wire_url`).

    Raises:
        httpcore2.NetworkError: the connection broke.
        httpcore2.ProtocolError: this is no HTTP.
        httpcore2.TimeoutException: a timeout of the request's extensions passed.
    """
    connection = httpcore2.AsyncHTTP11Connection(wire_url(target).origin, stream)
    return await connection.handle_async_request(request)


def wire_url(target: VettedTarget) -> httpcore2.URL:
    """The target's URL as the wire library wants it."""
    url = target.url
    return httpcore2.URL(
        scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path
    )
