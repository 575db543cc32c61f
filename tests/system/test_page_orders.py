"""From a file and an address to results: ordering, watching, cancelling, loading anew."""

import json
import re
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from .conftest import SAMPLES, NewTab, Person, Sandbox
from .page_steps import (
    PATIENCE_MS,
    POSTING,
    choose,
    give_resume,
    heading,
    settled,
    sign_up,
)

pytestmark = [pytest.mark.system, pytest.mark.timeout(180)]

TAILORED = re.compile("Tailored resume: Senior Backend Engineer")
SLOW = {"openai.chat": 3000}


async def test_from_a_file_to_a_tailored_resume(
    new_tab: NewTab, sandbox: Sandbox, tmp_path: Path
) -> None:
    """Sign up, give a PDF, paste an address, watch, read, download."""
    await sandbox.put("latency", {"openai.chat": 1000})
    page = await new_tab()
    await sign_up(page)
    await give_resume(page)
    await page.get_by_label("Its address").fill(sandbox.posting(POSTING))
    await page.get_by_role("button", name="Make it").click()
    await expect(page.locator("main")).to_contain_text("Tailoring resume", timeout=PATIENCE_MS)
    await heading(page, TAILORED)
    await expect(page.get_by_text("resume not confirmed")).to_be_visible()
    shown = await page.locator(".scores [role=meter]").evaluate_all(
        "(all) => all.map((e) => Number(e.getAttribute('aria-valuenow')))"
    )
    now, tailored, ceiling = shown[:3]
    assert now < tailored <= ceiling
    reasons = await page.locator(".change .why").all_inner_texts()
    assert len(reasons) >= 3
    assert all(reasons)
    assert await page.locator(".gap").count() >= 3
    await page.get_by_label("Format").select_option("json")
    async with page.expect_download() as download:
        await page.get_by_role("button", name="Download").click()
    await (await download.value).save_as(tmp_path / "resume.json")
    exported = json.loads((tmp_path / "resume.json").read_text())
    own = json.loads((SAMPLES / "resume.json").read_text())
    assert exported["basics"]["name"] == own["basics"]["name"]


async def test_several_products_from_one_posting(page: Page, posting_text: str) -> None:
    """The posting is read once; each product has its progress, its result, its place."""
    await page.get_by_label("Or its text").fill(posting_text)
    await page.get_by_label("Company").fill("Northwind Robotics")
    await choose(page, "Tailored resume", "Cover letter", "Interview preparation")
    await page.get_by_text("Options").click()
    await page.get_by_role("radio", name="Rules only").check()
    await page.get_by_role("button", name="Make it").click()
    for product in ("Tailored resume", "Cover letter", "Interview preparation"):
        link = page.get_by_role("link", name=f"Open: {product}")
        await expect(link).to_be_visible(timeout=PATIENCE_MS)
    await expect(page.get_by_text("Receipt:").first).to_be_visible()
    await page.get_by_role("navigation", name="Main").get_by_role("link", name="Results").click()
    await heading(page, "Results")
    card = page.locator(".card").first
    await expect(card.get_by_role("link")).to_have_count(4)
    await card.get_by_role("link").first.click()
    table = page.get_by_role("table", name="Results, newest first")
    await expect(table.locator("tbody tr")).to_have_count(3)
    await expect(table.get_by_role("link", name="Mara Lindqvist, version 1")).to_have_count(3)


async def test_loading_anew_finds_the_job(page: Page, sandbox: Sandbox) -> None:
    """Once while the posting is read, once while the model works: the order is placed once."""
    await sandbox.put("latency", {"careers.page": 3000, **SLOW})
    await page.get_by_label("Its address").fill(sandbox.posting(POSTING))
    await page.get_by_role("button", name="Make it").click()
    await expect(page.get_by_role("heading", name="Reading the posting")).to_be_visible()
    await page.reload()
    await expect(page.get_by_role("heading", name="Reading the posting")).to_be_visible()
    await expect(page.locator("main")).to_contain_text("Tailoring resume", timeout=PATIENCE_MS)
    await page.reload()
    await expect(page.locator("main")).to_contain_text("Tailoring resume")
    await heading(page, TAILORED)
    await page.get_by_role("link", name="Results", exact=True).click()
    await heading(page, "Results")
    await expect(page.get_by_role("link", name="Tailored resume")).to_have_count(1)


async def test_waiting_is_told_and_can_be_cancelled(
    page: Page, sandbox: Sandbox, posting_text: str
) -> None:
    """While the provider is down the page says so; cancelling ends the waiting."""
    script = [{"kind": "status", "status": 500}]
    await sandbox.put("faults", {"route": "openai.chat", "script": script, "forSeconds": 60})
    await page.get_by_label("Or its text").fill(posting_text)
    await page.get_by_role("button", name="Make it").click()
    waiting = re.compile("Waiting for OpenAI to recover")
    await expect(page.locator(".message")).to_have_text(waiting, timeout=PATIENCE_MS)
    await expect(page.locator("#say")).to_contain_text(waiting)
    await page.get_by_role("button", name="Cancel").click()
    await expect(page.get_by_text("Cancelled. Nothing more is paid for.")).to_be_visible()


async def test_failure_says_what_to_do_next(page: Page, sandbox: Sandbox) -> None:
    """A log-in wall is explained with its code, and the way back keeps what can be kept."""
    await page.get_by_label("Its address").fill(sandbox.posting("trouble/login"))
    await page.get_by_role("button", name="Make it").click()
    problem = page.locator("main .problem")
    await expect(problem).to_contain_text("log-in", timeout=PATIENCE_MS)
    await expect(problem).to_contain_text("paste it instead")
    await expect(problem.locator("code")).to_have_text("posting_forbidden")
    await page.get_by_role("link", name="Change the order and try again").click()
    await heading(page, "For a posting")


async def test_form_says_what_is_missing(new_tab: NewTab) -> None:
    """Nothing is sent; the control that lacks something gets the focus."""
    page = await new_tab()
    await sign_up(page)
    await page.get_by_role("button", name="Make it").click()
    await expect(page.locator(".problem")).to_contain_text("Give a resume first.")
    await expect(page.locator("input[type=file]")).to_be_focused()
    await give_resume(page, "resume.txt")
    await page.get_by_role("button", name="Make it").click()
    await expect(page.locator(".problem")).to_contain_text("posting's address or its text")
    await expect(page.get_by_label("Its address")).to_be_focused()


async def test_spent_session_is_renewed_and_lost_one_asks_again(page: Page, person: Person) -> None:
    """A token that is over is renewed without a word; without a refresh token one signs in."""
    account = {"email": f"x{person.resume_id}@example.com", "password": "correct horse"}
    answer = await person.http.post("/auth/v1/signup", json=account)
    spent = {**answer.json(), "access_token": "spent"}
    await page.evaluate("(s) => localStorage.setItem('session', s)", json.dumps(spent))
    await page.reload()
    await heading(page, "For a posting")
    kept = await page.evaluate("() => JSON.parse(localStorage.getItem('session'))")
    assert kept["access_token"] not in {"spent", spent["access_token"]}
    lost = {**kept, "access_token": "spent", "refresh_token": "unknown"}
    await page.evaluate("(s) => localStorage.setItem('session', s)", json.dumps(lost))
    await page.reload()
    await expect(page.get_by_role("button", name="Sign in")).to_be_visible()
    await settled(page)
