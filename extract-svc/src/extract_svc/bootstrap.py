"""The one place where extract-svc is put together."""

import random
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager
from functools import partial

from obstore.exceptions import BaseError
from obstore.store import ObjectStore, from_url
from prometheus_client import CollectorRegistry

from extract_svc import consumer
from extract_svc.handlers import ExtractHandlers
from extract_svc.obstore_files import ObstoreFiles
from extract_svc.pages import PageReaders
from extract_svc.settings import ExtractSettings
from extract_svc.web import PROVIDER, WebFetch
from resume_core.importing.report import ImportLimits
from resume_core.importing.sandboxed import import_in_child
from resume_messaging.shells.outbound import create_outbound, outcome_of
from resume_messaging.shells.service import ConsumerService
from resume_outbound.fetch import FetchLimits, SafeFetcher
from resume_outbound.guard import resolve_by_system
from resume_runtime.clock import Clock, Sleep
from resume_runtime.process import StartupError
from resume_runtime.settings import EXIT_CONFIG


@asynccontextmanager
async def bootstrap(
    settings: ExtractSettings,
    *,
    clock: Clock,
    sleep: Sleep,
    rng: random.Random,
    registry: CollectorRegistry,
) -> AsyncIterator[ConsumerService]:
    """Build the service; what it opened is closed on leaving.

    Raises:
        StartupError: FILES_URL names no usable storage, or REPLICAS exceeds a limit.
    """
    files = ObstoreFiles(open_store(settings.files_url))
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
    async with aclosing(fetcher), aclosing(PageReaders()) as read_page:
        handlers = ExtractHandlers(
            WebFetch(fetcher, outbound),
            read_page,
            files,
            partial(import_in_child, limits=ImportLimits()),
        )
        yield ConsumerService(
            name="extract",
            handlers=consumer.stages(handlers),
            prefetch=consumer.prefetch(settings),
            classify=outcome_of,
            availability=outbound,
        )


def open_store(url: str) -> ObjectStore:
    """The object storage at a URL; a local directory is made when it is not there.

    Raises:
        StartupError: there is no such kind of storage, or the directory cannot be made.
    """
    try:
        return from_url(url, mkdir=True) if url.startswith("file:") else from_url(url)
    except (BaseError, ValueError, OSError) as error:
        # The error's own text may quote credentials of the URL.
        raise StartupError(
            f"FILES_URL: names no usable storage ({type(error).__name__})", exit_code=EXIT_CONFIG
        ) from None
