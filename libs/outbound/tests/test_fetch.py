"""The fetcher against a real server on the loopback, reached through exact exceptions."""

import asyncio
import datetime as dt
import gzip
import ssl
import zlib
from collections.abc import AsyncIterator, Sequence
from contextlib import aclosing, asynccontextmanager
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from resume_outbound.fetch import FetchLimits, SafeFetcher
from resume_outbound.fetch_errors import FetchRefusedError
from resume_outbound.testing import ManualTime

NAME = "jobs.example.com"
Headers = dict[str, str]


class Site:
    """A tiny HTTP server that answers raw bytes by path and keeps every request."""

    def __init__(self) -> None:
        self.answers: dict[str, bytes] = {}
        self.requests: list[tuple[str, Headers]] = []
        self.port = 0
        self.names: list[str] = []
        self.resolved: list[str] = []
        self.closed = asyncio.Event()

    def page(self, path: str, body: bytes = b"", status: int = 200, **headers: str) -> None:
        lines = [f"HTTP/1.1 {status} X"]
        fields = {"content_type": "text/html; charset=UTF-8", "content_length": str(len(body))}
        for name, value in {**fields, **headers}.items():
            if value:
                lines.append(f"{name.replace('_', '-')}: {value}")
        self.answers[path] = "\r\n".join([*lines, "", ""]).encode() + body

    async def resolve(self, host: str, _port: int) -> Sequence[str]:
        self.resolved.append(host)
        return {"private.example.com": ["10.0.0.5"]}.get(host, ["127.0.0.1"])

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
            path = head[0].split(" ")[1]
            fields = (line.split(": ", 1) for line in head[1:] if line)
            self.requests.append((path, {name.lower(): value for name, value in fields}))
            answer = self.answers.get(path, b"")
            writer.write(answer)
            await writer.drain()
            if path == "/hang":
                await self.closed.wait()
            while path == "/endless":
                writer.write(b"x" * 65536)
                await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError, ssl.SSLError):
            return
        finally:
            writer.close()


@asynccontextmanager
async def serving(site: Site, context: ssl.SSLContext | None = None) -> AsyncIterator[Site]:
    server = await asyncio.start_server(site.serve, "127.0.0.1", 0, ssl=context)
    site.port = server.sockets[0].getsockname()[1]
    try:
        yield site
    finally:
        site.closed.set()
        server.close()
        await server.wait_closed()


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    async with serving(Site()) as site:
        yield site


@asynccontextmanager
async def fetching(
    site: Site, limits: FetchLimits | None = None, context: ssl.SSLContext | None = None
) -> AsyncIterator[SafeFetcher]:
    fetcher = SafeFetcher(
        site.resolve,
        allow=frozenset({f"127.0.0.1:{site.port}", f"{NAME}:{site.port}"}),
        limits=limits or FetchLimits(),
        clock=ManualTime(),
        ssl_context=context,
    )
    async with aclosing(fetcher):
        yield fetcher


async def refused(site: Site, path: str, limits: FetchLimits | None = None) -> FetchRefusedError:
    async with fetching(site, limits) as fetcher:
        with pytest.raises(FetchRefusedError) as refusal:
            await fetcher.get(f"http://{NAME}:{site.port}{path}")
    return refusal.value


async def test_fetch_returns_the_page(site: Site) -> None:
    site.page("/job?id=1", b"<h1>Engineer</h1>")
    async with fetching(site) as fetcher:
        page = await fetcher.get(f"http://{NAME}:{site.port}/job?id=1#apply")
    assert page.body == b"<h1>Engineer</h1>"
    assert (page.status, page.content_type, page.charset, page.hops) == (
        200,
        "text/html",
        "utf-8",
        0,
    )
    assert page.final_url == f"http://{NAME}:{site.port}/job?id=1"
    assert page.fetched_at.utcoffset() == dt.timedelta(0)


