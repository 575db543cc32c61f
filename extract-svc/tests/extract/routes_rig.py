"""The whole extraction over real sockets against the sandbox, with the routes one chooses."""

import random
import threading
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, aclosing, asynccontextmanager, contextmanager
from dataclasses import dataclass

import httpx2
from prometheus_client import CollectorRegistry

from extract_svc.board_client import BoardClient
from extract_svc.boards import BoardKind
from extract_svc.chromium import ChromiumBrowser
from extract_svc.extraction import Extractor
from extract_svc.firecrawl import FirecrawlScraper
from extract_svc.pages import PageReaders
from extract_svc.web import WebFetch
from resume_messaging.core.ports import BudgetExhaustedError, CallsExhaustedError
from resume_outbound.bootstrap import create_outbound
from resume_outbound.call import Outbound
from resume_outbound.fetch import FetchLimits, SafeFetcher
from resume_outbound.guard import UrlGuard, resolve_by_system
from resume_outbound.proxy import GuardProxy
from resume_outbound.proxy_limits import ProxyLimits
from resume_runtime.clock import SystemClock, system_sleep
from resume_sandbox.app import create_app
from resume_sandbox.connection import create_server
from resume_sandbox.settings import SandboxSettings


@contextmanager
def sandbox() -> Iterator[str]:
    """The sandbox on a free port; its address."""
    server = create_server(create_app(SandboxSettings()), "127.0.0.1", 0)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    ends = time.monotonic() + 10
    while not server.started:
        assert time.monotonic() < ends, "the sandbox did not start"
        time.sleep(0.02)
    try:
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(10)


@dataclass
class Rig:
    """An extractor and what it calls out with."""

    extractor: Extractor
    outbound: Outbound
    browser: ChromiumBrowser | None


@asynccontextmanager
async def rig(
    url: str, *, firecrawl: bool = False, chromium: str | None = None, total_s: float = 9.0
) -> AsyncIterator[Rig]:
    """An extractor against the sandbox at `url`."""
    clock = SystemClock()
    outbound = create_outbound(
        ("web", "firecrawl", "playwright"),
        replicas=1,
        clock=clock,
        sleep=system_sleep,
        rng=random.Random(1),
        registry=CollectorRegistry(),
    )
    allow = frozenset({url.removeprefix("http://")})
    fetch = WebFetch(
        SafeFetcher(resolve_by_system, allow=allow, limits=FetchLimits(total=3), clock=clock),
        outbound,
    )
    bases: dict[BoardKind, str] = {
        "greenhouse": f"{url}/boards/greenhouse",
        "lever": f"{url}/boards/lever",
        "lever_eu": f"{url}/boards/lever",
        "ashby": f"{url}/boards/ashby",
    }
    async with AsyncExitStack() as opened:
        client = await opened.enter_async_context(httpx2.AsyncClient(timeout=30))
        scraper = browser = None
        if firecrawl:
            scraper = FirecrawlScraper(
                client,
                outbound,
                url=f"{url}/firecrawl",
                key="fc-test",
                credit_usd=0.001,
                clock=clock,
                longest_ms=1500,
            )
        if chromium is not None:
            guard = UrlGuard(resolve_by_system, allow)
            proxy = GuardProxy(guard, limits=ProxyLimits(), clock=clock, sleep=system_sleep)
            browser = ChromiumBrowser(
                chromium,
                guard,
                proxy,
                outbound,
                clock=clock,
                sleep=system_sleep,
                is_sandboxed=True,
                total_s=total_s,
            )
            await opened.enter_async_context(aclosing(browser))
        readers = await opened.enter_async_context(aclosing(PageReaders()))
        extractor = Extractor(
            fetch,
            readers,
            boards=BoardClient(fetch, bases, clock),
            scraper=scraper,
            browser=browser,
            clock=clock,
        )
        yield Rig(extractor, outbound, browser)


class Spending:
    """A `StageContext` that may pay `calls` times."""

    do_without_provider = False
    may_try_again = True

    def __init__(self, calls: int = 6, budget: int | None = None) -> None:
        self.deadline = time.monotonic() + 400
        self.calls_left = calls
        self.budget = budget

    def start_call(self, most: int | None = None) -> str:
        if not self.calls_left:
            raise CallsExhaustedError
        if self.budget is not None and (most is None or most > self.budget):
            raise BudgetExhaustedError
        self.calls_left -= 1
        return f"job/1/extract.posting/{self.calls_left}"
