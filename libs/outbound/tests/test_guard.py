"""Hostile URLs: each is refused before any connection."""

import socket
from collections.abc import Sequence

import httpcore2
import pytest

from resume_outbound.fetch import FetchLimits, SafeFetcher
from resume_outbound.fetch_errors import FetchRefusedError
from resume_outbound.guard import UrlGuard
from resume_outbound.testing import ManualTime

INVALID, NOT_ALLOWED, UNREACHABLE = "url_invalid", "url_not_allowed", "posting_unreachable"

#: What the resolver of these tests knows.
ZONE: dict[str, Sequence[str]] = {
    "jobs.example.com": ["93.184.215.14"],
    "both.example.com": ["93.184.215.14", "2606:4700::1111"],
    "rebind.example.com": ["127.0.0.1"],
    "half.example.com": ["93.184.215.14", "10.0.0.5"],
    "half6.example.com": ["93.184.215.14", "fe80::1%eth0"],
    "mapped.example.com": ["::ffff:10.0.0.5"],
    "nat64.example.com": ["64:ff9b::a00:5"],
    "sixtofour.example.com": ["2002:a00:5::1"],
    "metadata.example.com": ["169.254.169.254"],
    "cgnat.example.com": ["100.64.0.1"],
    "multicast.example.com": ["224.0.0.1"],
    "ula.example.com": ["fd00:ec2::254"],
    "empty.example.com": [],
    "junk.example.com": ["not an address"],
    "xn--exmple-cua.com": ["93.184.215.14"],
    "127.0.0.1.nip.example.com": ["127.0.0.1"],
}

