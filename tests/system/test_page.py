"""The page in a real Chromium: sign up, drop a resume, paste a posting, watch, read, download."""

import json
import os
import re
import shutil
import uuid
from collections.abc import AsyncIterator
from itertools import pairwise
from pathlib import Path

import pytest
from playwright.async_api import Browser, ConsoleMessage, Page, async_playwright, expect

from .conftest import SAMPLES, Sandbox, Stack

pytestmark = [pytest.mark.system, pytest.mark.timeout(180)]

CHROMIUM = (
    os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
)
QUIET = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update"),
]


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine (set CHROMIUM to its path)")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield browser
        await browser.close()


@pytest.fixture
async def page(browser: Browser, stack: Stack) -> AsyncIterator[Page]:
    """The page, signed up; an error in its console fails the test."""
    errors: list[str] = []

    def on_console(message: ConsoleMessage) -> None:
        if message.type == "error":
            errors.append(message.text)

    page = await browser.new_page(viewport={"width": 1180, "height": 1150})
    page.set_default_timeout(30_000)
    expect.set_options(timeout=30_000)
    page.on("console", on_console)
    page.on("pageerror", lambda error: errors.append(str(error)))
    await page.goto(stack.baseUrl)
    await page.get_by_label("Email").fill(f"{uuid.uuid4().hex}@example.com")
    await page.get_by_label("Password").fill("correct horse")
    await page.get_by_role("button", name="Create an account").click()
    await expect(page.get_by_role("heading", name="Your resume and the posting")).to_be_visible()
    yield page
    assert errors == []


async def give_resume(page: Page, name: str = "resume.pdf") -> None:
    """Choose a file and wait until it is read."""
    await page.locator("#file").set_input_files(SAMPLES / name)
    await expect(page.locator("#resume-state")).to_contain_text("Read:", timeout=60_000)


async def test_page_tailors_a_resume(page: Page, sandbox: Sandbox, tmp_path: Path) -> None:
    """The whole main job by mouse and keyboard."""
    await sandbox.put("latency", {"openai.chat": 1000})
    await give_resume(page)
    await page.get_by_label("Its address").fill(
        sandbox.posting("northwind-robotics/senior-backend-engineer")
    )
    await page.get_by_role("button", name="Tailor it").click()
    await expect(page.locator("#live-message")).to_contain_text("Tailoring resume", timeout=60_000)
    outcome = page.get_by_role("heading", name="Your tailored resume")
    await expect(outcome).to_be_visible(timeout=60_000)
    await expect(page.locator("#outcome-engine")).to_contain_text("Northwind Robotics")
    await expect(page.locator("#coverage-text")).to_have_text(
        re.compile(r"showed \d+ %.*now shows \d+ %.*truthfully be shown is \d+ %", re.DOTALL)
    )
    assert await page.locator("#lines tr.changed").count() >= 3
    reasons = await page.locator("#lines tr.changed .note").all_inner_texts()
    assert all(reasons)
    assert await page.locator("#gaps li").count() >= 3
    async with page.expect_download() as download:
        await page.get_by_role("button", name="Download JSON Resume").click()
    await (await download.value).save_as(tmp_path / "resume.json")
    exported = json.loads((tmp_path / "resume.json").read_text())
    own = json.loads((SAMPLES / "resume.json").read_text())
    assert exported["basics"]["name"] == own["basics"]["name"]
    if target := os.environ.get("PAGE_SCREENSHOT"):
        await page.evaluate("document.getElementById('live').scrollIntoView()")
        await page.screenshot(path=target)


async def test_page_explains_what_went_wrong(page: Page, sandbox: Sandbox) -> None:
    """A log-in wall is explained in words, and the form stays usable."""
    await give_resume(page, "resume.txt")
    await page.get_by_label("Its address").fill(sandbox.posting("trouble/login"))
    await page.get_by_role("button", name="Tailor it").click()
    await expect(page.locator("#live-error")).to_contain_text("log-in", timeout=60_000)
    await expect(page.get_by_role("button", name="Tailor it")).to_be_enabled()


async def test_page_says_what_it_waits_for(page: Page, sandbox: Sandbox, posting_text: str) -> None:
    """While the provider is down the page says so, and cancel ends the waiting."""
    script = [{"kind": "status", "status": 500}]
    await sandbox.put("faults", {"route": "openai.chat", "script": script, "forSeconds": 60})
    await give_resume(page, "resume.json")
    await page.get_by_label("Or its text").fill(posting_text)
    await page.get_by_role("button", name="Tailor it").click()
    waiting = re.compile(r"Waiting for OpenAI to recover")
    await expect(page.locator("#live-message")).to_have_text(waiting, timeout=60_000)
    await page.get_by_role("button", name="Cancel").click()
    await expect(page.locator("#live-error")).to_be_visible(timeout=30_000)


async def test_page_is_accessible_by_its_structure(page: Page) -> None:
    """Each control has a name, the language is stated, headings do not skip levels."""
    assert await page.locator("html").get_attribute("lang") == "en"
    nameless = await page.evaluate(
        """() => [...document.querySelectorAll("input, textarea, select, button")]
            .filter((e) => !(e.labels?.length || e.textContent.trim() || e.ariaLabel))
            .map((e) => e.outerHTML)"""
    )
    assert nameless == []
    levels = await page.evaluate(
        '() => [...document.querySelectorAll("h1, h2, h3")].map((h) => Number(h.tagName[1]))'
    )
    assert levels[0] == 1
    assert all(b - a <= 1 for a, b in pairwise(levels))
