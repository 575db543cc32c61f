"""Letter, interview pack and career path by rules, from the order to the stored document."""

import json
import re
from typing import Any

import pytest

from .conftest import SAMPLES, Person, Sandbox

pytestmark = [pytest.mark.system, pytest.mark.timeout(180)]

RULES = {"engine": "rules"}
BASE = json.loads((SAMPLES / "resume.json").read_text())
COMPANY = "Northwind Robotics"
NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


async def ordered(person: Person, product: str, **body: Any) -> dict[str, Any]:
    """The finished job of a product, whose stored result is what its status shows."""
    response = await person.http.post(
        f"/api/{product}/generate-async",
        json={"baseResumeId": person.resume_id, "options": RULES, **body},
    )
    assert response.status_code == 202, response.text
    status = await person.finished(response.headers["location"])
    assert status["status"] == "completed", status
    stored = await person.http.get(f"/api/{product}/results/{status['resultId']}")
    assert stored.json()["document"] == status["result"]
    return status


def numbers(value: Any) -> set[str]:
    """Every number that a document says."""
    return set(NUMBER.findall(json.dumps(value, ensure_ascii=False)))


async def test_letter_says_what_the_resume_says(person: Person, sandbox: Sandbox) -> None:
    """Every sentence about the person has a fact of theirs, and no number or employer is new."""
    url = sandbox.posting("northwind-robotics/senior-backend-engineer")
    letter = (await ordered(person, "cover-letters", jobUrl=url))["result"]
    assert letter["engine"] == "rules"
    assert letter["degraded"] is False
    assert letter["company"] == COMPANY
    assert letter["posting"]["read"]["fields"]["company"]["source"] == "json_ld"
    assert COMPANY in letter["greeting"]
    assert letter["signature"] == BASE["basics"]["name"]
    sentences = [s for p in letter["paragraphs"] for s in p["sentences"]]
    told = [s for s in sentences if s["about"] == "person"]
    assert told
    assert all(s["grounds"] for s in sentences if s["about"] in {"person", "posting", "research"})
    assert all(g["kind"] == "fact" for s in told for g in s["grounds"])
    assert numbers([s["text"] for s in told]) <= numbers(BASE)
    employers = {work["name"] for work in BASE["work"]}
    named = [e for s in told for e in re.findall(r"^As .+? at (.+?), I ", s["text"])]
    assert named
    assert set(named) <= employers


async def test_interview_pack_asks_about_ones_own_lines(person: Person, posting_text: str) -> None:
    """What is to be defended stands in the resume, and what is missing is admitted."""
    order = {"jobText": posting_text, "company": COMPANY}
    pack = (await ordered(person, "interview-prep", **order))["result"]
    assert pack["company"] == COMPANY
    assert {q["kind"] for q in pack["questions"]} == {"requirement", "defend", "gap"}
    stars = [q["star"] for q in pack["questions"] if q["star"]]
    assert stars
    own = json.dumps(BASE, ensure_ascii=False)
    assert all(star["action"] in own for star in stars)
    assert all(q["evidence"] for q in pack["questions"] if q["kind"] != "gap")
    assert pack["gaps"]
    assert all(gap["advice"] for gap in pack["gaps"])


async def test_career_path_counts_kept_postings(
    person: Person, sandbox: Sandbox, posting_text: str
) -> None:
    """Skills are n of the person's m postings; pay stands with its source or is not there."""
    url = sandbox.posting("northwind-robotics/senior-backend-engineer")
    kept = set()
    for posting in ({"jobText": posting_text}, {"jobUrl": url}):
        response = await person.http.post("/api/jobs/", json=posting)
        assert response.status_code == 202, response.text
        status = await person.finished(response.headers["location"])
        assert status["status"] == "completed", status
        kept.add(status["postingId"])
    path = (await ordered(person, "career-path"))["result"]
    assert path["postings"] == len(kept) == 2
    assert path["roles"]
    assert path["missing"]
    assert path["present"]
    for counted in (*path["missing"], *path["present"]):
        assert 0 < counted["count"] == len(counted["postingIds"]) <= counted["of"] == 2
        assert set(counted["postingIds"]) <= kept
    assert all(counted["factIds"] for counted in path["present"])
    for pay in path["pay"]:
        assert pay["url"].startswith("http")
        assert pay["date"]
        assert pay["sampleSize"] > 0
    if not path["pay"]:
        assert any("No data on pay" in note for note in path["notes"])


@pytest.mark.parametrize("product", ["cover-letters", "interview-prep"])
async def test_kept_posting_is_not_read_again(
    person: Person, posting_text: str, product: str
) -> None:
    """A stored posting serves every product, and the waiting twin answers at once."""
    captured = await person.http.post("/api/jobs/", json={"jobText": posting_text})
    posting = (await person.finished(captured.headers["location"]))["postingId"]
    body = {
        "baseResumeId": person.resume_id,
        "postingId": posting,
        "company": COMPANY,  # which pasted text does not state
        "options": RULES,
    }
    answer = await person.http.post(f"/api/{product}/generate", json=body)
    assert answer.status_code == 200, answer.text
    assert answer.json()["result"]["company"] == COMPANY
    told = (await person.http.get(f"/api/jobs/{posting}")).json()["results"]
    assert [result["jobId"] for result in told] == [answer.json()["jobId"]]
