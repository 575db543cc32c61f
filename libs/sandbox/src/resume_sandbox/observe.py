"""The outermost layer of the app: records each call, delays it and makes it go wrong."""

import asyncio
import hashlib
import math
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from resume_sandbox.connection import connection_of
from resume_sandbox.error_answers import error_answer, named_error, proxy_page
from resume_sandbox.faults import FaultStep
from resume_sandbox.ledger import Call
from resume_sandbox.routes import BILLED_ROUTES, OPENAI_LIKE, route_of
from resume_sandbox.state import SandboxState

log = structlog.get_logger()

#: Bytes of a request that are read; a prompt is far below.
LARGEST_BODY = 8 * 1024 * 1024
_DRIP_S, _DRIP_PIECES = 5.0, 10
_CALL = "resume_sandbox.call"
_PAUSE = "resume_sandbox.pause"
Pause = Callable[[float | None], Awaitable[bool]]
_UNBILLED = frozenset(
    {
        "status",
        "error",
        "hang",
        "reset",
        "not_json",
        "run_failed",
        "run_queued",
        "run_in_progress",
        "run_cancelled",
        "unsuccessful",
    }
)


def call_of(request: Request) -> Call:
    """The ledger's entry of the call that is being answered."""
    call: Call = request.scope["state"][_CALL]
    return call


def pause_of(request: Request) -> Pause:
    """A wait (seconds) that ends early when the client leaves; whether it is still there."""
    pause: Pause = request.scope["state"][_PAUSE]
    return pause


class Observed:
    """ASGI middleware around every route that stands in for somebody else's."""

    def __init__(self, app: ASGIApp, state: SandboxState) -> None:
        self._app = app
        self._state = state

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        route = route_of(scope["path"]) if scope["type"] == "http" else None
        if route is None:
            await self._app(scope, receive, send)
            return
        body = await _read(receive)
        if body is None:
            return
        headers = Headers(scope=scope)
        retries = headers.get("x-stainless-retry-count", "")
        ledger = self._state.ledger
        call = ledger.begin(
            route,
            scope["path"],
            client_request_id=headers.get("x-client-request-id"),
            sdk_retries=int(retries) if retries.isdecimal() else None,
            digest=hashlib.blake2b(body, digest_size=8).hexdigest(),
            fault=self._state.faults.take(route),
        )
        scope.setdefault("state", {})[_CALL] = call
        exchange = _Exchange(call, body, receive, send, self._state)
        scope["state"][_PAUSE] = exchange.pause
        try:
            await exchange.answer(self._app, scope)
        finally:
            ledger.finish(call)
            log.info(
                "call.finished",
                route=route,
                status=call.status,
                state=call.state,
                fault=call.fault.kind if call.fault else None,
                client_request_id=call.client_request_id,
            )


async def _read(receive: Receive) -> bytes | None:
    """The request's body, its end cut off beyond the limit; None when the client has left."""
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        if len(body) <= LARGEST_BODY:
            body += message.get("body", b"")
        if not message.get("more_body", False):
            return bytes(body)


