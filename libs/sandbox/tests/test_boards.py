import html
import re
from typing import Any

import httpx2
import pytest

from resume_sandbox.board_jobs import api_paths, hosted_urls, identify
from resume_sandbox.companies import Company, Posting, load_companies

POSTINGS = [(c, p) for c in load_companies().all for p in c.postings]
IDS = [f"{c.slug}-{p.slug}" for c, p in POSTINGS]


async def read(http: httpx2.AsyncClient, path: str, **params: str) -> Any:
    answer = await http.get(f"/boards/{path}", params=params)
    assert answer.status_code == 200
    return answer.json()


@pytest.mark.parametrize(("company", "posting"), POSTINGS, ids=IDS)
async def test_greenhouse_has_the_posting_escaped_once_more(
    http: httpx2.AsyncClient, company: Company, posting: Posting
) -> None:
    ids = identify(company, posting)
    job = await read(http, f"greenhouse/v1/boards/{company.slug}/jobs/{ids.number}")

    assert (job["title"], job["company_name"]) == (posting.title, company.name)
    assert job["content"].startswith("&lt;p&gt;")
    text = html.unescape(re.sub(r"<[^>]+>", "", html.unescape(job["content"])))
    assert posting.sections[0].items[0] in text
    assert job["absolute_url"] == hosted_urls(company, posting)["greenhouse"]
    assert "pay_input_ranges" not in job


async def test_greenhouse_tells_the_pay_when_asked(http: httpx2.AsyncClient) -> None:
    board = await read(
        http,
        "greenhouse/v1/boards/northwind-robotics/jobs",
        content="true",
        pay_transparency="true",
    )

    assert board["meta"]["total"] == len(board["jobs"]) == 3
    (pay,) = board["jobs"][0]["pay_input_ranges"]
    assert (pay["min_cents"], pay["max_cents"], pay["currency_type"]) == (7800000, 9200000, "EUR")
    assert board["jobs"][1]["pay_input_ranges"] == []


@pytest.mark.parametrize(("company", "posting"), POSTINGS, ids=IDS)
async def test_lever_has_the_posting_in_lists(
    http: httpx2.AsyncClient, company: Company, posting: Posting
) -> None:
    found = await read(http, f"lever/v0/postings/{company.slug}/{identify(company, posting).lever}")

    assert found["text"] == posting.title
    assert found["descriptionPlain"] == posting.intro
    assert [one["text"] for one in found["lists"]] == [s.heading for s in posting.sections]
    assert found["createdAt"] > 1_700_000_000_000
    assert ("salaryRange" in found) == (posting.salary is not None)


async def test_lever_lists_a_site_in_pages(http: httpx2.AsyncClient) -> None:
    everything = await read(http, "lever/v0/postings/northwind-robotics", mode="json")
    second = await read(http, "lever/v0/postings/northwind-robotics", skip="1", limit="1")

    assert len(everything) == 3
    assert second == everything[1:2]


@pytest.mark.parametrize("company", load_companies().all, ids=lambda company: company.slug)
async def test_ashby_has_the_whole_board_only(http: httpx2.AsyncClient, company: Company) -> None:
    path = f"ashby/posting-api/job-board/{company.slug}"
    board = await read(http, path)
    paid = await read(http, path, includeCompensation="true")

    assert board["apiVersion"] == "1"
    for job, with_pay, posting in zip(board["jobs"], paid["jobs"], company.postings, strict=True):
        assert (job["id"], job["title"]) == (identify(company, posting).ashby, posting.title)
        assert posting.sections[0].items[0] in job["descriptionPlain"]
        assert "compensation" not in job
        components = with_pay["compensation"]["summaryComponents"]
        assert [c["minValue"] for c in components] == (
            [posting.salary.low] if posting.salary else []
        )


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("greenhouse/v1/boards/nobody/jobs", {"status": 404, "error": "Board not found"}),
        ("greenhouse/v1/boards/nobody/jobs/1", {"status": 404, "error": "Job not found"}),
        (
            "greenhouse/v1/boards/lumen-and-oak/jobs/1",
            {"status": 404, "error": "Job not found"},
        ),
        ("lever/v0/postings/nobody", {"ok": False, "error": "Document not found"}),
        ("lever/v0/postings/tidewater-freight/1", {"ok": False, "error": "Document not found"}),
        ("ashby/posting-api/job-board/nobody", None),
    ],
)
async def test_unknown_is_not_found(http: httpx2.AsyncClient, path: str, body: object) -> None:
    answer = await http.get(f"/boards/{path}")

    assert answer.status_code == 404
    assert body is None or answer.json() == body


@pytest.mark.parametrize(("company", "posting"), POSTINGS[:2], ids=IDS[:2])
async def test_index_leads_from_hosted_addresses_to_the_boards(
    http: httpx2.AsyncClient, company: Company, posting: Posting
) -> None:
    index = (await http.get("/careers/")).text

    for board, url in hosted_urls(company, posting).items():
        assert f'<a href="{api_paths(company, posting)[board]}">{url}</a>' in index
