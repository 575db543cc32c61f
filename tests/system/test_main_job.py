"""The main job through every part: edge, outbox, RabbitMQ, consumers, projector, polling."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from .conftest import SAMPLES, NewPerson, Person, Sandbox

pytestmark = [pytest.mark.system, pytest.mark.timeout(180)]

IDENTITY = (
    "name",
    "position",
    "startDate",
    "endDate",
    "institution",
    "studyType",
    "area",
    "issuer",
)


def identity(document: dict[str, Any]) -> set[tuple[str, str, str]]:
    """Every identity field of every entry."""
    return {
        (entry["id"], name, str(entry[name]))
        for section in ("work", "education", "certificates", "projects", "volunteer", "awards")
        for entry in document.get(section, [])
        for name in IDENTITY
        if entry.get(name)
    }


@pytest.mark.parametrize("name", ["resume.pdf", "resume.docx", "resume.txt", "resume.json"])
async def test_upload_is_read_and_tailored(
    new_person: NewPerson, posting_text: str, name: str
) -> None:
    """A file in, a true tailored resume out, in each format."""
    person = await new_person()
    parsed = await person.upload(name, (SAMPLES / name).read_bytes())
    assert parsed["status"] == "completed", parsed
    expected = json.loads((SAMPLES / "resume.json").read_text())
    document = parsed["result"]["document"]
    assert document["basics"]["name"] == expected["basics"]["name"]
    employers = [job["name"] for job in document["work"]]
    assert employers == [job["name"] for job in expected["work"]]
    person.resume_id = parsed["result"]["resumeId"]
    status = await person.tailored(jobText=posting_text, options={"engine": "rules"})
    assert status["status"] == "completed", status
    result = status["result"]
    coverage = result["coverage"]
    assert coverage["before"] <= coverage["after"] <= coverage["ceiling"] <= 1
    assert result["changes"]
    assert all(c["reason"] and c["sourceFactIds"] for c in result["changes"])
    assert result["gaps"]
    stored = (await person.http.get(f"/api/resumes/{person.resume_id}")).json()["document"]
    assert identity(result["resume"]) == identity(stored)


@pytest.mark.parametrize("mode", ["truthful", "lying"])
async def test_model_tells_no_lie(
    person: Person, sandbox: Sandbox, posting_text: str, mode: str
) -> None:
    """Whatever the model says, identity, numbers and employers stay the person's own."""
    await sandbox.put("mode", {"openai": mode})
    base = (await person.http.get(f"/api/resumes/{person.resume_id}")).json()["document"]
    status = await person.tailored(jobText=posting_text, options={"engine": "model"})
    assert status["status"] == "completed", status
    result = status["result"]
    assert result["engine"] == "model"
    assert identity(result["resume"]) == identity(base)
    assert result["coverage"]["after"] <= result["coverage"]["ceiling"]
    assert len(await sandbox.calls("openai", status["jobId"])) == 1
    if mode == "lying":
        assert result["blocked"]


async def test_posting_by_address_with_research(person: Person, sandbox: Sandbox) -> None:
    """JSON-LD is extracted with its sources; the sandbox's own company is researched, or known."""
    url = sandbox.posting("northwind-robotics/senior-backend-engineer")
    status = await person.tailored(jobUrl=url)
    assert status["status"] == "completed", status
    assert status["result"]["posting"]["company"] == "Northwind Robotics"
    assert status["result"]["posting"]["read"]["route"] == "json_ld"
    assert status["notes"] == []
    assert len(await sandbox.calls("perplexity", status["jobId"])) <= 1  # another job may have paid


@pytest.mark.parametrize(
    "page",
    ["northwind-robotics/technical-writer", "trouble/moved", "trouble/raw-newlines"],
)
async def test_other_forms_of_pages_are_read(person: Person, sandbox: Sandbox, page: str) -> None:
    """Readable text, redirects and broken JSON-LD still give a posting."""
    status = await person.tailored(jobUrl=sandbox.posting(page), options={"engine": "rules"})
    assert status["status"] == "completed", status
    assert status["result"]["posting"]["title"]


