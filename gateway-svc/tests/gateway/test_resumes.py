"""Resumes: documents with stable ids, uploads read by a job, versions, confirmation."""

import asyncio
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from gateway_svc.jobs.submit import submit
from gateway_svc.resumes import uploads
from gateway_svc.resumes.files import ResumeFiles
from gateway_svc.resumes.uploads import UPLOAD_LIMIT
from resume_contracts.facts import FieldRead, ParsedResume
from resume_contracts.messages import Command
from resume_contracts.workflows import Workflow
from resume_documents import reread
from resume_runtime.ids import uuid7

from .facts import Facts
from .world import RESUME, World

pytestmark = pytest.mark.connected


async def test_document_is_stored_with_ids_that_survive_a_new_version(world: World) -> None:
    created = await world.client.post("/api/resumes/", json=RESUME)
    body = created.json()
    assert created.headers["location"] == f"/api/resumes/{body['id']}"
    assert (body["state"], body["version"], body["name"]) == ("confirmed", 1, "Ada Example")
    entry = body["document"]["work"][0]
    assert UUID(entry["id"]).version == 7
    work = [{"name": "Engines Ltd", "position": "Chief Engineer", "startDate": "2020-01"}]
    changed = {**RESUME, "work": work}
    path = f"/api/resumes/{body['id']}"
    replaced = (await world.client.put(path, json=changed)).json()
    assert replaced["version"] == 2
    assert replaced["document"]["work"][0]["id"] == entry["id"]
    assert replaced["document"]["work"][0]["position"] == "Chief Engineer"


async def test_document_that_is_no_resume_is_refused_without_echoing_it(world: World) -> None:
    for body in ({"basics": {"name": "Zaphod"}}, {"work": "Zaphod"}, {"basics": {"name": 7}}):
        answer = await world.client.post("/api/resumes/", json=body)
        assert (answer.status_code, answer.json()["code"]) == (422, "resume_invalid")
        assert answer.json()["errors"]
        assert "Zaphod" not in answer.text


async def test_document_beyond_the_limits_is_refused(world: World) -> None:
    summary = "word " * 12_000
    answer = await world.client.post("/api/resumes/", json={**RESUME, "meta": {"x": summary}})
    assert answer.status_code in {413, 422}
    huge = await world.client.post("/api/resumes/", json={"x": "y" * 600_000})
    assert (huge.status_code, huge.json()["code"]) == (413, "too_large")


async def test_replacing_guards_against_another_tab(world: World) -> None:
    path = f"/api/resumes/{await world.resume()}"
    tag = (await world.client.get(path)).headers["etag"]
    first = await world.client.put(path, json=RESUME, headers={"If-Match": tag})
    second = await world.client.put(path, json=RESUME, headers={"If-Match": tag})
    assert (first.status_code, second.status_code) == (200, 412)
    assert second.json()["code"] == "version_conflict"


async def test_resumes_of_others_are_not_there(world: World) -> None:
    path = f"/api/resumes/{await world.resume()}"
    other = world.client_for(uuid7())
    for answer in (
        await other.get(path),
        await other.put(path, json=RESUME),
        await other.post(f"{path}/confirm"),
        await other.delete(path),
        await world.client.get(f"/api/resumes/{uuid4()}"),
    ):
        assert (answer.status_code, answer.json()["code"]) == (404, "resume_not_found")
    assert (await other.get("/api/resumes/")).json()["items"] == []


async def upload(world: World, *, engine: str | None = None, **headers: str) -> dict[str, str]:
    answer = await world.client.post(
        "/api/resumes/upload",
        files={"file": ("cv.txt", b"Ada Example")},
        data={"engine": engine} if engine else None,
        headers=headers,
    )
    assert answer.status_code == 202, answer.text
    body: dict[str, str] = answer.json()
    return body


def files_of(world: World, tmp_path: Path) -> list[Path]:
    _ = world
    return [path for path in tmp_path.rglob("*") if path.is_file()]


def parsed(resume_id: str) -> dict[str, object]:
    return ParsedResume(
        resume_id=UUID(resume_id),
        document={"basics": {"name": "Ada Example"}, "work": [{"name": "Engines Ltd"}]},
        format="txt",
        doubts=({"path": "work[0].name", "reason": "guessed", "confidence": 0.5},),
        characters=11,
        text="Ada Example",
        fields=(FieldRead(path="basics.name", spans=((0, 11),), confidence=0.98, rule="layout"),),
    ).model_dump(mode="json")


