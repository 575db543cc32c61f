"""Every provider is down when jobs come (F23), with a deadline of 100 s instead of 420."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from tests.chaos.ledger import OURS
from tests.chaos.processes import OPEN
from tests.chaos.world import World
from tests.system.conftest import Sandbox

pytestmark = [pytest.mark.chaos, pytest.mark.timeout(240)]

DOWN = {"kind": "status", "status": 500, "times": 1000}
RESERVE = timedelta(seconds=60)
#: A page without JSON-LD, for which Firecrawl is asked.
PAGE = "northwind-robotics/technical-writer"


async def extracted(world: World, url: str) -> dict[str, Any]:
    """A job by address, done by rules."""
    return await world.person.tailored(jobUrl=url, options={"engine": "rules"})


async def test_f23(world: World, sandbox: Sandbox) -> None:
    """`model` waits and says so, and expires in time; `auto` is served by rules 60 s before.

    With Firecrawl's circuit open postings are still read, by the routes behind it.
    """
    await world.ledger.break_model(DOWN, seconds=300)
    for route in ("perplexity.responses", "firecrawl.scrape"):
        await world.ledger.break_route(route, DOWN, seconds=300)
    model = await world.order(6, engine="model")
    auto = await world.order(6, engine="auto", naive=False)
    await world.tailors.until(lambda view: view.circuit == OPEN, within=30)
    messages = [(await world.status(job))["message"] for job in (model[-1], auto[-1])]
    pages = [await extracted(world, sandbox.posting(PAGE)) for _ in range(4)]
    refused = len(await sandbox.calls("firecrawl"))
    pages.append(await extracted(world, sandbox.posting(PAGE)))
    states = await world.ended(within=140)
    row = await world.account(
        "F23",
        "all down, deadline 100 s",
        trips={},
        messages=messages,
        routes=[page["result"]["posting"]["read"]["route"] for page in pages],
    )
    assert all(text.startswith("Waiting for OpenAI to recover (about ") for text in messages)
    assert [page["status"] for page in pages] == ["completed"] * len(pages)
    assert len(await sandbox.calls("firecrawl")) == refused  # open: it was not asked again
    assert {states[job]["status"] for job in model} == {"failed"}
    assert row.notes["errors"] == {"deadline_exceeded": len(model)}
    late = [_lateness(states[job]) for job in model]
    assert all(timedelta(0) <= each < timedelta(seconds=10) for each in late), late
    assert {states[job]["status"] for job in auto} == {"completed"}
    early = [_lateness(states[job]) + RESERVE for job in auto]
    assert all(timedelta(seconds=-2) <= each < timedelta(seconds=10) for each in early), early
    deadlines: dict[str, datetime] = {str(job): r["deadline_at"] for job, r in states.items()}
    calls = await world.ledger.calls(OURS)
    assert [call for call in calls if call.start > deadlines[call.job]] == []


def _lateness(row: Any) -> timedelta:
    late: timedelta = row["updated_at"] - row["deadline_at"]
    return late