async def test_fetch_connects_to_the_vetted_address_and_keeps_the_name(site: Site) -> None:
    """The name exists in no DNS: asked once, by us, and never again when connecting."""
    site.page("/", b"x")
    async with fetching(site) as fetcher:
        await fetcher.get(f"http://{NAME}:{site.port}/")
    assert site.resolved == [NAME]
    _, headers = site.requests[0]
    assert headers["host"] == f"{NAME}:{site.port}"
    assert "cookie" not in headers
    assert "authorization" not in headers


async def test_fetch_keeps_no_cookies(site: Site) -> None:
    site.page("/a", b"x", set_cookie="session=1; Path=/")
    async with fetching(site) as fetcher:
        await fetcher.get(f"http://{NAME}:{site.port}/a")
        await fetcher.get(f"http://{NAME}:{site.port}/a")
    assert all("cookie" not in headers for _, headers in site.requests)


async def test_fetch_follows_three_redirects_and_vets_each(site: Site) -> None:
    site.page("/1", status=301, location="/2")
    site.page("/2", status=307, location=f"http://127.0.0.1:{site.port}/3")
    site.page("/3", status=302, location=f"http://{NAME}:{site.port}/4")
    site.page("/4", b"here")
    async with fetching(site) as fetcher:
        page = await fetcher.get(f"http://{NAME}:{site.port}/1")
    assert (page.body, page.hops) == (b"here", 3)
    assert page.final_url.endswith("/4")
    assert site.resolved == [NAME, NAME, NAME]


async def test_fetch_refuses_a_fourth_redirect(site: Site) -> None:
    site.page("/loop", status=302, location="/loop")
    assert (await refused(site, "/loop")).code == "too_many_redirects"
    assert len(site.requests) == 4


@pytest.mark.parametrize(
    ("location", "code"),
    [
        ("http://127.0.0.1:22/", "url_not_allowed"),
        ("http://169.254.169.254/latest/", "url_not_allowed"),
        ("http://private.example.com/", "url_not_allowed"),
        ("//localhost/", "url_not_allowed"),
        ("file:///etc/passwd", "url_invalid"),
        ("http://user@jobs.example.com/", "url_invalid"),
        ("http://[", "url_invalid"),
        ("", "posting_unreachable"),
    ],
)
async def test_fetch_refuses_a_redirect_to_somewhere_else(
    site: Site, location: str, code: str
) -> None:
    site.page("/", status=302, location=location)
    assert (await refused(site, "/")).code == code
    assert len(site.requests) == 1


@pytest.mark.parametrize(
    ("status", "code", "retryable"),
    [
        (401, "posting_forbidden", False),
        (403, "posting_forbidden", False),
        (999, "posting_forbidden", False),
        (404, "posting_not_found", False),
        (410, "posting_not_found", False),
        (400, "posting_unreachable", False),
        (429, "posting_unreachable", True),
        (500, "posting_server_error", True),
        (503, "posting_server_error", True),
        (304, "posting_unreachable", False),
    ],
)
async def test_fetch_tells_what_a_status_means(
    site: Site,
    status: int,
    code: str,
    retryable: bool,  # noqa: FBT001  a table's column
) -> None:
    site.page("/", b"Jane Doe", status=status)
    refusal = await refused(site, "/")
    assert (refusal.code, refusal.retryable) == (code, retryable)
    assert "Jane" not in str(refusal)


@pytest.mark.parametrize("kind", ["application/pdf", "image/png", "text/css", "", "nonsense"])
async def test_fetch_refuses_what_is_no_page(site: Site, kind: str) -> None:
    site.page("/", b"x", content_type=kind)
    assert (await refused(site, "/")).code == "posting_not_html"


@pytest.mark.parametrize(
    "kind", ["text/html", "application/xhtml+xml", "text/plain", "Application/JSON; a=b"]
)
async def test_fetch_accepts_pages_text_and_json(site: Site, kind: str) -> None:
    site.page("/", b"x", content_type=kind)
    async with fetching(site) as fetcher:
        page = await fetcher.get(f"http://{NAME}:{site.port}/")
    assert page.content_type == kind.split(";", maxsplit=1)[0].lower()
    assert page.charset is None


