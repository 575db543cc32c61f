"""The one place where tailor-svc is put together."""

import random
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from prometheus_client import CollectorRegistry

from resume_core.skills import load_catalog
from resume_messaging.shells.outbound import create_outbound, outcome_of
from resume_messaging.shells.service import ConsumerService
from resume_outbound.policy import playbook_policies, share
from resume_runtime.clock import Clock, Sleep
from tailor_svc import consumer
from tailor_svc.handlers import TailorHandlers
from tailor_svc.openai import PROVIDER, OpenAIProposer, create_client
from tailor_svc.settings import TailorSettings


@asynccontextmanager
async def bootstrap(
    settings: TailorSettings,
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
    slots = share(playbook_policies()[PROVIDER], settings.replicas).max_concurrent
    async with AsyncExitStack() as stack:
        proposer = None
        if (key := settings.provider_key) is not None:
            client = await stack.enter_async_context(create_client(settings.provider_url, key))
            proposer = OpenAIProposer(client, outbound, model=settings.openai_model)
        yield ConsumerService(
            name="tailor",
            handlers=consumer.stages(TailorHandlers(proposer, load_catalog())),
            prefetch=consumer.prefetch(settings, slots),
            classify=outcome_of,
            availability=outbound,
        )
