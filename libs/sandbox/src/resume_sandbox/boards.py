"""Three public job boards' JSON APIs, with the invented companies' postings.

Shapes: developers.greenhouse.io/job-board.html, github.com/lever/postings-api,
developers.ashbyhq.com (public job posting API).
"""

from fastapi import APIRouter
from starlette.responses import JSONResponse, PlainTextResponse, Response

from resume_sandbox.board_jobs import ashby_job, greenhouse_job, identify, lever_posting
from resume_sandbox.companies import Companies

#: How many Lever gives at once at most.
_LEVER_PAGE = 100


def boards_router(companies: Companies) -> APIRouter:
    """The routes under `/boards`."""
    router = APIRouter(prefix="/boards", tags=["boards"])
    _add_greenhouse(router, companies)
    _add_lever(router, companies)
    _add_ashby(router, companies)
    return router


def _add_greenhouse(router: APIRouter, companies: Companies) -> None:
    @router.get("/greenhouse/v1/boards/{board}/jobs")
    async def jobs(
        board: str,
        content: bool = False,  # noqa: FBT001, FBT002  a query parameter
        pay_transparency: bool = False,  # noqa: FBT001, FBT002  a query parameter
    ) -> Response:
        """All jobs of a board."""
        company = companies.get(board)
        if company is None:
            return _greenhouse_missing("Board not found")
        found = [
            greenhouse_job(company, p, content=content, pay=pay_transparency)
            for p in company.postings
        ]
        return JSONResponse({"jobs": found, "meta": {"total": len(found)}})

    @router.get("/greenhouse/v1/boards/{board}/jobs/{number}")
    async def job(
        board: str,
        number: str,
        pay_transparency: bool = False,  # noqa: FBT001, FBT002  a query parameter
    ) -> Response:
        """One job."""
        company = companies.get(board)
        for posting in company.postings if company else ():
            if company and str(identify(company, posting).number) == number:
                body = greenhouse_job(company, posting, content=True, pay=pay_transparency)
                return JSONResponse(body)
        return _greenhouse_missing("Job not found")


def _add_lever(router: APIRouter, companies: Companies) -> None:
    @router.get("/lever/v0/postings/{site}")
    async def postings(site: str, skip: int = 0, limit: int = _LEVER_PAGE) -> Response:
        """All postings of a site."""
        company = companies.get(site)
        if company is None:
            return _lever_missing()
        found = [lever_posting(company, posting) for posting in company.postings]
        return JSONResponse(found[skip : skip + limit])

    @router.get("/lever/v0/postings/{site}/{key}")
    async def posting(site: str, key: str) -> Response:
        """One posting."""
        company = companies.get(site)
        for one in company.postings if company else ():
            if company and identify(company, one).lever == key:
                return JSONResponse(lever_posting(company, one))
        return _lever_missing()


def _add_ashby(router: APIRouter, companies: Companies) -> None:
    @router.get("/ashby/posting-api/job-board/{board}")
    async def job_board(
        board: str,
        includeCompensation: bool = False,  # noqa: FBT001, FBT002, N803  a query parameter
    ) -> Response:
        """A whole board; there is nothing less."""
        company = companies.get(board)
        if company is None:
            return PlainTextResponse("Not Found", 404)
        jobs = [ashby_job(company, p, pay=includeCompensation) for p in company.postings]
        return JSONResponse({"apiVersion": "1", "jobs": jobs})


def _greenhouse_missing(what: str) -> Response:
    return JSONResponse({"status": 404, "error": what}, 404)


def _lever_missing() -> Response:
    return JSONResponse({"ok": False, "error": "Document not found"}, 404)
