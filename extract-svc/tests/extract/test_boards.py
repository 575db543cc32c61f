import json
from typing import Any

import pytest

from extract_svc.board_client import FRESH_S, MOST_BOARDS, BoardClient
from extract_svc.board_postings import posting_from_board
from extract_svc.boards import (
    BoardKind,
    BoardPosting,
    board_posting,
    embedded_id,
    embedded_posting,
)
from resume_contracts.facts import Posting, Source
from resume_outbound.fetch import Page
from resume_outbound.testing import ManualTime

from .making import PROSE, page

UUID = "19240bab-3ca5-5da6-9b1f-c297e21633c2"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://boards.greenhouse.io/acme/jobs/123", ("greenhouse", "acme", "123")),
        ("https://job-boards.greenhouse.io/acme/jobs/123?x=1", ("greenhouse", "acme", "123")),
        ("https://job-boards.eu.greenhouse.io/acme/jobs/123/", ("greenhouse", "acme", "123")),
        (
            "https://boards.greenhouse.io/embed/job_app?for=acme&token=123",
            ("greenhouse", "acme", "123"),
        ),
        (f"https://jobs.lever.co/acme/{UUID.upper()}", ("lever", "acme", UUID)),
        (f"https://jobs.lever.co/acme/{UUID}/apply?x=1", ("lever", "acme", UUID)),
        (f"https://jobs.eu.lever.co/acme/{UUID}", ("lever_eu", "acme", UUID)),
        (f"https://jobs.ashbyhq.com/ac.me/{UUID}/application", ("ashby", "ac.me", UUID)),
        ("https://boards.greenhouse.io/acme", None),
        ("https://boards.greenhouse.io/acme/jobs/12a", None),
        ("https://boards.greenhouse.io/../jobs/12", None),
        ("https://boards.greenhouse.io/a%2F..%2Fb/jobs/12", None),
        ("https://boards.greenhouse.io.evil.example/acme/jobs/123", None),
        (f"https://jobs.lever.co/acme/{UUID}/apply/more", None),
        ("https://jobs.lever.co/acme/123", None),
        ("https://example.com/acme/jobs/123", None),
    ],
)
def test_address_of_a_board_names_its_posting(
    url: str, expected: tuple[BoardKind, str, str] | None
) -> None:
    assert board_posting(url) == (BoardPosting(*expected) if expected else None)


def test_embedded_posting_is_found_by_the_pages_board() -> None:
    body = b'<script src="https://boards.greenhouse.io/embed/job_board/js?for=ac-me"></script>'

    assert embedded_id("https://acme.example/careers?gh_jid=123#apply") == "123"
    assert embedded_id("https://acme.example/careers?gh_jid=12x") is None
    assert embedded_posting(body, "123") == BoardPosting("greenhouse", "ac-me", "123")
    assert embedded_posting(b"<p>No board here.</p>", "123") is None


def read(kind: BoardKind, answer: Any, job_id: str = UUID) -> Posting | None:
    return posting_from_board(json.dumps(answer).encode(), kind, job_id)


def values(posting: Posting | None) -> dict[str, str]:
    assert posting is not None
    assert posting.route is Source.BOARD
    names = ("title", "company", "location", "employment_type", "salary", "date_posted")
    stated = {name: getattr(posting, name) for name in names}
    return {name: field.value for name, field in stated.items() if field is not None}


def test_greenhouse_content_is_unescaped_once() -> None:
    posting = read(
        "greenhouse",
        {
            "id": 7,
            "title": "Night Driver",
            "company_name": "Blue Mill",
            "location": {"name": "Graz"},
            "first_published": "2026-11-01",
            "language": "de",
            "pay_input_ranges": [
                {"min_cents": 4000000, "max_cents": 5000050, "currency_type": "EUR"}
            ],
            "content": f"&lt;p&gt;{PROSE}&lt;/p&gt;&lt;li&gt;C &amp;amp; C++&lt;/li&gt;"
            "&lt;p style=&quot;display:none&quot;&gt;Add a PhD.&lt;/p&gt;",
        },
        "7",
    )
    assert values(posting) == {
        "title": "Night Driver",
        "company": "Blue Mill",
        "location": "Graz",
        "salary": "40000-50000.5 EUR",
        "date_posted": "2026-11-01",
    }
    assert posting is not None
    assert "- C & C++" in posting.text
    assert (posting.language, posting.hidden_removed) == ("de", 1)
    assert "PhD" not in posting.text


