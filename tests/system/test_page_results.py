"""What each product's result shows, and what can be decided about it."""

import re
from pathlib import Path

import pytest
from playwright.async_api import Locator, Page, expect

from .conftest import NewTab, Person, Sandbox
from .page_steps import PATIENCE_MS, POSTING, captured, heading, made, visit

pytestmark = [pytest.mark.system, pytest.mark.timeout(180)]

OWN = "I keep bees on the roof of our office."
LIE = "Led 4000 engineers at Globex and cut every cost by 93%"


async def reworded(page: Page) -> Locator:
    """The first change of words: its card, found again by its id."""
    card = page.locator(".change", has=page.get_by_text("in the document", exact=True)).first
    return page.locator(f"[data-change='{await card.get_attribute('data-change')}']")


async def test_changes_are_decided_one_by_one(page: Page, person: Person, sandbox: Sandbox) -> None:
    """Reject, undo, edit with a lie, leave a line out: each answer stands on the card."""
    await sandbox.put("mode", {"openai": "truthful"})
    status = await made(person, "tailor", jobUrl=sandbox.posting(POSTING))
    await visit(page, f"#/results/tailor/{status['resultId']}")
    card = await reworded(page)
    await expect(card.locator(".diff ins").first).to_be_visible()
    await card.get_by_text("Where it comes from").click()
    await expect(card.locator("q").first).not_to_be_empty()
    await card.get_by_role("button", name="Reject").click()
    await expect(card.get_by_text("rejected", exact=True)).to_be_visible()
    await card.get_by_role("button", name="Undo").click()
    await expect(card.get_by_text("in the document", exact=True)).to_be_visible()
    await card.get_by_role("button", name="Edit").click()
    await card.get_by_label("Your words").fill(LIE)
    await card.get_by_role("button", name="Save my words").click()
    await expect(card.get_by_text("your words", exact=True)).to_be_visible()
    await expect(card.locator(".warning").first).to_contain_text("Your resume does not show")
    await expect(page.locator(".notices")).to_contain_text("Your own words")
    waiting = page.locator(".change", has=page.get_by_text("your decision", exact=True)).first
    hidden = page.locator(f"[data-change='{await waiting.get_attribute('data-change')}']")
    await hidden.get_by_role("button", name="Leave it out").click()
    await expect(hidden.get_by_text("left out, as you say")).to_be_visible()
    await page.get_by_text("Read it", exact=True).click()
    await expect(page.locator(".paper")).to_contain_text(LIE)
    await page.get_by_role("button", name="Make: Interview preparation").click()
    await heading(page, re.compile("^Interview preparation"))
    await expect(page.get_by_role("link", name="this tailored resume")).to_be_visible()
    defend = page.get_by_role("region", name="Be ready to defend this")
    await expect(defend.get_by_role("heading", level=3).first).to_be_visible()


async def test_another_tab_was_first(
    page: Page, new_tab: NewTab, person: Person, posting_text: str
) -> None:
    """A decision on what no longer stands is not taken; what stands is shown."""
    status = await made(person, "tailor", jobText=posting_text)
    route = f"#/results/tailor/{status['resultId']}"
    other = await new_tab()
    await visit(page, route)
    await visit(other, route)
    card = await reworded(page)
    await card.get_by_role("button", name="Reject").click()
    await expect(card.get_by_text("rejected", exact=True)).to_be_visible()
    stale = other.locator(f"[data-change='{await card.get_attribute('data-change')}']")
    await stale.get_by_role("button", name="Accept").click()
    await expect(other.locator(".notices")).to_contain_text("Another tab was first")
    await expect(stale.get_by_text("rejected", exact=True)).to_be_visible()
    await stale.get_by_role("button", name="Accept").click()
    await expect(stale.get_by_text("accepted", exact=True)).to_be_visible()


