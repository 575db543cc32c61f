"""Job boards' public APIs, read through the safe fetcher: its caps hold for them too."""

import asyncio
from collections import OrderedDict
from collections.abc import Mapping
from weakref import WeakValueDictionary

from extract_svc.boards import BoardKind, BoardPosting
from extract_svc.ports import Fetch
from resume_outbound.fetch import Page
from resume_runtime.clock import Clock

#: Ashby answers only with the whole board; it is asked again after this time (seconds).
FRESH_S = 600.0
#: Whole boards that are kept at once, and their bytes together.
MOST_BOARDS = 32
MOST_BYTES = 64 * 1024 * 1024

_PATHS: Mapping[BoardKind, str] = {
    "greenhouse": "/v1/boards/{board}/jobs/{job_id}?pay_transparency=true",
    "lever": "/v0/postings/{board}/{job_id}",
    "lever_eu": "/v0/postings/{board}/{job_id}",
    "ashby": "/posting-api/job-board/{board}?includeCompensation=true",
}


class BoardClient:
    """`Boards` over their JSON APIs. `bases` says where each is, without a slash at the end."""

    def __init__(self, fetch: Fetch, bases: Mapping[BoardKind, str], clock: Clock) -> None:
        self._fetch = fetch
        self._bases = bases
        self._clock = clock
        self._kept: OrderedDict[str, tuple[float, Page]] = OrderedDict()
        #: One reader a board; a lock lives as long as somebody holds or awaits it.
        self._asking: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def get(self, posting: BoardPosting, *, deadline: float) -> Page:
        """The board's answer that has the posting in it; see the port."""
        path = _PATHS[posting.kind].format(board=posting.board, job_id=posting.job_id)
        url = self._bases[posting.kind] + path
        if posting.kind != "ashby":
            return await self._fetch.get(url, deadline=deadline)
        lock = self._asking.setdefault(url, asyncio.Lock())
        async with lock:
            return self._fresh(url) or self._keep(
                url, await self._fetch.get(url, deadline=deadline)
            )

    def _fresh(self, url: str) -> Page | None:
        since, page = self._kept.get(url, (0.0, None))
        return page if page is not None and self._clock.monotonic() - since < FRESH_S else None

    def _keep(self, url: str, page: Page) -> Page:
        self._kept.pop(url, None)
        self._kept[url] = (self._clock.monotonic(), page)
        while len(self._kept) > MOST_BOARDS or self._bytes() > MOST_BYTES:
            self._kept.popitem(last=False)
        return page

    def _bytes(self) -> int:
        return sum(len(page.body) for _, page in self._kept.values())
