"""The shared cache on a real PostgreSQL, and two replicas in front of it."""

import asyncio
import random
from collections.abc import AsyncIterator
from datetime import date, timedelta

import httpx2
import pytest
from prometheus_client import CollectorRegistry

from research_svc.app import MIGRATIONS
from research_svc.bootstrap import create_agent, create_library
from research_svc.cache import CacheParts
from research_svc.freshness import Freshness
from research_svc.library import Library
from research_svc.metrics import CacheMetrics
from research_svc.perplexity_wire import PROVIDER
from research_svc.ports import (
    Asking,
    CompanyFindings,
    CompanyQuestion,
    Entry,
    SalaryFigure,
    SalaryFindings,
    SalaryQuestion,
)
from research_svc.refresher import Refresher
from research_svc.settings import ResearchSettings
from research_svc.store import CompanyShelf, SalaryShelf, kinds
from resume_contracts.facts import Research
from resume_messaging.core.ports import StoreUnavailableError
from resume_messaging.shells.flights import PostgresFlights
from resume_outbound import create_outbound
from resume_runtime.clock import SystemClock, system_sleep
from resume_runtime.database import Pool, create_asyncpg_pool, migrate
from resume_runtime.ids import uuid7
from resume_runtime.testing import enforce_at
from resume_sandbox.app import create_app
from resume_sandbox.settings import SandboxSettings

from .making import NOW, Calls

pytestmark = pytest.mark.connected

DAY = timedelta(days=1)


@pytest.fixture
async def pool(database_url: str) -> AsyncIterator[Pool]:
    await migrate(database_url, "research", MIGRATIONS)
    async with await create_asyncpg_pool(database_url, 0, 8) as made:
        yield made


def shelf(pool: Pool, *, version: str = "company.v1", provider: str = "p") -> CompanyShelf:
    return CompanyShelf(pool, prompt_version=version, provider=provider)


def entry(
    summary: str = "Carts.", *, domain: str | None = None, days: float = 0
) -> Entry[CompanyFindings]:
    research = Research(available=True, summary=summary)
    findings = CompanyFindings(research=research, domain=domain)
    return Entry(findings, is_known=True, cost_usd=0.25, at=NOW - days * DAY)


async def test_answer_comes_back_as_it_was(pool: Pool) -> None:
    question, stored = CompanyQuestion("Northwind, Inc."), entry(domain="northwind.example")
    await shelf(pool).write(question, stored)
    assert await shelf(pool).read(CompanyQuestion("NORTHWIND, inc")) == stored


@pytest.mark.parametrize(
    "other",
    [
        CompanyQuestion("Northwind GmbH"),
        CompanyQuestion("Northwind", language="de"),
        CompanyQuestion("Northwind", "other.example"),
    ],
)
async def test_answer_is_for_name_domain_and_language(pool: Pool, other: CompanyQuestion) -> None:
    stored = entry(domain="northwind.example")
    await shelf(pool).write(CompanyQuestion("Northwind"), stored)
    assert await shelf(pool).read(other) is None
    assert shelf(pool).key(other) != shelf(pool).key(CompanyQuestion("Northwind"))


async def test_answer_is_of_its_prompt_and_provider(pool: Pool) -> None:
    question = CompanyQuestion("Northwind")
    await shelf(pool).write(question, entry())
    assert await shelf(pool, version="company.v2").read(question) is None
    assert await shelf(pool, provider="sandbox").read(question) is None


async def test_users_domain_never_speaks_to_those_who_gave_none(pool: Pool) -> None:
    told = CompanyQuestion("Northwind", "slipped-in.example")
    await shelf(pool).write(told, entry("Slipped in."))
    assert await shelf(pool).read(CompanyQuestion("Northwind")) is None
    assert await shelf(pool).read(told) == entry("Slipped in.")


async def test_domain_of_the_sources_serves_who_gives_the_same(pool: Pool) -> None:
    stored = entry(domain="northwind.example")
    await shelf(pool).write(CompanyQuestion("Northwind"), stored)
    told = CompanyQuestion("Northwind", "northwind.example")
    assert await shelf(pool).read(told) == stored
    newer = entry("Newer.", days=-1)
    await shelf(pool).write(told, newer)
    assert await shelf(pool).read(CompanyQuestion("Northwind")) == newer


async def test_newest_answer_wins_whatever_its_domain(pool: Pool) -> None:
    question, old = CompanyQuestion("Northwind"), entry("Old.", domain="old.example", days=9)
    new = entry("New.", domain="new.example")
    for stored in (new, old):
        await shelf(pool).write(question, stored)
    assert await shelf(pool).read(question) == new


async def test_late_answer_replaces_no_newer_one(pool: Pool) -> None:
    question = CompanyQuestion("Northwind")
    for stored in (entry("New."), entry("Late.", days=1)):
        await shelf(pool).write(question, stored)
    assert await shelf(pool).read(question) == entry("New.")
    assert await pool.fetchval("select count(*) from research.company_research") == 1


