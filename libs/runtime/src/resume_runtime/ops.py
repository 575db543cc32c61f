"""The operator's side of a process: health, readiness and metrics on a port of its own."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass

import uvicorn
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from resume_runtime.process import StartupError

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
        """Serve while the block runs."""
        stop = asyncio.Event()
        serving = asyncio.create_task(serve_app(self.app(), self._host, self._port, stop))
        try:
            yield
        finally:
            stop.set()
            await serving


class _Server(uvicorn.Server):
    """Leaves signals to the process, which has its own order of stopping."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Install nothing."""
        yield


async def serve_app(
    app: ASGIApp, host: str, port: int, stop: asyncio.Event, *, grace_s: float = 10.0
) -> None:
    """Serve an ASGI app in this loop until `stop` is set; open requests get `grace_s` seconds.

    Raises:
        StartupError: the port is taken.
    """
    server = _Server(
        uvicorn.Config(
            app,
            host=host,
            port=port,
            log_config=None,
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=int(grace_s),
        )
    )
    serving = asyncio.create_task(_serve(server, host, port))
    stopping = asyncio.create_task(stop.wait())
    await asyncio.wait({serving, stopping}, return_when=asyncio.FIRST_COMPLETED)
    stopping.cancel()
    server.should_exit = True
    await serving


async def _serve(server: uvicorn.Server, host: str, port: int) -> None:
    try:
        await server.serve()
    except SystemExit as error:
        raise StartupError(f"PORT: cannot listen on {host}:{port}") from error
