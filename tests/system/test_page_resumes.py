"""What was read from a file: doubts, corrections, confirmation, versions."""

import re

import pytest
from playwright.async_api import Page, expect

from .conftest import Person
from .page_steps import give_resume, heading, visit

pytestmark = [pytest.mark.system, pytest.mark.timeout(180)]


async def test_reading_is_checked_and_confirmed(page: Page) -> None:
    """Doubts are named with what was read; confirming makes it the truth."""
    await visit(page, "#/resumes")
    await page.get_by_role("checkbox", name="Read it by rules alone").check()
    await give_resume(page)
    await page.get_by_role("link", name="Check and confirm it").click()
    await heading(page, "Mara Lindqvist")
    callout = page.locator(".callout")
    await expect(callout).to_contain_text("Work 3, title: Student Assistant")
    await page.get_by_role("button", name="It is right: confirm it").click()
    await expect(page.locator("main .badge").first).to_have_text("confirmed")
    await expect(callout).to_have_count(0)


async def test_reading_is_corrected_as_a_new_version(page: Page, person: Person) -> None:
    """A field is corrected, a line added, an entry removed; the rest stays; the old comes back."""
    await visit(page, f"#/resumes/{person.resume_id}")
    await page.get_by_text("Correct it", exact=True).click()
    form = page.locator("form.editor")
    await form.get_by_label("Headline").fill("Engineer of queues")
    skills = form.get_by_role("group", name="Skills")
    await skills.locator("summary").first.click()
    await skills.get_by_role("button", name="Remove this entry").first.click()
    await form.get_by_role("button", name="Add to languages").click()
    await form.get_by_role("group", name="Languages").get_by_label("Language").last.fill("Latin")
    await form.get_by_role("button", name="Save as the next version").click()
    await expect(page.locator(".paper .label")).to_have_text("Engineer of queues")
    await expect(page.locator(".paper")).to_contain_text("Latin")
    before = await person.http.get(f"/api/resumes/{person.resume_id}/versions/1")
    after = await person.http.get(f"/api/resumes/{person.resume_id}")
    old, new = before.json()["document"], after.json()["document"]
    assert after.json()["version"] == 2
    assert new["work"] == old["work"]
    assert len(new["skills"]) == len(old["skills"]) - 1
    await page.get_by_role("link", name="Version 1", exact=True).click()
    await heading(page, re.compile("Version 1 of"))
    await page.get_by_role("button", name="Make this the next version").click()
    await heading(page, "Mara Lindqvist")
    await expect(page.locator(".paper .label")).to_have_text(old["basics"]["label"])


async def test_correction_of_another_tab_is_not_overwritten(page: Page, person: Person) -> None:
    """What was written meanwhile stays, and the page says so."""
    await visit(page, f"#/resumes/{person.resume_id}")
    await page.get_by_text("Correct it", exact=True).click()
    path = f"/api/resumes/{person.resume_id}"
    document = (await person.http.get(path)).json()["document"]
    document["basics"]["label"] = "Written elsewhere"
    await person.http.put(path, json=document)
    await page.locator("form.editor").get_by_label("Headline").fill("Written here")
    await page.get_by_role("button", name="Save as the next version").click()
    await expect(page.locator(".problem")).to_contain_text("changed meanwhile")
    now = (await person.http.get(path)).json()["document"]
    assert now["basics"]["label"] == "Written elsewhere"


async def test_what_is_not_there_is_said_and_tried_again(page: Page) -> None:
    """An unknown resume: a heading, the code, and a way on; never an empty page."""
    await visit(page, "#/resumes/01a22233-f71a-7747-a358-bc611e0b3453")
    await heading(page, "This could not be loaded")
    await expect(page.locator(".problem code")).to_have_text("resume_not_found")
    await expect(page.get_by_role("button", name="Try again")).to_be_visible()
