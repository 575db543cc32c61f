"""Fetches a page that a user named, from the vetted address only."""

import asyncio
import ssl
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from email.message import Message

import httpcore2
import httpx2

from resume_outbound.connect import VettedConnector, send, wire_url
from resume_outbound.fetch_errors import FetchRefusedError
from resume_outbound.guard import Resolver, UrlGuard, VettedTarget
from resume_runtime.clock import Clock

HTML_TYPES = frozenset({"text/html", "application/xhtml+xml", "text/plain", "application/json"})
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
#: 999 is LinkedIn's answer to anybody it takes for a robot.
_FORBIDDEN = frozenset({401, 402, 403, 407, 451, 999})
_BROKEN = (httpcore2.NetworkError, httpcore2.ProtocolError, httpcore2.TimeoutException)


@dataclass(frozen=True, slots=True)
class FetchLimits:
    """Caps of one fetch with all its redirects. Bytes count after decompression."""

    max_redirects: int = 3
    max_bytes: int = 5 * 1024 * 1024
    total: float = 20.0
    connect: float = 5.0
    content_types: frozenset[str] = HTML_TYPES


@dataclass(frozen=True, slots=True)
class Page:
    """What was found. `content_type` has no parameters, `charset` is the header's, if any.

    `hops` counts redirects; `fetched_at` is aware UTC.
    """

    url: str
    final_url: str
    status: int
    content_type: str
    charset: str | None
    body: bytes
    hops: int
    fetched_at: datetime


class SafeFetcher:
    """Vets every URL and hop, connects to the vetted address, keeps Host and SNI.

    No cookies, no credentials, no kept connections, and no proxy of the environment: a proxy would
    resolve the name again. Close it with `aclose`.
    """

    def __init__(
        self,
        resolver: Resolver,
        *,
        allow: frozenset[str],
        limits: FetchLimits,
        clock: Clock,
        user_agent: str = "resume-tailor/1.0",
        ssl_context: ssl.SSLContext | None = None,
        backend: httpcore2.AsyncNetworkBackend | None = None,
    ) -> None:
        self._guard = UrlGuard(resolver, allow)
        self._limits = limits
        self._clock = clock
        self._headers = [
            ("User-Agent", user_agent),
            ("Accept", "text/html,application/xhtml+xml,text/plain;q=0.8,application/json;q=0.8"),
            ("Accept-Encoding", "gzip, deflate"),
            ("Accept-Language", "en,*;q=0.5"),
            # A kept connection was made with another host's SNI and another vetting.
            ("Connection", "close"),
        ]
        self._tls = ssl_context or httpcore2.default_ssl_context()
        self._connector = VettedConnector(timeout=limits.connect, backend=backend)

    async def aclose(self) -> None:
        """Nothing stays open between fetches; for whoever closes all its clients alike."""

    async def get(self, url: str) -> Page:
        """Fetch `url`, following redirects.

        Raises:
            FetchRefusedError: with the code that says why there is no page.
        """
        try:
            async with asyncio.timeout(self._limits.total):
                return await self._follow(url)
        except TimeoutError:
            raise FetchRefusedError(
                "posting_unreachable", "The site took too long to answer.", retryable=True
            ) from None

    async def _follow(self, url: str) -> Page:
        target = await self._guard.vet(url)
        for hops in range(self._limits.max_redirects + 1):
            async with self._exchange(target) as response:
                if response.status_code not in _REDIRECTS:
                    return await self._read(url, target, response, hops)
                location = response.headers.get("location")
            target = await self._guard.vet(_join(target.url, location))
        raise FetchRefusedError("too_many_redirects", "The address redirects too often.")

    @asynccontextmanager
    async def _exchange(self, target: VettedTarget) -> AsyncIterator[httpx2.Response]:
        """Ask the vetted target; the connection is closed after the block."""
        tls = self._tls if target.url.scheme == "https" else None
        headers = [("Host", target.url.netloc.decode("ascii")), *self._headers]
        async with aclosing(await self._connector.open(target, tls)) as stream:
            request = httpcore2.Request("GET", wire_url(target), headers=headers)
            try:
                answer = await send(stream, target, request)
            except _BROKEN:
                raise _broken() from None
            yield httpx2.Response(
                answer.status, headers=answer.headers, stream=_AnswerStream(answer)
            )

    async def _read(
        self, url: str, target: VettedTarget, response: httpx2.Response, hops: int
    ) -> Page:
        _check_status(response.status_code)
        content_type, charset = _content_type(response.headers.get("content-type", ""))
        if content_type not in self._limits.content_types:
            raise FetchRefusedError("posting_not_html", "The address is not a web page.")
        body = await self._body(response)
        return Page(
            url=url,
            final_url=str(target.url),
            status=response.status_code,
            content_type=content_type,
            charset=charset,
            body=body,
            hops=hops,
            fetched_at=self._clock.now(),
        )

    async def _body(self, response: httpx2.Response) -> bytes:
        cap, body = self._limits.max_bytes, bytearray()
        declared = response.headers.get("content-length", "")
        if declared.isdigit() and int(declared) > cap:
            raise _too_large(cap)
        # httpx2 decompresses in pieces of at most 1 MiB, so a bomb is noticed early.
        chunks: AsyncGenerator[bytes] = response.aiter_bytes()
        try:
            async with aclosing(chunks):
                async for chunk in chunks:
                    body += chunk
                    if len(body) > cap:
                        raise _too_large(cap)
        except (*_BROKEN, httpx2.DecodingError):
            raise _broken() from None
        return bytes(body)


class _AnswerStream(httpx2.AsyncByteStream):
    """Lets the client library decompress what the wire library received."""

    def __init__(self, answer: httpcore2.Response) -> None:
        self._answer = answer

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async with aclosing(self._answer.aiter_stream()) as chunks:
            async for chunk in chunks:
                yield chunk


def _check_status(status: int) -> None:
    if 200 <= status < 300:
        return
    if status in {404, 410}:
        raise FetchRefusedError("posting_not_found", "This posting is gone.")
    if status in _FORBIDDEN:
        raise FetchRefusedError(
            "posting_forbidden", "The site asks for a log-in. Paste the posting's text instead."
        )
    if status >= 500:
        raise FetchRefusedError(
            "posting_server_error", "The site has a problem just now.", retryable=True
        )
    raise FetchRefusedError(
        "posting_unreachable",
        f"The site answered with status {status}.",
        retryable=status in {408, 425, 429},
    )


def _join(base: httpx2.URL, location: str | None) -> str:
    if not location:
        raise FetchRefusedError("posting_unreachable", "The site redirects to nowhere.")
    try:
        return str(base.join(location))
    except (httpx2.InvalidURL, UnicodeError):
        raise FetchRefusedError("url_invalid", "The site redirects to a bad address.") from None


def _content_type(header: str) -> tuple[str, str | None]:
    # Message alone would call a malformed type text/plain.
    kind = header.partition(";")[0].strip().lower()
    message = Message()
    message["Content-Type"] = header
    return kind, message.get_content_charset()


def _broken() -> FetchRefusedError:
    return FetchRefusedError(
        "posting_unreachable", "The connection to the site broke.", retryable=True
    )


def _too_large(cap: int) -> FetchRefusedError:
    return FetchRefusedError("posting_too_large", f"The page is over {cap // 1024} KiB.")