async def test_answered_question_counts_in_the_next_tailoring(
    page: Page, person: Person, posting_text: str
) -> None:
    """A gap is answered, the resume tailored again; the fact can be taken back."""
    status = await made(person, "tailor", jobText=posting_text)
    gaps = len(status["result"]["gaps"])
    await visit(page, f"#/results/tailor/{status['resultId']}")
    gap = page.locator(".gap").first
    skill = (await gap.get_by_role("heading").inner_text()).split("\n")[0]
    await gap.get_by_role("button", name="Confirm it").click()
    await expect(gap.locator(".problem")).to_contain_text("Choose an answer")
    await gap.get_by_label("Your answer").select_option(label="Yes, I used it at…")
    await gap.get_by_label("In your own words").fill("I used it every day for two years.")
    await gap.get_by_role("button", name="Confirm it").click()
    await expect(gap.get_by_text("Confirmed. It counts")).to_be_visible()
    await page.get_by_role("button", name="Tailor again with them").click()
    await heading(page, re.compile("Progress|Tailored resume"))
    await expect(page.locator(".gap")).to_have_count(gaps - 1, timeout=PATIENCE_MS)
    await visit(page, f"#/resumes/{person.resume_id}")
    fact = page.get_by_role("button", name=re.compile("^Take back"))
    await expect(fact).to_have_count(1)
    assert skill.split(" required")[0]
    await fact.click()
    await expect(page.get_by_text("Answers to questions about a posting are kept")).to_be_visible()


async def test_letter_shows_what_proves_a_sentence(
    page: Page, person: Person, sandbox: Sandbox
) -> None:
    """By keyboard: the ground opens, and Escape closes it."""
    posting = await captured(person, sandbox.posting(POSTING))
    status = await made(person, "cover-letters", postingId=posting)
    letter = status["result"]
    await visit(page, f"#/results/cover-letters/{status['resultId']}")
    told = [s for p in letter["paragraphs"] for s in p["sentences"] if s["about"] == "person"]
    sentence = page.get_by_role("button", name=told[0]["text"], exact=True)
    await sentence.focus()
    await page.keyboard.press("Enter")
    await expect(sentence).to_have_attribute("aria-expanded", "true")
    await expect(page.locator(".grounds:visible")).to_contain_text("about you")
    await expect(page.locator(".grounds:visible q").first).not_to_be_empty()
    await page.keyboard.press("Escape")
    await expect(page.locator(".grounds:visible")).to_have_count(0)
    await expect(sentence).to_be_focused()
    if letter["dropped"]:
        await expect(page.locator("main")).to_contain_text("left out because nothing proves")


async def test_letter_in_own_words_and_back(
    page: Page, person: Person, sandbox: Sandbox, tmp_path: Path
) -> None:
    """What is added is marked as the person's; the file has it; taking it back restores all."""
    status = await made(person, "cover-letters", jobUrl=sandbox.posting(POSTING))
    await visit(page, f"#/results/cover-letters/{status['resultId']}")
    delivered = await page.locator(".letter").inner_text()
    await page.get_by_text("Write it in your own words").click()
    words = page.get_by_label("Paragraphs")
    await words.fill(f"{await words.input_value()}\n\n{OWN}")
    await page.get_by_role("button", name="Save my letter").click()
    mine = page.locator(".sentence.own")
    await expect(mine).to_have_text(OWN)
    await mine.click()
    await expect(page.locator(".grounds:visible")).to_contain_text("your words")
    await page.get_by_label("Format").select_option("txt")
    async with page.expect_download() as download:
        await page.get_by_role("button", name="Download").click()
    await (await download.value).save_as(tmp_path / "letter.txt")
    assert OWN in " ".join((tmp_path / "letter.txt").read_text().split())
    await page.get_by_role("button", name="Take my edits back").click()
    await expect(page.locator(".sentence.own")).to_have_count(0)
    assert await page.locator(".letter").inner_text() == delivered


async def test_answer_and_role_of_ones_own(page: Page, person: Person, sandbox: Sandbox) -> None:
    """An answer is kept with its question, a role with its reason; both are marked."""
    url = sandbox.posting(POSTING)
    pack = await made(person, "interview-prep", jobUrl=url)
    await visit(page, f"#/results/interview-prep/{pack['resultId']}")
    card = page.locator(".asked").first
    await card.get_by_text("Write my answer").click()
    await card.get_by_label("Your answer").fill(OWN)
    await card.get_by_role("button", name="Save my answer").click()
    await expect(page.locator(".asked").first).to_contain_text(OWN)
    await expect(page.locator(".asked").first.get_by_text("your words").first).to_be_visible()
    path = await made(person, "career-path")
    await visit(page, f"#/results/career-path/{path['resultId']}")
    await page.get_by_text("Change the roles").click()
    await page.get_by_label("Another role").fill("Harbour Master")
    await page.get_by_role("button", name="Save my roles").click()
    role = page.locator(".card", has=page.get_by_role("heading", name="Harbour Master"))
    await expect(role.get_by_text("your own")).to_be_visible()


