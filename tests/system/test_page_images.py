"""Takes the pictures of the page that the documentation shows: `make images`."""

import os
from pathlib import Path
from typing import Any, Literal

import pytest
from playwright.async_api import Page

from .conftest import Person, Sandbox
from .page_steps import POSTING, captured, made, visit

pytestmark = [
    pytest.mark.system,
    pytest.mark.timeout(120),
    pytest.mark.skipif("PAGE_IMAGES" not in os.environ, reason="only `make images` takes pictures"),
]

Scheme = Literal["light", "dark"]


async def picture(page: Page, name: str, *, width: int, height: int, scheme: Scheme) -> None:
    """Save what a window of this size shows."""
    await page.set_viewport_size({"width": width, "height": height})
    await page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    await page.evaluate("() => { document.activeElement.blur(); scrollTo(0, 0); }")
    data = await page.screenshot(path=Path(os.environ["PAGE_IMAGES"]) / f"{name}.png")
    assert data


async def test_pictures_of_the_page(page: Page, person: Person, sandbox: Sandbox) -> None:
    """A tailored resume, a letter with what proves a sentence, and both of it on a phone."""
    await sandbox.put("mode", {"openai": "truthful"})
    posting = await captured(person, sandbox.posting(POSTING))
    model: dict[str, Any] = {"postingId": posting, "options": {"engine": "model"}}
    tailored = await made(person, "tailor", **model)
    letter = await made(person, "cover-letters", postingId=posting)
    await visit(page, f"#/results/tailor/{tailored['resultId']}")
    await page.locator(".change summary").nth(4).click()
    await picture(page, "page", width=1180, height=1900, scheme="light")
    await picture(page, "page-phone", width=360, height=1100, scheme="light")
    await visit(page, f"#/results/cover-letters/{letter['resultId']}")
    await page.locator(".sentence").nth(2).click()
    await picture(page, "page-letter", width=1180, height=1000, scheme="dark")
    await visit(page, f"#/postings/{posting}")
    await picture(page, "page-posting", width=1180, height=1000, scheme="light")
