"""Which headers a forward proxy passes on (RFC 9110 section 7.6.1)."""

from collections.abc import Iterable

Headers = list[tuple[bytes, bytes]]

#: Why the proxy refused; only ever the proxy's own, so an origin's is dropped.
GUARD_CODE = b"X-Guard-Code"

_HOP_BY_HOP = frozenset(
    {
        b"connection",
        b"keep-alive",
        b"proxy-authenticate",
        b"proxy-authorization",
        b"proxy-connection",
        b"te",
        b"trailer",
        b"transfer-encoding",
        b"upgrade",
    }
)
#: `Connection: content-length` would change where a message ends.
_NEVER_NAMED = frozenset({b"content-length", b"host"})


def request_headers(headers: Iterable[tuple[bytes, bytes]], host: bytes) -> Headers:
    """What goes to the origin: the vetted URL's host, whatever the client wrote."""
    given = list(headers)
    chunked = any(name.lower() == b"transfer-encoding" for name, _ in given)
    kept = [(name, value) for name, value in _end_to_end(given) if name.lower() != b"host"]
    framing = [(b"Transfer-Encoding", b"chunked")] if chunked else []
    return [(b"Host", host), *kept, *framing, (b"Connection", b"close")]


def response_headers(headers: Iterable[tuple[bytes, bytes]]) -> Headers:
    """What goes back to the client, which frames it anew."""
    kept = _end_to_end(list(headers))
    own = GUARD_CODE.lower()
    return [*(pair for pair in kept if pair[0].lower() != own), (b"Connection", b"close")]


def asks_for_upgrade(headers: Iterable[tuple[bytes, bytes]]) -> bool:
    """Whether this is a WebSocket's handshake, or another change of protocol."""
    return any(name.lower() == b"upgrade" for name, _ in headers)


def _end_to_end(headers: Headers) -> Headers:
    named = {
        token.strip().lower()
        for name, value in headers
        if name.lower() == b"connection"
        for token in value.split(b",")
    }
    dropped = _HOP_BY_HOP | (named - _NEVER_NAMED)
    return [(name, value) for name, value in headers if name.lower() not in dropped]
