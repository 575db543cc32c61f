"""A posting in the words of each job board."""

import re
import zlib
from dataclasses import dataclass
from datetime import UTC, datetime
from html import escape, unescape
from typing import Any, Final
from uuid import NAMESPACE_URL, uuid5

from resume_sandbox.career_pages import description, place_of
from resume_sandbox.companies import Company, Posting

_COMMITMENTS: Final = {
    "FULL_TIME": ("Full-time", "FullTime"),
    "PART_TIME": ("Part-time", "PartTime"),
    "CONTRACTOR": ("Contract", "Contract"),
}


@dataclass(frozen=True, slots=True)
class BoardIds:
    """What the boards call a posting: a number (Greenhouse), UUIDs (Lever, Ashby)."""

    number: int
    lever: str
    ashby: str


def identify(company: Company, posting: Posting) -> BoardIds:
    """The same ids for the same posting, always."""
    name = f"{company.slug}/{posting.slug}"
    return BoardIds(
        number=4_000_000_000 + zlib.crc32(name.encode()) % 1_000_000_000,
        lever=str(uuid5(NAMESPACE_URL, f"lever/{name}")),
        ashby=str(uuid5(NAMESPACE_URL, f"ashby/{name}")),
    )


def hosted_urls(company: Company, posting: Posting) -> dict[str, str]:
    """Where people would read the posting, by board."""
    ids = identify(company, posting)
    return {
        "greenhouse": f"https://boards.greenhouse.io/{company.slug}/jobs/{ids.number}",
        "lever": f"https://jobs.lever.co/{company.slug}/{ids.lever}",
        "ashby": f"https://jobs.ashbyhq.com/{company.slug}/{ids.ashby}",
    }


def api_paths(company: Company, posting: Posting) -> dict[str, str]:
    """Where the sandbox's boards have the posting; Ashby's: the whole board."""
    ids = identify(company, posting)
    return {
        "greenhouse": f"/boards/greenhouse/v1/boards/{company.slug}/jobs/{ids.number}",
        "lever": f"/boards/lever/v0/postings/{company.slug}/{ids.lever}",
        "ashby": f"/boards/ashby/posting-api/job-board/{company.slug}",
    }


def greenhouse_job(
    company: Company, posting: Posting, *, content: bool, pay: bool
) -> dict[str, Any]:
    """A job of Greenhouse's; `content` is HTML with its entities escaped once more."""
    ids = identify(company, posting)
    job: dict[str, Any] = {
        "absolute_url": hosted_urls(company, posting)["greenhouse"],
        "data_compliance": [],
        "internal_job_id": ids.number - 1,
        "location": {"name": place_of(posting)},
        "metadata": [],
        "id": ids.number,
        "updated_at": f"{posting.date_posted}T09:30:00-04:00",
        "requisition_id": posting.slug[:12],
        "title": posting.title,
        "company_name": company.name,
        "first_published": f"{posting.date_posted}T09:00:00-04:00",
        "language": "en",
    }
    if content:
        job |= {
            "content": escape(description(posting)),
            "departments": [{"id": 1, "name": company.industry, "child_ids": []}],
            "offices": [{"id": 2, "name": posting.city, "location": place_of(posting)}],
        }
    if pay:
        job["pay_input_ranges"] = [
            {
                "min_cents": salary.low * 100,
                "max_cents": salary.high * 100,
                "currency_type": salary.currency,
                "title": "Annual salary range",
                "blurb": "",
            }
            for salary in ((posting.salary,) if posting.salary else ())
        ]
    return job


def lever_posting(company: Company, posting: Posting) -> dict[str, Any]:
    """A posting of Lever's: the sections are lists of their own, beside the description."""
    ids = identify(company, posting)
    url = hosted_urls(company, posting)["lever"]
    posted = datetime.fromisoformat(posting.date_posted).replace(tzinfo=UTC)
    found: dict[str, Any] = {
        "id": ids.lever,
        "text": posting.title,
        "hostedUrl": url,
        "applyUrl": f"{url}/apply",
        "createdAt": int(posted.timestamp() * 1000),
        "country": posting.country,
        "workplaceType": "remote" if posting.remote else "on-site",
        "categories": {
            "team": company.industry,
            "department": company.industry,
            "location": place_of(posting),
            "commitment": _COMMITMENTS[posting.employment_type][0],
            "allLocations": [place_of(posting)],
        },
        "description": f"<div>{escape(posting.intro)}</div>",
        "descriptionPlain": posting.intro,
        "lists": [
            {"text": s.heading, "content": "".join(f"<li>{escape(i)}</li>" for i in s.items)}
            for s in posting.sections
        ],
        "additional": "",
        "additionalPlain": "",
    }
    if posting.salary:
        found["salaryRange"] = {
            "min": posting.salary.low,
            "max": posting.salary.high,
            "currency": posting.salary.currency,
            "interval": "per-year-salary",
        }
    return found


def ashby_job(company: Company, posting: Posting, *, pay: bool) -> dict[str, Any]:
    """A job of Ashby's; its compensation only when it was asked for."""
    ids = identify(company, posting)
    url = hosted_urls(company, posting)["ashby"]
    html = description(posting)
    job: dict[str, Any] = {
        "id": ids.ashby,
        "title": posting.title,
        "department": company.industry,
        "team": company.industry,
        "employmentType": _COMMITMENTS[posting.employment_type][1],
        "location": place_of(posting),
        "secondaryLocations": [],
        "address": {
            "postalAddress": {
                "addressLocality": posting.city,
                "addressCountry": posting.country,
            }
        },
        "isRemote": posting.remote,
        "workplaceType": "Remote" if posting.remote else "OnSite",
        "publishedAt": f"{posting.date_posted}T09:00:00.000+00:00",
        "isListed": True,
        "jobUrl": url,
        "applyUrl": f"{url}/application",
        "descriptionHtml": html,
        "descriptionPlain": _plain(html),
        "shouldDisplayCompensationOnJobPostings": posting.salary is not None,
    }
    if pay:
        job["compensation"] = _compensation(posting)
    return job


def _compensation(posting: Posting) -> dict[str, Any]:
    if posting.salary is None:
        return {
            "compensationTierSummary": None,
            "scrapeableCompensationSalarySummary": None,
            "compensationTiers": [],
            "summaryComponents": [],
        }
    salary = posting.salary
    component = {
        "compensationType": "Salary",
        "interval": "1 YEAR",
        "currencyCode": salary.currency,
        "minValue": salary.low,
        "maxValue": salary.high,
    }
    summary = f"{salary.currency} {salary.low // 1000}K - {salary.high // 1000}K"
    return {
        "compensationTierSummary": summary,
        "scrapeableCompensationSalarySummary": summary,
        "compensationTiers": [{"title": "", "tierSummary": summary, "components": [component]}],
        "summaryComponents": [component],
    }


def _plain(html: str) -> str:
    spaced = re.sub(r"</(p|h2|li|ul)>", "\n", html)
    return unescape(re.sub(r"<[^>]+>", "", spaced)).strip()
