"""What the agent finds out about a known company: statements, each with a page of the site."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from resume_sandbox.companies import Company
from resume_sandbox.filling import Empty, Source


@dataclass(frozen=True, slots=True)
class _Statement:
    title: str
    text: str
    url: str
    date: str


def search_results(company: Company, site: str) -> list[dict[str, Any]]:
    """The pages that state what is known, as Perplexity lists them."""
    pages = {s.url: s for s in reversed(_statements(company, site))}
    return [
        {
            "id": number,
            "title": statement.title,
            "url": url,
            "snippet": statement.text,
            "date": statement.date,
            "last_updated": statement.date,
            "source": "web",
        }
        for number, (url, statement) in enumerate(reversed(pages.items()), start=1)
    ]


def as_source(company: Company, site: str) -> Source:
    """The company's data, to fill any schema about companies from."""
    return _CompanySource(company, site)


def _statements(company: Company, site: str) -> list[_Statement]:
    return [
        *_values(company, site),
        *_products(company, site),
        *_news(company, site),
    ]


def _about(company: Company, site: str, title: str, text: str) -> _Statement:
    url = f"{site}/careers/{company.slug}/about"
    return _Statement(title, text, url, company.as_of)


def _values(company: Company, site: str) -> list[_Statement]:
    return [_about(company, site, f"{company.name}: our values", v) for v in company.values]


def _products(company: Company, site: str) -> list[_Statement]:
    return [_about(company, site, p.name, f"{p.name}: {p.text}") for p in company.products]


def _news(company: Company, site: str) -> list[_Statement]:
    return [
        _Statement(n.title, n.text, f"{site}/careers/{company.slug}/news/{n.slug}", n.date)
        for n in company.news
    ]


class _StatementSource(Empty):
    """One statement; which part of it a property wants is told by the property's name."""

    def __init__(self, statement: _Statement) -> None:
        self._statement = statement

    def text(self, name: str) -> str:
        """Address, date, title or the statement itself."""
        if _any_of(name, "url", "link", "source", "citation"):
            return self._statement.url
        if _any_of(name, "date", "published"):
            return self._statement.date
        if _any_of(name, "title", "name", "headline"):
            return self._statement.title
        return self._statement.text

    def flag(self, name: str) -> bool:  # noqa: ARG002  the port's signature
        """It is as it says."""
        return True


class _CompanySource(Empty):
    """A company; which part of it a property wants is told by the property's name."""

    def __init__(self, company: Company, site: str) -> None:
        self._company = company
        self._site = site

    def text(self, name: str) -> str:
        """Name, place, field of business, address, or the summary."""
        company = self._company
        if _any_of(name, "url", "website"):
            return f"{self._site}/careers/{company.slug}/about"
        if _any_of(name, "name", "company"):
            return company.name
        if _any_of(name, "headquarter", "location", "city"):
            return company.headquarters
        if _any_of(name, "industry", "sector"):
            return company.industry
        if _any_of(name, "culture", "value"):
            return " ".join(company.values)
        return company.summary

    def flag(self, name: str) -> bool:
        """It is known, and not in doubt."""
        return not _any_of(name, "unknown", "uncertain", "ambiguous")

    def number(self, name: str) -> float:
        """The year it was founded, or how many people it employs."""
        if _any_of(name, "founded", "year"):
            return self._company.founded
        return self._company.employees

    def items(self, name: str) -> Sequence[Source]:
        """Statements of one kind, or all of them."""
        if _any_of(name, "value", "culture"):
            found = _values(self._company, self._site)
        elif _any_of(name, "product", "service"):
            found = _products(self._company, self._site)
        elif _any_of(name, "news", "event"):
            found = _news(self._company, self._site)
        else:
            found = _statements(self._company, self._site)
        return [_StatementSource(statement) for statement in found]


def _any_of(name: str, *parts: str) -> bool:
    lowered = name.lower()
    return any(part in lowered for part in parts)
