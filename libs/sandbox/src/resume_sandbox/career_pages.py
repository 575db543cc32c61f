"""The career site's pages as HTML; everything from the data is escaped."""

import json
from collections.abc import Iterable
from html import escape
from typing import Any

from resume_sandbox.companies import Company, News, Posting
from resume_sandbox.pay import PaySurvey

_STYLE = (
    "body{font:16px/1.5 sans-serif;max-width:44rem;margin:2rem auto;padding:0 1rem}"
    "nav,footer{color:#555}h2{margin-top:1.5rem}"
)


def page(
    title: str,
    body: str,
    *,
    site: str = "",
    head: str = "",
    language: str = "en",
    charset: str | None = "utf-8",
) -> str:
    """A whole page; `title` and `site` are text, `body` and `head` are HTML.

    `charset` is what the page says of itself; None: nothing.
    """
    meta = f'<meta charset="{charset}">' if charset else ""
    name = f'<meta property="og:site_name" content="{escape(site)}">' if site else ""
    return (
        f'<!doctype html><html lang="{language}"><head>{meta}'
        f"<title>{escape(title)}</title>{name}<style>{_STYLE}</style>{head}</head>"
        f"<body>{body}</body></html>"
    )


def links(rows: Iterable[tuple[str, str, str]]) -> str:
    """A list of (address, text, note)."""
    items = (
        f'<li><a href="{escape(url)}">{escape(text)}</a> {escape(note)}</li>'
        for url, text, note in rows
    )
    return f"<ul>{''.join(items)}</ul>"


def company_page(company: Company) -> str:
    """A company's list of open positions."""
    base = f"/careers/{company.slug}"
    rows = ((f"{base}/{p.slug}", p.title, f"{p.city}, {p.country}") for p in company.postings)
    body = (
        f"<h1>Careers at {escape(company.name)}</h1>"
        f'<p><a href="{base}/about">About {escape(company.name)}</a></p>'
        f"<h2>Open positions</h2>{links(rows)}"
    )
    return page(f"Careers at {company.name}", body, site=company.name)


def about_page(company: Company) -> str:
    """What a company says of itself."""
    values = "".join(f"<li>{escape(value)}</li>" for value in company.values)
    products = "".join(
        f"<li>{escape(product.name)}: {escape(product.text)}</li>" for product in company.products
    )
    news = links((f"/careers/{company.slug}/news/{n.slug}", n.title, n.date) for n in company.news)
    body = (
        f"<h1>About {escape(company.name)}</h1><p>{escape(company.summary)}</p>"
        f"<p>{escape(company.industry)}, {escape(company.headquarters)}, since {company.founded}; "
        f"{company.employees} people.</p><h2>Values</h2><ul>{values}</ul>"
        f"<h2>Products</h2><ul>{products}</ul><h2>News</h2>{news}"
    )
    return page(f"About {company.name}", body, site=company.name)


def news_page(company: Company, news: News) -> str:
    """A piece of news."""
    body = f"<h1>{escape(news.title)}</h1><p>{news.date}</p><p>{escape(news.text)}</p>"
    return page(news.title, body, site=company.name)


def pay_page(survey: PaySurvey) -> str:
    """What is published of pay."""
    rows = "".join(f"<li>{escape(row.statement)}</li>" for row in survey.rows)
    body = (
        f"<h1>{escape(survey.title)}</h1><p>{escape(survey.publisher)} invented these figures.</p>"
        f"<ul>{rows}</ul>"
    )
    return page(survey.title, body, site=survey.publisher)


def place_of(posting: Posting) -> str:
    """Where the work is, as people read it."""
    return "Remote" if posting.remote else f"{posting.city}, {posting.country}"


def posting_page(
    company: Company, posting: Posting, *, language: str = "en", charset: str | None = "utf-8"
) -> str:
    """A posting, in the form that its data names."""
    nav = f'<nav><a href="/careers/{company.slug}">All positions</a></nav>'
    body = (
        f"{nav}<main><h1>{escape(posting.title)}</h1>"
        f"<p>{escape(company.name)}, {escape(place_of(posting))}"
        f"</p>{description(posting)}</main><footer>{escape(company.name)} invented this page."
        "</footer>"
    )
    head = "" if posting.form == "text" else json_ld(job_posting(company, posting))
    return page(
        posting.title, body, site=company.name, head=head, language=language, charset=charset
    )


def description(posting: Posting) -> str:
    """The posting's text as HTML."""
    sections = "".join(
        f"<h2>{escape(section.heading)}</h2><ul>"
        + "".join(f"<li>{escape(item)}</li>" for item in section.items)
        + "</ul>"
        for section in posting.sections
    )
    return f"<p>{escape(posting.intro)}</p>{sections}"


def json_ld(*items: dict[str, Any]) -> str:
    """A script element with JSON-LD: one object, or a list of several."""
    text = json.dumps(items[0] if len(items) == 1 else list(items), ensure_ascii=False)
    # `</script>` inside a string would end the element.
    safe = text.replace("<", "\\u003c")
    return f'<script type="application/ld+json">{safe}</script>'


def job_posting(company: Company, posting: Posting) -> dict[str, Any]:
    """The posting as a schema.org `JobPosting`."""
    text = description(posting)
    item: dict[str, Any] = {
        "@context": "https://schema.org/",
        "@type": "JobPosting",
        "title": posting.title,
        "description": escape(text) if posting.form == "escaped" else text,
        "datePosted": posting.date_posted,
        "employmentType": [posting.employment_type],
        "identifier": {
            "@type": "PropertyValue",
            "name": company.name,
            "value": posting.slug,
        },
        "hiringOrganization": {"@type": "Organization", "name": company.name},
        "jobLocation": [
            {
                "@type": "Place",
                "address": {
                    "@type": "PostalAddress",
                    "addressLocality": posting.city,
                    "addressCountry": posting.country,
                },
            }
        ],
        "directApply": True,
    }
    if posting.remote:
        item["jobLocationType"] = "TELECOMMUTE"
        item["applicantLocationRequirements"] = {"@type": "Country", "name": posting.country}
    if posting.salary is not None:
        item["baseSalary"] = {
            "@type": "MonetaryAmount",
            "currency": posting.salary.currency,
            "value": {
                "@type": "QuantitativeValue",
                "minValue": posting.salary.low,
                "maxValue": posting.salary.high,
                "unitText": "YEAR",
            },
        }
    return item
