"""The one place where tailor-svc is put together."""

import random
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta

from prometheus_client import CollectorRegistry

from resume_core.career import load_ladders
from resume_core.skills import load_catalog
from resume_messaging.core.flights import SingleFlight
from resume_messaging.shells.flights import PostgresFlights
from resume_messaging.shells.outbound import open_outbound, outcome_of
from resume_messaging.shells.service import ConsumerService
from resume_outbound.policy import Policy
from resume_outbound.settings import load_policies
from resume_runtime.clock import Clock, Sleep
from resume_runtime.database import create_asyncpg_pool
from tailor_svc import consumer
from tailor_svc.answers import AnswerCache
from tailor_svc.computing import Computing
from tailor_svc.endpoints import PROVIDER, EndpointsInOrder, EndpointStates
from tailor_svc.engines import Engines
from tailor_svc.handlers import TailorHandlers
from tailor_svc.metrics import AnswerMetrics
from tailor_svc.openai import OpenAIEndpoint, create_client
from tailor_svc.products import ProductHandlers
from tailor_svc.profiles import load_profiles
from tailor_svc.resumes import ReadingHandlers
from tailor_svc.settings import TailorSettings
from tailor_svc.shutdowns import ShutdownWatch, Watched
from tailor_svc.store import KINDS, PostgresAnswers


@dataclass(frozen=True, slots=True)
class Models:
    """The configured endpoints, the preferred one first, and what watches them.

    `slots`: calls that this process may have under way at one of them.
    """

    endpoints: tuple[OpenAIEndpoint, ...]
    states: EndpointStates
    watch: ShutdownWatch
    slots: int


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
    async with AsyncExitStack() as opened:
        # Connects when it is first used: the memos' pool says whether PostgreSQL is there.
        pool = await create_asyncpg_pool(settings.database_url, 0, 4)
        await opened.enter_async_context(pool)
        # Also without a cache: what an earlier setting kept is still to be erased with its user.
        answers, cache = PostgresAnswers(pool), None
        if settings.endpoints and settings.ai_cache_ttl_s:
            cache = AnswerCache(
                answers,
                SingleFlight(PostgresFlights(pool, "tailor"), clock, sleep),
                ttl=timedelta(seconds=settings.ai_cache_ttl_s),
                clock=clock,
                metrics=AnswerMetrics(registry, [one.name for one in settings.endpoints]),
            )
        models = await opened.enter_async_context(
            open_models(settings, clock=clock, sleep=sleep, rng=rng, registry=registry, cache=cache)
        )
        model = EndpointsInOrder(models.endpoints, models.states) if models.endpoints else None
        catalog, engines = load_catalog(), Engines(model, Computing())
        async with models.watch.running():
            yield ConsumerService(
                name="tailor",
                handlers=consumer.stages(
                    TailorHandlers(engines, catalog),
                    ProductHandlers(engines, catalog, load_ladders()),
                    ReadingHandlers(engines, clock),
                ),
                prefetch=consumer.prefetch(settings, models.slots),
                classify=outcome_of,
                availability=models.states,
                stores=(answers,),
                kinds=KINDS,
            )


@asynccontextmanager
async def open_models(
    settings: TailorSettings,
    *,
    clock: Clock,
    sleep: Sleep,
    rng: random.Random,
    registry: CollectorRegistry,
    cache: AnswerCache | None = None,
) -> AsyncIterator[Models]:
    """The configured endpoints, each with breaker, slots and pause of its own.

    Without a `cache` every question is asked.

    Raises:
        StartupError: REPLICAS exceeds the limit of an endpoint's calls, or VALKEY_URL is no server
            to keep leases in.
    """
    configured, profiles = settings.endpoints, load_profiles()
    names = [one.name for one in configured] or [PROVIDER]
    endpoints, watched = [], []
    async with AsyncExitStack() as stack:
        outbound = await stack.enter_async_context(
            open_outbound(
                _fleet(names),
                settings,
                service="tailor",
                clock=clock,
                sleep=sleep,
                rng=rng,
                registry=registry,
            )
        )
        for one in configured:
            client = await stack.enter_async_context(create_client(one))
            profile = profiles.of(one.model)
            if one.price is not None:
                profile = profile.model_copy(update={"price": one.price})
            endpoints.append(OpenAIEndpoint(one, client, outbound, profile, clock, cache=cache))
            watched.append(Watched(one.name, one.model, client, profile.shutdown_date))
        yield Models(
            tuple(endpoints),
            EndpointStates(names, outbound, clock),
            ShutdownWatch(watched, outbound, clock=clock, sleep=sleep, registry=registry),
            outbound.policy(names[0]).max_concurrent,
        )


def _fleet(names: Sequence[str]) -> dict[str, Policy]:
    """One line an endpoint; the names come from the settings, so the metrics' labels are few."""
    policy = load_policies((PROVIDER,))[PROVIDER]
    return {name: replace(policy, name=name) for name in names}
