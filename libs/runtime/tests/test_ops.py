import asyncio
import socket

import httpx2
import pytest
from prometheus_client import CollectorRegistry, Counter
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from resume_runtime.ops import Check, CheckResult, OpsServer, readiness, serve_app
from resume_runtime.process import StartupError

GOOD = CheckResult(ok=True)
DEGRADED = CheckResult(ok=False, degraded=True, detail="away")
BAD = CheckResult(ok=False)


def check(result: CheckResult) -> Check:
    async def run() -> CheckResult:
        return result

    return run


async def raising() -> CheckResult:
    raise RuntimeError("postgresql://user:hunter2@host")


@pytest.fixture
def port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


@pytest.mark.parametrize(
    ("checks", "status"),
    [
        ({}, 200),
        ({"postgres": check(GOOD), "broker": check(DEGRADED)}, 200),
        ({"postgres": check(BAD), "broker": check(GOOD)}, 503),
        ({"postgres": raising}, 503),
    ],
)
async def test_readiness_follows_its_checks(checks: dict[str, Check], status: int) -> None:
    app = OpsServer("127.0.0.1", 0, CollectorRegistry(), checks).app()
    async with httpx2.AsyncClient(
        transport=httpx2.ASGITransport(app=app), base_url="http://ops"
    ) as client:
        answer = await client.get("/health/ready")
        assert (await client.get("/health")).json() == {"status": "ok"}
    assert answer.status_code == status
    assert answer.json()["checks"].keys() == checks.keys()
    assert "hunter2" not in answer.text


async def test_readiness_names_what_each_check_found() -> None:
    ready, found = await readiness(
        {"a": check(GOOD), "b": check(DEGRADED), "c": check(BAD), "d": raising}
    )
    assert not ready
    assert found == {
        "a": {"status": "ok"},
        "b": {"status": "degraded", "detail": "away"},
        "c": {"status": "failed"},
        "d": {"status": "failed", "detail": "RuntimeError"},
    }


async def test_ops_server_serves_metrics_while_its_block_runs(port: int) -> None:
    registry = CollectorRegistry()
    Counter("things_total", "Things.", registry=registry).inc(3)
    async with httpx2.AsyncClient(base_url=f"http://127.0.0.1:{port}") as client:
        async with OpsServer("127.0.0.1", port, registry, {}).running():
            answer = await client.get("/metrics")
            assert "things_total 3.0" in answer.text
        with pytest.raises(httpx2.ConnectError):
            await client.get("/metrics")


async def test_port_in_use_is_one_line_that_names_the_variable(port: int) -> None:
    stop = asyncio.Event()
    with socket.create_server(("127.0.0.1", port)):
        with pytest.raises(StartupError, match=f"^PORT: cannot listen on 127.0.0.1:{port}: "):
            await serve_app(Starlette(), "127.0.0.1", port, stop)
        ops = OpsServer("127.0.0.1", port, CollectorRegistry(), {})
        with pytest.raises(StartupError, match=r"^OPS_PORT: "):
            async with ops.running():
                pass


async def test_stopping_lets_an_open_request_end(port: int) -> None:
    arrived, stop, release = asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def slow(_: Request) -> Response:
        arrived.set()
        await release.wait()
        return PlainTextResponse("done")

    app = Starlette(routes=[Route("/", slow)])
    serving = asyncio.create_task(serve_app(app, "127.0.0.1", port, stop))
    async with httpx2.AsyncClient(base_url=f"http://127.0.0.1:{port}") as client:
        asking = asyncio.create_task(client.get("/"))
        await arrived.wait()
        stop.set()
        release.set()
        assert (await asking).text == "done"
    await serving
