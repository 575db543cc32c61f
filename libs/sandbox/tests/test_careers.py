import html
import json
import re
from typing import Any

import httpx2
import pytest

from resume_sandbox.companies import Company, Posting, load_companies

POSTINGS = [(company, posting) for company in load_companies().all for posting in company.postings]


def json_ld(page: str) -> list[Any]:
    found = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    return [json.loads(text) for text in found]


def test_companies_are_enough() -> None:
    companies = load_companies().all

    assert len(companies) >= 4
    assert all(2 <= len(company.postings) <= 3 for company in companies)
    assert {posting.form for _, posting in POSTINGS} == {"json_ld", "escaped", "text"}


@pytest.mark.parametrize(
    ("company", "posting"), POSTINGS, ids=[f"{c.slug}-{p.slug}" for c, p in POSTINGS]
)
async def test_posting_is_shown_in_its_form(
    http: httpx2.AsyncClient, company: Company, posting: Posting
) -> None:
    answer = await http.get(f"/careers/{company.slug}/{posting.slug}")

    assert answer.status_code == 200
    assert html.escape(posting.sections[0].items[0]) in answer.text
    items = json_ld(answer.text)
    assert len(items) == (0 if posting.form == "text" else 1)
    for item in items:
        assert (item["@type"], item["title"]) == ("JobPosting", posting.title)
        assert item["description"].startswith("&lt;p&gt;" if posting.form == "escaped" else "<p>")


async def test_index_lists_pages_that_exist(http: httpx2.AsyncClient) -> None:
    index = await http.get("/careers/")
    links = re.findall(r'href="([^"]+)"', index.text)

    assert len(links) > 30
    for link in links:
        # Not the endless ones; the ones in trouble have a test of their own.
        if "/trouble/" not in link:
            assert (await http.get(link)).status_code == 200


async def test_postings_are_listed_for_programs_too(http: httpx2.AsyncClient) -> None:
    index = html.unescape((await http.get("/careers/")).text)
    listed = (await http.get("/_sandbox/postings")).json()

    assert len(listed) > 60
    assert [row for row in listed if row["url"] not in index or row["what"] == ""] == []


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("login", 200),
        ("login-redirect", 302),
        ("removed", 404),
        ("expired", 410),
        ("forbidden", 403),
        ("broken", 500),
        ("nothing", 200),
        ("script-only", 200),
        ("brochure.pdf", 200),
        ("inward", 302),
        ("several", 200),
        ("raw-newlines", 200),
        ("hidden-orders", 200),
        ("too-long", 200),
        ("no-such-trouble", 404),
    ],
)
async def test_trouble_has_its_status(http: httpx2.AsyncClient, name: str, status: int) -> None:
    assert (await http.get(f"/careers/trouble/{name}")).status_code == status


async def test_login_asks_for_a_password(http: httpx2.AsyncClient) -> None:
    answer = await http.get("/careers/trouble/login-redirect", follow_redirects=True)

    assert 'type="password"' in answer.text


@pytest.mark.parametrize(("name", "hops"), [("moved", 2), ("moved-often", 4)])
async def test_moved_posting_is_found_after_its_hops(
    http: httpx2.AsyncClient, name: str, hops: int
) -> None:
    answer = await http.get(f"/careers/trouble/{name}", follow_redirects=True)

    assert len(answer.history) == hops
    assert json_ld(answer.text)[0]["@type"] == "JobPosting"


async def test_loop_has_no_end(http: httpx2.AsyncClient) -> None:
    with pytest.raises(httpx2.TooManyRedirects):
        await http.get("/careers/trouble/loop", follow_redirects=True)


async def test_inward_leads_to_a_private_address(http: httpx2.AsyncClient) -> None:
    answer = await http.get("/careers/trouble/inward")

    assert answer.headers["location"].startswith("http://169.254.169.254/")


async def test_brochure_is_a_pdf(http: httpx2.AsyncClient) -> None:
    answer = await http.get("/careers/trouble/brochure.pdf")

    assert answer.headers["content-type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF-")


async def test_several_is_a_list(http: httpx2.AsyncClient) -> None:
    (items,) = json_ld((await http.get("/careers/trouble/several")).text)

    assert len([item for item in items if item["@type"] == "JobPosting"]) == 3


@pytest.mark.parametrize(("name", "least"), [("endless", 8 * 1024 * 1024), ("slow", 1)])
async def test_endless_page_keeps_coming(http: httpx2.AsyncClient, name: str, least: int) -> None:
    received = 0
    async with http.stream("GET", f"/careers/trouble/{name}") as answer:
        async for piece in answer.aiter_bytes():
            received += len(piece)
            if received > least:
                break

    assert received > least


async def test_huge_page_says_how_huge(http: httpx2.AsyncClient) -> None:
    async with http.stream("GET", "/careers/trouble/huge") as answer:
        assert int(answer.headers["content-length"]) == 32 * 1024 * 1024
