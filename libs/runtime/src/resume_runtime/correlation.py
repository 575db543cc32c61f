"""Who a log line is about: ids bound around each request and each delivery.

Trace context: W3C Trace Context, https://www.w3.org/TR/trace-context/ (version 00).
"""

import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Self

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from resume_runtime.ids import uuid7

_CORRELATION = re.compile(r"[A-Za-z0-9._:-]{1,64}")
_TRACEPARENT = re.compile(r"00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})")


@contextmanager
def bound(**ids: Any) -> Iterator[None]:
    """Bind ids to every log line within; `None` values are left out."""
    with structlog.contextvars.bound_contextvars(
        **{name: str(value) for name, value in ids.items() if value is not None}
    ):
        yield


def current_correlation_id() -> str | None:
    """The correlation id of the request or delivery being handled."""
    value: str | None = structlog.contextvars.get_contextvars().get("correlation_id")
    return value


@dataclass(frozen=True, slots=True)
class TraceParent:
    """A W3C `traceparent`: trace id, span id, flags (lower-case hex)."""

    trace_id: str
    span_id: str
    flags: str = "01"

    @classmethod
    def parse(cls, value: str | None) -> Self | None:
        """Read a header; None when it is absent or malformed."""
        match = _TRACEPARENT.fullmatch(value or "")
        if match is None or set(match[1]) == {"0"} or set(match[2]) == {"0"}:
            return None
        return cls(match[1], match[2], match[3])

    @classmethod
    def new(cls) -> Self:
        """A new trace."""
        return cls(secrets.token_hex(16), secrets.token_hex(8))

    def child(self) -> Self:
        """A new span of the same trace."""
        return type(self)(self.trace_id, secrets.token_hex(8), self.flags)

    def __str__(self) -> str:
        return f"00-{self.trace_id}-{self.span_id}-{self.flags}"


class CorrelationMiddleware:
    """Takes or makes `X-Correlation-Id` and `traceparent`, binds them, and returns them."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        asked = headers.get("x-correlation-id", "")
        correlation_id = asked if _CORRELATION.fullmatch(asked) else str(uuid7())
        parent = TraceParent.parse(headers.get("traceparent"))
        trace = parent.child() if parent is not None else TraceParent.new()
        state = scope.setdefault("state", {})
        state["correlation_id"], state["traceparent"] = correlation_id, str(trace)

        async def send_with_ids(message: Message) -> None:
            if message["type"] == "http.response.start":
                answer = MutableHeaders(scope=message)
                answer["X-Correlation-Id"] = correlation_id
                answer["traceparent"] = str(trace)
            await send(message)

        structlog.contextvars.clear_contextvars()
        with bound(correlation_id=correlation_id, trace_id=trace.trace_id):
            await self._app(scope, receive, send_with_ids)
