"""429 with `Retry-After: 20`: nobody calls before its time, and the circuit stays closed."""

from datetime import UTC, datetime, timedelta

import pytest
from tests.chaos.ledger import OURS
from tests.chaos.processes import grown
from tests.chaos.world import World

pytestmark = [pytest.mark.chaos, pytest.mark.timeout(200)]

PAUSE_S = 20


@pytest.mark.parametrize("form", ["seconds", "date"])
async def test_f20(world: World, form: str) -> None:
    """0 calls start between the moment that every process was told and the time's end."""
    before = await world.tailors.read()
    step = {"kind": "status", "status": 429, "times": 1000, "retryAfter": PAUSE_S}
    await world.ledger.break_model({**step, "retryAfterDate": form == "date"}, seconds=8)
    await world.order(18)
    await world.tailors.until(
        lambda view: view.errors("rate_limited") > before[view.name].errors("rate_limited"),
        within=15,
    )
    told = datetime.now(UTC)
    await world.keep_ordering(per_second=1, seconds=15)
    trips = grown(before, await world.tailors.read(), lambda view: view.trips)
    row = await world.account("F20", f"429, Retry-After as {form}", trips=trips)
    calls = await world.ledger.calls(OURS)
    over = calls[0].start + timedelta(seconds=PAUSE_S)
    assert [call.start for call in calls if told < call.start < over] == []
    assert set(trips.values()) == {0}
    assert (row.completed, row.burnt) == (row.jobs, 0)
