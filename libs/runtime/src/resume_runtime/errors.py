"""Errors as RFC 9457 problems: stable codes, nothing of the input echoed."""

import re
import socket
from collections.abc import Callable, Mapping, Sequence
from http import HTTPStatus
from typing import Any

import asyncpg
import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from resume_runtime.correlation import current_correlation_id

log = structlog.get_logger()

#: Where the codes are documented; a problem's `type` is this plus its code.
TYPE_BASE = "urn:resume-tailor:problem:"

_CODES = {
    400: "bad_request",
    401: "unauthenticated",
    403: "forbidden",
    404: "not_found",
    405: "method_not_allowed",
    409: "conflict",
    413: "too_large",
    415: "unsupported_media_type",
    422: "invalid_request",
    429: "rate_limited",
    500: "internal_error",
    503: "service_unavailable",
    504: "timeout",
}
_RETRYABLE = frozenset({408, 429, 500, 502, 503, 504})

#: A database that is starting, stopping, out of connections or memory, or gone.
_UNREACHABLE = (
    ConnectionError,
    TimeoutError,
    socket.gaierror,
    PoolTimeoutError,
    asyncpg.InterfaceError,
    asyncpg.PostgresConnectionError,
    asyncpg.exceptions.OperatorInterventionError,
    asyncpg.exceptions.InsufficientResourcesError,
)

#: What a field's name may look like; anything else in a location came from the client.
_FIELD = re.compile(r"[A-Za-z_][A-Za-z0-9_-]{0,40}|[0-9]{1,6}")


class ProblemError(Exception):
    """An error that a client is to see.

    Attributes:
        status: HTTP status.
        code: stable code from the documented list.
        title: what kind of problem it is.
        detail: what to do about this one; holds nothing of the request's body.
        retryable: whether the same request may succeed later.
        headers: further response headers, e.g. `Retry-After`.
    """

    def __init__(
        self,
        status: int,
        code: str,
        title: str,
        detail: str | None = None,
        *,
        retryable: bool = False,
        headers: Mapping[str, str] | None = None,
        extra: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.title = title
        self.detail = detail
        self.retryable = retryable
        self.headers = dict(headers or {})
        self.extra = dict(extra or {})


def problem_response(request: Request, error: ProblemError) -> JSONResponse:
    """The answer for a problem."""
    body = {
        "type": TYPE_BASE + error.code,
        "title": error.title,
        "status": error.status,
        "detail": error.detail,
        "instance": request.url.path,
        "code": error.code,
        "retryable": error.retryable,
        "correlationId": current_correlation_id(),
        **error.extra,
    }
    return JSONResponse(
        {name: value for name, value in body.items() if value is not None},
        status_code=error.status,
        headers=error.headers,
        media_type="application/problem+json",
    )


Render = Callable[[Request, ProblemError], Response]


def install_problem_handlers(app: FastAPI, *, render: Render = problem_response) -> None:
    """Answer every error of the app with a problem.

    Args:
        app: an application that has not served yet.
        render: makes the answer of a problem, for a service whose errors have another wire format.
    """

    async def on_problem(request: Request, error: Exception) -> Response:
        assert isinstance(error, ProblemError)  # noqa: S101  registered for this type
        return render(request, error)

    async def on_http(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)  # noqa: S101  registered for this type
        return render(request, _from_status(error))

    async def on_validation(request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)  # noqa: S101  registered for this type
        return render(request, _from_validation(error))

    app.add_exception_handler(ProblemError, on_problem)
    app.add_exception_handler(HTTPException, on_http)
    app.add_exception_handler(RequestValidationError, on_validation)
    # Innermost: the ids of the request are still bound there, and an outer middleware sees the
    # answer. Starlette's own place for unexpected errors is outside of every middleware.
    app.user_middleware.append(Middleware(_UnexpectedErrors, render=render))


class _UnexpectedErrors:
    """Answers what no handler was registered for: 503 without a database, 500 for our bugs."""

    def __init__(self, app: ASGIApp, *, render: Render) -> None:
        self._app = app
        self._render = render

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        has_started = False

        async def watched(message: Message) -> None:
            nonlocal has_started
            has_started = has_started or message["type"] == "http.response.start"
            await send(message)

        try:
            await self._app(scope, receive, watched)
        except Exception as error:
            if has_started:
                # Too late for an answer; the server logs it and breaks the connection off.
                raise
            if is_unreachable(error):
                log.warning("database.unreachable", error=type(error).__name__)
                problem = unavailable()
            else:
                log.error("request.failed", path=scope["path"], exc_info=error)
                problem = ProblemError(500, "internal_error", "Internal error", retryable=True)
            response = self._render(Request(scope), problem)
            await response(scope, receive, send)


def unavailable(retry_after_s: int = 5) -> ProblemError:
    """The problem for a part of ours that is down just now."""
    return ProblemError(
        503,
        "service_unavailable",
        "Service unavailable",
        "A part of the service is unavailable just now. Try again shortly.",
        retryable=True,
        headers={"Retry-After": str(retry_after_s)},
    )


def is_unreachable(error: BaseException) -> bool:
    """Whether an error says that PostgreSQL cannot be reached just now."""
    if isinstance(error, DBAPIError):
        original = getattr(error.orig, "__cause__", None) or error.orig
        return error.connection_invalidated or isinstance(original, _UNREACHABLE)
    return isinstance(error, _UNREACHABLE)


def _from_status(error: HTTPException) -> ProblemError:
    status = error.status_code
    code = _CODES.get(status, "http_error")
    retryable = status in _RETRYABLE
    title = HTTPStatus(status).phrase
    return ProblemError(status, code, title, retryable=retryable, headers=error.headers)


def _from_validation(error: RequestValidationError) -> ProblemError:
    problems = [
        {"location": _location(item["type"], item["loc"]), "message": _message(item)}
        for item in error.errors()
    ]
    return ProblemError(
        422,
        "invalid_request",
        "Invalid request",
        "Some fields are missing or wrong; see errors.",
        extra={"errors": problems},
    )


def _location(kind: str, parts: Sequence[int | str]) -> str:
    # The name of a field that is not ours is the client's text, like any value.
    known = parts[:-1] if kind == "extra_forbidden" else parts
    names = [str(part) if _FIELD.fullmatch(str(part)) else "*" for part in known]
    return ".".join(names if known == parts else [*names, "*"])


def _message(item: Mapping[str, Any]) -> str:
    # What follows the comma in a parser's message says what it found.
    text = str(item["msg"])
    return text.partition(", ")[0] if item["type"].endswith("_parsing") else text