async def test_interview_pack_and_how_its_posting_was_read(
    page: Page, person: Person, sandbox: Sandbox
) -> None:
    """What to defend, with evidence; gaps with advice; the posting's route; the way to delete."""
    status = await made(person, "interview-prep", jobUrl=sandbox.posting(POSTING))
    await visit(page, f"#/results/interview-prep/{status['resultId']}")
    defend = page.get_by_role("region", name="Be ready to defend this")
    await defend.get_by_text("Your own evidence").first.click()
    await expect(defend.locator(".facts q").first).not_to_be_empty()
    gaps = page.get_by_role("region", name="Gaps to admit")
    assert await gaps.locator("li").count() == len(status["result"]["gaps"])
    read = page.get_by_role("region", name="How the posting was read")
    await expect(read).to_contain_text("the page's structured data")
    await page.get_by_role("button", name="Delete").click()
    await expect(page.get_by_role("button", name="No, keep it")).to_be_focused()
    await page.get_by_role("button", name="Yes, delete").click()
    await heading(page, "Results")
    await expect(page.get_by_text("Nothing ordered yet")).to_have_count(0)


async def test_career_path_counts_and_admits_no_data(
    page: Page, person: Person, sandbox: Sandbox
) -> None:
    """Ordered by the form without a posting; counts are n of m; pay has a source or is no data."""
    await captured(person, sandbox.posting(POSTING))
    await visit(page, "#/new?product=career-path")
    await expect(page.get_by_label("Its address")).to_be_hidden()
    await page.get_by_role("button", name="Make it").click()
    await heading(page, "Career path")
    await expect(page.get_by_text("1 of 1").first).to_be_visible()
    assert await page.locator("article.card").count() >= 3
    pay = page.get_by_role("region", name="Pay", exact=True)
    await expect(pay).to_contain_text(re.compile("No data|Source"))


async def test_posting_with_evidence_and_salary(
    page: Page, sandbox: Sandbox, posting_text: str
) -> None:
    """Kept by address: requirements with weight and place, salary as stated; by text: none."""
    await visit(page, "#/postings")
    await page.get_by_label("Its address").fill(sandbox.posting(POSTING))
    await page.get_by_role("button", name="Read and keep it").click()
    await heading(page, re.compile("Senior Backend Engineer, Fleet Platform . Northwind Robotics"))
    await expect(page.get_by_text("78000-92000 EUR per year")).to_be_visible()
    rows = page.get_by_role("table", name=re.compile("requirements")).locator("tbody tr")
    row = rows.filter(has=page.get_by_role("rowheader", name="RabbitMQ")).first
    await expect(row).to_contain_text("required")
    await expect(row.locator("mark")).to_have_text("RabbitMQ")
    await visit(page, "#/postings")
    await page.get_by_label("Or its text").fill(posting_text)
    await page.get_by_role("button", name="Read and keep it").click()
    await expect(page.get_by_text("It states no salary, and none is guessed.")).to_be_visible(
        timeout=PATIENCE_MS
    )
    await page.get_by_role("button", name="Delete").click()
    await page.get_by_role("button", name="Yes, delete").click()
    await heading(page, "Postings")
    await expect(page.locator(".rows > li")).to_have_count(1)


async def test_usage_and_signing_out(
    page: Page, new_tab: NewTab, person: Person, sandbox: Sandbox
) -> None:
    """What was spent, by product; signing out in one tab signs out the other."""
    await sandbox.put("mode", {"openai": "truthful"})
    url = sandbox.posting(POSTING)
    await made(person, "tailor", jobUrl=url, options={"engine": "auto"})
    other = await new_tab()
    await visit(other, "#/postings")
    await visit(page, "#/account")
    await expect(page.get_by_role("table", name="By product")).to_contain_text("Tailored resume")
    await page.get_by_role("button", name="Sign out").click()
    await expect(page.get_by_role("button", name="Sign in")).to_be_visible()
    await expect(other.get_by_role("button", name="Sign in")).to_be_visible()
