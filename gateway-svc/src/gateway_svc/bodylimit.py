"""Caps on request bodies, answered with a problem like every other error."""

from collections.abc import Mapping

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from resume_runtime.errors import ProblemError, problem_response


class BodyLimitMiddleware:
    """Refuses a body by its announced length, or as soon as it has grown too large.

    Args:
        app: the application.
        limit: bytes for every path that is not named.
        limits: bytes by path.
    """

    def __init__(self, app: ASGIApp, *, limit: int, limits: Mapping[str, int]) -> None:
        self._app = app
        self._limit = limit
        self._limits = limits

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        limit = self._limits.get(scope["path"], self._limit)
        announced = Headers(scope=scope).get("content-length", "0")
        if announced.isdecimal() and int(announced) > limit:
            response = problem_response(Request(scope), too_large(limit))
            await response(scope, receive, send)
            return
        received = 0

        async def counted() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > limit:
                # The framework passes on this kind only while it reads a body.
                raise HTTPException(413)
            return message

        await self._app(scope, counted, send)


def too_large(limit: int) -> ProblemError:
    """The problem of a body beyond its cap."""
    return ProblemError(
        413, "too_large", "Too large", f"The request may have at most {limit // 1024} KiB."
    )
