"""Errors in GoTrue's shape: `{"code": status, "error_code": …, "msg": …}`.

The wire format of Supabase Auth wins over problem JSON under `/auth/v1`. Codes:
https://supabase.com/docs/guides/auth/debugging/error-codes; `service_unavailable` is ours.
"""

from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from resume_runtime.errors import ProblemError, install_problem_handlers

_CODES = {404: "not_found", 405: "method_not_allowed"}


class AuthError(Exception):
    """An error that a client is to see; `error_code` is GoTrue's.

    `extra` holds further members of the body; nothing of the request is ever in it.
    """

    def __init__(
        self,
        status: int,
        error_code: str,
        msg: str,
        *,
        headers: Mapping[str, str] | None = None,
        extra: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(error_code)
        self.status = status
        self.error_code = error_code
        self.msg = msg
        self.headers = dict(headers or {})
        self.extra = dict(extra or {})


def invalid_credentials() -> AuthError:
    """One answer for an unknown email and for a wrong password."""
    return AuthError(400, "invalid_credentials", "Invalid login credentials")


def rate_limited(retry_after_s: int) -> AuthError:
    """Too many attempts of this email or address."""
    return AuthError(
        429,
        "over_request_rate_limit",
        "Request rate limit reached",
        headers={"Retry-After": str(retry_after_s)},
    )


def bad_jwt() -> AuthError:
    """An access token that is not ours, or too old."""
    return AuthError(
        403,
        "bad_jwt",
        "invalid JWT",
        headers={"WWW-Authenticate": 'Bearer error="invalid_token"'},
    )


def install_auth_handlers(app: FastAPI) -> None:
    """Answer every error of the app in GoTrue's shape."""

    async def on_auth(_: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, AuthError)  # noqa: S101  registered for this type
        return _answer(error)

    async def on_validation(_: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, RequestValidationError)  # noqa: S101  registered for this type
        if any(item["type"] == "json_invalid" for item in error.errors()):
            return _answer(AuthError(400, "bad_json", "Could not parse request body as JSON"))
        fields = sorted({str(item["loc"][-1]) for item in error.errors() if item["loc"]})
        return _answer(
            AuthError(400, "validation_failed", f"Missing or wrong: {', '.join(fields)}")
        )

    async def on_http(_: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, HTTPException)  # noqa: S101  registered for this type
        code = _CODES.get(error.status_code, "validation_failed")
        return _answer(AuthError(error.status_code, code, str(error.detail), headers=error.headers))

    def on_problem(error: ProblemError) -> JSONResponse:
        code = "unexpected_failure" if error.status == 500 else error.code
        msg = error.detail or error.title
        return _answer(AuthError(error.status, code, msg, headers=error.headers))

    install_problem_handlers(app, render=lambda _, error: on_problem(error))
    app.add_exception_handler(AuthError, on_auth)
    app.add_exception_handler(RequestValidationError, on_validation)
    app.add_exception_handler(HTTPException, on_http)


def _answer(error: AuthError) -> JSONResponse:
    body = {"code": error.status, "error_code": error.error_code, "msg": error.msg, **error.extra}
    return JSONResponse(body, status_code=error.status, headers=error.headers)
