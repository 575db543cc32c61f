"""A broken model, three tailor processes and, beside them, a naive build with the same jobs."""

from collections.abc import AsyncIterator

import asyncpg
import httpx2
import pytest
from tests.chaos.ledger import Ledger
from tests.chaos.naive.fleet import NaiveFleet
from tests.chaos.processes import Tailors
from tests.chaos.world import World
from tests.system.conftest import Person, Sandbox, Stack, new_person, person, sandbox, stack

__all__ = ["new_person", "person", "sandbox", "stack"]


@pytest.fixture
async def world(stack: Stack, sandbox: Sandbox, person: Person) -> AsyncIterator[World]:
    """Everything in order, its ledger empty."""
    database = await asyncpg.connect(stack.databaseUrl)
    async with (
        httpx2.AsyncClient(timeout=10) as http,
        NaiveFleet(stack.amqpUrl, stack.sandboxUrl) as naive,
    ):
        made = World(
            person=person,
            database=database,
            ledger=Ledger(sandbox.http),
            tailors=Tailors(http, stack),
            naive=naive,
        )
        await made.calm()
        yield made
    await database.close()