async def test_what_is_served_no_more_is_forgotten(pool: Pool) -> None:
    """Answers stay as long as they are good for anything, whoever writes meanwhile."""
    good = Freshness(30 * DAY, 60 * DAY)
    await shelf(pool).write(CompanyQuestion("Old"), entry(days=91))
    await shelf(pool).write(CompanyQuestion("Stale"), entry(days=89))
    await shelf(pool).write(CompanyQuestion("New"), entry())
    await enforce_at(pool, kinds(good, good), NOW)
    assert await shelf(pool).read(CompanyQuestion("Old")) is None
    assert await shelf(pool).read(CompanyQuestion("Stale")) is not None
    assert await pool.fetchval("select count(*) from research.company_research") == 2


async def test_pay_comes_back_as_it_was(pool: Pool) -> None:
    figure = SalaryFigure(
        occupation="Engineers",
        low=1,
        high=2,
        currency="EUR",
        period="hour",
        region="Berlin",
        as_of=date(2026, 1, 31),
        sample_size=9,
        url="https://s.example/",
    )
    stored = Entry(SalaryFindings(figures=(figure,)), is_known=True, cost_usd=None, at=NOW)
    salaries = SalaryShelf(pool, prompt_version="salary.v2", provider="p")
    await salaries.write(SalaryQuestion("Engineer", "Berlin"), stored)
    await salaries.write(SalaryQuestion("engineer", "BERLIN"), stored)

    assert await salaries.read(SalaryQuestion("Engineer", "Berlin")) == stored
    assert await salaries.read(SalaryQuestion("Engineer", "Hamburg")) is None
    assert await pool.fetchval("select count(*) from research.salary_cache") == 1


async def test_tables_have_no_column_for_a_user(pool: Pool) -> None:
    rows = await pool.fetch(
        """select column_name from information_schema.columns
            where table_schema = 'research'
              and table_name in ('company_research', 'salary_cache', 'flights')"""
    )
    names = {row["column_name"] for row in rows}
    assert "name_digest" in names
    assert not {n for n in names if "user" in n or "job" in n or n in {"name", "company", "title"}}


async def test_database_that_is_not_there_is_weather() -> None:
    async with await create_asyncpg_pool("postgresql://u@127.0.0.1:1/d", 0, 1) as nowhere:
        with pytest.raises(StoreUnavailableError):
            await shelf(nowhere).read(CompanyQuestion("Northwind"))


def replica(pool: Pool, http: httpx2.AsyncClient, registry: CollectorRegistry) -> Library:
    """One process of the service in front of a sandbox."""
    settings = ResearchSettings.model_validate(
        {
            "database_url": "postgresql://h/d",
            "amqp_url": "amqp://h/",
            "test_mode": True,
            "sandbox_url": "http://sandbox",
        }
    )
    clock = SystemClock()
    outbound = create_outbound(
        (PROVIDER,),
        replicas=2,
        clock=clock,
        sleep=system_sleep,
        rng=random.Random(1),
        registry=registry,
    )
    agent = create_agent(settings, "k", http, outbound, clock=clock, sleep=system_sleep)
    flights = PostgresFlights(pool, "research")
    parts = CacheParts(flights, Refresher(), CacheMetrics(registry), clock, system_sleep, uuid7)
    return create_library(settings, agent, pool, parts)


async def test_racing_replicas_pay_once(pool: Pool) -> None:
    """Sixteen jobs on two replicas ask for one company: the provider's ledger has one call."""
    transport = httpx2.ASGITransport(create_app(SandboxSettings()))
    registries = [CollectorRegistry(), CollectorRegistry()]
    async with httpx2.AsyncClient(transport=transport, base_url="http://sandbox") as http:
        await http.put("/_sandbox/latency", json={"perplexity.responses": 700})
        replicas = [replica(pool, http, registry) for registry in registries]
        question = CompanyQuestion("Northwind Robotics")
        asks = [Asking(SystemClock().monotonic() + 20, Calls()) for _ in range(16)]
        found = await asyncio.gather(
            *(replicas[n % 2].company(question, asking) for n, asking in enumerate(asks))
        )
        ledger = (await http.get("/_sandbox/ledger?provider=perplexity")).json()["calls"]

    assert len(ledger) == 1
    assert all(research == found[0] and research.available for research in found)
    lines = [line for asking in asks for line in asking.bill]
    assert sum(line.calls for line in lines) == 1
    assert sum(line.cached_answers for line in lines) == 15
    name = "research_cache_reads_total"
    results = {
        result: sum(
            r.get_sample_value(name, {"kind": "company", "result": result}) or 0 for r in registries
        )
        for result in ("miss", "shared", "fresh", "failed")
    }
    assert results["miss"] == 1
    assert results["failed"] == 0
    assert results["shared"] + results["fresh"] == 15


async def test_pay_that_nobody_publishes_is_not_made_up(pool: Pool) -> None:
    transport = httpx2.ASGITransport(create_app(SandboxSettings()))
    async with httpx2.AsyncClient(transport=transport, base_url="http://sandbox") as http:
        library = replica(pool, http, CollectorRegistry())
        asking = Asking(SystemClock().monotonic() + 20, Calls())
        for _ in range(2):
            assert (await library.salary_for("Engineer", "Berlin", asking)).figures == ()
        assert (await library.salary_for("", "Berlin", asking)).figures == ()
        ledger = (await http.get("/_sandbox/ledger?provider=perplexity")).json()["calls"]
    assert len(ledger) == sum(line.calls for line in asking.bill) == 1
