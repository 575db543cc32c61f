"""Chromium through the proxy, and Chromium let loose."""

import contextlib
from collections import Counter
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import quote

from playwright.async_api import BrowserContext, Error, async_playwright

from resume_outbound.chromium import chromium_arguments, chromium_context
from resume_outbound.guard import UrlGuard
from resume_outbound.proxy_limits import ProxyLimits
from resume_runtime.clock import SystemClock, system_sleep

from .counting import CountingBackend, CountingProxy, kernel_counts
from .world import ALLOW, SITE, Listeners, Resolver

LOOSE = (
    ("direct", "http://10.0.0.5/"),
    ("fetch", "http://127.0.0.1/"),
    ("ws", "ws://127.0.0.1/"),
    ("webrtc", "stun:10.0.0.5:3478"),
    ("webtransport", "https://10.0.0.5/"),
)


def entry(via: str, url: str) -> str:
    if via == "direct":
        return url
    scheme = "https" if via == "service-worker" else "http"
    return f"{scheme}://site.example.com/go?via={via}&to={quote(url, safe='')}"


async def run_chromium(rows: list[dict[str, Any]], seen: Listeners, path: str) -> dict[str, int]:
    """Every row in a page of its own; what the kernel counted and nobody accounts for."""
    resolver, backend, outcomes = Resolver(), CountingBackend(), Counter[str]()

    def observe(outcome: str) -> None:
        outcomes[outcome] += 1

    proxy = CountingProxy(
        UrlGuard(resolver, ALLOW),
        limits=ProxyLimits(max_connections=500),
        clock=SystemClock(),
        sleep=system_sleep,
        backend=backend,
        observe=observe,
    )
    before = kernel_counts()
    async with proxy.running(), browsing(path, chromium_arguments(proxy.url)) as contexts:
        for row in rows:
            resolver.asked.clear()
            outcomes.clear()
            await visit(contexts, row, proxy.url.rsplit(":", 1)[1])
            row["chromium"], row["chromium_allowed"] = seen.take()
            row["proxy"] = dict(outcomes)
    after = kernel_counts()
    tcp = after["tcp"] - before["tcp"] - backend.attempts - proxy.accepted
    return {
        "past_the_proxy_tcp": tcp,
        "past_the_proxy_udp": after["udp"] - before["udp"],
        "proxy_connections": proxy.accepted,
        "late": seen.take()[0],
    }


async def run_unguarded(seen: Listeners, path: str) -> dict[str, int]:
    """What Chromium does when nothing holds it: were it nothing, the zeros would prove nothing."""
    resolve = f"--host-resolver-rules=MAP site.example.com {SITE}"
    before = kernel_counts()
    async with browsing(path, [resolve]) as contexts:
        for via, url in LOOSE:
            await visit(contexts, {"category": "udp", "via": via, "url": url}, "1")
    private, _ = seen.take()
    return {"tcp": private, "udp": kernel_counts()["udp"] - before["udp"]}


@contextlib.asynccontextmanager
async def browsing(path: str, arguments: list[str]) -> AsyncIterator[dict[str, BrowserContext]]:
    """Contexts by what they do with service workers: `block` as in production, `allow`."""
    # Root has no user namespaces to sandbox in; certificates here are nobody's.
    switches = [*arguments, "--no-sandbox", "--ignore-certificate-errors"]
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=switches)
        usual = await browser.new_context(**chromium_context())
        yield {"block": usual, "allow": await browser.new_context(service_workers="allow")}
        await browser.close()


async def visit(contexts: dict[str, BrowserContext], row: dict[str, Any], proxy_port: str) -> None:
    via, url = row["via"], row["url"].replace("{proxy}", proxy_port)
    if via == "direct" and not url.startswith("http"):
        via = "location"  # nobody steers Chromium to a file; a page might try
    context = contexts["allow" if via == "service-worker" else "block"]
    page = await context.new_page()
    with contextlib.suppress(Error):
        await page.goto(entry(via, url), timeout=5000)
    with contextlib.suppress(Error):
        await page.wait_for_timeout(600 if row["category"] in {"udp", "service worker"} else 100)
    row["final"] = [p.url for p in context.pages]
    for opened in context.pages:
        await opened.close()
