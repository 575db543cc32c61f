"""The model answers 500: always (F18), or four times out of five (F19)."""

from datetime import timedelta

import pytest
from tests.chaos.ledger import OURS
from tests.chaos.processes import OPEN, grown
from tests.chaos.world import World

pytestmark = [pytest.mark.chaos, pytest.mark.timeout(300)]

THRESHOLD, RECOVERY_S = 5, 30
#: Slots of one of three processes: what may be under way besides the call that opens the circuit.
SLOTS = 3
OUTAGE_S = 120
BURST = 15
ERROR = {"kind": "status", "status": 500, "times": 1000}


async def test_f18(world: World) -> None:
    """500 for 120 s, 15 jobs at once and then one a second.

    Each circuit opens at its fifth failure, only probes start while it is open, no attempt is
    burnt, whoever waits is told for how long, and every job completes.
    """
    before = await world.tailors.read()
    await world.ledger.break_model(ERROR, seconds=OUTAGE_S)
    waiting = (await world.order(BURST))[-1]
    opened = await world.tailors.until(lambda view: view.circuit == OPEN, within=20)
    at_opening = {name: opened[name].errors() - before[name].errors() for name in opened}
    calls = await world.ledger.calls(OURS)
    begin, last = calls[0].start, calls[-1].start
    message = (await world.status(waiting))["message"]
    await world.keep_ordering(per_second=1, seconds=OUTAGE_S - (last - begin).total_seconds())
    row = await world.account(
        "F18",
        "500 for 120 s",
        trips=grown(before, await world.tailors.read(), lambda view: view.trips),
        failures_at_opening=at_opening,
        message=message,
        burnt_while_open=await world.burnt(last),
    )
    heals = begin + timedelta(seconds=OUTAGE_S)
    calls = await world.ledger.calls(OURS)
    probes = [call for call in calls if last < call.start < heals]
    assert all(THRESHOLD <= n < THRESHOLD + SLOTS for n in at_opening.values()), at_opening
    assert len(probes) <= len(opened) * OUTAGE_S // RECOVERY_S
    assert message.startswith("Waiting for OpenAI to recover (about "), message
    assert await world.burnt(last) == 0
    assert row.completed == row.jobs


async def test_f19(world: World) -> None:
    """Four 500s, then a success, over and over for 20 s: the circuits open all the same."""
    before = await world.tailors.read()
    await world.ledger.break_model({**ERROR, "times": 4}, {"kind": "none"}, seconds=20)
    await world.order(BURST)
    opened = await world.tailors.until(lambda view: view.circuit == OPEN, within=20)
    await world.keep_ordering(per_second=1, seconds=15)
    row = await world.account(
        "F19",
        "80 % 500",
        trips=grown(before, await world.tailors.read(), lambda view: view.trips),
    )
    trips = grown(before, opened, lambda view: view.trips)
    assert all(count >= 1 for count in trips.values()), trips
    assert row.completed == row.jobs
