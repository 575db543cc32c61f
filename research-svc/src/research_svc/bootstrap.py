"""The one place where research-svc is put together."""

import random
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, aclosing, asynccontextmanager

import httpx2
from prometheus_client import CollectorRegistry

from research_svc import consumer, prompts
from research_svc.cache import CacheParts, SharedCache
from research_svc.company import CompanyResearcher
from research_svc.handlers import ResearchHandlers
from research_svc.library import Library
from research_svc.metrics import CacheMetrics
from research_svc.perplexity import PerplexityAgent
from research_svc.perplexity_wire import PROVIDER
from research_svc.refresher import Refresher
from research_svc.salary import SalaryResearcher
from research_svc.settings import ResearchSettings
from research_svc.store import CompanyShelf, SalaryShelf, kinds
from resume_contracts.costs import micro_usd
from resume_messaging.shells.flights import PostgresFlights
from resume_messaging.shells.outbound import open_outbound, outcome_of
from resume_messaging.shells.service import ConsumerService
from resume_outbound.call import Outbound
from resume_outbound.settings import load_policies
from resume_runtime.clock import Clock, Sleep
from resume_runtime.database import Pool, create_asyncpg_pool
from resume_runtime.ids import uuid7


@asynccontextmanager
async def bootstrap(
    settings: ResearchSettings,
    *,
    clock: Clock,
    sleep: Sleep,
    rng: random.Random,
    registry: CollectorRegistry,
) -> AsyncIterator[ConsumerService]:
    """Build the service; what it opened is closed on leaving."""
    async with AsyncExitStack() as opened:
        outbound = await opened.enter_async_context(
            open_outbound(
                load_policies((PROVIDER,)),
                settings,
                service="research",
                clock=clock,
                sleep=sleep,
                rng=rng,
                registry=registry,
            )
        )
        library = None
        key = settings.provider_key
        if key is not None:
            client = await opened.enter_async_context(create_client())
            # Connects when it is first used: the memos' pool says whether PostgreSQL is there.
            pool = await create_asyncpg_pool(settings.database_url, 0, 4)
            await opened.enter_async_context(pool)
            refresher = await opened.enter_async_context(aclosing(Refresher()))
            flights = PostgresFlights(pool, "research")
            parts = CacheParts(flights, refresher, CacheMetrics(registry), clock, sleep, uuid7)
            agent = create_agent(settings, key, client, outbound, clock=clock, sleep=sleep)
            library = create_library(settings, agent, pool, parts)
        yield ConsumerService(
            name="research",
            handlers=consumer.stages(ResearchHandlers(library)),
            prefetch=consumer.prefetch(settings),
            classify=outcome_of,
            availability=outbound,
            kinds=kinds(settings.research_freshness, settings.salary_freshness),
        )


def create_client() -> httpx2.AsyncClient:
    """The HTTP client of the provider's calls; time limits are the policy's."""
    return httpx2.AsyncClient(timeout=httpx2.Timeout(30.0, connect=5.0))


def create_agent(
    settings: ResearchSettings,
    key: str,
    client: httpx2.AsyncClient,
    outbound: Outbound,
    *,
    clock: Clock,
    sleep: Sleep,
) -> PerplexityAgent:
    """The provider as configured."""
    return PerplexityAgent(
        client,
        outbound,
        url=settings.provider_url,
        key=key,
        model=settings.perplexity_model,
        most=micro_usd(settings.perplexity_call_usd),
        clock=clock,
        sleep=sleep,
    )


def create_library(
    settings: ResearchSettings, agent: PerplexityAgent, pool: Pool, parts: CacheParts
) -> Library:
    """Companies and pay behind the shared cache."""
    provider = settings.provider_name
    companies = SharedCache(
        "company",
        CompanyResearcher(agent),
        CompanyShelf(pool, prompt_version=prompts.COMPANY, provider=provider),
        settings.research_freshness,
        parts,
    )
    salaries = SharedCache(
        "salary",
        SalaryResearcher(agent, parts.clock),
        SalaryShelf(pool, prompt_version=prompts.SALARY, provider=provider),
        settings.salary_freshness,
        parts,
    )
    return Library(companies, salaries)
