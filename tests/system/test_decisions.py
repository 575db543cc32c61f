"""What a person decides about a tailored resume, from the proposal to the exported file."""

from typing import Any

import pytest

from .conftest import Person, Sandbox

pytestmark = [pytest.mark.system, pytest.mark.timeout(180)]

LIE = "Led 4000 engineers at Globex and cut every cost by 93%"


async def result_of(person: Person, **body: Any) -> tuple[str, dict[str, Any]]:
    """A finished tailoring: where its result is, and what it says."""
    status = await person.tailored(**body)
    assert status["status"] == "completed", status
    return f"/api/tailor/results/{status['resultId']}", status["result"]


async def test_changes_are_decided_one_by_one(
    person: Person, sandbox: Sandbox, posting_text: str
) -> None:
    """Reject, edit, hide and revert, guarded against another tab; the file follows."""
    await sandbox.put("mode", {"openai": "truthful"})
    path, delivered = await result_of(person, jobText=posting_text, options={"engine": "model"})
    listed = await person.http.get(f"{path}/changes")
    assert listed.headers["etag"] == '"0"'
    changes = {c["id"]: c for c in listed.json()["items"]}
    assert all(c["sourceFactIds"] and c["reason"] for c in changes.values())
    line = next(c for c in changes.values() if c["kind"] == "rewrite_highlight")
    assert (line["by"], line["origin"]) == ("model", "model")

    async def decide(tag: str, **decision: str) -> Any:
        return await person.http.patch(
            f"{path}/changes/{line['id']}", json=decision, headers={"If-Match": tag}
        )

    assert (await decide('"0"', decision="rejected")).status_code == 200
    assert (await decide('"0"', decision="accepted")).json()["code"] == "version_conflict"
    exported = await person.http.get(f"{path}/export?format=md")
    assert line["after"] not in exported.text
    edited = await decide('"1"', decision="edited", text=LIE)
    assert edited.status_code == 200, edited.text
    mine = next(c for c in edited.json()["items"] if c["id"] == line["id"])
    assert (mine["by"], mine["origin"], mine["proposed"]) == ("user", "model", line["after"])
    assert mine["unverified"]
    result = (await person.http.get(path)).json()["document"]
    assert LIE in str(result["resume"])
    assert result["scores"]["match"]["tailored"]["value"] <= result["scores"]["match"]["ceiling"]
    assert (await decide('"2"', decision="reverted")).status_code == 200
    assert (await person.http.get(path)).json()["document"]["resume"] == delivered["resume"]
    for change in changes:
        answer = await person.http.patch(f"{path}/changes/{change}", json={"decision": "rejected"})
        assert answer.status_code == 200, answer.text
    base = (await person.http.get(f"/api/resumes/{person.resume_id}")).json()["document"]
    assert (await person.http.get(path)).json()["document"]["resume"] == base


async def test_own_document_and_answered_gap(person: Person, posting_text: str) -> None:
    """A whole document of one's own; then a gap is answered, and the next run counts it."""
    path, result = await result_of(person, jobText=posting_text, options={"engine": "rules"})
    resume = result["resume"]
    first, *others = resume["work"]
    wanted = {**resume, "work": [{**first, "highlights": [*first["highlights"], LIE]}, *others]}
    put = await person.http.put(path, json=wanted)
    assert put.status_code == 200, put.text
    assert put.json()["document"]["resume"] == wanted
    own = [c for c in put.json()["document"]["changes"] if c["origin"] == "user"]
    assert [c["after"] for c in own] == [LIE]
    promoted = {**resume, "work": [{**first, "position": "Chief Executive"}, *others]}
    refused = await person.http.put(path, json=promoted)
    assert refused.json()["code"] == "identity_fixed"

    gap = next(g for g in result["gaps"] if g["kind"] == "must" and g["skill"])
    assert gap["questionId"]
    fact = {"name": gap["skill"], "requirementId": gap["requirementId"]}
    answer = await person.http.post(f"/api/resumes/{person.resume_id}/facts", json=fact)
    assert answer.status_code == 201, answer.text
    _, again = await result_of(person, jobText=posting_text, options={"engine": "rules"})
    assert gap["requirementId"] not in {g["requirementId"] for g in again["gaps"]}
    before, after = result["scores"]["match"], again["scores"]["match"]
    assert after["ceiling"] > before["ceiling"]
    assert after["tailored"]["value"] > before["tailored"]["value"]
    assert any("You confirmed it" in c["reason"] for c in again["changes"])
    (posting,) = (await person.http.get("/api/jobs/")).json()["items"]
    score = await person.http.get(
        f"/api/resumes/{person.resume_id}/score", params={"postingId": posting["id"]}
    )
    assert score.json()["match"]["ceiling"] == after["ceiling"]
