"""The shared scenarios on RabbitMQ."""

from collections.abc import Awaitable, Callable

import pytest

from .rabbit import rabbit_world
from .shared import SHARED
from .world import World

Scenario = Callable[[World], Awaitable[None]]

pytestmark = pytest.mark.connected


@pytest.mark.parametrize("scenario", SHARED, ids=lambda scenario: scenario.__name__)
async def test_scenario_on_rabbitmq(scenario: Scenario, amqp_url: str) -> None:
    """The scenario's own assertions hold, and every message is accounted for."""
    async with rabbit_world(amqp_url) as world:
        await scenario(world)
        await world.account()
