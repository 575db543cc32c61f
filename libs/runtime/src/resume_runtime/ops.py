"""The operator's side of a process: health, readiness and metrics on a port of its own."""

import asyncio
import contextlib
import os
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass

import structlog
import uvicorn
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from resume_runtime.process import StartupError

log = structlog.get_logger()

#: Seconds a single check may take.
_CHECK_S = 3.0


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What a check found. A `degraded` part is reported and does not make the process unready."""

    ok: bool
    degraded: bool = False
    detail: str | None = None


Check = Callable[[], Awaitable[CheckResult]]


async def readiness(checks: Mapping[str, Check]) -> tuple[bool, dict[str, dict[str, str]]]:
    """Run all checks at once; return whether the process is ready, and each result."""
    results = await asyncio.gather(*(_run(check) for check in checks.values()))
    named = dict(zip(checks, results, strict=True))
    ready = all(result.ok or result.degraded for result in results)
    body: dict[str, dict[str, str]] = {}
    for name, result in named.items():
        status = "ok" if result.ok else "degraded" if result.degraded else "failed"
        body[name] = {"status": status} | ({"detail": result.detail} if result.detail else {})
    return ready, body


async def _run(check: Check) -> CheckResult:
    try:
        async with asyncio.timeout(_CHECK_S):
            return await check()
    except Exception as error:  # noqa: BLE001  a check that fails is a result
        return CheckResult(ok=False, detail=type(error).__name__)


class OpsServer:
    """`/health` (the process is up), `/health/ready` (checks by name), `/metrics` (Prometheus)."""

    def __init__(
        self, host: str, port: int, registry: CollectorRegistry, checks: Mapping[str, Check]
    ) -> None:
        self._host = host
        self._port = port
        self._registry = registry
        self._checks = checks

    def app(self) -> Starlette:
        """The three routes."""

        async def health(_: Request) -> Response:
            return JSONResponse({"status": "ok"})

        async def ready(_: Request) -> Response:
            is_ready, checks = await readiness(self._checks)
            status = "ready" if is_ready else "unready"
            return JSONResponse(
                {"status": status, "checks": checks}, status_code=200 if is_ready else 503
            )

        async def metrics(_: Request) -> Response:
            return Response(generate_latest(self._registry), media_type=CONTENT_TYPE_LATEST)

        return Starlette(
            routes=[
                Route("/health", health),
                Route("/health/ready", ready),
                Route("/metrics", metrics),
            ]
        )

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Serve while the block runs.

        Raises:
            StartupError: the port is taken.
        """
        stop = asyncio.Event()
        listening = listen(self._host, self._port, variable="OPS_PORT")
        serving = asyncio.create_task(_serve(self.app(), listening, stop, grace_s=1.0))
        try:
            yield
        finally:
            stop.set()
            await serving


async def serve_app(
    app: ASGIApp, host: str, port: int, stop: asyncio.Event, *, grace_s: float = 10.0
) -> None:
    """Serve an ASGI app in this loop until `stop` is set; open requests get `grace_s` seconds.

    The address of a client behind proxies is taken from `X-Forwarded-For` only when the peer is
    named in `FORWARDED_ALLOW_IPS` (uvicorn's own variable; this machine by default).

    Raises:
        StartupError: the port is taken.
    """
    await _serve(app, listen(host, port, variable="PORT"), stop, grace_s=grace_s)


def listen(host: str, port: int, *, variable: str) -> socket.socket:
    """A socket that already takes connections, so that a port in use is known at once.

    Raises:
        StartupError: it cannot be had; the line names `variable`.
    """
    try:
        is_v6 = ":" in host and socket.has_dualstack_ipv6()
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        return socket.create_server((host, port), family=family, dualstack_ipv6=is_v6)
    except OSError as error:
        reason = os.strerror(error.errno) if error.errno else type(error).__name__
        raise StartupError(f"{variable}: cannot listen on {host}:{port}: {reason}") from error


class _Server(uvicorn.Server):
    """Leaves signals to the process, which has its own order of stopping."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Install nothing."""
        yield


async def _serve(
    app: ASGIApp, listening: socket.socket, stop: asyncio.Event, *, grace_s: float
) -> None:
    server = _Server(
        uvicorn.Config(
            app,
            log_config=None,
            ws="none",  # nothing here speaks WebSocket, whatever library is installed
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=max(1, round(grace_s)),
        )
    )

    async def stop_serving() -> None:
        await stop.wait()
        server.should_exit = True

    host, port = listening.getsockname()[:2]
    log.info("server.listening", host=host, port=port)
    stopping = asyncio.create_task(stop_serving())
    try:
        await server.serve(sockets=[listening])
    finally:
        stopping.cancel()
        listening.close()
