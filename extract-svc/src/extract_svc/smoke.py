"""`python -m extract_svc smoke`: one cheap real scrape by Firecrawl, and its cost."""

import asyncio
import random
import sys
from collections.abc import Callable
from typing import Final

from prometheus_client import CollectorRegistry
from pydantic import Field

from extract_svc.bootstrap import create_client, create_scraper
from extract_svc.firecrawl_wire import PROVIDER
from extract_svc.settings import ExtractSettings
from resume_contracts.messages import Usage
from resume_messaging.core.attempt import nobodys
from resume_messaging.shells.outbound import create_outbound
from resume_outbound.errors import OutboundError
from resume_runtime.clock import Clock, Sleep, SystemClock, system_sleep
from resume_runtime.logging import configure_logging
from resume_runtime.settings import load_settings

_DEADLINE_S: Final = 60.0
#: Kept for examples (RFC 2606), small and always there.
_PAGE: Final = "https://example.com/"


class SmokeSettings(ExtractSettings):
    """The service's settings; servers and storage are not asked for, since none is used."""

    database_url: str = Field(default="postgresql://unused/unused")
    amqp_url: str = Field(default="amqp://unused/unused")
    files_url: str = Field(default="memory:///")


def main() -> int:
    """Scrape once; 0 when it was answered or no key is configured."""
    settings = load_settings(SmokeSettings)
    configure_logging("extract", "WARNING")
    return asyncio.run(smoke(settings, SystemClock(), system_sleep, _say))


async def smoke(
    settings: ExtractSettings,
    clock: Clock,
    sleep: Sleep,
    say: Callable[[str], None],
    *,
    page: str = _PAGE,
) -> int:
    """See `main`; the result is one line for `say`."""
    key = settings.firecrawl_key
    if key is None:
        say("firecrawl: none configured (FIRECRAWL_API_KEY), nothing was called")
        return 0
    outbound = create_outbound(
        (PROVIDER,),
        replicas=1,
        clock=clock,
        sleep=sleep,
        rng=random.Random(),  # noqa: S311  jitter
        registry=CollectorRegistry(),
    )
    started = clock.monotonic()
    async with create_client() as client:
        scraper = create_scraper(settings, key, client, outbound, clock)
        try:
            data, usage = await scraper.scrape(
                page, deadline=started + _DEADLINE_S, start_call=nobodys("smoke")
            )
        except OutboundError as error:
            result, code = f"FAILED ({error}); no bill", 1
        else:
            size = len(data.markdown or "")
            result, code = f"ok, {size} characters; {_cost(usage)}", 0
    say(f"firecrawl, {clock.monotonic() - started:.1f} s: {result}")
    return code


def _cost(usage: Usage) -> str:
    cost = "price unknown" if usage.cost_usd is None else f"{usage.cost_usd:.6f} USD"
    return f"{usage.credits} credits, {cost} (FIRECRAWL_CREDIT_USD)"


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
