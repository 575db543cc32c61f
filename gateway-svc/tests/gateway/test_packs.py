"""A letter or an interview pack goes with a tailored resume of the same resume and posting."""

from typing import Any
from uuid import UUID, uuid4

import httpx2
import pytest

from resume_contracts.messages import Command
from resume_runtime.ids import uuid7

from .facts import Facts
from .test_decisions import LIE, REWORDED, Tailored, tailored
from .test_postings import capture, posting
from .world import World

pytestmark = pytest.mark.connected

__all__ = ["tailored"]
PREFIXES = ["/api/cover-letters", "/api/interview-prep"]
prefixes = pytest.mark.parametrize("prefix", PREFIXES)


async def order(
    prefix: str, of: Tailored, client: httpx2.AsyncClient | None = None, **body: object
) -> httpx2.Response:
    asked = {"baseResumeId": of.resume_id, "tailoredId": of.id, **body}
    return await (client or of.world.client).post(f"{prefix}/generate-async", json=asked)


async def command(world: World) -> Command:
    body = await world.pool.fetchval("select body from gateway.outbox order by id desc limit 1")
    return Command.model_validate_json(body)


async def posting_of(of: Tailored) -> str:
    answer = await of.world.client.get(of.path)
    return str(answer.json()["postingId"])


@prefixes
async def test_job_carries_the_tailored_resume_as_it_stands(
    tailored: Tailored, prefix: str
) -> None:
    """With its base, its posting and its company; what the person wrote unproved is a claim."""
    rewrite = await tailored.change("rewrite_highlight")
    assert (await tailored.decide(rewrite["id"], "edited", LIE)).status_code == 200
    answer = await order(prefix, tailored)
    assert answer.status_code == 202, answer.text
    facts = (await command(tailored.world)).facts
    assert facts.tailored is not None
    assert (str(facts.tailored.result_id), facts.tailored.version) == (tailored.id, 1)
    assert [claim.text for claim in facts.tailored.claims] == [LIE]
    assert LIE not in str(facts.tailored.document)
    assert facts.posting is not None
    assert facts.posting.text == tailored.posting.text
    assert facts.submission.company == "Northwind"


@prefixes
async def test_emphasised_lines_are_those_worded_anew(tailored: Tailored, prefix: str) -> None:
    """By the ids that they have in the tailored document."""
    await order(prefix, tailored, postingId=await posting_of(tailored))
    facts = (await command(tailored.world)).facts
    assert facts.tailored is not None
    assert REWORDED in str(facts.tailored.document)
    assert facts.tailored.emphasised


async def test_base_and_facts_are_those_that_were_tailored(tailored: Tailored) -> None:
    """A later version of the resume is not what the tailored document speaks of."""
    resume = f"/api/resumes/{tailored.resume_id}"
    document = (await tailored.world.client.get(resume)).json()["document"]
    document["basics"]["label"] = "Chief"
    assert (await tailored.world.client.put(resume, json=document)).status_code == 200
    await order(PREFIXES[0], tailored)
    facts = (await command(tailored.world)).facts
    assert facts.resume is not None
    assert (facts.resume.version, "label" in facts.resume.document["basics"]) == (1, False)


@prefixes
async def test_nobody_elses_tailored_resume(tailored: Tailored, prefix: str) -> None:
    """Nor one that is not there."""
    other = tailored.world.client_for(uuid7())
    for answer in (
        await order(prefix, tailored, other),
        await order(prefix, tailored, tailoredId=str(uuid4())),
    ):
        assert (answer.status_code, answer.json()["code"]) == (404, "result_not_found")


@prefixes
async def test_of_another_posting_or_resume_is_a_conflict(tailored: Tailored, prefix: str) -> None:
    """One pack, one posting, one resume."""
    kept = await capture(tailored.world, posting())
    of_another = order(prefix, tailored, postingId=kept["postingId"])
    from_another = order(prefix, tailored, baseResumeId=await tailored.world.resume())
    for answer in (await of_another, await from_another):
        assert (answer.status_code, answer.json()["code"]) == (409, "tailored_mismatch")


async def test_whose_posting_was_deleted_is_a_conflict(tailored: Tailored) -> None:
    """There is nothing left to write about."""
    path = f"/api/jobs/{await posting_of(tailored)}"
    assert (await tailored.world.client.delete(path)).status_code == 204
    answer = await order(PREFIXES[0], tailored)
    assert (answer.status_code, answer.json()["code"]) == (409, "tailored_mismatch")


@pytest.mark.parametrize("field", ["jobText", "company"])
async def test_posting_and_company_are_not_given_twice(tailored: Tailored, field: str) -> None:
    """The tailored resume says them."""
    more: dict[str, Any] = {field: "Another"}
    answer = await order(PREFIXES[0], tailored, **more)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request")


async def test_tailoring_goes_with_nothing(tailored: Tailored) -> None:
    """The field is that of letters and interview packs."""
    answer = await tailored.world.client.post(
        "/api/tailor/tailor-async",
        json={"baseResumeId": tailored.resume_id, "jobText": "x", "tailoredId": tailored.id},
    )
    assert answer.status_code == 422


async def test_posting_tells_what_went_to_it(tailored: Tailored) -> None:
    """Which version of which resume, and which letter with which tailored resume."""
    world, posting_id = tailored.world, await posting_of(tailored)
    job_id = UUID((await order(PREFIXES[0], tailored)).json()["jobId"])
    sent = await command(world)
    facts = Facts(job_id, world.user_id, sent.workflow)
    facts.slip = sent.slip
    await world.project(facts.succeeded(len(sent.slip) - 1, result={"document": {"notes": []}}))
    told: dict[str, Any] = (await world.client.get(f"/api/jobs/{posting_id}")).json()
    assert told["resumes"] == [{"resumeId": tailored.resume_id, "version": 1}]
    letter, resume = told["results"]
    assert (letter["product"], letter["tailoredId"]) == ("cover_letter", tailored.id)
    assert (resume["id"], resume["tailoredId"]) == (tailored.id, None)
    for prefix, count in ((PREFIXES[0], 1), (PREFIXES[1], 0), ("/api/tailor", 1)):
        page = await world.client.get(f"{prefix}/results", params={"postingId": posting_id})
        assert len(page.json()["items"]) == count
    none = await world.client.get("/api/tailor/results", params={"postingId": str(uuid4())})
    assert none.json()["items"] == []
    assert (await world.client.delete(tailored.path)).status_code == 204
    (left,) = (await world.client.get(f"/api/jobs/{posting_id}")).json()["results"]
    assert left["tailoredId"] is None
