"""Pay in a career path: what a page states with all that it takes to judge it, or no data."""

import json
import uuid
from typing import Any
from urllib.parse import urlsplit

import pytest

from .conftest import SAMPLES, Person, Sandbox

pytestmark = [pytest.mark.system, pytest.mark.timeout(180)]


async def career_path(person: Person) -> dict[str, Any]:
    """A career path by rules of the sample's person, living elsewhere.

    Answers on pay are shared and kept, so each test asks about a region of its own.
    """
    document = json.loads((SAMPLES / "resume.json").read_text())
    document["basics"]["location"] = {"city": "Berlin", "region": uuid.uuid4().hex}
    resume = await person.http.post("/api/resumes/", json=document)
    response = await person.http.post(
        "/api/career-path/generate-async",
        json={"baseResumeId": resume.json()["id"], "options": {"engine": "rules"}},
    )
    assert response.status_code == 202, response.text
    status = await person.finished(response.headers["location"])
    assert status["status"] == "completed", status
    path: dict[str, Any] = status["result"]
    return path


async def test_pay_is_what_the_cited_page_says(person: Person, sandbox: Sandbox) -> None:
    [pay] = (await career_path(person))["pay"]
    # By its path: its host is the one that the services know.
    page = await sandbox.http.get(urlsplit(pay["url"]).path)
    assert page.status_code == 200
    assert (
        f"{pay['role']} in {pay['region']} earn {pay['currency']} {pay['low']:,.0f} to "
        f"{pay['currency']} {pay['high']:,.0f} per year"
    ) in page.text
    assert pay["date"] == "2026-06-30"
    assert f"as of 30 June 2026, {pay['sampleSize']} people" in page.text


@pytest.mark.parametrize("lie", ["pay_not_on_page", "pay_other_region", "pay_other_currency"])
async def test_pay_that_the_cited_page_does_not_say_is_no_data(
    person: Person, sandbox: Sandbox, lie: str
) -> None:
    script = {"route": "perplexity.responses", "script": [{"kind": lie}]}
    await sandbox.put("faults", script)
    path = await career_path(person)
    assert [call["fault"] for call in await sandbox.calls("perplexity")] == [lie]
    assert path["pay"] == []
    assert any("No data on pay" in note for note in path["notes"])
