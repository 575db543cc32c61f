"""Answers that never come, come too slowly, break off or are rubbish (F21)."""

import pytest
from tests.chaos.processes import grown
from tests.chaos.world import World

pytestmark = [pytest.mark.chaos, pytest.mark.timeout(200)]

SCRIPT = (
    {"kind": "hang"},
    {"kind": "slow_drip", "seconds": 200},
    {"kind": "reset"},
    {"kind": "cut_body"},
    {"kind": "not_json"},
    {"kind": "wrong_json"},
)
KINDS = ("timeout", "connect", "contract")


async def test_f21(world: World) -> None:
    """Each is known for what it is, its slot comes free, and its job completes by another try."""
    before = await world.tailors.read()
    await world.ledger.break_model(*SCRIPT)
    await world.order(len(SCRIPT))
    row = await world.account("F21", "hang, drip, reset, cut, garbage", trips={})
    after = await world.tailors.read()
    kinds = {
        kind: sum(view.errors(kind) - before[name].errors(kind) for name, view in after.items())
        for kind in KINDS
    }
    # A body that is cut shows as a lost connection or as half an answer, as its framing has it.
    assert kinds["timeout"] == 2
    assert kinds["connect"] >= 1
    assert kinds["contract"] >= 2
    assert sum(kinds.values()) == len(SCRIPT)
    assert sum(view.active for view in after.values()) == 0
    assert sum(grown(before, after, lambda view: view.trips).values()) == 0
    assert (row.completed, row.burnt) == (row.jobs, 0)
