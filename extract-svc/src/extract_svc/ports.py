"""What the handlers need from the world."""

from typing import Protocol

from extract_svc.boards import BoardPosting
from extract_svc.firecrawl_wire import Scraped
from resume_contracts.facts import Posting
from resume_contracts.messages import Usage
from resume_core.importing import ImportedResume
from resume_messaging.core.ports import StartCall
from resume_outbound.fetch import Page


class Fetch(Protocol):
    """Reads one page of a user's choosing, safely."""

    async def get(self, url: str, *, deadline: float) -> Page:
        """Return the page before `deadline` (monotonic seconds).

        Raises:
            FetchRefusedError: with the stable code that says why there is no page.
            OutboundError: no slot came free, or too little time is left.
        """


class ReadPage(Protocol):
    """Turns a fetched page into a posting, where a hostile page can do no harm."""

    async def __call__(
        self, page: Page, company: str | None, board: BoardPosting | None = None
    ) -> Posting:
        """Return the posting; `company` is the user's word on who offers it.

        With `board` the page is that board's JSON.

        Raises:
            PostingError: with the stable code that says why the page is no posting.
        """


class Boards(Protocol):
    """Job boards' public APIs."""

    async def get(self, posting: BoardPosting, *, deadline: float) -> Page:
        """Return the board's answer that has the posting in it, before `deadline`.

        Raises:
            FetchRefusedError: the board has no such posting, or does not answer.
            OutboundError: no slot came free, or too little time is left.
        """


class Scraper(Protocol):
    """A paid service that fetches pages which do not give themselves up to us."""

    async def scrape(
        self, url: str, *, deadline: float, start_call: StartCall
    ) -> tuple[Scraped, Usage]:
        """Return what was scraped and what it cost; `start_call` names each paid call.

        Raises:
            OutboundError: circuit open, rate limited, out of time, failed or refused.
            CallsExhaustedError: no paid call is left.
        """


class PageKilledError(Exception):
    """A page took more time or memory than any page may; `reason` is a stable code."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Browser(Protocol):
    """Runs a page's scripts."""

    async def render(self, url: str, *, deadline: float) -> Page:
        """Return the page's markup once its text has appeared.

        Raises:
            FetchRefusedError: the page was refused, by us or by its site.
            PageKilledError: the page took too long or too much memory.
            OutboundError: no slot came free, too little time is left, or no browser started.
        """


class Files(Protocol):
    """Uploaded files, by key."""

    async def read(self, key: str) -> bytes:
        """Return the file's bytes, or raise `FileNotFoundError`."""


class ReadResume(Protocol):
    """Turns a file into a resume, in a child process with limits."""

    async def __call__(self, data: bytes, filename: str) -> ImportedResume:
        """Return what was read, or raise `ImportRefusedError` with a stable code."""