async def test_upload_is_read_by_a_job_then_confirmed(world: World, tmp_path: Path) -> None:
    accepted = await upload(world)
    record = await world.pool.fetchrow("select body from gateway.outbox")
    assert record is not None
    command = Command.model_validate_json(record["body"])
    assert command.stage == "extract.resume"
    assert command.facts.upload is not None
    assert [file.read_bytes() for file in files_of(world, tmp_path)] == [b"Ada Example"]
    path = f"/api/resumes/{accepted['resumeId']}"
    assert (await world.client.get(path)).json()["state"] == "parsing"
    early = await world.order(accepted["resumeId"])
    assert (early.status_code, early.json()["code"]) == (409, "resume_not_ready")
    assert (await world.client.post(f"{path}/confirm")).status_code == 409

    facts = Facts(UUID(accepted["jobId"]), world.user_id, Workflow.PARSE_RESUME)
    await world.project(facts.started(0), facts.succeeded(1, result=parsed(accepted["resumeId"])))
    status = (await world.client.get(f"/api/resumes/job/{accepted['jobId']}")).json()
    assert (status["status"], status["result"]["resumeId"]) == ("completed", accepted["resumeId"])
    assert [doubt["path"] for doubt in status["result"]["doubts"]] == ["work[0].name"]
    assert [field["path"] for field in status["result"]["fields"]] == ["basics.name"]
    resume = (await world.client.get(path)).json()
    assert (resume["state"], resume["version"], resume["name"]) == (
        "unconfirmed",
        1,
        "Ada Example",
    )
    assert UUID(resume["document"]["work"][0]["id"]).version == 7
    report = resume["report"]
    assert (report["format"], report["engine"]) == ("txt", "rules")
    ((start, end),) = report["fields"][0]["spans"]
    assert report["text"][start:end] == "Ada Example"
    assert (await world.order(accepted["resumeId"])).status_code == 202
    confirmed = await world.client.post(f"{path}/confirm")
    assert confirmed.json()["state"] == "confirmed"
    left = confirmed.json()["report"]
    assert (left["text"], left["fields"], left["doubts"]) == (None, None, report["doubts"])


@pytest.mark.parametrize(
    ("engine", "stages"),
    [
        (None, ["extract.resume", "tailor.reading"]),
        ("auto", ["extract.resume", "tailor.reading"]),
        ("rules", ["extract.resume"]),
    ],
)
async def test_upload_is_shown_to_a_model_unless_its_owner_says_no(
    world: World, engine: str | None, stages: list[str]
) -> None:
    await upload(world, engine=engine)
    command = Command.model_validate_json(
        await world.pool.fetchval("select body from gateway.outbox")
    )
    assert list(command.slip) == stages
    assert command.engine == (engine or "auto")


async def test_upload_by_a_model_alone_is_not_offered(world: World) -> None:
    answer = await world.client.post(
        "/api/resumes/upload", files={"file": ("cv.txt", b"Ada")}, data={"engine": "model"}
    )
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request")


async def test_upload_that_could_not_be_read_leaves_a_failed_resume(world: World) -> None:
    accepted = await upload(world)
    facts = Facts(UUID(accepted["jobId"]), world.user_id, Workflow.PARSE_RESUME)
    await world.project(facts.failed(0))
    resume = await world.client.get(f"/api/resumes/{accepted['resumeId']}")
    assert resume.json()["state"] == "failed"
    assert (await world.order(accepted["resumeId"])).status_code == 409


async def test_upload_whose_reading_was_cancelled_leaves_a_failed_resume(world: World) -> None:
    accepted = await upload(world)
    cancelled = await world.client.post(f"/api/resumes/job/{accepted['jobId']}/cancel")
    assert cancelled.status_code == 202
    resume = await world.client.get(f"/api/resumes/{accepted['resumeId']}")
    assert resume.json()["state"] == "failed"


