"""The proxy between a client of the loopback and a server of the loopback."""

import asyncio
import socket
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest

from resume_outbound.guard import UrlGuard
from resume_outbound.proxy import GuardProxy
from resume_outbound.proxy_client import ProxyClient
from resume_outbound.proxy_limits import Budget, Meter, ProxyLimits
from resume_outbound.testing import ManualTime

OK = b"HTTP/1.1 200 Fine\r\nContent-Length: 5\r\nX-Guard-Code: forged\r\nKeep-Alive: 5\r\n\r\nhello"


@dataclass
class Bench:
    """The origin, the proxy and what came of each connection."""

    time: ManualTime
    origin_port: int
    answer: bytes = OK
    seen: list[bytes] = field(default_factory=list)
    outcomes: list[str] = field(default_factory=list)
    proxy_port: int = 0

    @property
    def authority(self) -> str:
        return f"jobs.example.com:{self.origin_port}"

    async def connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        return await asyncio.open_connection("127.0.0.1", self.proxy_port)

    async def ask(self, *lines: str, body: bytes = b"") -> bytes:
        """Send a request as written; the whole answer."""
        reader, writer = await self.connect()
        writer.write("\r\n".join([*lines, "", ""]).encode("latin-1") + body)
        answer = await reader.read()
        writer.close()
        return answer

    async def outcome(self) -> str:
        while not self.outcomes:
            await asyncio.sleep(0.001)
        return self.outcomes[-1]


async def resolve(host: str, _port: int) -> Sequence[str]:
    zone = {"jobs.example.com": ["127.0.0.1"], "inside.example.com": ["10.0.0.5"]}
    if host not in zone:
        raise OSError("unknown")
    return zone[host]


@asynccontextmanager
async def bench(limits: ProxyLimits | None = None) -> AsyncIterator[Bench]:
    made = Bench(ManualTime(), 0)
    over = asyncio.Event()

    async def origin(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if made.answer == b"echo":
            while data := await reader.read(65536):
                writer.write(data)
        else:
            head = await reader.readuntil(b"\r\n\r\n")
            length = head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0]
            body = await reader.readexactly(int(length or b"0"))
            made.seen.append(head + body)
            writer.write(made.answer)
            if not made.answer:
                await over.wait()
        writer.close()

    server = await asyncio.start_server(origin, "127.0.0.1", 0)
    made.origin_port = server.sockets[0].getsockname()[1]
    proxy = GuardProxy(
        UrlGuard(resolve, frozenset({made.authority})),
        limits=limits or ProxyLimits(),
        clock=made.time,
        sleep=made.time.sleep,
        observe=made.outcomes.append,
    )
    try:
        async with proxy.running():
            made.proxy_port = int(proxy.url.rsplit(":", 1)[1])
            yield made
    finally:
        over.set()
        server.close()
        await server.wait_closed()


def code_of(answer: bytes) -> tuple[int, str]:
    head, _, _ = answer.partition(b"\r\n\r\n")
    fields = dict(line.split(b": ", 1) for line in head.split(b"\r\n")[1:])
    return int(answer[9:12]), fields.get(b"X-Guard-Code", b"").decode()


async def test_proxy_forwards_a_request_and_its_answer() -> None:
    async with bench() as made:
        answer = await made.ask(
            f"GET http://{made.authority}/a?b=c HTTP/1.1",
            "Host: somewhere.else",
            "Accept: text/html",
            "Proxy-Authorization: Basic eA==",
            "Connection: keep-alive, X-Mine",
            "X-Mine: 1",
        )
        assert answer.startswith(b"HTTP/1.1 200 Fine\r\n")
        assert answer.endswith(b"\r\n\r\nhello")
        assert await made.outcome() == "forwarded"
    assert b"forged" not in answer
    assert b"Keep-Alive" not in answer
    head = made.seen[0].decode()
    assert head.startswith("GET /a?b=c HTTP/1.1\r\n")
    assert f"Host: {made.authority}\r\n" in head
    assert "Accept: text/html\r\n" in head
    for gone in ("somewhere", "Proxy-", "X-Mine", "keep-alive"):
        assert gone not in head


async def test_proxy_forwards_a_body_and_answers_expect() -> None:
    async with bench() as made:
        answer = await made.ask(
            f"POST http://{made.authority}/ HTTP/1.1",
            "Host: x",
            "Content-Length: 4",
            "Expect: 100-continue",
            "Connection: content-length",
            body=b"data",
        )
    assert answer.startswith(b"HTTP/1.1 100 ")
    assert answer.endswith(b"hello")
    assert made.seen[0].endswith(b"\r\n\r\ndata")


