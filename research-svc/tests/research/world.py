"""A sandbox under manual time, and the provider's adapters in front of it."""

import random
from typing import Any

import httpx2
from prometheus_client import CollectorRegistry

from research_svc.company import CompanyResearcher
from research_svc.perplexity import PerplexityAgent
from research_svc.perplexity_wire import PROVIDER
from research_svc.ports import Answer, Asking, CompanyFindings, CompanyQuestion
from resume_outbound import create_outbound
from resume_outbound.testing import ManualTime
from resume_sandbox.app import create_app
from resume_sandbox.settings import SandboxSettings

from .making import Calls


class World:
    """One process's way to the sandbox; `STAGE_S` is what an optional stage is given."""

    STAGE_S = 30.0

    def __init__(self) -> None:
        self.time = ManualTime()
        app = create_app(SandboxSettings(), clock=self.time, sleep=self.time.sleep)
        self.http = httpx2.AsyncClient(
            transport=httpx2.ASGITransport(app), base_url="http://sandbox.example"
        )
        self.outbound = create_outbound(
            (PROVIDER,),
            replicas=1,
            clock=self.time,
            sleep=self.time.sleep,
            rng=random.Random(1),
            registry=CollectorRegistry(),
        )
        self.agent = PerplexityAgent(
            self.http,
            self.outbound,
            url="http://sandbox.example/perplexity",
            key="pplx-secret",
            model="perplexity/sonar",
            most=20_000,
            clock=self.time,
            sleep=self.time.sleep,
        )
        self.calls = Calls(allowed=60)

    def asking(self, seconds: float = 120) -> Asking:
        return Asking(self.time.monotonic() + seconds, self.calls)

    async def ask(
        self,
        name: str = "Northwind Robotics",
        asking: Asking | None = None,
        *,
        domain: str | None = None,
    ) -> Answer[CompanyFindings]:
        question = CompanyQuestion(name, domain)
        researcher = CompanyResearcher(self.agent)
        return await self.time.run(researcher.ask(question, asking or self.asking()))

    async def break_it(self, **step: Any) -> None:
        script = {"route": "perplexity.responses", "script": [step]}
        (await self.http.put("/_sandbox/faults", json=script)).raise_for_status()

    async def slow_down(self, **milliseconds: int) -> None:
        latency = {name.replace("__", "."): ms for name, ms in milliseconds.items()}
        (await self.http.put("/_sandbox/latency", json=latency)).raise_for_status()

    async def ledger(self) -> list[dict[str, Any]]:
        calls: list[dict[str, Any]] = (await self.http.get("/_sandbox/ledger")).json()["calls"]
        return [call for call in calls if call["provider"] == "perplexity"]
