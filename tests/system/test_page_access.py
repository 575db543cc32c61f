"""Everybody can use the page: axe, keyboard alone, narrow windows, and a strict policy."""

import re
from collections.abc import Mapping
from itertools import pairwise
from typing import Any

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page, expect

from .conftest import SAMPLES, NewTab, Person, Sandbox, Stack
from .page_steps import PATIENCE_MS, POSTING, captured, heading, made, settled, visit

pytestmark = [pytest.mark.system, pytest.mark.timeout(240)]

OPEN_ALL = "() => document.querySelectorAll('details').forEach((d) => { d.open = true; })"
NARROW, WIDE = {"width": 360, "height": 740}, {"width": 1280, "height": 900}


@pytest.fixture
async def routes(person: Person, sandbox: Sandbox) -> Mapping[str, str]:
    """Every view by name, with something to show in it."""
    await sandbox.put("mode", {"openai": "truthful"})
    posting = await captured(person, sandbox.posting(POSTING))
    upload = await person.upload("resume.pdf", (SAMPLES / "resume.pdf").read_bytes())
    tailored = await made(person, "tailor", postingId=posting, options={"engine": "model"})
    letter = await made(person, "cover-letters", postingId=posting)
    pack = await made(person, "interview-prep", postingId=posting)
    career = await made(person, "career-path")
    return {
        "order": "#/new",
        "progress": f"#/progress/tailor:{tailored['jobId']},cover-letters:{letter['jobId']}",
        "results": "#/results",
        "tailored": f"#/results/tailor/{tailored['resultId']}",
        "letter": f"#/results/cover-letters/{letter['resultId']}",
        "interview": f"#/results/interview-prep/{pack['resultId']}",
        "career": f"#/results/career-path/{career['resultId']}",
        "resumes": "#/resumes",
        "resume": f"#/resumes/{upload['result']['resumeId']}",
        "version": f"#/resumes/{person.resume_id}/versions/1",
        "postings": "#/postings",
        "posting": f"#/postings/{posting}",
        "account": "#/account",
    }


async def found_by_axe(page: Page) -> list[tuple[str, Any]]:
    """What axe-core holds against the page as it is: rule and first element."""
    results = await Axe().run(page)
    violations: list[dict[str, Any]] = results.response["violations"]
    return [(v["id"], v["nodes"][0]["html"]) for v in violations]


async def test_every_view_by_axe_and_in_a_narrow_window(
    page: Page, routes: Mapping[str, str]
) -> None:
    """No violation in light or dark, all details open; nothing is wider than 360 px."""
    for name, route in routes.items():
        await page.set_viewport_size(NARROW)  # type: ignore[arg-type]
        await visit(page, route)
        await expect(page.get_by_text("This could not be loaded")).to_have_count(0)
        await page.evaluate(OPEN_ALL)
        width = await page.evaluate("() => document.documentElement.scrollWidth")
        assert width <= NARROW["width"], name
        for scheme in ("dark", "light"):
            await page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            assert await found_by_axe(page) == [], (name, scheme)
        levels = await page.evaluate(
            "() => [...document.querySelectorAll('main :is(h1,h2,h3)')].map((h) => +h.tagName[1])"
        )
        assert levels[0] == 1, name
        assert levels.count(1) == 1, name
        assert all(b - a <= 1 for a, b in pairwise(levels)), name
        await page.set_viewport_size(WIDE)  # type: ignore[arg-type]
        assert await found_by_axe(page) == [], name


async def test_sign_in_by_axe(new_tab: NewTab) -> None:
    """The first view, and the same with an error in it."""
    page = await new_tab()
    await page.goto("/")
    await settled(page)
    assert await found_by_axe(page) == []
    await page.get_by_label("Email").fill("nobody@example.com")
    await page.get_by_label("Password").fill("wrong horse")
    await page.get_by_role("button", name="Sign in").click()
    await expect(page.get_by_role("alert")).to_be_visible()
    assert await found_by_axe(page) == []


async def tab_to(page: Page, name: str | re.Pattern[str], role: Any) -> None:
    """Press Tab until that control has the focus, which must be visible."""
    wanted = page.get_by_role(role, name=name).first
    await expect(wanted).to_be_visible()
    for _ in range(80):
        await page.keyboard.press("Tab")
        if await wanted.evaluate("(e) => e === document.activeElement"):
            outline = await wanted.evaluate("(e) => getComputedStyle(e).outlineStyle")
            assert outline != "none"
            return
    pytest.fail(f"{name} cannot be reached with Tab")


async def test_keyboard_alone(page: Page, posting_text: str) -> None:
    """From the skip link over the order to a decision, without a mouse; focus follows the view."""
    await page.reload()
    await settled(page)
    await page.keyboard.press("Tab")
    await expect(page.get_by_role("link", name="Skip to content")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page.locator("main")).to_be_focused()
    await tab_to(page, "Or its text", "textbox")
    await page.keyboard.insert_text(posting_text)
    await tab_to(page, "Make it", "button")
    await page.keyboard.press("Enter")
    await heading(page, re.compile("^Tailored resume"))
    await expect(page.get_by_role("heading", level=1)).to_be_focused(timeout=PATIENCE_MS)
    await tab_to(page, re.compile("^Reject"), "button")
    change = await page.evaluate(
        "() => document.activeElement.closest('[data-change]').dataset.change"
    )
    await page.keyboard.press("Enter")
    card = page.locator(f"[data-change='{change}']")
    await expect(card).to_have_attribute("data-state", "rejected")
    inside = "(e) => e.contains(document.activeElement)"
    assert await card.evaluate(inside)


async def test_policy_lets_nothing_else_in(page: Page, stack: Stack) -> None:
    """No inline script or style, no eval, nothing from elsewhere; no markup out of data."""
    answer = await page.request.get(stack.baseUrl)
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    html = await answer.text()
    inline = re.compile(r"<script(?![^>]*\bsrc=\"/static/)[^>]*>|<style|\sstyle=|\son\w+=")
    assert inline.findall(html) == []
    assert (await page.request.get("/static/app.js")).headers["cache-control"] == "no-cache"


async def test_text_of_others_is_never_markup(page: Page, person: Person) -> None:
    """A posting full of markup is shown as the text that it is."""
    text = "<img src=x onerror=alert(1)> Engineer\nRequirements:\n- <b>Python</b> & RabbitMQ\n" * 3
    answer = await person.http.post("/api/jobs/", json={"jobText": text})
    status = await person.finished(answer.headers["location"])
    assert status["status"] == "completed", status
    await visit(page, f"#/postings/{status['postingId']}")
    assert await page.locator("main :is(img, b, script)").count() == 0
    await expect(page.locator("main")).to_contain_text("<b>")
