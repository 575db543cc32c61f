import httpx2
import pytest
from fastapi import APIRouter, FastAPI
from prometheus_client import CollectorRegistry
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse
from starlette.routing import Mount, Route

from resume_runtime.errors import install_problem_handlers
from resume_runtime.metrics import MetricsMiddleware, PoolCollector, auth_failures
from resume_runtime.testing import FakeClock


async def requested(*requests: tuple[str, str]) -> CollectorRegistry:
    registry, clock = CollectorRegistry(), FakeClock()
    app = FastAPI(middleware=[Middleware(MetricsMiddleware, registry=registry, clock=clock)])
    install_problem_handlers(app)
    router = APIRouter(prefix="/jobs")

    @router.get("/{job_id}")
    async def job(job_id: str) -> str:
        clock.advance(0.2)
        return job_id

    @router.post("/")
    async def fail() -> None:
        raise RuntimeError

    app.include_router(router)
    app.routes.append(Mount("/static", routes=[Route("/{path:path}", PlainTextResponse("x"))]))
    transport = httpx2.ASGITransport(app=app)
    async with httpx2.AsyncClient(transport=transport, base_url="http://edge") as client:
        for method, path in requests:
            await client.request(method, path)
    return registry


async def test_requests_are_counted_and_timed_by_route_template() -> None:
    registry = await requested(("GET", "/jobs/1"), ("GET", "/jobs/2"))
    labels = {"method": "GET", "route": "/jobs/{job_id}"}
    value = registry.get_sample_value
    assert value("http_requests_total", labels | {"status": "200"}) == 2
    assert value("http_request_duration_seconds_sum", labels) == pytest.approx(0.4)
    assert value("http_request_duration_seconds_bucket", labels | {"le": "0.1"}) == 0
    assert value("http_request_duration_seconds_bucket", labels | {"le": "0.25"}) == 2


async def test_labels_stay_bounded_whatever_is_asked_for() -> None:
    registry = await requested(*((f"M{n}", f"/scan/{n}") for n in range(20)), ("GET", "/wp-admin"))
    samples = next(m for m in registry.collect() if m.name == "http_requests").samples
    labels = {(s.labels["method"], s.labels["route"]) for s in samples}
    assert labels == {("other", "unmatched"), ("GET", "unmatched")}


async def test_errors_are_those_of_ours() -> None:
    registry = await requested(("POST", "/jobs/"), ("GET", "/nothing"))
    samples = next(m for m in registry.collect() if m.name == "http_errors").samples
    counted = [s for s in samples if s.name == "http_errors_total"]
    assert [(s.labels["route"], s.labels["status"], s.value) for s in counted] == [
        ("/jobs/", "500", 1.0)
    ]


async def test_requests_of_a_mount_share_one_label() -> None:
    registry = await requested(("GET", "/static/a.js"), ("GET", "/static/b.js"))
    samples = next(m for m in registry.collect() if m.name == "http_requests").samples
    assert len({s.labels["route"] for s in samples}) == 1


def test_pools_are_read_when_scraped() -> None:
    registry, used = CollectorRegistry(), [2]
    registry.register(PoolCollector(lambda: {"api": (used[0], 5)}))
    used[0] = 7
    read = {
        name: registry.get_sample_value(f"db_pool_{name}", {"pool": "api"})
        for name in ("active", "size", "overflow")
    }
    assert read == {"active": 7, "size": 5, "overflow": 2}


def test_auth_failures_are_counted_by_reason() -> None:
    registry = CollectorRegistry()
    auth_failures(registry).labels("bad_jwt").inc()
    assert registry.get_sample_value("auth_failures_total", {"reason": "bad_jwt"}) == 1
