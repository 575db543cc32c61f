"""Errors in GoTrue's shape: `{"code": status, "error_code": …, "msg": …}`.

The wire format of Supabase Auth wins over problem JSON under `/auth/v1`. Codes:
https://supabase.com/docs/guides/auth/debugging/error-codes.
"""

from collections.abc import Mapping

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from resume_runtime.errors import install_problem_handlers


class AuthError(Exception):
    """An error a client is to see; `error_code` is GoTrue's."""

    def __init__(
        self, status: int, error_code: str, msg: str, *, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(error_code)
        self.status = status
        self.error_code = error_code
        self.msg = msg
        self.headers = dict(headers or {})


def invalid_credentials() -> AuthError:
    """One answer for an unknown email and for a wrong password."""
    return AuthError(400, "invalid_credentials", "Invalid login credentials")


def install_auth_handlers(app: FastAPI) -> None:
    """Answer errors in GoTrue's shape; a database that is down, and our bugs, as problems."""
    install_problem_handlers(app)

    async def on_auth(_: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, AuthError)  # noqa: S101  registered for this type
        return _answer(error)

    async def on_validation(_: Request, __: Exception) -> JSONResponse:
        return _answer(
            AuthError(400, "validation_failed", "A field is missing or has a wrong form")
        )

    async def on_http(_: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, HTTPException)  # noqa: S101  registered for this type
        return _answer(AuthError(error.status_code, "not_found", str(error.detail)))

    app.add_exception_handler(AuthError, on_auth)
    app.add_exception_handler(RequestValidationError, on_validation)
    app.add_exception_handler(HTTPException, on_http)


def _answer(error: AuthError) -> JSONResponse:
    body = {"code": error.status, "error_code": error.error_code, "msg": error.msg}
    return JSONResponse(body, status_code=error.status, headers=error.headers)
