"""The shared scenarios on the simulation."""

from collections.abc import Awaitable, Callable

import pytest

from resume_messaging.sim.loop import run_virtual

from .shared import SHARED
from .simulated import SimWorld
from .world import World

Scenario = Callable[[World], Awaitable[None]]


@pytest.mark.parametrize("scenario", SHARED, ids=lambda scenario: scenario.__name__)
def test_scenario_on_the_simulation(scenario: Scenario) -> None:
    """The scenario's own assertions hold, and every message is accounted for."""

    async def live() -> None:
        world = SimWorld()
        await scenario(world)
        await world.account()

    run_virtual(live())
