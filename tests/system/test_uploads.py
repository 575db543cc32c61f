"""Uploads on the running stack: read by rules, compared with a model, confirmed."""

from typing import Any

import pytest

from .conftest import SAMPLES, Person, Sandbox

pytestmark = [pytest.mark.system, pytest.mark.timeout(180)]

FILES = ("resume.pdf", "resume.docx", "resume.txt")


def identity(document: dict[str, Any]) -> list[tuple[Any, ...]]:
    return [
        tuple(job.get(name) for name in ("name", "position", "startDate", "endDate", "highlights"))
        for job in document["work"]
    ]


def private(document: dict[str, Any]) -> list[str]:
    basics = document["basics"]
    return [basics["name"], basics["email"], basics["phone"]]


@pytest.mark.parametrize("name", FILES)
async def test_upload_is_read_twice_and_told_where(
    person: Person, sandbox: Sandbox, name: str
) -> None:
    status = await person.upload(name, (SAMPLES / name).read_bytes())
    assert status["status"] == "completed", status
    (call,) = await sandbox.calls("openai")
    resume = (await person.http.get(f"/api/resumes/{status['result']['resumeId']}")).json()
    report, document = resume["report"], resume["document"]
    assert (resume["state"], report["engine"]) == ("unconfirmed", "model")
    told = {field["path"]: field for field in report["fields"]}
    for index, job in enumerate(document["work"]):
        field = told[f"work[{index}].name"]
        ((start, end),) = field["spans"]
        assert report["text"][start:end] == job["name"]
        assert 0 < field["confidence"] <= 1
    assert any(field["rule"] == "both" for field in report["fields"])
    assert not any(said in str(call) for said in private(document))
    confirmed = await person.http.post(f"/api/resumes/{resume['id']}/confirm")
    assert confirmed.json()["report"]["fields"] is None


async def test_lies_about_an_upload_do_not_get_in(person: Person, sandbox: Sandbox) -> None:
    data = (SAMPLES / "resume.pdf").read_bytes()
    honest = await person.upload("resume.pdf", data)
    lying = {"openai": "lying"}
    (await sandbox.http.put("/_sandbox/mode", json=lying)).raise_for_status()
    # Another text, lest the answer of before be used again.
    text = (SAMPLES / "resume.txt").read_text()
    lied_to = await person.upload("resume.txt", text.encode())
    told = [lie["class"] for call in await sandbox.calls("openai") for lie in call["lies"]]
    assert {"invented_employer", "changed_date", "moved_bullet", "dropped_job"} <= set(told)
    assert identity(lied_to["result"]["document"]) == identity(honest["result"]["document"])
    assert lied_to["result"]["doubts"]


async def test_upload_by_rules_is_shown_to_nobody(person: Person, sandbox: Sandbox) -> None:
    response = await person.http.post(
        "/api/resumes/upload",
        files={"file": ("resume.pdf", (SAMPLES / "resume.pdf").read_bytes())},
        data={"engine": "rules"},
    )
    status = await person.finished(response.headers["location"])
    assert (status["status"], status["result"]["engine"]) == ("completed", "rules")
    assert await sandbox.calls("openai") == []


async def test_upload_while_the_model_is_down_is_read_by_rules(
    person: Person, sandbox: Sandbox
) -> None:
    script = {"route": "openai.chat", "script": [{"kind": "status", "status": 500, "times": 99}]}
    (await sandbox.http.put("/_sandbox/faults", json=script)).raise_for_status()
    status = await person.upload("resume.docx", (SAMPLES / "resume.docx").read_bytes())
    assert status["status"] == "completed", status
    assert status["result"]["engine"] == "rules"
    assert any("none could be asked" in note for note in status["result"]["notes"])
