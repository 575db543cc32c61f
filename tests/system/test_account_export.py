"""Two people use everything; each has an archive of all of their own and of nothing else."""

import hashlib
import io
import json
import zipfile
from typing import Any

import pytest

from .conftest import SAMPLES, NewPerson, Person

pytestmark = [pytest.mark.system, pytest.mark.timeout(240)]

RULES = {"engine": "rules"}
PRODUCTS = {
    "tailor": "tailor_resume",
    "cover-letters": "cover_letter",
    "interview-prep": "interview_prep",
    "career-path": "career_path",
}


async def lived(person: Person, mark: str, posting_text: str) -> dict[str, Any]:
    """A resume as JSON and as a file, a posting, every product, a decision; the results' ids."""
    document = json.loads((SAMPLES / "resume.json").read_text())
    document["basics"]["name"] = f"{mark} Person"
    made = await person.http.post("/api/resumes/", json=document)
    assert made.status_code == 201, made.text
    person.resume_id = made.json()["id"]
    uploaded = f"{mark} Upload\nEngineer at {mark} Works since 2019\n".encode()
    await person.upload(f"{mark} cv.txt", uploaded)
    captured = await person.http.post("/api/jobs/", json={"jobText": f"{posting_text}\n{mark}"})
    status = await person.finished(captured.headers["location"])
    results: dict[str, Any] = {"uploaded": uploaded, "posting": status["postingId"]}
    for product in PRODUCTS:
        verb = "tailor" if product == "tailor" else "generate"
        given = {"postingId": status["postingId"], "company": f"{mark} Robotics"}
        order = {"baseResumeId": person.resume_id, "options": RULES} | (
            {} if product == "career-path" else given
        )
        answer = await person.http.post(f"/api/{product}/{verb}-async", json=order)
        assert answer.status_code == 202, answer.text
        done = await person.finished(answer.headers["location"])
        assert done["status"] == "completed", done
        results[product] = done["resultId"]
    path = f"/api/tailor/results/{results['tailor']}/changes"
    change = (await person.http.get(path)).json()["items"][0]["id"]
    decided = await person.http.patch(f"{path}/{change}", json={"decision": "rejected"})
    assert decided.status_code == 200, decided.text
    return results


async def archive(person: Person) -> dict[str, bytes]:
    """The unzipped archive, every file as its manifest says."""
    answer = await person.http.get("/api/account/export")
    assert answer.status_code == 200, answer.text
    opened = zipfile.ZipFile(io.BytesIO(answer.content))
    assert opened.testzip() is None
    files = {name: opened.read(name) for name in opened.namelist()}
    told = json.loads(files["manifest.json"])
    assert told["missing"] == []
    assert {one["path"]: one["sha256"] for one in told["files"]} == {
        name: hashlib.sha256(content).hexdigest()
        for name, content in files.items()
        if name != "manifest.json"
    }
    return files


async def test_archive_is_all_of_ones_own(new_person: NewPerson, posting_text: str) -> None:
    """What the archive says is what the API says; the other's name is nowhere in it."""
    ada, eve = await new_person(), await new_person()
    mine = await lived(ada, "Adamantine", posting_text)
    theirs = await lived(eve, "Evergreen", posting_text)
    for person, other, results in ((ada, b"Evergreen", mine), (eve, b"Adamantine", theirs)):
        files = await archive(person)
        assert [name for name, content in files.items() if other in content] == []
        account = (await person.http.get("/auth/v1/user")).json()
        profile = json.loads(files["profile.json"])
        assert (profile["user"]["email"], len(profile["sessions"])) == (account["email"], 1)
        for product, workflow in PRODUCTS.items():
            folder = f"results/{workflow}/{results[product]}"
            shown = await person.http.get(f"/api/{product}/results/{results[product]}")
            assert json.loads(files[f"{folder}/document.json"]) == shown.json()["document"]
            exported = await person.http.get(
                f"/api/{product}/results/{results[product]}/export?format=md"
            )
            assert exported.status_code == 200, exported.text
            assert files[f"{folder}/document.md"] == exported.content
        decisions = files[f"results/tailor_resume/{results['tailor']}/decisions.json"]
        assert [d["decision"] for one in json.loads(decisions) for d in one["decisions"]] == [
            "rejected"
        ]
        resume = (await person.http.get(f"/api/resumes/{person.resume_id}")).json()
        version = json.loads(files[f"resumes/{person.resume_id}/versions/1.json"])
        assert version == resume["document"]
        kept = [content for name, content in files.items() if "/file/" in name]
        assert kept == [results["uploaded"]]
        posting = (await person.http.get(f"/api/jobs/{results['posting']}")).json()
        assert files[f"postings/{results['posting']}.txt"].decode() == posting["text"]
        jobs = [json.loads(files[name]) for name in files if name.startswith("jobs/")]
        assert sorted(job["workflow"] for job in jobs) == sorted(
            [*PRODUCTS.values(), "capture_posting", "parse_resume"]
        )
        assert all(job["events"][0]["kind"] == "job.accepted" for job in jobs)
