"""Every product is ordered, told of, kept and listed under its own address, and there alone."""

from typing import Any
from uuid import UUID

import pytest

from gateway_svc.jobs.products import PRODUCTS, Product
from resume_contracts.messages import Command
from resume_contracts.workflows import Workflow, slip

from .facts import Facts
from .test_postings import capture, posting
from .world import World

pytestmark = pytest.mark.connected

OTHERS = [p for p in PRODUCTS.values() if p.workflow is not Workflow.TAILOR_RESUME]
DOCUMENT = {"engine": "rules", "notes": []}


def test_all_products_are_offered() -> None:
    """Their stages are in the table."""
    assert set(PRODUCTS) == {
        Workflow.TAILOR_RESUME,
        Workflow.COVER_LETTER,
        Workflow.INTERVIEW_PREP,
        Workflow.CAREER_PATH,
    }


async def ordered(world: World, product: Product, **body: object) -> Command:
    """The command of an accepted order."""
    wanted = {} if product.wants_demand else {"jobText": "We need an engineer."}
    answer = await world.client.post(
        f"{product.prefix}/{product.verb}-async",
        json={"baseResumeId": await world.resume(), **wanted, **body},
    )
    assert answer.status_code == 202, answer.text
    record = await world.pool.fetchval("select body from gateway.outbox order by id desc limit 1")
    command = Command.model_validate_json(record)
    assert answer.headers["location"] == f"{product.prefix}/job/{command.job_id}"
    return command


@pytest.mark.parametrize("product", OTHERS, ids=lambda p: p.workflow.value)
async def test_product_is_ordered_and_kept_under_its_address(
    world: World, product: Product
) -> None:
    """From the order to the listed result; no other product's address knows of it."""
    command = await ordered(world, product)
    assert (command.workflow, command.slip) == (product.workflow, slip(product.workflow))
    facts = Facts(command.job_id, world.user_id, product.workflow)
    last = len(facts.slip) - 1
    await world.project(facts.succeeded(last, degraded=True, result={"document": DOCUMENT}))
    status: dict[str, Any] = (
        await world.client.get(f"{product.prefix}/job/{command.job_id}")
    ).json()
    assert (status["status"], status["result"]) == ("completed", DOCUMENT)
    assert [note["stage"] for note in status["notes"]] == [facts.slip[-1]]
    [listed] = (await world.client.get(f"{product.prefix}/results")).json()["items"]
    assert (listed["id"], listed["degraded"]) == (status["resultId"], True)
    for other in PRODUCTS.values():
        if other is not product:
            assert (await world.client.get(f"{other.prefix}/results")).json()["items"] == []
            job = await world.client.get(f"{other.prefix}/job/{command.job_id}")
            assert (job.status_code, job.json()["code"]) == (404, "job_not_found")


async def test_career_path_carries_what_the_postings_ask_for(world: World) -> None:
    """It is about all of the user's postings, so it takes none of its own."""
    product = PRODUCTS[Workflow.CAREER_PATH]
    kept = await capture(world, posting())
    command = await ordered(world, product)
    assert [one.posting_id for one in command.facts.demand] == [UUID(kept["postingId"])]
    assert {asked.name for asked in command.facts.demand[0].requirements} == {
        "Python",
        "Kubernetes",
    }
    assert command.facts.posting is None
    refused = await world.client.post(
        f"{product.prefix}/{product.verb}-async",
        json={"baseResumeId": await world.resume(), "jobText": "We need an engineer."},
    )
    assert (refused.status_code, refused.json()["code"]) == (422, "invalid_request")


@pytest.mark.parametrize(
    "workflow", [Workflow.COVER_LETTER, Workflow.INTERVIEW_PREP], ids=lambda w: w.value
)
async def test_product_for_a_posting_needs_one(world: World, workflow: Workflow) -> None:
    """Nothing is written to nobody."""
    product = PRODUCTS[workflow]
    answer = await world.client.post(
        f"{product.prefix}/{product.verb}-async", json={"baseResumeId": await world.resume()}
    )
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request")
    assert await world.outbox() == []
