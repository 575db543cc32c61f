"""Errors as RFC 9457 problems: stable codes, nothing of the input echoed."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import asyncpg
import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from starlette.exceptions import HTTPException

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

#: A database that is starting, stopping, out of connections or gone.
_UNREACHABLE = (
    *(asyncpg.PostgresConnectionError, asyncpg.InterfaceError, asyncpg.CannotConnectNowError),
    *(asyncpg.AdminShutdownError, asyncpg.CrashShutdownError, asyncpg.TooManyConnectionsError),
)


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


def install_problem_handlers(app: FastAPI) -> None:
    """Answer every error of the app with a problem."""

    async def on_problem(request: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, ProblemError)  # noqa: S101  registered for this type
        return problem_response(request, error)

    async def on_http(request: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, HTTPException)  # noqa: S101  registered for this type
        return problem_response(request, _from_status(error))

    async def on_validation(request: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, RequestValidationError)  # noqa: S101  registered for this type
        return problem_response(request, _from_validation(error))

    async def on_database(request: Request, error: Exception) -> JSONResponse:
        if isinstance(error, DBAPIError) and not is_unreachable(error):
            return await on_unexpected(request, error)
        log.warning("database.unreachable", error=type(error).__name__)
        return problem_response(request, unavailable())

    async def on_unexpected(request: Request, error: Exception) -> JSONResponse:
        log.error("request.failed", path=request.url.path, exc_info=error)
        return problem_response(
            request,
            ProblemError(500, "internal_error", "Internal error", retryable=True),
        )

    app.add_exception_handler(ProblemError, on_problem)
    app.add_exception_handler(HTTPException, on_http)
    app.add_exception_handler(RequestValidationError, on_validation)
    for kind in (DBAPIError, PoolTimeoutError, ConnectionError, TimeoutError, *_UNREACHABLE):
        app.add_exception_handler(kind, on_database)
    app.add_exception_handler(Exception, on_unexpected)


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
        return error.connection_invalidated or is_unreachable(original or ValueError())
    return isinstance(error, (*_UNREACHABLE, ConnectionError, TimeoutError, PoolTimeoutError))


def _from_status(error: HTTPException) -> ProblemError:
    status = error.status_code
    code = _CODES.get(status, "http_error")
    retryable = status in _RETRYABLE
    title = HTTPStatus(status).phrase
    return ProblemError(status, code, title, retryable=retryable, headers=error.headers)


def _from_validation(error: RequestValidationError) -> ProblemError:
    problems = [
        {"location": ".".join(str(part) for part in item["loc"]), "message": item["msg"]}
        for item in error.errors()
    ]
    return ProblemError(
        422,
        "invalid_request",
        "Invalid request",
        "Some fields are missing or wrong; see errors.",
        extra={"errors": problems},
    )