HOSTILE: list[tuple[str, str]] = [
    ("http://127.0.0.1/", NOT_ALLOWED),
    ("http://127.0.0.1:80/", NOT_ALLOWED),
    ("https://127.0.0.1/", NOT_ALLOWED),
    ("http://127.0.0.1./", NOT_ALLOWED),
    ("http://127.1/", NOT_ALLOWED),
    ("http://127.0.1/", NOT_ALLOWED),
    ("http://2130706433/", NOT_ALLOWED),
    ("http://017700000001/", NOT_ALLOWED),
    ("http://0177.0.0.1/", INVALID),
    ("http://0177.0.0.01/", INVALID),
    ("http://127.0.0.01/", INVALID),
    ("http://0x7f000001/", NOT_ALLOWED),
    ("http://0x7f.0x0.0x0.0x1/", NOT_ALLOWED),
    ("http://0x7f.1/", NOT_ALLOWED),
    ("http://0X7F.1/", NOT_ALLOWED),
    ("http://0/", NOT_ALLOWED),
    ("http://0.0.0.0/", NOT_ALLOWED),
    ("http://3232235777/", NOT_ALLOWED),
    ("http://134744072/", NOT_ALLOWED),
    ("http://127\u30020\u30020\u30021/", NOT_ALLOWED),
    ("http://\uff11\uff12\uff17.0.0.1/", INVALID),
    ("http://\u2460\u2461\u2466.0.0.1/", INVALID),
    ("http://127%2e0%2e0%2e1/", INVALID),
    ("http://%6cocalhost/", INVALID),
    ("http://jobs%2eexample.com/", INVALID),
    ("http://10.0.0.1/", NOT_ALLOWED),
    ("http://172.16.0.1/", NOT_ALLOWED),
    ("http://192.168.0.1/", NOT_ALLOWED),
    ("http://100.64.0.1/", NOT_ALLOWED),
    ("http://169.254.169.254/latest/meta-data/", NOT_ALLOWED),
    ("http://168.63.129.16/", NOT_ALLOWED),
    ("http://224.0.0.1/", NOT_ALLOWED),
    ("http://255.255.255.255/", NOT_ALLOWED),
    ("http://[::1]/", NOT_ALLOWED),
    ("http://[::]/", NOT_ALLOWED),
    ("http://[0:0:0:0:0:0:0:1]/", NOT_ALLOWED),
    ("http://[::ffff:127.0.0.1]/", NOT_ALLOWED),
    ("http://[::ffff:7f00:1]/", NOT_ALLOWED),
    ("http://[::127.0.0.1]/", NOT_ALLOWED),
    ("http://[64:ff9b::7f00:1]/", NOT_ALLOWED),
    ("http://[64:ff9b:1::a00:1]/", NOT_ALLOWED),
    ("http://[2002:7f00:1::]/", NOT_ALLOWED),
    ("http://[2001:0:7f00:1::]/", NOT_ALLOWED),
    ("http://[fd00:ec2::254]/", NOT_ALLOWED),
    ("http://[fe80::1]/", NOT_ALLOWED),
    ("http://[fe80::1%25eth0]/", NOT_ALLOWED),
    ("http://[ff02::1]/", NOT_ALLOWED),
    ("http://localhost/", NOT_ALLOWED),
    ("http://LOCALHOST/", NOT_ALLOWED),
    ("http://localhost./", NOT_ALLOWED),
    ("http://a.localhost/", NOT_ALLOWED),
    ("http://intranet/", NOT_ALLOWED),
    ("http://printer.local/", NOT_ALLOWED),
    ("http://metadata.google.internal/", NOT_ALLOWED),
    ("http://db.railway.internal/", NOT_ALLOWED),
    ("http://rebind.example.com/", NOT_ALLOWED),
    ("http://half.example.com/", NOT_ALLOWED),
    ("http://half6.example.com/", NOT_ALLOWED),
    ("http://mapped.example.com/", NOT_ALLOWED),
    ("http://nat64.example.com/", NOT_ALLOWED),
    ("http://sixtofour.example.com/", NOT_ALLOWED),
    ("http://metadata.example.com/", NOT_ALLOWED),
    ("http://cgnat.example.com/", NOT_ALLOWED),
    ("http://multicast.example.com/", NOT_ALLOWED),
    ("http://ula.example.com/", NOT_ALLOWED),
    ("http://junk.example.com/", NOT_ALLOWED),
    ("http://127.0.0.1.nip.example.com/", NOT_ALLOWED),
    ("http://jobs.example.com:22/", NOT_ALLOWED),
    ("http://jobs.example.com:443/", NOT_ALLOWED),
    ("https://jobs.example.com:80/", NOT_ALLOWED),
    ("http://jobs.example.com:6379/", NOT_ALLOWED),
    ("http://user@jobs.example.com/", INVALID),
    ("http://user:pw@jobs.example.com/", INVALID),
    ("http://@jobs.example.com/", INVALID),
    ("http://jobs.example.com@127.0.0.1/", INVALID),
    ("http://127.0.0.1\\@jobs.example.com/", INVALID),
    ("http://jobs.example.com\\.evil.test/", INVALID),
    ("http://jobs.example.com /", INVALID),
    (" http://jobs.example.com/", INVALID),
    ("http://jobs.example.com/\r\nHost: internal", INVALID),
    ("http://jobs.example.com/\x00", INVALID),
    ("http://jobs.example.com:99999/", INVALID),
    ("http://jobs.example.com:-1/", INVALID),
    ("http://jobs.example.com:0/", INVALID),
    ("http://jobs..example.com/", INVALID),
    ("http://*.example.com/", INVALID),
    ("http://[::1", INVALID),
    ("http://[v1.fe80::a]/", INVALID),
    ("http:///etc/passwd", INVALID),
    ("http:jobs.example.com", INVALID),
    ("//jobs.example.com/", INVALID),
    ("jobs.example.com", INVALID),
    ("", INVALID),
    ("file:///etc/passwd", INVALID),
    ("ftp://jobs.example.com/", INVALID),
    ("gopher://jobs.example.com:70/_x", INVALID),
    ("javascript:alert(1)", INVALID),
    ("data:text/html,x", INVALID),
    ("ws://jobs.example.com/", INVALID),
    ("http://" + "a" * 3000 + ".com/", INVALID),
    ("http://" + "a." * 200 + "com/", INVALID),
    ("http://empty.example.com/", UNREACHABLE),
    ("http://nowhere.example.com/", UNREACHABLE),
]


