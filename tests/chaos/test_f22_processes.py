"""Processes that end: a rolling restart, and the death of one that holds a probe (F22)."""

import asyncio
import signal
from datetime import UTC, datetime

import pytest
from tests.chaos.ledger import OURS
from tests.chaos.processes import OPEN, grown
from tests.chaos.world import World

pytestmark = [pytest.mark.chaos, pytest.mark.timeout(240)]

#: The model's time limit and the margin behind it.
LEASE_S = 100


async def test_f21_rolling_restart(world: World) -> None:
    """All three are stopped in turn under load: no trip, nothing is paid twice."""
    before = await world.tailors.read()
    await world.ledger.answer_after(1000)
    load = asyncio.create_task(world.keep_ordering(per_second=2, seconds=30))
    trips = dict.fromkeys(world.tailors.names, 0)
    for number, name in enumerate(world.tailors.names):
        await asyncio.sleep(3)
        trips[name] = grown(before, await world.tailors.read(), lambda view: view.trips)[name]
        await asyncio.gather(
            world.tailors.restart(name, signal.SIGTERM),
            world.naive.restart(number, signal.SIGTERM),
        )
    await load
    row = await world.account("F21", "rolling restart", trips=trips)
    after = await world.tailors.read()
    assert set(trips.values()) == {0}
    assert all(view.trips == 0 for view in after.values())
    assert (row.completed, row.calls, row.burnt) == (row.jobs, row.jobs, 0)


async def test_f22(world: World) -> None:
    """Probes hang, one prober is killed: another probes within the lease, every job completes."""
    before = await world.tailors.read()
    await world.ledger.break_model({"kind": "status", "status": 500, "times": 1000}, seconds=25)
    await world.order(15)
    await world.tailors.until(lambda view: view.circuit == OPEN, within=20)
    await asyncio.sleep(24)
    await world.ledger.break_model({"kind": "hang", "seconds": 20}, seconds=12)
    prober = ""
    async with asyncio.timeout(20):
        while not prober:
            views = (await world.tailors.read()).values()
            prober = next((view.name for view in views if view.active), "")
    killed = datetime.now(UTC)
    await asyncio.gather(
        world.tailors.restart(prober, signal.SIGKILL), world.naive.restart(0, signal.SIGKILL)
    )
    trips = grown(before, await world.tailors.read(), lambda view: view.trips)
    row = await world.account("F22", "probe holder killed", trips=trips)
    later = [call.start for call in await world.ledger.calls(OURS) if call.start > killed]
    assert later
    assert (later[0] - killed).total_seconds() < LEASE_S
    assert (row.completed, row.burnt) == (row.jobs, 0)