class _Exchange:
    """One call's answer, on its way through delay and fault."""

    def __init__(
        self, call: Call, body: bytes, receive: Receive, send: Send, state: SandboxState
    ) -> None:
        self._call = call
        self._body: bytes | None = body
        self._receive = receive
        self._send = send
        self._state = state
        self._scope: Scope = {}

    async def answer(self, app: ASGIApp, scope: Scope) -> None:
        """Answer as the latency and the fault of the call demand."""
        self._scope = scope
        latency = self._state.latency_ms.get(self._call.route, 0) / 1000
        fault = self._call.fault
        self._call.billed = self._is_billed(fault)
        if not await self.pause(latency):
            return
        match fault:
            case FaultStep(kind="status", status=int(status)):
                reply = error_answer(
                    self._call.provider,
                    status,
                    code=fault.code,
                    retry_after=fault.retry_after,
                    retry_at=self._retry_at(fault),
                )
                await reply(scope, self._replay, self._forward)
            case FaultStep(kind="error", code=str(name)):
                reply = named_error(self._call.provider, name, retry_after=fault.retry_after)
                await reply(scope, self._replay, self._forward)
            case FaultStep(kind="not_json"):
                await proxy_page()(scope, self._replay, self._forward)
            case FaultStep(kind="reset"):
                self._call.state = "cut"
                connection_of(scope).reset()
                await self._until_gone()
            case FaultStep(kind="hang"):
                if await self.pause(fault.seconds):
                    self._call.billed = self._call.route in BILLED_ROUTES
                    await app(scope, self._replay, self._forward)
            case FaultStep(kind="cut_body"):
                await app(scope, self._replay, self._cut)
                await self._until_gone()
            case FaultStep(kind="slow_drip"):
                await app(scope, self._replay, self._drip)
            case _:
                await app(scope, self._replay, self._forward)

    def _retry_at(self, fault: FaultStep) -> datetime | None:
        if not fault.retry_after_date or fault.retry_after is None:
            return None
        # A date has whole seconds: rounded up, or it would ask for less than was meant.
        moment = self._state.clock.now() + timedelta(seconds=fault.retry_after + 1)
        return moment.replace(microsecond=0)

    def _is_billed(self, fault: FaultStep | None) -> bool:
        if self._call.route not in BILLED_ROUTES or self._scope["method"] == "GET":
            return False
        return fault is None or fault.kind not in _UNBILLED

    async def _replay(self) -> Message:
        if self._body is not None:
            body, self._body = self._body, None
            return {"type": "http.request", "body": body, "more_body": False}
        return await self._receive()

    async def _forward(self, message: Message) -> None:
        """Send on, and note what was sent."""
        if message["type"] == "http.response.start":
            self._call.status = message["status"]
            if self._call.provider in OPENAI_LIKE:
                headers = MutableHeaders(scope=message)
                headers["x-request-id"] = f"req_{self._state.new_id().hex}"
                if self._call.fault and self._call.fault.should_retry is not None:
                    headers["x-should-retry"] = str(self._call.fault.should_retry).lower()
            # An error of the handler's own making (a wrong key, a wrong request) costs nothing.
            self._call.billed = self._call.billed and message["status"] < 400
        await self._send(message)
        if message["type"] == "http.response.body" and not message.get("more_body", False):
            self._call.state = "answered"

    async def _cut(self, message: Message) -> None:
        """Send the head and half of the first piece of the body, then close."""
        if message["type"] == "http.response.start":
            await self._forward(message)
        elif self._call.state == "open":
            body = message.get("body", b"")
            await self._send(
                {"type": "http.response.body", "body": body[: len(body) // 2], "more_body": True}
            )
            self._call.state = "cut"
            connection_of(self._scope).close()

    async def _drip(self, message: Message) -> None:
        """Send each piece of the body little by little."""
        body: bytes = message.get("body", b"")
        if message["type"] != "http.response.body" or not body:
            await self._forward(message)
            return
        seconds = self._call.fault.seconds if self._call.fault else None
        rest = (_DRIP_S if seconds is None else seconds) / _DRIP_PIECES
        size = math.ceil(len(body) / _DRIP_PIECES)
        for start in range(0, len(body), size):
            if not await self.pause(rest):
                return
            last = start + size >= len(body)
            more = not last or message.get("more_body", False)
            await self._forward({**message, "body": body[start : start + size], "more_body": more})

    async def pause(self, seconds: float | None) -> bool:
        """Wait (None: for ever) while the client is there; whether it still is."""
        if seconds == 0:
            return True
        gone = asyncio.ensure_future(self._until_gone())
        waiting = {gone}
        if seconds is not None:
            waiting.add(asyncio.ensure_future(self._state.sleep(seconds)))
        try:
            done, _ = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
            return gone not in done
        finally:
            for task in waiting:
                task.cancel()
            await asyncio.gather(*waiting, return_exceptions=True)

    async def _until_gone(self) -> None:
        while (await self._receive())["type"] != "http.disconnect":
            pass
