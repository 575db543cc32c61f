"""The sandbox as one ASGI app: providers, career site and control on one port."""

from collections.abc import Callable
from uuid import UUID

from fastapi import FastAPI

from resume_runtime.clock import Clock, Sleep, SystemClock, system_sleep
from resume_runtime.errors import install_problem_handlers
from resume_runtime.ids import uuid7
from resume_sandbox.boards import boards_router
from resume_sandbox.careers import CareerSite, careers_router
from resume_sandbox.companies import load_companies
from resume_sandbox.control import control_router
from resume_sandbox.firecrawl_api import firecrawl_router
from resume_sandbox.observe import Observed
from resume_sandbox.openai_api import install_openai_errors, openai_router
from resume_sandbox.pay import load_pay
from resume_sandbox.pay_answers import PayAnswers
from resume_sandbox.perplexity_api import perplexity_router
from resume_sandbox.scraping import Scraper
from resume_sandbox.settings import SandboxSettings
from resume_sandbox.state import SandboxState


def create_app(
    settings: SandboxSettings,
    *,
    clock: Clock | None = None,
    sleep: Sleep = system_sleep,
    new_id: Callable[[], UUID] = uuid7,
) -> FastAPI:
    """The whole sandbox.

    The faults `reset` and `cut_body` need `connection.create_server`; all else runs anywhere.
    """
    state = SandboxState(settings, clock or SystemClock(), sleep, new_id)
    companies, pay = load_companies(), load_pay()
    app = FastAPI(title="Sandbox of providers", openapi_url="/_sandbox/openapi.json", docs_url=None)
    app.add_middleware(Observed, state=state)
    install_problem_handlers(app)
    install_openai_errors(app)
    app.include_router(control_router(state))
    app.include_router(openai_router(state, "openai", lists_ends=True))
    app.include_router(openai_router(state, "openai-b", lists_ends=False))
    app.include_router(perplexity_router(state, companies, PayAnswers(pay)))
    app.include_router(boards_router(companies))
    site = CareerSite(companies, pay, state.sleep)
    app.include_router(firecrawl_router(state, Scraper(site, state.sleep)))
    app.include_router(careers_router(site))

    @app.get("/_sandbox/postings", tags=["control"])
    async def postings() -> list[dict[str, str]]:
        """Every page of the career site that is, or is not quite, a posting."""
        return [{"group": group, "url": url, "what": what} for group, url, what in site.list()]

    @app.get("/health")
    @app.get("/health/ready")
    async def health() -> dict[str, str]:
        """It is up as soon as it answers."""
        return {"status": "ok"}

    return app
