"""The one place where extract-svc is put together."""

import random
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager
from functools import partial

from obstore.store import from_url
from prometheus_client import CollectorRegistry

from extract_svc import consumer
from extract_svc.handlers import ExtractHandlers
from extract_svc.obstore_files import ObstoreFiles
from extract_svc.settings import ExtractSettings
from extract_svc.web import PROVIDER, WebFetch
from resume_core.importing.sandboxed import ImportLimits, import_in_child
from resume_messaging.shells.outbound import create_outbound, outcome_of
from resume_messaging.shells.service import ConsumerService
from resume_outbound.fetch import FetchLimits, SafeFetcher
from resume_outbound.guard import resolve_by_system
from resume_runtime.clock import Clock, Sleep


@asynccontextmanager
async def bootstrap(
    settings: ExtractSettings,
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
    fetcher = SafeFetcher(
        resolve_by_system, allow=settings.allowed_pairs, limits=FetchLimits(), clock=clock
    )
    async with aclosing(fetcher):
        handlers = ExtractHandlers(
            WebFetch(fetcher, outbound),
            ObstoreFiles(from_url(settings.files_url, mkdir=True)),
            partial(import_in_child, limits=ImportLimits()),
        )
        yield ConsumerService(
            name="extract",
            handlers=consumer.stages(handlers),
            prefetch=consumer.prefetch(settings),
            classify=outcome_of,
            availability=outbound,
        )
