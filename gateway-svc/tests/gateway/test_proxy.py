"""`/auth/v1/*` is passed on as it is, without what concerns one connection only."""

from collections.abc import AsyncIterator
from types import SimpleNamespace

import httpx2
import pytest
from prometheus_client import CollectorRegistry

from gateway_svc.api import create_app
from resume_runtime.clock import SystemClock


class Upstream:
    """The identity service as the gateway sees it."""

    def __init__(self) -> None:
        self.requests: list[httpx2.Request] = []
        self.status = 200
        self.headers: list[tuple[str, str]] = []
        self.body = b""
        self.error: Exception | None = None

    def handle(self, request: httpx2.Request) -> httpx2.Response:
        self.requests.append(request)
        if self.error is not None:
            raise self.error
        return httpx2.Response(self.status, headers=self.headers, content=self._chunks())

    async def _chunks(self) -> AsyncIterator[bytes]:
        yield self.body


def client_of(upstream: Upstream, auth_url: str | None = "http://auth") -> httpx2.AsyncClient:
    app = create_app(origins=[], checks={}, registry=CollectorRegistry(), clock=SystemClock())
    http = httpx2.AsyncClient(transport=httpx2.MockTransport(upstream.handle))
    app.state.edge = SimpleNamespace(http=http, auth_url=auth_url)
    transport = httpx2.ASGITransport(app=app, client=("203.0.113.7", 1234))
    return httpx2.AsyncClient(transport=transport, base_url="http://edge")


async def test_proxy_passes_request_and_answer_on() -> None:
    upstream = Upstream()
    upstream.status = 400
    upstream.headers = [("Set-Cookie", "a=1"), ("Set-Cookie", "b=2")]
    upstream.headers += [("Connection", "X-Hop"), ("X-Hop", "1")]
    upstream.body = b'{"code":400,"error_code":"invalid_credentials","msg":"no"}'
    answer = await client_of(upstream).post(
        "/auth/v1/token?grant_type=password&x=1&x=2",
        json={"email": "a@b.c"},
        headers={
            "Authorization": "Bearer t",
            "Connection": "X-Mine",
            "X-Mine": "1",
            "X-Forwarded-For": "198.51.100.1",
        },
    )
    assert (answer.status_code, answer.json()["error_code"]) == (400, "invalid_credentials")
    assert answer.headers.get_list("set-cookie") == ["a=1", "b=2"]
    assert "x-hop" not in answer.headers
    sent = upstream.requests[0]
    assert str(sent.url) == "http://auth/auth/v1/token?grant_type=password&x=1&x=2"
    assert sent.content == b'{"email":"a@b.c"}'
    assert sent.headers["authorization"] == "Bearer t"
    assert "x-mine" not in sent.headers
    assert sent.headers.get_list("x-forwarded-for")[-1] == "203.0.113.7"
    assert sent.headers["x-correlation-id"] == answer.headers["x-correlation-id"]


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (httpx2.ConnectError("refused"), 503, "identity_unavailable"),
        (httpx2.ReadTimeout("slow"), 504, "identity_timeout"),
    ],
)
async def test_proxy_says_when_the_service_is_away(
    error: Exception, status: int, code: str
) -> None:
    upstream = Upstream()
    upstream.error = error
    answer = await client_of(upstream).get("/auth/v1/user")
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.headers["retry-after"] == "5"
    assert answer.headers["content-type"] == "application/problem+json"


async def test_proxy_cannot_be_led_elsewhere() -> None:
    upstream = Upstream()
    for path in ("/auth/v1/%2e%2e/%2e%2e/admin", "/auth/v1/x/%2e%2e/%2e%2e/%2e%2e/admin"):
        assert (await client_of(upstream).get(path)).status_code == 404
    assert upstream.requests == []
    for path in ("/auth/v1//evil.test/x", "/auth/v1/%2Fevil.test/x", "/auth/v1/@evil.test"):
        await client_of(upstream).get(path)
    assert len(upstream.requests) == 3
    assert all(
        request.url.host == "auth" and request.url.path.startswith("/auth/v1/")
        for request in upstream.requests
    )


async def test_proxy_without_a_service_is_404() -> None:
    answer = await client_of(Upstream(), None).get("/auth/v1/user")
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
