"""Pages as Chromium shows them once their scripts have run.

The browser is optional, started with the first page that needs it, and has nothing of its own:
every byte goes through the guard's proxy, every page gets a fresh context. A page that takes too
long or too much memory is killed with the browser; the next page starts another.
"""

import asyncio
import importlib.util
import os
import shutil
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import TYPE_CHECKING, Final

from extract_svc.chromium_process import MARK, end_browser, over_memory
from extract_svc.ports import PageKilledError
from extract_svc.readable import MINIMUM
from resume_outbound.call import Outbound
from resume_outbound.chromium import chromium_arguments, chromium_context
from resume_outbound.fetch import HTML_TYPES, Page
from resume_outbound.fetch_errors import FetchCode, FetchRefusedError
from resume_outbound.guard import UrlGuard
from resume_outbound.proxy import GuardProxy
from resume_outbound.verdict import Verdict
from resume_runtime.clock import Clock, Sleep

if TYPE_CHECKING:
    from playwright.async_api import Browser, BrowserContext, Response
    from playwright.async_api import Page as Tab

PROVIDER: Final = "playwright"
_NAMES: Final = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
#: Seconds for the page's own document, and for its scripts to bring the text after it.
_LOAD_S: Final = 15.0
_TEXT_S: Final = 6.0
#: As much text as a posting has at least (characters).
_LEAST: Final = MINIMUM
#: Seconds for everything about one page; below the provider's limit.
_TOTAL_S: Final = 35.0
#: Seconds between two looks at the memory.
_LOOK_S: Final = 0.5
#: Seconds for the end of a context.
_CLOSE_S: Final = 5.0
_MOST_BYTES: Final = 5 * 1024 * 1024
#: Enough text, or structured data, has appeared.
_HAS_TEXT: Final = """least => document.querySelector('script[type="application/ld+json"]') !== null
    || (document.body !== null && document.body.innerText.length >= least)"""
_TEXT_LENGTH: Final = "() => document.body === null ? 0 : document.body.innerText.length"
_MOST_FRAMES: Final = 10
#: Marks, for the reader of the markup, what no style shows. `visibility` and `font-size` are
#: inherited: what a child of its own makes visible again stays.
_MARK_HIDDEN: Final = """() => {
    const unseen = s => s.visibility !== 'visible' || parseFloat(s.fontSize) === 0;
    for (const element of document.body ? document.body.querySelectorAll('*') : []) {
        if (element.closest('script, style, template, noscript, svg')) continue;
        const style = getComputedStyle(element), box = element.getBoundingClientRect();
        const away = box.width && (box.right + scrollX < 0 || box.bottom + scrollY < 0);
        const gone = style.display === 'none' || parseFloat(style.opacity) === 0 || away;
        const shows = () => [...element.querySelectorAll('*')].some(
            child => !unseen(getComputedStyle(child)));
        if (gone || (unseen(style) && !shows())) element.setAttribute('hidden', '');
    }
}"""
_LENGTH: Final = "() => document.documentElement.outerHTML.length"
_PAGES: Final = HTML_TYPES - {"application/json"}
_MISSING: Final = frozenset({404, 410})
_ARGUMENTS: Final = ("--blink-settings=imagesEnabled=false", "--disable-gpu", "--mute-audio")


def find_chromium(setting: str | None) -> str | None:
    """The browser's path: the setting, else the first on PATH; None: not here, or `none` is set."""
    if setting == "none" or importlib.util.find_spec("playwright") is None:
        return None
    return shutil.which(setting) if setting else next(filter(None, map(shutil.which, _NAMES)), None)