@pytest.mark.parametrize("encoding", ["gzip", "deflate"])
async def test_fetch_decompresses(site: Site, encoding: str) -> None:
    text = b"<p>Engineer</p>" * 1000
    packed = gzip.compress(text) if encoding == "gzip" else zlib.compress(text)
    site.page("/", packed, content_encoding=encoding)
    async with fetching(site) as fetcher:
        page = await fetcher.get(f"http://{NAME}:{site.port}/")
    assert page.body == text


SMALL = FetchLimits(max_bytes=100_000)


async def test_fetch_refuses_a_declared_size_without_reading(site: Site) -> None:
    site.page("/", b"x", content_length="100001")
    assert (await refused(site, "/", SMALL)).code == "posting_too_large"


async def test_fetch_stops_an_endless_page(site: Site) -> None:
    site.page("/endless", content_length="")
    assert (await refused(site, "/endless", SMALL)).code == "posting_too_large"


async def test_fetch_stops_a_decompression_bomb(site: Site) -> None:
    site.page("/", gzip.compress(b"\0" * 200_000_000, 9), content_encoding="gzip")
    assert (await refused(site, "/")).code == "posting_too_large"


async def test_fetch_takes_exactly_the_cap(site: Site) -> None:
    site.page("/", b"x" * 100_000)
    async with fetching(site, SMALL) as fetcher:
        assert len((await fetcher.get(f"http://{NAME}:{site.port}/")).body) == 100_000


async def test_fetch_gives_up_on_a_silent_site(site: Site) -> None:
    refusal = await refused(site, "/hang", FetchLimits(total=0.2))
    assert (refusal.code, refusal.retryable) == ("posting_unreachable", True)


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"garbage\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 50\r\n\r\ncut",
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: gzip\r\n\r\nno gzip",
    ],
)
async def test_fetch_calls_a_broken_answer_unreachable(site: Site, answer: bytes) -> None:
    site.answers["/"] = answer
    refusal = await refused(site, "/")
    assert (refusal.code, refusal.retryable) == ("posting_unreachable", True)


async def test_fetch_says_when_nobody_listens() -> None:
    async with serving(Site()) as site:
        pass
    assert (await refused(site, "/")).code == "posting_unreachable"


def certificate(folder: Path, name: str) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """A server's and a client's context for a certificate made out to `name`."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = dt.datetime.now(dt.UTC)
    built = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName(
                [x509.DNSName(name), x509.IPAddress(ip_address("192.0.2.9"))]
            ),
            critical=False,
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem, secret = folder / "cert.pem", folder / "key.pem"
    pem.write_bytes(built.public_bytes(serialization.Encoding.PEM))
    secret.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    server = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    server.load_cert_chain(pem, secret)
    return server, ssl.create_default_context(cafile=str(pem))


async def test_fetch_over_tls_verifies_the_name_not_the_address(tmp_path: Path) -> None:
    server, client = certificate(tmp_path, NAME)
    site = Site()
    server.sni_callback = lambda _socket, name, _context: site.names.append(name)
    site.page("/", b"secure")
    async with serving(site, server), fetching(site, context=client) as fetcher:
        page = await fetcher.get(f"https://{NAME}:{site.port}/")
    assert page.body == b"secure"
    assert site.names == [NAME]
    assert site.requests[0][1]["host"] == f"{NAME}:{site.port}"


async def test_fetch_over_tls_refuses_another_names_certificate(tmp_path: Path) -> None:
    server, client = certificate(tmp_path, "other.example.com")
    site = Site()
    site.page("/", b"x")
    async with serving(site, server), fetching(site, context=client) as fetcher:
        with pytest.raises(FetchRefusedError) as refusal:
            await fetcher.get(f"https://{NAME}:{site.port}/")
    assert refusal.value.code == "posting_unreachable"
    assert site.requests == []
