"""Confirmed facts and former versions of resumes."""

from uuid import UUID, uuid4

import pytest

from resume_contracts.facts import CONFIRMED_LIMIT, ParsedResume
from resume_contracts.messages import Command
from resume_contracts.workflows import Workflow
from resume_runtime.ids import uuid7

from .facts import Facts
from .world import RESUME, World

pytestmark = pytest.mark.connected


async def command(world: World, resume_id: str) -> Command:
    """The first command of a job that starts from the resume."""
    assert (await world.order(resume_id)).status_code == 202
    body = await world.pool.fetchval("select body from gateway.outbox order by id desc limit 1")
    return Command.model_validate_json(body)


async def test_confirmed_fact_goes_into_later_jobs_until_it_is_taken_back(world: World) -> None:
    resume_id = await world.resume()
    path = f"/api/resumes/{resume_id}"
    entry = (await world.client.get(path)).json()["document"]["work"][0]["id"]
    fact = {"name": "Kafka", "detail": "Streams", "entryId": entry, "requirementId": "r-1"}
    added = await world.client.post(f"{path}/facts", json=fact)
    assert added.status_code == 201
    assert fact.items() <= added.json().items()
    assert (await world.client.get(f"{path}/facts")).json()["items"] == [added.json()]
    [carried] = (await command(world, resume_id)).facts.confirmed
    assert (carried.name, carried.entry_id, carried.requirement_id) == ("Kafka", entry, "r-1")
    gone = await world.client.delete(f"{path}/facts/{added.json()['id']}")
    assert gone.status_code == 204
    assert (await command(world, resume_id)).facts.confirmed == ()


async def test_fact_is_kept_over_versions_and_goes_with_its_resume(world: World) -> None:
    path = f"/api/resumes/{await world.resume()}"
    await world.client.post(f"{path}/facts", json={"statement": "I led a team of four."})
    await world.client.put(path, json=RESUME)
    assert len((await world.client.get(f"{path}/facts")).json()["items"]) == 1
    await world.client.delete(path)
    assert await world.pool.fetchval("select count(*) from gateway.confirmed_facts") == 0


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, "invalid_request"),
        ({"detail": "only a detail"}, "invalid_request"),
        ({"name": "x" * 201}, "invalid_request"),
        ({"name": "Kafka", "surprise": 1}, "invalid_request"),
        ({"name": "Kafka", "entryId": "nowhere"}, "entry_not_found"),
    ],
)
async def test_fact_of_wrong_form_is_refused(
    world: World, body: dict[str, object], code: str
) -> None:
    answer = await world.client.post(f"/api/resumes/{await world.resume()}/facts", json=body)
    assert (answer.status_code, answer.json()["code"]) == (422, code)


async def test_facts_are_no_more_than_a_job_carries(world: World) -> None:
    path = f"/api/resumes/{await world.resume()}/facts"
    answers = [
        await world.client.post(path, json={"statement": f"{n} " + "x" * 490})
        for n in range(CONFIRMED_LIMIT // 490 + 1)
    ]
    assert answers[0].status_code == 201
    assert (answers[-1].status_code, answers[-1].json()["code"]) == (409, "facts_full")


async def test_fact_is_added_once_for_a_key(world: World) -> None:
    path = f"/api/resumes/{await world.resume()}/facts"
    headers = {"Idempotency-Key": "f-1"}
    first = await world.client.post(path, json={"name": "Kafka"}, headers=headers)
    again = await world.client.post(path, json={"name": "Kafka"}, headers=headers)
    assert again.json() == first.json()
    assert again.headers["idempotent-replayed"] == "true"
    assert len((await world.client.get(path)).json()["items"]) == 1


async def test_facts_and_versions_of_others_are_not_there(world: World) -> None:
    path = f"/api/resumes/{await world.resume()}"
    added = (await world.client.post(f"{path}/facts", json={"name": "Kafka"})).json()
    other = world.client_for(uuid7())
    for answer, code in (
        (await other.get(f"{path}/facts"), "resume_not_found"),
        (await other.post(f"{path}/facts", json={"name": "Go"}), "resume_not_found"),
        (await other.delete(f"{path}/facts/{added['id']}"), "fact_not_found"),
        (await world.client.delete(f"{path}/facts/{uuid4()}"), "fact_not_found"),
        (await other.get(f"{path}/versions"), "resume_not_found"),
        (await other.get(f"{path}/versions/1"), "version_not_found"),
        (await world.client.get(f"{path}/versions/9"), "version_not_found"),
    ):
        assert (answer.status_code, answer.json()["code"]) == (404, code)


async def test_erased_user_confirms_nothing(world: World) -> None:
    path = f"/api/resumes/{await world.resume()}/facts"
    await world.pool.execute("insert into gateway.erased (user_id) values ($1)", world.user_id)
    answer = await world.client.post(path, json={"name": "Kafka"})
    assert (answer.status_code, answer.json()["code"]) == (403, "user_erased")


async def test_versions_stay_as_they_were_written(world: World) -> None:
    resume_id = await world.resume()
    path = f"/api/resumes/{resume_id}"
    first = (await world.client.get(path)).json()["document"]
    job = await command(world, resume_id)
    for name in ("Ada B. Example", "Ada C. Example"):
        await world.client.put(path, json={**RESUME, "basics": {"name": name}})
    assert (await world.client.get(f"{path}/versions/1")).json()["document"] == first
    assert job.facts.resume is not None
    assert (job.facts.resume.version, job.facts.resume.document) == (1, first)
    page = (await world.client.get(f"{path}/versions", params={"limit": 2})).json()
    told = [(item["version"], item["source"]) for item in page["items"]]
    assert told == [(3, "edit"), (2, "edit")]
    rest = await world.client.get(f"{path}/versions", params={"before": page["nextBefore"]})
    assert [item["version"] for item in rest.json()["items"]] == [1]
    assert rest.json()["nextBefore"] is None


async def test_job_says_whether_its_resume_was_confirmed(world: World) -> None:
    """An unconfirmed resume may be used; its jobs and results say so."""
    files = {"file": ("cv.txt", b"Ada")}
    accepted = (await world.client.post("/api/resumes/upload", files=files)).json()
    resume_id = accepted["resumeId"]
    reading = Facts(UUID(accepted["jobId"]), world.user_id, Workflow.PARSE_RESUME)
    document = {"basics": {"name": "Ada"}, "work": [{"name": "Engines"}]}
    parsed = ParsedResume(resume_id=UUID(resume_id), document=document, format="txt")
    await world.project(reading.succeeded(1, result=parsed.model_dump(mode="json")))
    unconfirmed = await command(world, resume_id)
    assert unconfirmed.facts.resume is not None
    assert unconfirmed.facts.resume.confirmed is False
    assert (await world.status(unconfirmed.job_id))["resumeConfirmed"] is False
    path = f"/api/resumes/{resume_id}/confirm"
    stale = await world.client.post(path, headers={"If-Match": '"7"'})
    assert (stale.status_code, stale.json()["code"]) == (412, "version_conflict")
    confirmed = await world.client.post(path, headers={"If-Match": '"1"'})
    assert confirmed.json()["state"] == "confirmed"
    after = await command(world, resume_id)
    assert (await world.status(after.job_id))["resumeConfirmed"] is True
    assert (await world.status(unconfirmed.job_id))["resumeConfirmed"] is False