async def test_upload_does_not_overwrite_what_its_owner_wrote_meanwhile(world: World) -> None:
    accepted = await upload(world)
    path = f"/api/resumes/{accepted['resumeId']}"
    assert (await world.client.put(path, json=RESUME)).status_code == 200
    facts = Facts(UUID(accepted["jobId"]), world.user_id, Workflow.PARSE_RESUME)
    await world.project(facts.succeeded(1, result=parsed(accepted["resumeId"])))
    resume = (await world.client.get(path)).json()
    assert (resume["version"], resume["state"]) == (1, "confirmed")


async def test_upload_too_large_or_empty_is_refused_and_leaves_nothing(
    world: World, tmp_path: Path
) -> None:
    for data, status, code in (
        (b"x" * (UPLOAD_LIMIT + 1), 413, "file_too_large"),
        (b"x" * (2 * UPLOAD_LIMIT), 413, "too_large"),
        (b"", 422, "file_empty"),
    ):
        answer = await world.client.post("/api/resumes/upload", files={"file": ("cv.pdf", data)})
        assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert files_of(world, tmp_path) == []
    assert await world.outbox() == []


async def test_upload_whose_acceptance_nobody_knows_of_keeps_its_file(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The connection broke after the commit: the job that was accepted finds its file."""

    async def lost(*given: Any, **named: Any) -> tuple[UUID, bool]:
        await submit(*given, **named)
        raise ConnectionResetError

    monkeypatch.setattr(uploads, "submit", lost)
    answer = await world.client.post("/api/resumes/upload", files={"file": ("cv.txt", b"Ada")})
    assert answer.status_code >= 500
    (key,) = [row["file_key"] for row in await world.pool.fetch("select * from gateway.resumes")]
    assert await ResumeFiles.at(tmp_path.as_uri()).exists(key)


async def test_upload_is_idempotent_in_a_race(world: World, tmp_path: Path) -> None:
    """Ten equal uploads at once: one job, one resume, one file."""
    answers = await asyncio.gather(
        *(
            world.client.post(
                "/api/resumes/upload",
                files={"file": ("cv.txt", b"Ada Example")},
                headers={"Idempotency-Key": "u-1"},
            )
            for _ in range(10)
        )
    )
    accepted = [answer.json() for answer in answers if answer.status_code == 202]
    assert {answer.status_code for answer in answers} <= {202, 409}
    assert len({body["jobId"] for body in accepted}) == 1
    assert len({body["resumeId"] for body in accepted}) == 1
    assert len(files_of(world, tmp_path)) == 1
    replayed = await upload(world, **{"Idempotency-Key": "u-1"})
    assert replayed["jobId"] == accepted[0]["jobId"]


async def test_deleted_resume_is_gone_with_its_file_and_stays_gone(
    world: World, tmp_path: Path
) -> None:
    accepted = await upload(world)
    path = f"/api/resumes/{accepted['resumeId']}"
    assert (await world.client.delete(path)).status_code == 204
    assert files_of(world, tmp_path) == []
    facts = Facts(UUID(accepted["jobId"]), world.user_id, Workflow.PARSE_RESUME)
    await world.project(facts.succeeded(1, result=parsed(accepted["resumeId"])))
    assert (await world.client.get(path)).status_code == 404
    assert await world.pool.fetchval("select count(*) from gateway.resume_versions") == 0


@pytest.mark.parametrize("form", ["pdf", "docx", "json", "md"])
async def test_resume_is_exported(world: World, form: str) -> None:
    path = f"/api/resumes/{await world.resume()}/export"
    answer = await world.client.get(path, params={"format": form, "paper": "us-letter"})
    assert answer.status_code == 200
    assert "Engines Ltd" in reread(answer.content, form)  # type: ignore[arg-type]  # one of them
    assert (await world.client_for(uuid7()).get(path)).status_code == 404


async def test_resume_without_a_font_is_422_in_pdf(world: World) -> None:
    thai = {"basics": {"name": "สมชาย"}, "work": [{"name": "Engines Ltd"}]}
    stored = (await world.client.post("/api/resumes/", json=thai)).json()
    path = f"/api/resumes/{stored['id']}/export"
    refused = await world.client.get(path, params={"format": "pdf"})
    assert (refused.status_code, refused.json()["code"]) == (422, "characters_not_printable")
    assert refused.json()["errors"] == ["Thai"]
    assert "สมชาย" not in refused.text
    assert (await world.client.get(path, params={"format": "docx"})).status_code == 200
