"""Which URLs of users may be fetched, and at which address. The transport is somebody else's."""

import asyncio
import re
import socket
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

import httpx2

from resume_outbound.addresses import ends_in_number, is_canonical_ip, is_private_name, is_public
from resume_outbound.fetch_errors import FetchRefusedError

#: Resolves (host, port) to textual IP addresses, best first; raises OSError when it cannot.
Resolver = Callable[[str, int], Awaitable[Sequence[str]]]

LONGEST_URL = 2048
_PORTS = {"http": 80, "https": 443}
_HOST = re.compile(r"[a-z0-9_-]+(?:\.[a-z0-9_-]+)*")
_UNWRITTEN = re.compile(r"[\x00-\x20\x7f\\]")
_NOT_ALLOWED = "This address is not on the public internet, so it cannot be fetched."


@dataclass(frozen=True, slots=True)
class VettedTarget:
    """A URL that may be fetched, and the only addresses it may be fetched from."""

    url: httpx2.URL
    host: str
    port: int
    addresses: tuple[str, ...]


class UrlGuard:
    """Vets a URL anew before every connection; it keeps nothing.

    `allow` holds exact `host:port` pairs that may be anywhere (`FETCH_ALLOW`); an IPv6 literal is
    written `[::1]:8080`.
    """

    def __init__(self, resolver: Resolver, allow: frozenset[str] = frozenset()) -> None:
        self._resolver = resolver
        self._allow = frozenset(pair.strip().lower() for pair in allow)

    async def vet(self, url: str | httpx2.URL) -> VettedTarget:
        """Parse, check and resolve.

        Raises:
            FetchRefusedError: `url_invalid`, `url_not_allowed` or, when the name does not resolve,
                `posting_unreachable`.
        """
        parsed = _parse(url)
        host = parsed.raw_host.decode("ascii").removesuffix(".").lower()
        port = parsed.port or _PORTS[parsed.scheme]
        allowed = _pair(host, port) in self._allow
        if not allowed:
            _check_name(host)
            if port != _PORTS[parsed.scheme]:
                raise FetchRefusedError("url_not_allowed", "Only ports 80 and 443 can be fetched.")
        addresses = await self._addresses(host, port)
        if not allowed and not all(is_public(address) for address in addresses):
            raise FetchRefusedError("url_not_allowed", _NOT_ALLOWED)
        return VettedTarget(parsed, host, port, addresses)

    async def _addresses(self, host: str, port: int) -> tuple[str, ...]:
        if is_canonical_ip(host):
            return (host,)
        try:
            addresses = tuple(dict.fromkeys(await self._resolver(host, port)))
        except (OSError, UnicodeError) as error:
            raise _unresolved(error) from None
        if not addresses:
            raise _unresolved(None)
        return addresses


async def resolve_by_system(host: str, port: int) -> Sequence[str]:
    """Ask the operating system, off the event loop; a `Resolver`."""
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(address[0]) for *_, address in found]


def _parse(url: str | httpx2.URL) -> httpx2.URL:
    text = str(url)
    if len(text) > LONGEST_URL:
        raise FetchRefusedError("url_invalid", f"The address is over {LONGEST_URL} characters.")
    if _UNWRITTEN.search(text):
        raise FetchRefusedError("url_invalid", "The address contains spaces or stray characters.")
    try:
        parsed = httpx2.URL(text)
    except (httpx2.InvalidURL, UnicodeError):
        raise FetchRefusedError("url_invalid", "This is not a web address.") from None
    if parsed.scheme not in _PORTS or not parsed.raw_host:
        raise FetchRefusedError("url_invalid", "The address must start with https:// or http://.")
    if parsed.userinfo or "@" in re.split(r"[/?#]", text.split("//", 1)[1], maxsplit=1)[0]:
        raise FetchRefusedError("url_invalid", "The address must not contain a user name.")
    if parsed.port is not None and not 0 < parsed.port < 65536:
        raise FetchRefusedError("url_invalid", "The address has no valid port.")
    return parsed.copy_with(fragment=None)


def _check_name(host: str) -> None:
    if is_canonical_ip(host):
        if not is_public(host):
            raise FetchRefusedError("url_not_allowed", _NOT_ALLOWED)
        return
    if len(host) > 253 or not _HOST.fullmatch(host):
        raise FetchRefusedError("url_invalid", "The address has no valid host name.")
    if ends_in_number(host) or is_private_name(host):
        raise FetchRefusedError("url_not_allowed", _NOT_ALLOWED)


def _pair(host: str, port: int) -> str:
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def _unresolved(error: Exception | None) -> FetchRefusedError:
    again = isinstance(error, socket.gaierror) and error.errno == socket.EAI_AGAIN
    return FetchRefusedError(
        "posting_unreachable", "No site was found under this address.", retryable=again
    )
