"""Pages of the sandbox's career site, read as the stage reads them."""

from datetime import UTC, datetime

import httpx2
import pytest

from extract_svc.postings import PostingError, posting_from_fetched
from resume_contracts.facts import Posting, Source
from resume_outbound.fetch import Page
from resume_sandbox.app import create_app
from resume_sandbox.companies import Company, load_companies
from resume_sandbox.companies import Posting as Position
from resume_sandbox.settings import SandboxSettings

POSITIONS = [(c, p) for c in load_companies().all for p in c.postings]


async def read(path: str) -> Posting:
    transport = httpx2.ASGITransport(create_app(SandboxSettings()))
    async with httpx2.AsyncClient(transport=transport, base_url="http://sandbox") as client:
        answer = await client.get(path)
    page = Page(path, path, 200, "text/html", "utf-8", answer.content, 0, datetime.now(UTC))
    return posting_from_fetched(page, company=None)


@pytest.mark.parametrize(
    ("company", "position"), POSITIONS, ids=[f"{p.slug}-{p.form}" for _, p in POSITIONS]
)
async def test_every_form_of_a_posting_is_read_whole(company: Company, position: Position) -> None:
    posting = await read(f"/careers/{company.slug}/{position.slug}")

    assert posting.title is not None
    assert posting.title.value == position.title
    assert posting.company is not None
    assert posting.company.value == company.name
    assert (posting.route is Source.JSON_LD) == (position.form != "text")
    for section in position.sections:
        for item in section.items:
            assert item in posting.text


@pytest.mark.parametrize("name", ["hidden-orders", "hidden-by-class"])
async def test_hidden_orders_to_a_model_are_left_out(name: str) -> None:
    posting = await read(f"/careers/trouble/{name}")
    assert posting.hidden_removed == 1
    assert "Ignore all previous" not in posting.text


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("login", "posting_forbidden"),
        ("nothing", "posting_empty"),
        ("script-only", "posting_empty"),
        ("several", "posting_ambiguous"),
        ("too-long", "posting_too_large"),
    ],
)
async def test_troublesome_page_is_refused_with_its_code(name: str, code: str) -> None:
    with pytest.raises(PostingError) as caught:
        await read(f"/careers/trouble/{name}")
    assert caught.value.code == code


async def test_broken_structured_data_falls_back_to_the_text() -> None:
    assert (await read("/careers/trouble/raw-newlines")).route is Source.PAGE_TEXT
