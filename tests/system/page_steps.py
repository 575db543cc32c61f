"""What people do on the page, step by step."""

import re
import uuid
from pathlib import Path
from typing import TYPE_CHECKING, Any

from playwright.async_api import Page, expect

if TYPE_CHECKING:
    from .conftest import Person

SAMPLES = Path(__file__).parents[2] / "deploy" / "samples"
POSTING = "northwind-robotics/senior-backend-engineer"
PATIENCE_MS = 60_000


async def settled(page: Page) -> None:
    """Wait until a view is there."""
    await expect(page.locator("main:not([aria-busy]) h1")).to_be_visible(timeout=PATIENCE_MS)


async def visit(page: Page, route: str) -> None:
    """Go to a view by its address, and wait until it is there."""
    await page.goto("about:blank")
    await page.goto(f"/{route}")
    await settled(page)


async def sign_up(page: Page) -> None:
    """Make an account by the form."""
    await page.goto("/")
    await page.get_by_label("Email").fill(f"{uuid.uuid4().hex}@example.com")
    await page.get_by_label("Password").fill("correct horse")
    await page.get_by_role("button", name="Create an account").click()
    await expect(page.get_by_role("heading", name="For a posting")).to_be_visible()


async def give_resume(page: Page, name: str = "resume.pdf") -> None:
    """Choose a file and wait until it is read."""
    await page.locator("input[type=file]").set_input_files(SAMPLES / name)
    await expect(page.get_by_text(re.compile(r"^Read: "))).to_be_visible(timeout=PATIENCE_MS)


async def choose(page: Page, *products: str) -> None:
    """Tick these products and no others."""
    for box in await page.get_by_role("checkbox").all():
        await box.set_checked(False)
    for product in products:
        await page.get_by_role("checkbox", name=product).check()


async def heading(page: Page, name: str | re.Pattern[str]) -> None:
    """Wait for a view's heading."""
    await expect(page.get_by_role("heading", level=1, name=name)).to_be_visible(timeout=PATIENCE_MS)


async def made(person: "Person", product: str, **body: Any) -> dict[str, Any]:
    """A finished job of a product, ordered over the API by rules."""
    verb = "tailor" if product == "tailor" else "generate"
    order = {"baseResumeId": person.resume_id, "options": {"engine": "rules"}, **body}
    response = await person.http.post(f"/api/{product}/{verb}-async", json=order)
    assert response.status_code == 202, response.text
    status = await person.finished(response.headers["location"])
    assert status["status"] == "completed", status
    return status


async def captured(person: "Person", url: str) -> str:
    """A kept posting's id."""
    response = await person.http.post("/api/jobs/", json={"jobUrl": url})
    status = await person.finished(response.headers["location"])
    assert status["status"] == "completed", status
    return str(status["postingId"])
