"""Scraping by Firecrawl (`POST /v2/scrape`): for pages that do not give themselves up to us."""

from typing import Final

import httpx2

from extract_svc.firecrawl_wire import (
    LONGEST_MS,
    PROVIDER,
    SHORTEST_MS,
    Scraped,
    request,
    scraped,
    verdict_of,
)
from resume_contracts.costs import micro_usd
from resume_contracts.messages import Usage
from resume_messaging.core.ports import StartCall
from resume_outbound.call import Outbound
from resume_runtime.clock import Clock

#: Seconds between the vendor's time limit and ours.
_MARGIN_S: Final = 5.0
#: Credits of a scrape at most: the page, the fields read from it, the dearer way in.
MOST_CREDITS: Final = 9


class FirecrawlScraper:
    """`Scraper` over Firecrawl v2, every call through `Outbound`.

    `credit_usd` is what a credit costs under the account's plan; None: unknown. `longest_ms` is
    what the vendor gets at most.
    """

    def __init__(
        self,
        client: httpx2.AsyncClient,
        outbound: Outbound,
        *,
        url: str,
        key: str,
        credit_usd: float | None,
        clock: Clock,
        longest_ms: int = LONGEST_MS,
    ) -> None:
        self._client = client
        self._outbound = outbound
        self._url = f"{url}/v2/scrape"
        self._headers = {"authorization": f"Bearer {key}"}
        self._credit_usd = credit_usd
        self._most = None if credit_usd is None else micro_usd(MOST_CREDITS * credit_usd)
        self._clock = clock
        self._longest_ms = longest_ms

    async def scrape(
        self, url: str, *, deadline: float, start_call: StartCall
    ) -> tuple[Scraped, Usage]:
        """One guarded call; see the port."""

        async def attempt() -> Scraped:
            left = deadline - self._clock.monotonic() - _MARGIN_S
            timeout_ms = int(min(self._longest_ms, max(SHORTEST_MS, left * 1000)))
            headers = {**self._headers, "x-client-request-id": start_call(self._most)}
            response = await self._client.post(
                self._url, json=request(url, timeout_ms), headers=headers
            )
            response.raise_for_status()
            return scraped(response.content)

        data = await self._outbound.call(PROVIDER, attempt, deadline=deadline, classify=verdict_of)
        return data, self._usage(data)

    def _usage(self, data: Scraped) -> Usage:
        used = data.metadata.credits_used
        cost = None if self._credit_usd is None else used * self._credit_usd
        return Usage(provider=PROVIDER, credits=used, calls=1, cost_usd=cost)
