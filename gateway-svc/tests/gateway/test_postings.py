"""Postings: captured by a job or read by a product's, frozen, used again, deleted."""

from typing import Any
from uuid import UUID, uuid4

import pytest

from resume_contracts.facts import Field, Posting, Source
from resume_contracts.messages import Command
from resume_contracts.workflows import Workflow
from resume_runtime.ids import uuid7

from .facts import Facts
from .world import World

pytestmark = pytest.mark.connected

URL = "https://northwind.example/jobs/1"
TEXT = "Requirements:\n- You have experience with Python\n- Kubernetes is a plus"


def posting(text: str = TEXT, *, url: str | None = URL, salary: str | None = None) -> Posting:
    route = Source.JSON_LD if url else Source.PASTED
    return Posting(
        text=text,
        title=Field(value="Backend Engineer", source=route),
        company=Field(value="Northwind", source=route),
        salary=None if salary is None else Field(value=salary, source=route),
        url=url,
        final_url=url,
        route=route,
    )


async def capture(world: World, found: Posting) -> dict[str, Any]:
    """A captured posting, as its job tells."""
    given = {"jobUrl": found.url} if found.url else {"jobText": found.text}
    answer = await world.client.post("/api/jobs/", json=given)
    assert answer.status_code == 202, answer.text
    job_id = answer.json()["jobId"]
    assert answer.headers["location"] == f"/api/jobs/job/{job_id}"
    facts = Facts(UUID(job_id), world.user_id, Workflow.CAPTURE_POSTING)
    await world.project(facts.started(0), facts.succeeded(0, result=found.model_dump(mode="json")))
    status: dict[str, Any] = (await world.client.get(f"/api/jobs/job/{job_id}")).json()
    assert status["status"] == "completed"
    return status


async def listed(world: World) -> list[str]:
    items = (await world.client.get("/api/jobs/")).json()["items"]
    return [item["id"] for item in items]


async def tailored(world: World, found: Posting) -> dict[str, Any]:
    """A tailoring that read the posting by itself: its status."""
    facts = Facts(await world.submit(), world.user_id)
    read = facts.succeeded(0, result=found.model_dump(mode="json"))
    await world.project(read, facts.succeeded(1), facts.succeeded(2))
    return await world.status(facts.job_id)


async def test_captured_posting_is_kept_with_what_it_asks_for(world: World) -> None:
    status = await capture(world, posting())
    posting_id = status["result"]["postingId"]
    assert status["postingId"] == posting_id
    told = (await world.client.get(f"/api/jobs/{posting_id}")).json()
    named = (told["title"], told["company"], told["isPublic"], told["text"])
    assert named == ("Backend Engineer", "Northwind", True, TEXT)
    assert told["stated"]["title"]["source"] == "json_ld"
    assert told["stated"]["salary"] is None
    asked = {each["skill"]: each["weight"] for each in told["requirements"]}
    assert asked == {"Python": 3, "Kubernetes": 1}
    assert told["results"] == []
    assert (await world.client.get(f"/api/jobs/{posting_id}")).json() == told


async def test_salary_is_told_when_it_was_stated(world: World) -> None:
    status = await capture(world, posting(salary="70 000 EUR"))
    told = (await world.client.get(f"/api/jobs/{status['postingId']}")).json()
    assert told["stated"]["salary"]["value"] == "70 000 EUR"


async def test_same_posting_is_kept_once_and_a_changed_one_beside_it(world: World) -> None:
    first = await capture(world, posting())
    same = await tailored(world, posting())
    changed = await capture(world, posting(TEXT + " Go."))
    pasted = await capture(world, posting(url=None))
    assert same["postingId"] == first["postingId"]
    assert await listed(world) == [each["postingId"] for each in (pasted, changed, first)]
    frozen = (await world.client.get(f"/api/jobs/{first['postingId']}")).json()
    assert (frozen["text"], frozen["jobId"]) == (TEXT, first["jobId"])


async def test_same_posting_read_by_many_jobs_of_one_batch_is_kept_once(world: World) -> None:
    jobs = [Facts(await world.submit(), world.user_id) for _ in range(5)]
    found = posting().model_dump(mode="json")
    await world.project(*(facts.succeeded(0, result=found) for facts in jobs))
    told = {(await world.status(facts.job_id))["postingId"] for facts in jobs}
    assert [*told] == await listed(world)


