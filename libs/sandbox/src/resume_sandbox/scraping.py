"""A browser's view of the sandbox's own career site, taken in-process."""

import asyncio
import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import urljoin, urlsplit

from starlette.responses import Response, StreamingResponse

from resume_runtime.clock import Sleep
from resume_sandbox.careers import CareerSite
from resume_sandbox.page_reader import PageText, decode, read_page

_MOST_HOPS: Final = 10
_LARGEST: Final = 5 * 1024 * 1024
_ROOT: Final = "/careers"
_PDF_TEXT: Final = re.compile(rb"\((.*?)\) Tj")


class ScrapeError(Exception):
    """The page cannot be scraped; `name` is Firecrawl's error."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


@dataclass(frozen=True, slots=True)
class Scraped:
    """A page with its address after redirects."""

    url: str
    status: int
    content_type: str
    page: PageText


class Scraper:
    """Reads pages of one sandbox; there is no other web."""

    def __init__(self, site: CareerSite, sleep: Sleep) -> None:
        self._site = site
        self._sleep = sleep

    async def scrape(
        self, url: str, *, own_port: int, timeout_s: float, only_main: bool
    ) -> Scraped:
        """Read a page.

        Raises:
            ScrapeError: by Firecrawl's codes.
        """
        try:
            async with asyncio.timeout(timeout_s):
                return await self._follow(url, own_port, only_main=only_main)
        except TimeoutError:
            raise ScrapeError("SCRAPE_TIMEOUT") from None

    async def _follow(self, url: str, own_port: int, *, only_main: bool) -> Scraped:
        for hop in range(_MOST_HOPS):
            path = _path(url, own_port, redirected=hop > 0)
            answer = self._site.answer(path)
            if 300 <= answer.status_code < 400:
                url = urljoin(url, answer.headers["location"])
                continue
            return await self._read(url, path, answer, only_main=only_main)
        raise ScrapeError("SCRAPE_SITE_ERROR")

    async def _read(self, url: str, path: str, answer: Response, *, only_main: bool) -> Scraped:
        content_type = answer.headers.get("content-type", "")
        kind = content_type.partition(";")[0]
        body = await _body(answer)
        if kind == "application/pdf":
            said = b"\n".join(_PDF_TEXT.findall(body)).decode("latin-1")
            page = PageText(title=said, markdown=said)
        elif kind == "text/html":
            html = await self._rendered(path) or decode(body, content_type)
            page = read_page(html, only_main=only_main)
        else:
            raise ScrapeError("SCRAPE_UNSUPPORTED_FILE_ERROR")
        return Scraped(url, answer.status_code, content_type, page)

    async def _rendered(self, path: str) -> str | None:
        try:
            shown = self._site.rendered(path)
        except KeyError:
            return None
        if shown is None:
            await self._sleep(float("inf"))  # until the scrape's own time is up
        return shown


def _path(url: str, own_port: int, *, redirected: bool) -> str:
    parts = urlsplit(url)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    inside = parts.path == _ROOT or parts.path.startswith(f"{_ROOT}/")
    if port == own_port and inside:
        return parts.path.removeprefix(_ROOT)
    raise ScrapeError("SCRAPE_SITE_ERROR" if redirected else "SCRAPE_DNS_RESOLUTION_ERROR")


async def _body(answer: Response) -> bytes:
    if not isinstance(answer, StreamingResponse):
        return bytes(answer.body)
    body = bytearray()
    async for piece in answer.body_iterator:
        body += piece.encode() if isinstance(piece, str) else piece
        if len(body) > _LARGEST:
            raise ScrapeError("SCRAPE_ALL_ENGINES_FAILED")
    return bytes(body)