async def test_polling_and_streaming_agree(
    person: Person, sandbox: Sandbox, posting_text: str
) -> None:
    """The stream starts with a snapshot, never goes back, and ends with the job; ETags hold."""
    await sandbox.put("latency", {"openai.chat": 500})
    response = await person.order(jobText=posting_text)
    path = response.headers["location"]
    assert response.json()["status"] == "pending"
    progress, last = [], {}
    async with person.http.stream("GET", f"{path}/events") as stream:
        assert stream.headers["content-type"].startswith("text/event-stream")
        async for line in stream.aiter_lines():
            if line.startswith("data:"):
                last = json.loads(line.removeprefix("data:"))
                progress.append(last["progress"])
    assert last["status"] == "completed"
    assert progress == sorted(progress)
    assert len(progress) >= 3
    read = await person.http.get(path)
    assert read.json()["version"] == last["version"]
    again = await person.http.get(path, headers={"If-None-Match": read.headers["etag"]})
    assert again.status_code == 304
    resumed = await person.http.get(
        f"{path}/events", headers={"Last-Event-ID": str(last["version"])}
    )
    assert resumed.status_code == 204


async def test_waiting_twin_answers_with_the_finished_job(
    person: Person, posting_text: str
) -> None:
    """The synchronous endpoint waits for the job."""
    response = await person.http.post(
        "/api/tailor/tailor",
        json={
            "baseResumeId": person.resume_id,
            "jobText": posting_text,
            "options": {"engine": "rules"},
        },
    )
    assert response.status_code == 200, response.text
    assert response.json()["status"] == "completed"


async def test_same_key_is_one_job(person: Person, posting_text: str) -> None:
    """Twenty submissions at once with one key are one job; another body is refused."""
    body = {"jobText": posting_text, "options": {"engine": "rules"}}
    answers = await asyncio.gather(*(person.order(key="k1", **body) for _ in range(20)))
    accepted = [a for a in answers if a.status_code == 202]
    assert {a.status_code for a in answers} <= {202, 409}
    assert len({a.json()["jobId"] for a in accepted}) == 1
    replay = await person.order(key="k1", **body)
    assert replay.headers["idempotent-replayed"] == "true"
    other = await person.order(key="k1", jobText=posting_text + " more")
    assert other.status_code == 422


async def test_cancel_starts_no_more_calls(
    person: Person, sandbox: Sandbox, posting_text: str
) -> None:
    """A cancelled job stays cancelled and its call in flight is the last."""
    await sandbox.put("latency", {"openai.chat": 3000})
    path = (await person.order(jobText=posting_text)).headers["location"]
    job_id = path.rpartition("/")[2]
    async with asyncio.timeout(30):
        while not await sandbox.calls("openai", job_id):
            await asyncio.sleep(0.05)
    assert (await person.http.post(f"{path}/cancel")).status_code == 202
    assert (await person.finished(path))["status"] == "cancelled"
    assert (await person.http.post(f"{path}/cancel")).status_code == 200
    # Another job through the same queue ends: what followed the cancelled one was worked off.
    await sandbox.put("latency", {"openai.chat": 0})
    await person.tailored(jobText=posting_text)
    assert len(await sandbox.calls("openai", job_id)) == 1
    assert (await person.http.get(path)).json()["status"] == "cancelled"


async def test_results_are_kept_and_exported(person: Person, posting_text: str) -> None:
    """A finished document is listed, read and downloaded."""
    status = await person.tailored(jobText=posting_text, options={"engine": "rules"})
    path = status["links"]["result"]
    assert (await person.http.get(path)).json()["jobId"] == status["jobId"]
    listed = (await person.http.get("/api/tailor/results")).json()["items"]
    assert [item["jobId"] for item in listed] == [status["jobId"]]
    markdown = await person.http.get(f"{path}/export", params={"format": "md"})
    name = json.loads((SAMPLES / "resume.json").read_text())["basics"]["name"]
    assert name in markdown.text
    exported = (await person.http.get(f"{path}/export", params={"format": "json"})).json()
    assert exported["basics"]["name"] == name


def real_samples() -> list[Path]:
    """Real resumes beside the repository, when they are there."""
    folder = Path(__file__).parents[3] / "shared" / "samples"
    return sorted(folder.glob("*.pdf")) + sorted(folder.glob("*.resume.json"))


async def test_real_resumes_are_read(new_person: NewPerson) -> None:
    """Resumes that nobody here wrote come through import."""
    samples = real_samples()
    if not samples:
        pytest.skip("no sample resumes beside the repository")
    for sample in samples:
        parsed = await (await new_person()).upload(sample.name, sample.read_bytes())
        assert parsed["status"] == "completed", (sample.name, parsed["error"])
        assert parsed["result"]["document"]["work"]