async def test_product_keeps_the_posting_it_read_and_names_it(world: World) -> None:
    status = await tailored(world, posting())
    told = (await world.client.get(f"/api/jobs/{status['postingId']}")).json()
    [made] = told["results"]
    assert made["id"] == status["resultId"]
    assert (made["product"], made["resumeVersion"], made["resumeConfirmed"]) == (
        "tailor_resume",
        1,
        True,
    )
    result = (await world.client.get(f"/api/tailor/results/{made['id']}")).json()
    assert result["postingId"] == status["postingId"]
    assert result["resumeId"] == made["resumeId"]


async def test_stored_posting_is_used_without_being_read_again(world: World) -> None:
    posting_id = (await capture(world, posting()))["postingId"]
    order = {"baseResumeId": await world.resume(), "postingId": posting_id}
    answer = await world.client.post("/api/tailor/tailor-async", json=order)
    assert answer.status_code == 202
    body = await world.pool.fetchval("select body from gateway.outbox order by id desc limit 1")
    command = Command.model_validate_json(body)
    assert command.slip == ("research.company", "tailor.resume")
    assert command.stage_deadline is not None
    assert command.facts.posting == posting()
    assert (await world.status(command.job_id))["postingId"] == posting_id


async def test_posting_of_another_user_is_not_there(world: World) -> None:
    posting_id = (await capture(world, posting()))["postingId"]
    other = world.client_for(uuid7())
    document = {"basics": {"name": "B"}, "work": [{"name": "X"}]}
    made = await other.post("/api/resumes/", json=document)
    order = {"baseResumeId": made.json()["id"], "postingId": posting_id}
    for answer in (
        await other.get(f"/api/jobs/{posting_id}"),
        await other.delete(f"/api/jobs/{posting_id}"),
        await other.post("/api/tailor/tailor-async", json=order),
        await world.client.get(f"/api/jobs/{uuid4()}"),
    ):
        assert (answer.status_code, answer.json()["code"]) == (404, "posting_not_found")
    assert (await other.get("/api/jobs/")).json()["items"] == []


async def test_deleted_posting_is_gone_and_what_was_made_for_it_stays(world: World) -> None:
    status = await tailored(world, posting())
    path = f"/api/jobs/{status['postingId']}"
    assert (await world.client.delete(path)).status_code == 204
    assert (await world.client.get(path)).status_code == 404
    kept = await world.status(UUID(status["jobId"]))
    assert kept["resultId"] == status["resultId"]
    assert "postingId" not in kept


async def test_posting_read_by_an_older_run_does_not_become_the_jobs(world: World) -> None:
    facts = Facts(await world.submit(), world.user_id)
    new, old = posting(TEXT + " Go."), posting()
    await world.project(facts.failed(0))
    await world.project(facts.redriven(2))
    await world.project(facts.succeeded(0, run=2, result=new.model_dump(mode="json")))
    before = (await world.status(facts.job_id))["postingId"]
    await world.project(facts.succeeded(0, attempt=2, result=old.model_dump(mode="json")))
    assert (await world.status(facts.job_id))["postingId"] == before
    assert len(await listed(world)) == 2


async def test_demand_counts_the_users_postings_newest_first(world: World) -> None:
    first = await capture(world, posting())
    second = await capture(world, posting("You have experience with Go.", url=None))
    demand = await world.edge.postings.demand(world.user_id)
    assert [str(one.posting_id) for one in demand] == [second["postingId"], first["postingId"]]
    assert [one.is_public for one in demand] == [False, True]
    asked = {(r.name, r.must) for r in demand[1].requirements}
    assert asked == {("Python", True), ("Kubernetes", False)}
    assert await world.edge.postings.demand(uuid7()) == ()


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"jobUrl": URL, "jobText": "both"},
        {"jobUrl": "ftp://x.test/"},
        {"jobText": "t", "options": {}},
    ],
)
async def test_capture_refuses_bad_input(world: World, body: dict[str, object]) -> None:
    answer = await world.client.post("/api/jobs/", json=body)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request")


async def test_capture_is_idempotent(world: World) -> None:
    headers = {"Idempotency-Key": "p-1"}
    first = await world.client.post("/api/jobs/", json={"jobUrl": URL}, headers=headers)
    again = await world.client.post("/api/jobs/", json={"jobUrl": URL}, headers=headers)
    assert again.json()["jobId"] == first.json()["jobId"]
    assert again.headers["idempotent-replayed"] == "true"


async def test_deleted_result_is_gone_and_its_job_stays(world: World) -> None:
    status = await tailored(world, posting())
    path = f"/api/tailor/results/{status['resultId']}"
    assert (await world.client_for(uuid7()).delete(path)).status_code == 404
    assert (await world.client.delete(path)).status_code == 204
    assert (await world.client.delete(path)).json()["code"] == "result_not_found"
    assert "result" not in await world.status(UUID(status["jobId"]))
