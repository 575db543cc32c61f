"""`/auth/v1/*` passed on to the identity service, so that a page has one origin."""

from collections.abc import AsyncIterator, Iterable
from urllib.parse import quote

import httpx2
from fastapi import APIRouter, Request
from fastapi.responses import StreamingResponse
from starlette.background import BackgroundTask

from gateway_svc.edge import EdgeDep
from resume_runtime.correlation import current_correlation_id
from resume_runtime.errors import ProblemError

router = APIRouter(tags=["identity"])

#: Headers that concern one connection only (RFC 9110, 7.6.1), and those the client library sets.
HOP_BY_HOP = frozenset(
    {
        "connection",
        "content-length",
        "host",
        "keep-alive",
        "proxy-authenticate",
        "proxy-authorization",
        "proxy-connection",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
    }
)
#: Ours on the way back: the edge's own middleware sets these.
_OWN = frozenset({"date", "server", "x-correlation-id", "traceparent"})

TIMEOUT = httpx2.Timeout(15.0, connect=3.0, pool=3.0)


@router.api_route(
    "/auth/v1/{path:path}",
    methods=["GET", "POST", "PUT", "DELETE"],
    include_in_schema=False,
)
async def pass_on(path: str, request: Request, edge: EdgeDep) -> StreamingResponse:
    """Pass a request on and stream the answer back, whatever its status."""
    if edge.auth_url is None or not {".", ".."}.isdisjoint(path.split("/")):
        raise ProblemError(404, "not_found", "Not found", "Nothing is served here.")
    outgoing = edge.http.build_request(
        request.method,
        f"{edge.auth_url}/auth/v1/{quote(path, safe='/.-_~')}",
        params=tuple(request.query_params.multi_items()),
        headers=[*_end_to_end(request.headers.raw), *_added(request)],
        content=await request.body(),
        timeout=TIMEOUT,
    )
    try:
        answer = await edge.http.send(outgoing, stream=True)
    except httpx2.TimeoutException as error:
        raise _unavailable(504, "identity_timeout") from error
    except httpx2.HTTPError as error:
        raise _unavailable(503, "identity_unavailable") from error
    response = StreamingResponse(
        _body(answer), status_code=answer.status_code, background=BackgroundTask(answer.aclose)
    )
    response.raw_headers = [
        (name, value)
        for name, value in _end_to_end(answer.headers.raw)
        if name.decode("latin-1").lower() not in _OWN
    ]
    return response


async def _body(answer: httpx2.Response) -> AsyncIterator[bytes]:
    async for chunk in answer.aiter_raw():
        yield chunk


def _end_to_end(headers: Iterable[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    pairs = list(headers)
    named = {
        token.strip().lower()
        for name, value in pairs
        if name.lower() == b"connection"
        for token in value.decode("latin-1").split(",")
    }
    return [
        (name, value)
        for name, value in pairs
        if name.decode("latin-1").lower() not in HOP_BY_HOP | named
    ]


def _added(request: Request) -> list[tuple[bytes, bytes]]:
    added = [(b"x-correlation-id", (current_correlation_id() or "").encode())]
    if request.client is not None:
        added.append((b"x-forwarded-for", request.client.host.encode()))
    return added


def _unavailable(status: int, code: str) -> ProblemError:
    return ProblemError(
        status,
        code,
        "Identity service unavailable",
        "The identity service does not answer just now.",
        retryable=True,
        headers={"Retry-After": "5"},
    )