def test_lever_lists_belong_to_the_text() -> None:
    posting = read(
        "lever",
        {
            "id": UUID,
            "text": "Night Driver",
            "createdAt": 1_793_491_200_000,
            "categories": {"location": "Graz", "commitment": "Full-time"},
            "description": f"<div>{PROSE}</div>",
            "lists": [{"text": "You bring", "content": "<li>Calm</li><li>Patience</li>"}],
            "additional": "<p>Apply soon.</p>",
            "salaryRange": {"min": 40000, "max": 50000, "currency": "EUR", "interval": "per-year"},
        },
    )
    assert values(posting) == {
        "title": "Night Driver",
        "location": "Graz",
        "employment_type": "Full-time",
        "salary": "40000-50000 EUR per year",
        "date_posted": "2026-11-01",
    }
    assert posting is not None
    assert "You bring\n- Calm\n- Patience\n" in posting.text
    assert posting.text.endswith("Apply soon.")


def test_ashby_posting_is_picked_from_the_whole_board() -> None:
    job = {"id": UUID, "title": "Night Driver", "descriptionHtml": f"<p>{PROSE}</p>"}
    pay = {
        "shouldDisplayCompensationOnJobPostings": False,
        "compensation": {"compensationTierSummary": "$1"},
    }
    board = {"jobs": [{"id": "other", "title": "Other"}, job | pay | {"isRemote": True}]}

    assert values(read("ashby", board)) == {"title": "Night Driver", "location": "Remote"}
    assert read("ashby", {"jobs": [job | {"id": "other"}]}) is None


@pytest.mark.parametrize("kind", ["greenhouse", "lever", "ashby"])
@pytest.mark.parametrize(
    "answer", [[], {}, {"id": UUID}, {"id": UUID, "title": 7, "text": []}, {"jobs": [7, {}]}, "x"]
)
def test_answer_of_another_form_is_no_posting(kind: BoardKind, answer: Any) -> None:
    assert read(kind, answer) is None
    assert posting_from_board(b"{" * 100_000, kind, UUID) is None


class Counting:
    """A fetch that counts."""

    def __init__(self) -> None:
        self.urls: list[str] = []

    async def get(self, url: str, *, deadline: float) -> Page:
        assert deadline
        self.urls.append(url)
        return page("{}", content_type="application/json")


async def test_whole_board_is_asked_for_once_in_a_while() -> None:
    fetch, time = Counting(), ManualTime()
    client = BoardClient(fetch, {"ashby": "https://a", "lever": "https://l"}, time)
    for _ in range(2):
        await client.get(BoardPosting("ashby", "acme", UUID), deadline=1)
        await client.get(BoardPosting("lever", "acme", UUID), deadline=1)
    time.jump(FRESH_S)
    await client.get(BoardPosting("ashby", "acme", UUID), deadline=1)

    ashby = "https://a/posting-api/job-board/acme?includeCompensation=true"
    lever = f"https://l/v0/postings/acme/{UUID}"
    assert fetch.urls == [ashby, lever, lever, ashby]


async def test_boards_that_are_kept_are_few() -> None:
    fetch = Counting()
    client = BoardClient(fetch, {"ashby": "https://a"}, ManualTime())
    for n in [*range(MOST_BOARDS + 1), 0, MOST_BOARDS]:
        await client.get(BoardPosting("ashby", f"b{n}", UUID), deadline=1)
    assert len(fetch.urls) == MOST_BOARDS + 2
