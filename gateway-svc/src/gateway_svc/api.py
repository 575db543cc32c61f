"""The public API, assembled from the features' routers."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.docs import get_swagger_ui_html
from fastapi.responses import FileResponse, HTMLResponse, JSONResponse
from fastapi.staticfiles import StaticFiles
from prometheus_client import CollectorRegistry
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware

from gateway_svc.account import endpoints as account
from gateway_svc.bodylimit import BodyLimitMiddleware
from gateway_svc.decisions import endpoints as decisions
from gateway_svc.edits.endpoints import edit_router
from gateway_svc.edits.folding import EDITS
from gateway_svc.identity import endpoints as identity
from gateway_svc.identity import proxy
from gateway_svc.jobs.endpoints import job_router
from gateway_svc.jobs.export import export_router
from gateway_svc.jobs.ordering import product_router
from gateway_svc.jobs.products import PRODUCTS
from gateway_svc.jobs.results import result_router
from gateway_svc.jobs.sources import source_router
from gateway_svc.postings import endpoints as postings
from gateway_svc.problems import RESPONSES, publish_problems
from gateway_svc.resumes import endpoints as resumes
from gateway_svc.resumes import facts, score, versions
from gateway_svc.resumes.uploads import UPLOAD_LIMIT
from gateway_svc.security import SecurityHeadersMiddleware
from resume_contracts import asyncapi
from resume_contracts.workflows import Workflow
from resume_runtime.clock import Clock
from resume_runtime.correlation import CorrelationMiddleware
from resume_runtime.errors import install_problem_handlers
from resume_runtime.metrics import MetricsMiddleware
from resume_runtime.ops import Check, readiness

PAGE = Path(__file__).parent / "page"

#: A pasted posting of 24 KiB or a resume of 48 KiB, escaped in the worst way.
BODY_LIMIT = 512 * 1024

#: Boundaries and part headers of a form with one file.
FORM_OVERHEAD = 64 * 1024

_EXPOSED = [
    "ETag",
    "Location",
    "Retry-After",
    "RateLimit",
    "RateLimit-Policy",
    "Idempotent-Replayed",
    "X-Correlation-Id",
]


def create_app(
    *,
    origins: list[str],
    checks: Mapping[str, Check],
    registry: CollectorRegistry,
    clock: Clock,
) -> FastAPI:
    """The application; whoever serves it puts an `Edge` into `app.state.edge` first."""
    app = FastAPI(
        title="Resume tailoring",
        version="1.0.0",
        description="Errors are RFC 9457 problems with a stable `code`.",
        docs_url=None,
        redoc_url=None,
        responses=RESPONSES,
        telemetry={"logs": False},
        middleware=[
            Middleware(MetricsMiddleware, registry=registry, clock=clock),
            Middleware(CorrelationMiddleware),
            Middleware(SecurityHeadersMiddleware),
            Middleware(
                CORSMiddleware,
                allow_origins=origins,
                allow_methods=["GET", "POST", "PUT", "PATCH", "DELETE"],
                allow_headers=["*"],
                expose_headers=_EXPOSED,
                max_age=600,
            ),
            Middleware(
                BodyLimitMiddleware,
                limit=BODY_LIMIT,
                limits={"/api/resumes/upload": UPLOAD_LIMIT + FORM_OVERHEAD},
            ),
        ],
    )
    install_problem_handlers(app)
    publish_problems(app)
    # Before `/api/resumes/{id}` and `/api/jobs/{id}`, which would take `jobs` for an id.
    app.include_router(job_router(Workflow.PARSE_RESUME))
    app.include_router(resumes.router)
    app.include_router(versions.router)
    app.include_router(facts.router)
    app.include_router(score.router)
    app.include_router(job_router(Workflow.CAPTURE_POSTING))
    app.include_router(postings.router)
    for product in PRODUCTS.values():
        app.include_router(product_router(product))
        app.include_router(job_router(product.workflow))
        app.include_router(result_router(product))
        app.include_router(export_router(product))
        if product.workflow in EDITS:
            app.include_router(edit_router(product))
        app.include_router(source_router(product))
    app.include_router(decisions.router)
    app.include_router(account.router)
    app.include_router(identity.router)
    app.include_router(proxy.router)
    app.state.checks = checks
    _add_operation(app, checks)
    _add_documents(app)
    _add_page(app)
    return app


def _add_operation(app: FastAPI, checks: Mapping[str, Check]) -> None:
    @app.get("/health", tags=["operation"])
    async def health() -> dict[str, str]:
        """The process is up."""
        return {"status": "ok"}

    @app.get("/health/ready", tags=["operation"], response_class=JSONResponse)
    async def ready() -> JSONResponse:
        """Each check by name; ready when PostgreSQL is, and the broker may be degraded."""
        is_ready, results = await readiness(checks)
        body = {"status": "ready" if is_ready else "unready", "checks": results}
        return JSONResponse(body, status_code=200 if is_ready else 503)


def _add_documents(app: FastAPI) -> None:
    """The published contracts; the viewer's files come from a package, not from a CDN."""
    viewer = "/docs/assets"
    app.mount(viewer, StaticFiles(packages=[("fastapi_swagger", "resources")]), name="docs-assets")

    @app.get("/docs", include_in_schema=False)
    async def docs() -> HTMLResponse:
        return get_swagger_ui_html(
            openapi_url="/openapi.json",
            title=app.title,
            swagger_js_url=f"{viewer}/swagger-ui-bundle.js",
            swagger_css_url=f"{viewer}/swagger-ui.css",
            swagger_favicon_url=f"{viewer}/favicon-32x32.png",
        )

    @app.get("/asyncapi.json", include_in_schema=False)
    async def asyncapi_json() -> dict[str, Any]:
        return asyncapi.document()


def _add_page(app: FastAPI) -> None:
    if not PAGE.is_dir():
        return
    app.mount("/static", StaticFiles(directory=PAGE), name="static")

    @app.get("/", include_in_schema=False)
    async def page() -> FileResponse:
        return FileResponse(PAGE / "index.html", headers={"Cache-Control": "no-cache"})
