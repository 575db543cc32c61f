"""The adapter against the sandbox's Agent API, faults and all, under manual time."""

import random
from typing import Any

import httpx2
import pytest
from prometheus_client import CollectorRegistry

from research_svc.perplexity import PROVIDER, PerplexityResearcher
from resume_contracts.facts import Research
from resume_contracts.messages import Usage
from resume_outbound import create_outbound
from resume_outbound.errors import (
    CircuitOpenError,
    ProviderFailedError,
    ProviderRefusedError,
    RateLimitedError,
)
from resume_outbound.testing import ManualTime
from resume_sandbox.app import create_app
from resume_sandbox.settings import SandboxSettings

from .making import Calls


class World:
    """A sandbox, and the adapter in front of it."""

    def __init__(self) -> None:
        self.time = ManualTime()
        app = create_app(SandboxSettings(), clock=self.time, sleep=self.time.sleep)
        self.http = httpx2.AsyncClient(
            transport=httpx2.ASGITransport(app), base_url="http://sandbox"
        )
        self.outbound = create_outbound(
            (PROVIDER,),
            replicas=1,
            clock=self.time,
            sleep=self.time.sleep,
            rng=random.Random(1),
            registry=CollectorRegistry(),
        )
        self.calls = Calls()
        self._researcher = PerplexityResearcher(
            self.http,
            self.outbound,
            url="http://sandbox/perplexity",
            key="pplx-secret",
            model="perplexity/sonar",
        )

    async def research(self, company: str = "Northwind Robotics") -> tuple[Research, Usage]:
        return await self.time.run(
            self._researcher.research(
                company, deadline=self.time.monotonic() + 120, start_call=self.calls
            )
        )

    async def break_it(self, **step: Any) -> None:
        script = {"route": "perplexity.responses", "script": [step]}
        (await self.http.put("/_sandbox/faults", json=script)).raise_for_status()

    async def ledger(self) -> list[dict[str, Any]]:
        calls: list[dict[str, Any]] = (await self.http.get("/_sandbox/ledger")).json()["calls"]
        return [call for call in calls if call["provider"] == "perplexity"]


@pytest.fixture
def world() -> World:
    return World()


async def test_known_company_is_researched_with_addresses_that_exist(world: World) -> None:
    found, usage = await world.research()

    assert found.available
    assert found.summary
    assert "carts" in found.summary
    assert 1 <= len(found.findings) <= 8
    for finding in found.findings:
        page = await world.http.get(finding.url)
        assert page.status_code == 200
    assert (usage.provider, usage.model, usage.calls) == ("perplexity", "perplexity/sonar", 1)
    assert usage.input_tokens > 0
    assert usage.cost_usd is not None
    assert usage.cost_usd > 0.005


async def test_call_is_named_by_its_request_id(world: World) -> None:
    await world.research()
    (call,) = await world.ledger()
    assert call["clientRequestId"] == world.calls.started[0]


async def test_unknown_company_is_not_available(world: World) -> None:
    found, usage = await world.research("Acme Unknown Ltd")

    assert not found.available
    assert found.reason == "Nothing citable was found about this company."
    assert found.company == "Acme Unknown Ltd"
    assert usage.calls == 1


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        ("run_failed", "status"),
        ("not_json", "contract"),
        ("wrong_json", "contract"),
        ("wrong_schema", "contract"),
    ],
)
async def test_unusable_answer_is_not_paid_for_twice(world: World, fault: str, kind: str) -> None:
    await world.break_it(kind=fault)

    with pytest.raises(ProviderFailedError) as caught:
        await world.research()

    assert caught.value.kind == kind
    assert len(world.calls.started) == 1


async def test_unusable_answers_do_not_open_the_circuit(world: World) -> None:
    await world.break_it(kind="wrong_schema", times=6)
    for _ in range(6):
        with pytest.raises(ProviderFailedError):
            await world.research()
    assert world.outbound.state(PROVIDER).kind == "closed"


async def test_failed_runs_open_the_circuit(world: World) -> None:
    await world.break_it(kind="run_failed", times=3)
    for _ in range(3):
        with pytest.raises(ProviderFailedError):
            await world.research()
    with pytest.raises(CircuitOpenError):
        await world.research()
    assert len(await world.ledger()) == 3


async def test_server_error_is_tried_again_as_another_call(world: World) -> None:
    await world.break_it(kind="status", status=500)

    found, _ = await world.research()

    assert found.available
    assert [c["clientRequestId"] for c in await world.ledger()] == world.calls.started
    assert len(world.calls.started) == 2


async def test_lasting_server_error_fails(world: World) -> None:
    await world.break_it(kind="status", status=503, times=9)
    with pytest.raises(ProviderFailedError) as caught:
        await world.research()
    assert caught.value.status == 503


async def test_too_many_requests_pause_all_callers(world: World) -> None:
    await world.break_it(kind="status", status=429, retry_after=60)
    with pytest.raises(RateLimitedError) as caught:
        await world.research()
    assert 55 < caught.value.retry_after < 65
    assert len(world.calls.started) == 1


async def test_wrong_key_is_refused_and_never_named(world: World) -> None:
    await world.break_it(kind="status", status=401)
    with pytest.raises(ProviderRefusedError) as caught:
        await world.research()
    assert "pplx-secret" not in str(caught.value)


async def test_silent_provider_is_given_up_at_its_time_limit(world: World) -> None:
    await world.break_it(kind="hang", times=9)
    started = world.time.monotonic()
    with pytest.raises(ProviderFailedError) as caught:
        await world.research()
    assert caught.value.kind == "timeout"
    assert world.time.monotonic() - started <= 120
