"""A small career site of the invented companies, and pages that make trouble."""

from collections.abc import Iterator
from typing import Protocol

from fastapi import APIRouter
from starlette.responses import HTMLResponse, Response

from resume_runtime.clock import Sleep
from resume_sandbox.board_jobs import api_paths, hosted_urls
from resume_sandbox.career_pages import (
    about_page,
    company_page,
    links,
    news_page,
    page,
    pay_page,
    posting_page,
)
from resume_sandbox.companies import Companies, Company, load_foreign_postings
from resume_sandbox.error_answers import error_answer
from resume_sandbox.pay import Pay
from resume_sandbox.scripted_pages import ScriptedPages
from resume_sandbox.trouble import Trouble
from resume_sandbox.unusual_pages import UnusualPages


class _Pages(Protocol):
    @property
    def title(self) -> str:
        """The group's heading in the index."""

    def list(self) -> list[tuple[str, str, str]]:
        """(address, name, what it is) of each page."""

    def answer(self, name: str) -> Response | None:
        """The answer of a page; None when there is no such page."""


class CareerSite:
    """All pages by their path below `/careers`, for the routes and for who scrapes in-process."""

    def __init__(self, companies: Companies, pay: Pay, sleep: Sleep) -> None:
        self._companies = companies
        self._pay = pay
        self._scripted = ScriptedPages(companies.all[0])
        self._special: dict[str, _Pages] = {
            "unusual": UnusualPages(companies, load_foreign_postings()),
            "scripted": self._scripted,
            "trouble": Trouble(companies.all[0], sleep),
        }

    def answer(self, path: str) -> Response:
        """The answer to a path such as `northwind-robotics/about`; 404 when there is none."""
        match path.strip("/").split("/"):
            case [""]:
                return HTMLResponse(self._index())
            case [group, name] if group in self._special:
                found = self._special[group].answer(name)
            case ["pay", slug]:
                survey = self._pay.get(slug)
                found = HTMLResponse(pay_page(survey)) if survey else None
            case [slug, *rest]:
                company = self._companies.get(slug)
                text = _company_page(company, rest) if company else None
                found = HTMLResponse(text) if text else None
        return found or error_answer("careers", 404)

    def rendered(self, path: str) -> str | None:
        """What a browser shows of a page that needs its script; None: nothing, ever.

        Raises:
            KeyError: the page needs no script.
        """
        group, _, name = path.strip("/").partition("/")
        if group != "scripted" or name not in {row[1] for row in self._scripted.list()}:
            raise KeyError(path)
        return self._scripted.rendered(name)

    def list(self) -> Iterator[tuple[str, str, str]]:
        """(group, address, what it is) of each posting and troublesome page.

        An address is below this site's, or public and known to the sandbox's job boards.
        """
        for company in self._companies.all:
            base = f"/careers/{company.slug}"
            for posting in company.postings:
                what = f"{posting.title} ({posting.form})"
                yield company.name, f"{base}/{posting.slug}", what
        for pages in self._special.values():
            yield from ((pages.title, url, what) for url, _, what in pages.list())
        for _, url, board in self._on_boards():
            yield "The same positions on job boards", url, board

    def _index(self) -> str:
        parts = [_in_index(company) for company in self._companies.all]
        parts += [f"<h2>{p.title}</h2>{links(p.list())}" for p in self._special.values()]
        parts.append(f"<h2>The same positions on job boards</h2>{links(self._on_boards())}")
        pay = ((survey.path, survey.title, survey.publisher) for survey in self._pay.all)
        parts.append(f"<h2>Published pay</h2>{links(pay)}")
        return page("Careers", f"<h1>Careers</h1>{''.join(parts)}")

    def _on_boards(self) -> Iterator[tuple[str, str, str]]:
        """The boards' answers, under the addresses that people would give."""
        for company in self._companies.all:
            for posting in company.postings:
                apis = api_paths(company, posting)
                for board, url in hosted_urls(company, posting).items():
                    yield apis[board], url, board


def careers_router(site: CareerSite) -> APIRouter:
    """The routes under `/careers`."""
    router = APIRouter(tags=["careers"], include_in_schema=False)

    @router.get("/careers")
    @router.get("/careers/{path:path}")
    async def show(path: str = "") -> Response:
        """A page of the site."""
        return site.answer(path)

    return router


def _company_page(company: Company, rest: list[str]) -> str | None:
    match rest:
        case []:
            return company_page(company)
        case ["about"]:
            return about_page(company)
        case ["news", piece]:
            news = company.piece_of_news(piece)
            return news_page(company, news) if news else None
        case [name]:
            posting = company.posting(name)
            return posting_page(company, posting) if posting else None
    return None


def _in_index(company: Company) -> str:
    base = f"/careers/{company.slug}"
    rows = [(base, company.name, company.industry)]
    rows += [(f"{base}/{p.slug}", p.title, f"({p.form})") for p in company.postings]
    return links(rows)
