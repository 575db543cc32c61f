"""The sandbox's own, invented companies, from a data file."""

import re
from importlib import resources
from typing import Literal

from pydantic import BaseModel, ConfigDict, TypeAdapter
from pydantic.alias_generators import to_camel

#: How a posting's page is made: with JSON-LD, with JSON-LD whose description is entity-escaped
#: HTML, or as readable text only.
PageForm = Literal["json_ld", "escaped", "text"]


class Data(BaseModel):
    """Something of the data files."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", alias_generator=to_camel, populate_by_name=True
    )


class Product(Data):
    """Something a company makes."""

    name: str
    text: str


class News(Data):
    """Something that happened at a company; `date` as YYYY-MM-DD."""

    slug: str
    date: str
    title: str
    text: str


class Section(Data):
    """A heading of a posting with its list."""

    heading: str
    items: tuple[str, ...]


class Salary(Data):
    """Pay a year, as a range."""

    currency: str
    low: int
    high: int


class Posting(Data):
    """An open position."""

    slug: str
    form: PageForm
    title: str
    city: str
    country: str
    remote: bool = False
    employment_type: Literal["FULL_TIME", "PART_TIME", "CONTRACTOR"] = "FULL_TIME"
    date_posted: str
    salary: Salary | None = None
    intro: str
    sections: tuple[Section, ...]


class Company(Data):
    """An invented company; `as_of` dates what is stated about it."""

    slug: str
    name: str
    industry: str
    headquarters: str
    founded: int
    employees: int
    as_of: str
    summary: str
    values: tuple[str, ...]
    products: tuple[Product, ...]
    news: tuple[News, ...]
    postings: tuple[Posting, ...]

    def posting(self, slug: str) -> Posting | None:
        """An open position by its slug."""
        return next((p for p in self.postings if p.slug == slug), None)

    def piece_of_news(self, slug: str) -> News | None:
        """A piece of news by its slug."""
        return next((n for n in self.news if n.slug == slug), None)


class ForeignPosting(Data):
    """A posting in another language; `company` is a slug."""

    name: str
    language: str
    company: str
    posting: Posting


class Companies:
    """All companies, by slug and by mention."""

    def __init__(self, companies: tuple[Company, ...]) -> None:
        self.all = companies
        self._by_slug = {company.slug: company for company in companies}

    def get(self, slug: str) -> Company | None:
        """A company by its slug."""
        return self._by_slug.get(slug)

    def mentioned_in(self, text: str) -> Company | None:
        """The company that a text names; None when it names none of ours, or several."""
        found = [
            company
            for company in self.all
            if re.search(rf"(?<!\w){re.escape(company.name)}(?!\w)", text, re.IGNORECASE)
        ]
        return found[0] if len(found) == 1 else None


def load_companies() -> Companies:
    """Read the data file of the package."""
    return Companies(TypeAdapter(tuple[Company, ...]).validate_json(_data("companies.json")))


def load_foreign_postings() -> tuple[ForeignPosting, ...]:
    """Read the postings in other languages."""
    data = _data("foreign_postings.json")
    return TypeAdapter(tuple[ForeignPosting, ...]).validate_json(data)


def _data(name: str) -> bytes:
    return resources.files("resume_sandbox").joinpath(f"data/{name}").read_bytes()