async def resolve(host: str, _port: int) -> Sequence[str]:
    if host not in ZONE:
        raise socket.gaierror(socket.EAI_NONAME, "unknown")
    return ZONE[host]


class NoBackend(httpcore2.AsyncNetworkBackend):
    """Whatever reaches it would have been a connection."""

    def __init__(self) -> None:
        self.reached: list[tuple[str, int]] = []

    async def connect_tcp(self, host: str, port: int, *_: object) -> httpcore2.AsyncNetworkStream:
        self.reached.append((host, port))
        raise httpcore2.ConnectError("reached")


def test_guard_table_is_long_enough() -> None:
    assert len({url for url, _ in HOSTILE}) >= 60


@pytest.mark.parametrize(("url", "code"), HOSTILE)
async def test_guard_refuses_before_any_connection(url: str, code: str) -> None:
    backend = NoBackend()
    fetcher = SafeFetcher(
        resolve,
        allow=frozenset(),
        limits=FetchLimits(),
        clock=ManualTime(),
        backend=backend,
    )
    with pytest.raises(FetchRefusedError) as refusal:
        await fetcher.get(url)
    assert refusal.value.code == code
    assert backend.reached == []
    host = url.rsplit("//", maxsplit=1)[-1]
    assert not host or host not in refusal.value.message


@pytest.mark.parametrize(
    ("url", "host", "port", "addresses"),
    [
        ("https://jobs.example.com/a?b=c#d", "jobs.example.com", 443, ("93.184.215.14",)),
        ("http://JOBS.example.com:80/", "jobs.example.com", 80, ("93.184.215.14",)),
        ("https://jobs.example.com./", "jobs.example.com", 443, ("93.184.215.14",)),
        (
            "https://both.example.com/",
            "both.example.com",
            443,
            ("93.184.215.14", "2606:4700::1111"),
        ),
        ("https://exämple.com/", "xn--exmple-cua.com", 443, ("93.184.215.14",)),
        ("https://8.8.8.8/", "8.8.8.8", 443, ("8.8.8.8",)),
        ("https://[2606:4700::1111]/", "2606:4700::1111", 443, ("2606:4700::1111",)),
    ],
)
async def test_guard_lets_the_public_internet_through(
    url: str, host: str, port: int, addresses: tuple[str, ...]
) -> None:
    target = await UrlGuard(resolve).vet(url)
    assert (target.host, target.port, target.addresses) == (host, port, addresses)
    assert not target.url.fragment


async def test_guard_exception_is_for_one_exact_host_and_port() -> None:
    guard = UrlGuard(resolve, frozenset({"127.0.0.1:8080", "Rebind.example.com:8081", "[::1]:9"}))
    assert (await guard.vet("http://127.0.0.1:8080/")).addresses == ("127.0.0.1",)
    assert (await guard.vet("http://rebind.example.com:8081/")).addresses == ("127.0.0.1",)
    assert (await guard.vet("http://[::1]:9/")).addresses == ("::1",)
    for url in (
        "http://127.0.0.1:8081/",
        "http://127.0.0.1/",
        "http://127.0.0.2:8080/",
        "http://127.1:8080/",
        "http://rebind.example.com/",
    ):
        with pytest.raises(FetchRefusedError) as refusal:
            await guard.vet(url)
        assert refusal.value.code == "url_not_allowed"


async def test_guard_says_when_asking_again_may_help() -> None:
    async def overloaded(_host: str, _port: int) -> Sequence[str]:
        raise socket.gaierror(socket.EAI_AGAIN, "try again")

    with pytest.raises(FetchRefusedError) as refusal:
        await UrlGuard(overloaded).vet("https://jobs.example.com/")
    assert refusal.value.retryable