class ChromiumBrowser:
    """`Browser` over Playwright. `memory` caps all its processes together (bytes).

    Close it with `aclose`.
    """

    def __init__(
        self,
        path: str,
        guard: UrlGuard,
        proxy: GuardProxy,
        outbound: Outbound,
        *,
        clock: Clock,
        sleep: Sleep,
        is_sandboxed: bool,
        memory: int = 1024 * 1024 * 1024,
        total_s: float = _TOTAL_S,
    ) -> None:
        self._path = path
        self._guard = guard
        self._proxy = proxy
        self._outbound = outbound
        self._clock = clock
        self._sleep = sleep
        # Chromium's own sandbox does not work for root.
        self._is_sandboxed = is_sandboxed and os.geteuid() != 0
        self._memory = memory
        self._total_s = total_s
        self._starting = asyncio.Lock()
        self._open = AsyncExitStack()
        self._browser: Browser | None = None
        self._starts = 0

    async def render(self, url: str, *, deadline: float) -> Page:
        """The page's markup after its scripts; see the port."""
        return await self._outbound.call(
            PROVIDER, lambda: self._attempt(url), deadline=deadline, classify=_classify
        )

    async def aclose(self) -> None:
        """End the browser, if there is one."""
        self._browser = None
        await end_browser(self._mark)
        await self._open.aclose()

    @property
    def _mark(self) -> str:
        return f"{MARK}{os.getpid()}-{id(self):x}-{self._starts}"

    async def _attempt(self, url: str) -> Page:
        target = await self._guard.vet(url)
        rendering = asyncio.ensure_future(self._rendered(url, str(target.url)))
        watching = asyncio.ensure_future(self._watch())
        try:
            done, _ = await asyncio.wait({rendering, watching}, return_when=asyncio.FIRST_COMPLETED)
            if rendering in done:
                return rendering.result()
            await self._kill()
            raise PageKilledError(watching.result())
        finally:
            rendering.cancel()
            watching.cancel()
            await asyncio.gather(rendering, watching, return_exceptions=True)

    async def _watch(self) -> str:
        """Return why the page has to be killed."""
        ends = self._clock.monotonic() + self._total_s
        while self._clock.monotonic() < ends:
            await self._sleep(_LOOK_S)
            if await asyncio.to_thread(over_memory, self._mark, self._memory):
                return "too_much_memory"
        return "too_slow"

    async def _rendered(self, url: str, vetted: str) -> Page:
        from playwright.async_api import Error  # noqa: PLC0415  the package is optional

        async with self._tab() as tab:
            answers: list[Response] = []
            tab.on("response", lambda answer: _remember(answers, tab, answer))
            try:
                await tab.goto(vetted, wait_until="domcontentloaded", timeout=_LOAD_S * 1e3)
                if answers:
                    await _check(answers[-1])
                await self._await_text(tab)
                if answers:  # its script may have gone elsewhere
                    await _check(answers[-1])
                markup, final_url = await _markup(tab), tab.url
            except Error as error:
                raise _unreachable(error) from None
        return Page(
            url=url,
            final_url=final_url,
            status=200,
            content_type="text/html",
            charset="utf-8",
            body=b"\xef\xbb\xbf" + markup.encode("utf-8", errors="replace"),
            hops=0,
            fetched_at=self._clock.now(),
        )

    async def _await_text(self, tab: "Tab") -> None:
        from playwright.async_api import Error  # noqa: PLC0415  as above

        try:
            await tab.wait_for_function(_HAS_TEXT, arg=_LEAST, timeout=_TEXT_S * 1e3)
            await tab.wait_for_load_state("networkidle", timeout=2e3)
        except Error:
            return  # what is there by now is read

    @asynccontextmanager
    async def _tab(self) -> "AsyncIterator[Tab]":
        browser = await self._started()
        context = await browser.new_context(**chromium_context())
        try:
            yield await context.new_page()
        finally:
            await self._end(context)

    async def _end(self, context: "BrowserContext") -> None:
        from playwright.async_api import Error  # noqa: PLC0415  as above

        try:
            async with asyncio.timeout(_CLOSE_S):
                await context.close()
        except Error:
            return  # the browser is gone
        except TimeoutError:
            await self._kill()

    async def _started(self) -> "Browser":
        from playwright.async_api import async_playwright  # noqa: PLC0415  as above

        async with self._starting:
            if self._browser is None or not self._browser.is_connected():
                await self._open.aclose()
                self._starts += 1
                await self._open.enter_async_context(self._proxy.running())
                driver = await self._open.enter_async_context(async_playwright())
                self._browser = await driver.chromium.launch(
                    executable_path=self._path,
                    chromium_sandbox=self._is_sandboxed,
                    args=[*chromium_arguments(self._proxy.url), *_ARGUMENTS, self._mark],
                    env={"PATH": os.defpath, "LANG": "C.UTF-8", "HOME": "/nonexistent"},
                    handle_sigint=False,
                    handle_sigterm=False,
                    handle_sighup=False,
                )
            return self._browser

    async def _kill(self) -> None:
        self._browser = None
        await end_browser(self._mark)


def _remember(answers: "list[Response]", tab: "Tab", answer: "Response") -> None:
    request = answer.request
    if request.is_navigation_request() and request.frame == tab.main_frame:
        answers.append(answer)


async def _check(answer: "Response") -> None:
    """Refuse what is no page; `answer` is the document's own."""
    status = answer.status
    if await answer.header_value("x-guard-code"):
        raise FetchRefusedError(
            "url_not_allowed", "The page leads to an address that cannot be fetched."
        )
    if status in _MISSING:
        raise FetchRefusedError("posting_not_found", "This posting is gone.")
    if status >= 400:
        code: FetchCode = "posting_forbidden" if status < 500 else "posting_server_error"
        raise FetchRefusedError(code, f"The site answered a browser with status {status}.")
    kind = (await answer.header_value("content-type") or "").partition(";")[0].strip().lower()
    if kind not in _PAGES:
        raise FetchRefusedError("posting_not_html", "The address is not a web page.")


async def _markup(tab: "Tab") -> str:
    """The page's markup, or its frame's when the page itself has too little to read."""
    least, chosen = _LEAST, tab.main_frame
    if await chosen.evaluate(_TEXT_LENGTH) < least:
        for frame in tab.frames[1:][:_MOST_FRAMES]:
            length = await frame.evaluate(_TEXT_LENGTH)
            if length >= least:
                least, chosen = length, frame
    if await chosen.evaluate(_LENGTH) > _MOST_BYTES:
        raise FetchRefusedError("posting_too_large", "The page is over 5 MiB.")
    await chosen.evaluate(_MARK_HIDDEN)
    return await chosen.content()


def _unreachable(error: Exception) -> FetchRefusedError:
    if "Download is starting" in str(error):
        return FetchRefusedError("posting_not_html", "The address is not a web page.")
    # Killed because of another page: worth another attempt.
    gone = "has been closed" in str(error)
    return FetchRefusedError(
        "posting_unreachable", "A browser could not open the page.", retryable=gone
    )


def _classify(error: BaseException) -> Verdict | None:
    """A page that breaks the browser is that page's doing; a browser that cannot start is ours."""
    if isinstance(error, FetchRefusedError):
        return Verdict.neutral(retry=error.retryable)
    if isinstance(error, PageKilledError):
        return Verdict.neutral()
    if type(error).__module__.startswith("playwright."):
        return Verdict.failure("connect")
    return None
