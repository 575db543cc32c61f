"""The routes to a posting behind an address, in order: the first with title and text wins."""

from collections.abc import Awaitable, Callable
from typing import Final
from urllib.parse import urlsplit

import structlog

from extract_svc.boards import BoardPosting, board_posting, embedded_id, embedded_posting
from extract_svc.firecrawl_wire import PROVIDER as FIRECRAWL
from extract_svc.firecrawl_wire import is_about_the_address
from extract_svc.ports import Boards, Browser, Fetch, PageKilledError, ReadPage, Scraper
from extract_svc.postings import PostingError, as_rendered, posting_from_scraped
from extract_svc.search import Extraction, Search, SkippedError
from resume_contracts.errors import ErrorCode
from resume_contracts.facts import Posting, RouteOutcome, Source
from resume_contracts.messages import Usage
from resume_messaging.core.ports import (
    BudgetExhaustedError,
    CallsExhaustedError,
    StageContext,
)
from resume_outbound.errors import (
    CircuitOpenError,
    DeadlineTooCloseError,
    OutboundError,
    ProviderFailedError,
    ProviderRefusedError,
    RateLimitedError,
    WaitableError,
)
from resume_outbound.fetch import Page
from resume_outbound.fetch_errors import FetchRefusedError
from resume_runtime.clock import Clock

log = structlog.get_logger()

#: Refusals that somebody has to do something about: the key, the credits.
_ACCOUNT: Final = frozenset({401, 402})

#: Seconds that the routes beside our own fetch may take together.
DETOUR_S: Final = 120.0
#: Seconds of the job's time that they leave to the stages behind this one.
RESERVE_S: Final = 90.0

Take = Callable[[Search], Awaitable[Posting | None]]


class Extractor:
    """The table of routes over their ports; a port that is None is not configured.

    `private` holds `host:port` pairs that nobody but us can reach.
    """

    def __init__(
        self,
        fetch: Fetch,
        read_page: ReadPage,
        *,
        boards: Boards,
        scraper: Scraper | None,
        browser: Browser | None,
        clock: Clock,
        private: frozenset[str] = frozenset(),
    ) -> None:
        self._fetch = fetch
        self._read_page = read_page
        self._boards = boards
        self._scraper = scraper
        self._browser = browser
        self._clock = clock
        self._private = private
        self._routes: tuple[tuple[Source, Take], ...] = (
            (Source.BOARD, self._from_board),
            (Source.JSON_LD, self._from_structured_data),
            (Source.FIRECRAWL, self._from_scraper),
            (Source.RENDERED, self._from_browser),
            (Source.PAGE_TEXT, self._from_text),
        )

    async def extract(self, url: str, company: str | None, context: StageContext) -> Extraction:
        """Try the routes.

        Raises:
            OutboundError: our own fetch may not start now.
        """
        now = self._clock.monotonic()
        ends = min(now + DETOUR_S, context.deadline - RESERVE_S)
        search = Search(url, company, context, detour_ends=ends)
        for route, take in self._routes:
            try:
                posting = await take(search)
            except SkippedError as skipped:
                search.note(route, skipped.outcome, skipped.code)
                continue
            except (PostingError, FetchRefusedError) as error:
                search.note(route, RouteOutcome.REFUSED, error.code)
                if search.refuse(error):
                    break
                continue
            if posting is not None:
                return search.ended(posting)
            search.note(route, RouteOutcome.NOTHING_FOUND)
        if search.refusal is None:
            search.refusal = PostingError(
                ErrorCode.POSTING_EMPTY, "No posting was found at this address."
            )
        return search.ended(None)

    async def _from_board(self, search: Search) -> Posting | None:
        wanted = board_posting(search.url) or await self._embedded(search)
        if wanted is None:
            raise SkippedError(RouteOutcome.NOT_APPLICABLE)
        try:
            answer = await self._boards.get(wanted, deadline=search.context.deadline)
            return await self._read_page(answer, search.company, wanted)
        except (FetchRefusedError, PostingError) as error:
            if error.code != "posting_not_found":
                raise SkippedError(RouteOutcome.FAILED, error.code) from None
        # Not every posting is on the public board: the page decides.
        search.off_board = wanted
        return None

    async def _embedded(self, search: Search) -> BoardPosting | None:
        job_id = embedded_id(search.url)
        if job_id is None:
            return None
        try:
            return embedded_posting((await self._page(search)).body, job_id)
        except FetchRefusedError:
            return None  # told by the route that needs the page

    async def _from_structured_data(self, search: Search) -> Posting | None:
        page = await self._page(search)
        if search.off_board is not None and search.off_board.job_id not in page.final_url:
            # Boards lead from a removed posting's address to the list of the others.
            raise FetchRefusedError("posting_not_found", "This posting is gone.")
        posting = await self._read_page(page, search.company)
        if posting.route is Source.JSON_LD:
            return posting
        search.second_best.append(posting)
        return None

    async def _from_scraper(self, search: Search) -> Posting | None:
        if self._scraper is None:
            raise SkippedError(RouteOutcome.NOT_CONFIGURED)
        if pair_of(search.url) in self._private:
            raise SkippedError(RouteOutcome.NOT_APPLICABLE, "private_address")
        if any(posting.hidden_removed for posting in search.second_best):
            # In Markdown what the page hides looks like all the rest.
            raise SkippedError(RouteOutcome.NOT_APPLICABLE, "hidden_text")
        calls = 0

        def start_call(most: int | None = None) -> str:
            nonlocal calls
            name = search.context.start_call(most)
            calls += 1
            return name

        # Like every provider's: a call that brought nothing is counted, and nobody told its price.
        used = Usage(provider=FIRECRAWL, cost_usd=0.0)
        try:
            data, used = await self._scraper.scrape(
                search.url, deadline=search.detour_ends, start_call=start_call
            )
        except (OutboundError, CallsExhaustedError) as error:
            raise _skipped(error) from None
        finally:
            if calls:
                search.usage.append(used.model_copy(update={"calls": calls}))
        return _titled(search, posting_from_scraped(data, company=search.company))

    async def _from_browser(self, search: Search) -> Posting | None:
        if self._browser is None:
            raise SkippedError(RouteOutcome.NOT_CONFIGURED)
        try:
            page = await self._browser.render(search.url, deadline=search.detour_ends)
        except PageKilledError as error:
            raise SkippedError(RouteOutcome.REFUSED, error.reason) from None
        except OutboundError as error:
            raise _skipped(error) from None
        return _titled(search, as_rendered(await self._read_page(page, search.company)))

    async def _from_text(self, search: Search) -> Posting | None:
        """The page's text, else whatever another route found without a title."""
        from_page = (p for p in search.second_best if p.route is Source.PAGE_TEXT)
        return next(from_page, None) or next(iter(search.second_best), None)

    async def _page(self, search: Search) -> Page:
        if search.fetched is None:
            try:
                search.fetched = await self._fetch.get(search.url, deadline=search.context.deadline)
            except FetchRefusedError as error:
                search.fetched = error
        if isinstance(search.fetched, FetchRefusedError):
            raise search.fetched
        return search.fetched


