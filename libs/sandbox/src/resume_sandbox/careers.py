"""A small career site of the invented companies, and pages that make trouble."""

from fastapi import APIRouter
from starlette.responses import HTMLResponse, Response

from resume_sandbox.career_pages import (
    about_page,
    company_page,
    links,
    news_page,
    page,
    posting_page,
)
from resume_sandbox.companies import Companies, Company
from resume_sandbox.error_answers import error_answer
from resume_sandbox.state import SandboxState
from resume_sandbox.trouble import Trouble


def careers_router(state: SandboxState, companies: Companies) -> APIRouter:
    """The routes under `/careers`."""
    router = APIRouter(prefix="/careers", tags=["careers"], include_in_schema=False)
    trouble = Trouble(companies.all[0], state.sleep)

    @router.get("")
    @router.get("/")
    async def index() -> Response:
        """All companies with their postings, then the troublesome pages."""
        return HTMLResponse(_index(companies, trouble))

    @router.get("/trouble/{name}")
    async def troublesome(name: str) -> Response:
        """A page that behaves badly."""
        return trouble.answer(name) or _missing()

    @router.get("/{slug}")
    async def company(slug: str) -> Response:
        """A company's open positions."""
        found = companies.get(slug)
        return HTMLResponse(company_page(found)) if found else _missing()

    @router.get("/{slug}/about")
    async def about(slug: str) -> Response:
        """What a company says of itself."""
        found = companies.get(slug)
        return HTMLResponse(about_page(found)) if found else _missing()

    @router.get("/{slug}/news/{piece}")
    async def news(slug: str, piece: str) -> Response:
        """A piece of a company's news."""
        found = companies.get(slug)
        told = found.piece_of_news(piece) if found else None
        return HTMLResponse(news_page(found, told)) if found and told else _missing()

    @router.get("/{slug}/{name}")
    async def posting(slug: str, name: str) -> Response:
        """An open position."""
        found = companies.get(slug)
        open_ = found.posting(name) if found else None
        return HTMLResponse(posting_page(found, open_)) if found and open_ else _missing()

    return router


def _missing() -> Response:
    return error_answer("careers", 404)


def _index(companies: Companies, trouble: Trouble) -> str:
    parts = [_company(company) for company in companies.all]
    parts.append(f"<h2>Pages that make trouble</h2>{links(trouble.list())}")
    return page("Careers", f"<h1>Careers</h1>{''.join(parts)}")


def _company(company: Company) -> str:
    base = f"/careers/{company.slug}"
    rows = [(base, company.name, company.industry)]
    rows += [(f"{base}/{p.slug}", p.title, f"({p.form})") for p in company.postings]
    return links(rows)