async def test_proxy_frames_an_answer_without_length_anew() -> None:
    async with bench() as made:
        made.answer = b"HTTP/1.1 200 OK\r\n\r\nuntil the end"
        answer = await made.ask(f"GET http://{made.authority}/ HTTP/1.1", "Host: x")
    assert b"chunked" in answer.lower()
    assert answer.endswith(b"0\r\n\r\n")


async def test_proxy_head_has_no_body() -> None:
    async with bench() as made:
        answer = await made.ask(f"HEAD http://{made.authority}/ HTTP/1.1", "Host: x")
        refused = await made.ask("HEAD http://10.0.0.5/ HTTP/1.1", "Host: x")
    assert answer.startswith(b"HTTP/1.1 200")
    assert answer.endswith(b"\r\n\r\n")
    assert refused.startswith(b"HTTP/1.1 403")
    assert refused.endswith(b"\r\n\r\n")


async def test_proxy_tunnels_bytes_both_ways() -> None:
    async with bench() as made:
        made.answer = b"echo"
        reader, writer = await made.connect()
        writer.write(f"CONNECT {made.authority} HTTP/1.1\r\nHost: x\r\n\r\nahead".encode())
        assert (await reader.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 200")
        assert await reader.readexactly(5) == b"ahead"
        writer.write(b"\x16\x03\x01")
        assert await reader.readexactly(3) == b"\x16\x03\x01"
        writer.close()
        assert await made.outcome() == "tunnelled"


@pytest.mark.parametrize(
    ("line", "status", "code"),
    [
        ("GET http://10.0.0.5/ HTTP/1.1", 403, "url_not_allowed"),
        ("GET http://inside.example.com/ HTTP/1.1", 403, "url_not_allowed"),
        ("GET http://localhost/ HTTP/1.1", 403, "url_not_allowed"),
        ("POST http://2130706433/ HTTP/1.1", 403, "url_not_allowed"),
        ("GET http://a:b@jobs.example.com/ HTTP/1.1", 403, "url_invalid"),
        ("GET https://jobs.example.com/ HTTP/1.1", 403, "url_invalid"),
        ("GET ftp://jobs.example.com/ HTTP/1.1", 403, "url_invalid"),
        ("GET / HTTP/1.1", 403, "url_invalid"),
        ("GET http://jobs.example.com:22/ HTTP/1.1", 403, "url_not_allowed"),
        ("GET http://nowhere.example.com/ HTTP/1.1", 502, "posting_unreachable"),
        ("CONNECT 127.0.0.1:443 HTTP/1.1", 403, "url_not_allowed"),
        ("CONNECT [::1]:443 HTTP/1.1", 403, "url_not_allowed"),
        ("CONNECT [::ffff:10.0.0.5]:443 HTTP/1.1", 403, "url_not_allowed"),
        ("CONNECT inside.example.com:443 HTTP/1.1", 403, "url_not_allowed"),
        ("CONNECT jobs.example.com:80 HTTP/1.1", 403, "url_not_allowed"),
        ("CONNECT jobs.example.com HTTP/1.1", 403, "url_invalid"),
        ("CONNECT a@jobs.example.com:443 HTTP/1.1", 403, "url_invalid"),
        ("CONNECT jobs.example.com:443/x HTTP/1.1", 403, "url_invalid"),
        ("CONNECT jobs.example.com:99999 HTTP/1.1", 403, "url_invalid"),
        ("nonsense", 400, "request_malformed"),
        ("PRI * HTTP/2.0", 403, "url_invalid"),
    ],
)
async def test_proxy_refuses_with_a_code(line: str, status: int, code: str) -> None:
    async with bench() as made:
        assert code_of(await made.ask(line, "Host: x")) == (status, code)
        assert await made.outcome() == code
    assert made.seen == []


async def test_proxy_refuses_a_websocket_over_plain_http() -> None:
    async with bench() as made:
        answer = await made.ask(
            f"GET http://{made.authority}/ HTTP/1.1",
            "Host: x",
            "Connection: Upgrade",
            "Upgrade: websocket",
        )
    assert code_of(answer) == (403, "upgrade_refused")
    assert made.seen == []


@pytest.mark.parametrize("answer", [b"garbage\r\n\r\n", b"HTTP/1.1 101 X\r\nUpgrade: a\r\n\r\n"])
async def test_proxy_calls_what_is_no_answer_a_bad_gateway(answer: bytes) -> None:
    async with bench() as made:
        made.answer = answer
        status, code = code_of(await made.ask(f"GET http://{made.authority}/ HTTP/1.1", "Host: x"))
    assert status == 502
    assert code in {"origin_broken", "upgrade_refused"}


async def test_proxy_waits_until_a_slow_client_has_read() -> None:
    """An exchange ends with its last write: what is still in a buffer then would be cut."""
    time, limits = ManualTime(), ProxyLimits()
    near, far = socket.socketpair()
    near.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
    reader, writer = await asyncio.open_connection(sock=near)
    meter = Meter(limits, Budget(limits, time), time, time.sleep)
    writing = asyncio.ensure_future(ProxyClient(reader, writer, meter).write(b"x" * 50_000))
    await time.advance(1)
    assert not writing.done()
    far_reader, far_writer = await asyncio.open_connection(sock=far)
    assert await far_reader.readexactly(50_000) == b"x" * 50_000
    await writing
    writer.close()
    far_writer.close()


async def test_proxy_cuts_what_is_over_the_connections_cap() -> None:
    async with bench(ProxyLimits(connection_bytes=200_000)) as made:
        made.answer = b"HTTP/1.1 200 OK\r\nContent-Length: 900000\r\n\r\n" + b"x" * 900_000
        answer = await made.ask(f"GET http://{made.authority}/ HTTP/1.1", "Host: x")
        assert await made.outcome() == "proxy_over_budget"
    assert len(answer) <= 200_500


async def test_proxy_refuses_new_connections_when_the_process_has_spent_its_bytes() -> None:
    async with bench(ProxyLimits(process_bytes=50, window=60.0)) as made:
        line = f"GET http://{made.authority}/ HTTP/1.1"
        assert await made.ask(line, "Host: x") == b""
        assert code_of(await made.ask(line, "Host: x")) == (503, "proxy_over_budget")
        made.time.jump(61)
        assert code_of(await made.ask("GET / HTTP/1.1", "Host: x"))[0] == 403


async def test_proxy_refuses_more_connections_than_its_limit() -> None:
    async with bench(ProxyLimits(max_connections=1)) as made:
        _, first = await made.connect()
        assert code_of(await made.ask("GET / HTTP/1.1", "Host: x")) == (503, "proxy_busy")
        first.close()
        while "no_request" not in made.outcomes:
            await asyncio.sleep(0.001)
        assert code_of(await made.ask("GET / HTTP/1.1", "Host: x"))[0] == 403


async def test_proxy_ends_a_connection_that_is_idle() -> None:
    async with bench(ProxyLimits(idle=15.0)) as made:
        made.answer = b""
        reader, writer = await made.connect()
        writer.write(f"GET http://{made.authority}/ HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        while not made.seen:
            await asyncio.sleep(0.001)
        await made.time.advance(14.9)
        assert made.outcomes == []
        await made.time.advance(0.2)
        assert await reader.read() == b""
        assert made.outcomes == ["timed_out"]
        writer.close()


async def test_proxy_ends_a_connection_that_lives_too_long() -> None:
    async with bench(ProxyLimits(idle=15.0, total=60.0)) as made:
        made.answer = b"echo"
        reader, writer = await made.connect()
        writer.write(f"CONNECT {made.authority} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        await reader.readuntil(b"\r\n\r\n")
        for _ in range(5):
            await made.time.advance(10)
            writer.write(b"x")
            assert await reader.readexactly(1) == b"x"
        await made.time.advance(11)
        assert await reader.read() == b""
        assert made.outcomes == ["timed_out"]
        writer.close()


async def test_proxy_cuts_its_connections_when_it_stops() -> None:
    async with bench() as made:
        reader, writer = await made.connect()
        writer.write(b"GET http://jo")
        await writer.drain()
    assert await reader.read() == b""
    writer.close()


def test_proxy_has_no_address_before_it_runs() -> None:
    time = ManualTime()
    proxy = GuardProxy(UrlGuard(resolve), limits=ProxyLimits(), clock=time, sleep=time.sleep)
    with pytest.raises(RuntimeError, match="not running"):
        _ = proxy.url