def _titled(search: Search, posting: Posting | None) -> Posting | None:
    if posting is not None and posting.title is None:
        search.second_best.append(posting)
        return None
    return posting


def _skipped(error: OutboundError | CallsExhaustedError) -> SkippedError:
    """A provider's trouble is no trouble of the search: the route is left out and noted."""
    match error:
        case CallsExhaustedError():
            is_dear = isinstance(error, BudgetExhaustedError)
            code = "budget_exhausted" if is_dear else "calls_exhausted"
            return SkippedError(RouteOutcome.UNAVAILABLE, code)
        case CircuitOpenError():
            return SkippedError(RouteOutcome.UNAVAILABLE, "circuit_open")
        case RateLimitedError():
            return SkippedError(RouteOutcome.UNAVAILABLE, "rate_limited")
        case WaitableError():
            return SkippedError(RouteOutcome.UNAVAILABLE, "no_slot")
        case DeadlineTooCloseError():
            return SkippedError(RouteOutcome.UNAVAILABLE, "too_little_time")
        case ProviderRefusedError(code=code) if code and is_about_the_address(code):
            return SkippedError(RouteOutcome.REFUSED, code)
        case ProviderRefusedError(provider=provider, code=code, status=status):
            if status in _ACCOUNT:
                log.warning("extract.account_refused", provider=provider, status=status)
            return SkippedError(RouteOutcome.FAILED, code or f"status_{status}")
        case ProviderFailedError(kind=kind):
            return SkippedError(RouteOutcome.FAILED, kind)
        case _:
            return SkippedError(RouteOutcome.FAILED)


def pair_of(url: str) -> str:
    """The `host:port` pair of an address, as in `FETCH_ALLOW`."""
    parts = urlsplit(url)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    return f"{parts.netloc.rpartition('@')[2].lower().removesuffix(f':{port}')}:{port}"
