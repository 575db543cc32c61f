from collections.abc import AsyncIterator
from typing import Annotated, Any

import asyncpg
import httpx2
import pytest
from fastapi import FastAPI, Query
from fastapi.responses import StreamingResponse
from pydantic import Field
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from starlette.middleware import Middleware
from structlog.testing import capture_logs

from resume_runtime.correlation import CorrelationMiddleware
from resume_runtime.errors import ProblemError, install_problem_handlers, is_unreachable
from resume_runtime.schemas import ApiModel


class Order(ApiModel):
    job_url: str = Field(max_length=10)
    copies: int = 1


async def answer(
    raised: Exception | None = None, *, method: str = "GET", path: str = "/raise", **request: Any
) -> httpx2.Response:
    app = FastAPI(middleware=[Middleware(CorrelationMiddleware)])
    install_problem_handlers(app)

    @app.get("/raise")
    async def fail() -> None:
        if raised is not None:
            raise raised

    @app.post("/orders")
    async def order(body: Order, size: Annotated[int, Query()] = 1) -> Order:
        return body.model_copy(update={"copies": size})

    @app.get("/stream")
    async def stream() -> StreamingResponse:
        async def body() -> AsyncIterator[bytes]:
            yield b"first"
            raise RuntimeError("late")

        return StreamingResponse(body())

    transport = httpx2.ASGITransport(app=app)
    async with httpx2.AsyncClient(transport=transport, base_url="http://edge") as client:
        headers = {"X-Correlation-Id": "c-1", "Content-Type": "application/json"}
        return await client.request(method, path, headers=headers, **request)


async def test_problem_has_the_members_of_rfc_9457_and_ours() -> None:
    found = await answer(
        ProblemError(
            429,
            "rate_limited",
            "Too many requests",
            "At most 30 a minute.",
            retryable=True,
            headers={"Retry-After": "7"},
        )
    )
    assert found.status_code == 429
    assert found.headers["content-type"] == "application/problem+json"
    assert found.headers["retry-after"] == "7"
    assert found.json() == {
        "type": "urn:resume-tailor:problem:rate_limited",
        "title": "Too many requests",
        "status": 429,
        "detail": "At most 30 a minute.",
        "instance": "/raise",
        "code": "rate_limited",
        "retryable": True,
        "correlationId": "c-1",
    }


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/nowhere", 404, "not_found"),
        ("DELETE", "/raise", 405, "method_not_allowed"),
    ],
)
async def test_http_errors_of_the_framework_are_problems(
    method: str, path: str, status: int, code: str
) -> None:
    found = await answer(method=method, path=path)
    assert (found.status_code, found.json()["code"]) == (status, code)


@pytest.mark.parametrize(
    ("content", "query", "locations"),
    [
        (b'{"jobUrl": "TOPSECRET-and-long"}', "", ["body.jobUrl"]),
        (b'{"jobUrl": "x", "TOPSECRET": 1}', "", ["body.*"]),
        (b'{"jobUrl": "x", "copies": "TOPSECRET"}', "", ["body.copies"]),
        (b'{"TOPSECRET', "", ["body.1"]),
        (b'["TOPSECRET"]', "", ["body"]),
        (b'{"jobUrl": "x"}', "?size=TOPSECRET", ["query.size"]),
    ],
)
async def test_invalid_request_names_places_and_never_echoes(
    content: bytes, query: str, locations: list[str]
) -> None:
    found = await answer(method="POST", path=f"/orders{query}", content=content)
    assert found.status_code == 422
    assert "TOPSECRET" not in found.text
    assert [item["location"] for item in found.json()["errors"]] == locations
    assert all(item["message"] for item in found.json()["errors"])


async def test_bug_is_a_500_with_the_ids_of_the_request_and_without_its_text() -> None:
    with capture_logs() as logs:
        found = await answer(RuntimeError("resume text"))
    assert found.status_code == 500
    assert found.json()["code"] == "internal_error"
    assert found.json()["correlationId"] == found.headers["x-correlation-id"] == "c-1"
    assert "resume text" not in found.text
    assert [entry["event"] for entry in logs] == ["request.failed"]


async def test_failure_after_the_first_byte_is_left_to_the_server() -> None:
    with pytest.raises(RuntimeError, match="late"):
        await answer(path="/stream")


def wrapped(error: Exception) -> DBAPIError:
    adapted = RuntimeError()
    adapted.__cause__ = error
    return DBAPIError("select 1", {}, adapted)


UNREACHABLE = [
    ConnectionRefusedError(),
    TimeoutError(),
    PoolTimeoutError(),
    asyncpg.CannotConnectNowError("starting"),
    asyncpg.TooManyConnectionsError("full"),
    asyncpg.ConnectionDoesNotExistError("gone"),
    asyncpg.InterfaceError("connection is closed"),
    wrapped(asyncpg.AdminShutdownError("stopping")),
]


@pytest.mark.parametrize("error", UNREACHABLE, ids=lambda error: type(error).__name__)
async def test_database_that_is_away_is_a_503_with_retry_after(error: Exception) -> None:
    found = await answer(error)
    assert found.status_code == 503
    assert found.json()["code"] == "service_unavailable"
    assert found.json()["retryable"] is True
    assert found.headers["retry-after"] == "5"


@pytest.mark.parametrize(
    "error",
    [ValueError(), asyncpg.UniqueViolationError("x"), wrapped(asyncpg.UniqueViolationError("x"))],
    ids=["bug", "asyncpg", "sqlalchemy"],
)
async def test_other_errors_of_the_database_are_bugs(error: Exception) -> None:
    assert not is_unreachable(error)
    assert (await answer(error)).status_code == 500
