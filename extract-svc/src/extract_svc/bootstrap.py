"""The one place where extract-svc is put together."""

import random
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, aclosing, asynccontextmanager
from functools import partial
from typing import Final

import httpx2
import structlog
from obstore.exceptions import BaseError
from obstore.store import ObjectStore, from_url
from prometheus_client import CollectorRegistry

from extract_svc import consumer
from extract_svc.board_client import BoardClient
from extract_svc.chromium import PROVIDER as PLAYWRIGHT
from extract_svc.chromium import ChromiumBrowser, find_chromium
from extract_svc.extraction import Extractor, pair_of
from extract_svc.firecrawl import FirecrawlScraper
from extract_svc.firecrawl_wire import PROVIDER as FIRECRAWL
from extract_svc.handlers import ExtractHandlers
from extract_svc.obstore_files import ObstoreFiles
from extract_svc.pages import PageReaders
from extract_svc.settings import ExtractSettings
from extract_svc.web import PROVIDER as WEB
from extract_svc.web import WebFetch
from resume_core.importing.report import ImportLimits
from resume_core.importing.sandboxed import import_in_child
from resume_messaging.shells.outbound import open_outbound, outcome_of
from resume_messaging.shells.service import ConsumerService
from resume_outbound.call import Outbound
from resume_outbound.fetch import FetchLimits, SafeFetcher
from resume_outbound.guard import UrlGuard, resolve_by_system
from resume_outbound.proxy import GuardProxy
from resume_outbound.proxy_limits import ProxyLimits
from resume_outbound.settings import load_policies
from resume_runtime.clock import Clock, Sleep
from resume_runtime.process import StartupError
from resume_runtime.settings import EXIT_CONFIG

log = structlog.get_logger()

#: A board of 800 postings is one answer.
_BOARD_BYTES: Final = 16 * 1024 * 1024
_FIRECRAWL_TIME: Final = httpx2.Timeout(45.0, connect=5.0)


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
        StartupError: FILES_URL names no usable storage, REPLICAS exceeds a limit, or VALKEY_URL
            is no server to keep leases in.
    """
    files = ObstoreFiles(open_store(settings.files_url))
    key, path = settings.firecrawl_key, find_chromium(settings.chromium)
    log.info("extract.routes", firecrawl=key is not None, chromium=path is not None)
    # Only what is configured: every provider's fleet limit is shared by all replicas.
    optional = ((FIRECRAWL, key), (PLAYWRIGHT, path))
    policies = load_policies((WEB, *(name for name, is_there in optional if is_there)))
    async with AsyncExitStack() as opened:
        outbound = await opened.enter_async_context(
            open_outbound(
                policies,
                settings,
                service="extract",
                clock=clock,
                sleep=sleep,
                rng=rng,
                registry=registry,
            )
        )
        fetcher = SafeFetcher(
            resolve_by_system, allow=settings.allowed_pairs, limits=FetchLimits(), clock=clock
        )
        read_page = await opened.enter_async_context(aclosing(PageReaders()))
        scraper = browser = None
        if key is not None:
            client = await opened.enter_async_context(create_client())
            scraper = create_scraper(settings, key, client, outbound, clock)
        if path is not None:
            browser = _browser(settings, path, outbound, clock=clock, sleep=sleep)
            await opened.enter_async_context(aclosing(browser))
        extractor = Extractor(
            WebFetch(fetcher, outbound),
            read_page,
            boards=_boards(settings, outbound, clock),
            scraper=scraper,
            browser=browser,
            clock=clock,
            private=frozenset() if settings.is_firecrawl_sandboxed else settings.allowed_pairs,
        )
        handlers = ExtractHandlers(
            extractor, files, partial(import_in_child, limits=ImportLimits())
        )
        yield ConsumerService(
            name="extract",
            handlers=consumer.stages(handlers),
            prefetch=consumer.prefetch(settings),
            classify=outcome_of,
            availability=outbound,
        )


def create_client() -> httpx2.AsyncClient:
    """The HTTP client of Firecrawl's calls; time limits are the policy's."""
    return httpx2.AsyncClient(timeout=_FIRECRAWL_TIME)


def create_scraper(
    settings: ExtractSettings,
    key: str,
    client: httpx2.AsyncClient,
    outbound: Outbound,
    clock: Clock,
) -> FirecrawlScraper:
    """Firecrawl as configured."""
    return FirecrawlScraper(
        client,
        outbound,
        url=settings.firecrawl_url,
        key=key,
        credit_usd=settings.firecrawl_credit_usd,
        clock=clock,
    )


def _boards(settings: ExtractSettings, outbound: Outbound, clock: Clock) -> BoardClient:
    """The boards' APIs; their addresses are the operator's, so they may be anywhere."""
    fetcher = SafeFetcher(
        resolve_by_system,
        allow=frozenset(map(pair_of, settings.board_urls.values())),
        limits=FetchLimits(max_bytes=_BOARD_BYTES),
        clock=clock,
    )
    return BoardClient(WebFetch(fetcher, outbound), settings.board_urls, clock)


def _browser(
    settings: ExtractSettings, path: str, outbound: Outbound, *, clock: Clock, sleep: Sleep
) -> ChromiumBrowser:
    guard = UrlGuard(resolve_by_system, settings.allowed_pairs)
    return ChromiumBrowser(
        path,
        guard,
        GuardProxy(guard, limits=ProxyLimits(), clock=clock, sleep=sleep),
        outbound,
        clock=clock,
        sleep=sleep,
        is_sandboxed=settings.chromium_sandbox,
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
