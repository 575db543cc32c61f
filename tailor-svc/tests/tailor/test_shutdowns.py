"""The end of a model is told in time, from the endpoint's own list or from the profile."""

from datetime import date, timedelta

import httpx2
import pytest
from prometheus_client import CollectorRegistry
from structlog.testing import capture_logs

from tailor_svc.openai import create_client
from tailor_svc.settings import Endpoint
from tailor_svc.shutdowns import ShutdownWatch, Watched

from .world import ModelWorld


class Watch:
    def __init__(self, world: ModelWorld, url: str, model: str, known: date | None = None) -> None:
        self._world = world
        self._model = model
        self._registry = CollectorRegistry()
        endpoint = Endpoint(name="openai", url=url, key=None, model=model)
        client = create_client(endpoint).with_options(http_client=world.http)
        self._watch = ShutdownWatch(
            [Watched("openai", model, client, known)],
            world.outbound,
            clock=world.time,
            sleep=world.time.sleep,
            registry=self._registry,
        )

    async def look(self) -> list[str]:
        """The warnings that were given."""
        with capture_logs() as logs:
            await self._world.wait(self._watch.look())
        return [str(entry["event"]) for entry in logs if entry["log_level"] == "warning"]

    @property
    def days(self) -> float | None:
        labels = {"endpoint": "openai", "model": self._model}
        return self._registry.get_sample_value("openai_model_shutdown_days", labels)


def today(world: ModelWorld) -> date:
    return world.time.now().date()


def listing(ends: str | None) -> ModelWorld:
    """An endpoint whose list says when its model `m` ends."""
    body = {"object": "list", "data": [{"id": "m", "object": "model", "shutdown_date": ends}]}
    answer = httpx2.MockTransport(lambda _: httpx2.Response(200, json=body))
    return ModelWorld("http://own.example", httpx2.AsyncClient(transport=answer))


@pytest.mark.parametrize(("in_days", "warnings"), [(31, []), (29, ["tailor.model_ends"])])
async def test_end_in_the_list_is_told(in_days: int, warnings: list[str]) -> None:
    ends = (today(listing(None)) + timedelta(days=in_days)).isoformat()
    watch = Watch(world := listing(ends), "http://own.example/v1", "m")
    assert await watch.look() == warnings
    assert watch.days is not None
    assert in_days - 1 <= watch.days <= in_days
    assert world.calls.started == []


async def test_list_goes_before_the_profile() -> None:
    world = listing("2999-01-01")
    watch = Watch(world, "http://own.example/v1", "m", known=today(world))
    assert await watch.look() == []


@pytest.mark.parametrize("ends", [None, "soon"])
async def test_profile_stands_in_for_a_list_without_a_date(ends: str | None) -> None:
    world = listing(ends)
    watch = Watch(world, "http://own.example/v1", "m", known=today(world) + timedelta(days=3))
    assert await watch.look() == ["tailor.model_ends"]


async def test_model_without_an_end_has_no_gauge() -> None:
    watch = Watch(listing(None), "http://own.example/v1", "m")
    assert await watch.look() == []
    assert watch.days is None


@pytest.mark.parametrize("fault", ["status", "hang", "not_json", "reset"])
async def test_endpoint_that_lists_nothing_is_no_worse_for_it(
    world: ModelWorld, sandbox_url: str, fault: str
) -> None:
    step = {"kind": fault, "times": 9} | ({"status": 500} if fault == "status" else {})
    await world.break_it(step, route="openai.models")
    watch = Watch(world, f"{sandbox_url}/openai/v1", "gpt-4.1-mini")
    for _ in range(6):
        await watch.look()
    assert watch.days is None
    assert world.outbound.state("openai").kind == "closed"
    assert (await world.propose()).changes


async def test_sandbox_lists_the_end_of_its_model(world: ModelWorld, sandbox_url: str) -> None:
    watch = Watch(world, f"{sandbox_url}/openai/v1", "sandbox-ending")
    await watch.look()
    assert watch.days is not None
