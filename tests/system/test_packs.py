"""One pack for one posting: tailored resume, letter and interview pack, edited and printed."""

import io
from typing import Any

import docx
import pypdfium2
import pytest

from .conftest import Person, Sandbox

pytestmark = [pytest.mark.system, pytest.mark.timeout(180)]

LIE = "Led 4000 engineers at Globex and cut every cost by 93%"
OWN = "I keep bees in my garden."


async def ordered(person: Person, product: str, tailored_id: str) -> tuple[str, dict[str, Any]]:
    """Where a product that goes with a tailored resume is kept, and what it says."""
    answer = await person.http.post(
        f"/api/{product}/generate-async",
        json={
            "baseResumeId": person.resume_id,
            "tailoredId": tailored_id,
            "options": {"engine": "rules"},
        },
    )
    assert answer.status_code == 202, answer.text
    status = await person.finished(answer.headers["location"])
    assert status["status"] == "completed", status
    assert status["result"]["tailored"]["resultId"] == tailored_id
    return f"/api/{product}/results/{status['resultId']}", status["result"]


async def test_letter_and_interview_go_with_the_tailored_resume(
    person: Person, sandbox: Sandbox, posting_text: str
) -> None:
    """What a model worded anew is to be defended, and what the person wrote unproved above all."""
    await sandbox.put("mode", {"openai": "truthful"})
    status = await person.tailored(jobText=posting_text, options={"engine": "model"})
    assert status["status"] == "completed", status
    path = f"/api/tailor/results/{status['resultId']}"
    changes = (await person.http.get(f"{path}/changes")).json()["items"]
    lines = [c for c in changes if c["kind"] == "rewrite_highlight" and c["inDocument"]]
    edit = {"decision": "edited", "text": LIE}
    answer = await person.http.patch(f"{path}/changes/{lines[0]['id']}", json=edit)
    assert answer.status_code == 200, answer.text
    _, pack = await ordered(person, "interview-prep", status["resultId"])
    first = next(q for q in pack["questions"] if q["kind"] == "defend")
    assert (first["claim"], first["weakSpots"][0]["code"]) == (LIE, "unverified")
    claims = [q["claim"] for q in pack["questions"] if q["kind"] == "defend"]
    assert all(line["after"] in claims for line in lines[1:])
    at, letter = await ordered(person, "cover-letters", status["resultId"])
    assert LIE not in str(letter)
    resume = (await person.http.get(path)).json()["document"]["resume"]
    assert letter["signature"] == resume["basics"]["name"]
    posting = await person.http.get(f"/api/jobs/{(await person.http.get(at)).json()['postingId']}")
    went = {(r["product"], r["tailoredId"]) for r in posting.json()["results"]}
    assert went == {
        ("tailor_resume", None),
        ("interview_prep", status["resultId"]),
        ("cover_letter", status["resultId"]),
    }


async def test_letter_is_edited_and_printed(person: Person, posting_text: str) -> None:
    """The person's sentence is marked, stands in every file, and can be taken back."""
    answer = await person.http.post(
        "/api/cover-letters/generate-async",
        json={
            "baseResumeId": person.resume_id,
            "jobText": posting_text,
            "options": {"engine": "rules"},
        },
    )
    status = await person.finished(answer.headers["location"])
    path, delivered = f"/api/cover-letters/results/{status['resultId']}", status["result"]
    told = [" ".join(s["text"] for s in p["sentences"]) for p in delivered["paragraphs"]]
    lie = await person.http.put(path, json={"paragraphs": [*told, "I worked at Globex."]})
    assert (lie.status_code, lie.json()["code"]) == (422, "identity_fixed")
    body = {"paragraphs": [*told, OWN]}
    edited = await person.http.put(path, json=body, headers={"If-Match": '"0"'})
    assert edited.status_code == 200, edited.text
    *kept, mine = edited.json()["document"]["paragraphs"]
    assert kept == delivered["paragraphs"]
    (sentence,) = mine["sentences"]
    assert (sentence["text"], sentence["own"]) == (OWN, True)
    assert sentence["unverified"]
    for form in ("pdf", "docx", "md", "txt", "json"):
        answer = await person.http.get(f"{path}/export", params={"format": form})
        assert answer.status_code == 200, answer.text
        assert OWN in read(answer.content, form), form
    reverted = await person.http.delete(f"{path}/edit")
    assert reverted.json()["document"] == delivered


def read(data: bytes, form: str) -> str:
    """The text of a file, lines joined."""
    if form == "pdf":
        pdf = pypdfium2.PdfDocument(data)
        text = "\n".join(page.get_textpage().get_text_range() for page in pdf)
        pdf.close()
    elif form == "docx":
        text = "\n".join(p.text for p in docx.Document(io.BytesIO(data)).paragraphs)
    else:
        text = data.decode()
    return " ".join(text.split())
