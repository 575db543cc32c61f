"""The one place where research-svc is put together."""

import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx2
from prometheus_client import CollectorRegistry

from research_svc import consumer
from research_svc.handlers import ResearchHandlers
from research_svc.perplexity import PROVIDER, PerplexityResearcher
from research_svc.settings import ResearchSettings
from resume_messaging.shells.outbound import create_outbound, outcome_of
from resume_messaging.shells.service import ConsumerService
from resume_runtime.clock import Clock, Sleep


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
    outbound = create_outbound(
        (PROVIDER,),
        replicas=settings.replicas,
        clock=clock,
        sleep=sleep,
        rng=rng,
        registry=registry,
    )
    async with httpx2.AsyncClient(timeout=httpx2.Timeout(30.0, connect=5.0)) as client:
        key = settings.provider_key
        researcher = None
        if key is not None:
            researcher = PerplexityResearcher(
                client,
                outbound,
                url=settings.provider_url,
                key=key,
                model=settings.perplexity_model,
            )
        yield ConsumerService(
            name="research",
            handlers=consumer.stages(ResearchHandlers(researcher)),
            prefetch=consumer.prefetch(settings),
            classify=outcome_of,
            availability=outbound,
        )
