import httpx2
import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.types import Receive, Scope, Send

from resume_runtime.correlation import (
    CorrelationMiddleware,
    TraceParent,
    bound,
    current_correlation_id,
)

PARENT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"


async def echo(scope: Scope, receive: Receive, send: Send) -> None:
    request = Request(scope)
    body = dict(structlog.contextvars.get_contextvars()) | {"state": dict(request.state._state)}
    await JSONResponse(body)(scope, receive, send)


async def get(headers: dict[str, str]) -> httpx2.Response:
    transport = httpx2.ASGITransport(app=CorrelationMiddleware(echo))
    async with httpx2.AsyncClient(transport=transport, base_url="http://edge") as client:
        return await client.get("/", headers=headers)


async def test_correlation_id_of_the_client_is_bound_and_returned() -> None:
    answer = await get({"X-Correlation-Id": "order-17:a.b_c", "traceparent": PARENT})
    assert answer.headers["x-correlation-id"] == "order-17:a.b_c"
    assert answer.json()["correlation_id"] == "order-17:a.b_c"
    assert answer.json()["trace_id"] == "4bf92f3577b34da6a3ce929d0e0e4736"
    returned = TraceParent.parse(answer.headers["traceparent"])
    assert returned is not None
    assert returned.trace_id == "4bf92f3577b34da6a3ce929d0e0e4736"
    assert returned.span_id != "00f067aa0ba902b7"
    assert answer.json()["state"]["traceparent"] == str(returned)


@pytest.mark.parametrize("value", ["", "a b", "x" * 65, 'x"}{', "a,b"])
async def test_correlation_id_that_is_not_plain_is_replaced(value: str) -> None:
    answer = await get({"X-Correlation-Id": value})
    assert answer.headers["x-correlation-id"] != value
    assert len(answer.headers["x-correlation-id"]) == 36


async def test_correlation_does_not_leak_from_one_request_to_the_next() -> None:
    with bound(job_id="stale"):
        assert "job_id" not in (await get({})).json()


def test_bound_leaves_out_what_is_none_and_ends_with_its_block() -> None:
    with bound(correlation_id="c", job_id=None):
        assert structlog.contextvars.get_contextvars() == {"correlation_id": "c"}
        assert current_correlation_id() == "c"
    assert current_correlation_id() is None


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "00-abc-def-01",
        PARENT.upper(),
        "ff" + PARENT[2:],
        f"00-{'0' * 32}-00f067aa0ba902b7-01",
        f"00-4bf92f3577b34da6a3ce929d0e0e4736-{'0' * 16}-01",
        PARENT + "\n",
    ],
)
def test_traceparent_that_is_malformed_is_none(header: str | None) -> None:
    assert TraceParent.parse(header) is None


@given(st.text())
def test_traceparent_survives_any_text(header: str) -> None:
    parsed = TraceParent.parse(header)
    assert parsed is None or str(parsed) == header


def test_traceparent_child_stays_in_its_trace() -> None:
    parent = TraceParent.new()
    child = parent.child()
    assert TraceParent.parse(str(child)) == child
    assert (child.trace_id, child.flags) == (parent.trace_id, parent.flags)
    assert child.span_id != parent.span_id
