"""Career pages that need JavaScript: an empty shell whose script brings the posting, or trouble."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from importlib import resources
from typing import Final

from starlette.responses import HTMLResponse, Response

from resume_sandbox.career_pages import (
    description,
    job_posting,
    json_ld,
    page,
    place_of,
    posting_page,
)
from resume_sandbox.companies import Company

_BASE: Final = "/careers/scripted"
_ROOT: Final = '<div id="root"></div>'
_PRIVATE: Final = (
    "http://169.254.169.254/latest/meta-data/",
    "http://10.0.0.1/",
    "http://192.168.0.1/",
    "http://[::1]:22/",
    "http://127.0.0.1:22/",
)


@dataclass(frozen=True, slots=True)
class _Page:
    """`script` runs after `render.js`; `shows` is false when no posting ever appears."""

    what: str
    script: str
    shows: bool = True
    json_ld: bool = False


def _each(addresses: tuple[str, ...], work: str) -> str:
    return f"for (const url of {json.dumps(addresses)}) attempt(url, () => {work});"


_FETCH_PRIVATE: Final = _each(_PRIVATE, 'fetch(url, {mode: "no-cors"})')
_OPEN_SOCKETS: Final = _each(
    tuple(url.replace("http:", "ws:") for url in _PRIVATE),
    "new Promise((done, fail) => { const s = new WebSocket(url); s.onopen = done;"
    " s.onerror = fail; })",
)
_DOWNLOAD: Final = (
    'const link = document.createElement("a"); link.href = "/careers/scripted/file.bin";'
    ' link.download = "file.bin"; document.body.append(link); link.click();'
)
_SERVICE_WORKER: Final = (
    'attempt("service worker", () => navigator.serviceWorker.register('
    '"/careers/scripted/worker.js", {scope: "/careers/scripted/"}));'
)
_PAGES: Final[dict[str, _Page]] = {
    "posting": _Page("a posting, fetched and shown by script after load", "showPosting();"),
    "json-ld": _Page(
        "JSON-LD put in by script, nothing to read otherwise", "showJsonLd();", json_ld=True
    ),
    "late": _Page("a posting, 2 s after load", "setTimeout(showPosting, 2000);"),
    "private": _Page("fetches private addresses", f"showPosting(); {_FETCH_PRIVATE}"),
    "websocket": _Page("opens WebSockets to private addresses", f"showPosting(); {_OPEN_SOCKETS}"),
    "download": _Page("starts a download", f"showPosting(); {_DOWNLOAD}"),
    "service-worker": _Page("registers a service worker", f"showPosting(); {_SERVICE_WORKER}"),
    "dialog": _Page("asks by dialog, then shows", 'alert("Cookies?"); showPosting();'),
    "windows": _Page(
        "opens windows", 'showPosting(); for (let i = 0; i < 5; i++) window.open("/careers/");'
    ),
    "inward": _Page(
        "leads to a private address by script",
        f"location.href = {json.dumps(_PRIVATE[0])};",
        shows=False,
    ),
    "loop": _Page("a script without end", "while (true) {}", shows=False),
    "memory": _Page(
        "takes memory without end",
        "const all = []; setInterval(() => all.push(new Uint8Array(64 << 20).fill(1)), 10);",
        shows=False,
    ),
    "requests": _Page(
        "requests without end",
        'setInterval(() => fetch("/careers/scripted/posting.json?" + Math.random()), 5);',
        shows=False,
    ),
    "reload": _Page("loads itself for ever", "location.reload();", shows=False),
}


class ScriptedPages:
    """The pages, with one company's first posting."""

    title: Final = "Pages that need JavaScript"

    def __init__(self, company: Company) -> None:
        self._company = company
        self._posting = company.postings[0]
        self._files: dict[str, Callable[[], Response]] = {
            "render.js": lambda: _file("render.js"),
            "worker.js": lambda: Response(
                'self.addEventListener("fetch", (e) => e.respondWith(fetch(e.request)));',
                media_type="text/javascript",
            ),
            "posting.json": lambda: Response(self._as_json(), media_type="application/json"),
            "posting.jsonld": lambda: Response(
                json.dumps(job_posting(company, self._posting)), media_type="application/ld+json"
            ),
            "file.bin": lambda: Response(
                bytes(1024),
                media_type="application/octet-stream",
                headers={"content-disposition": 'attachment; filename="file.bin"'},
            ),
        }

    def list(self) -> list[tuple[str, str, str]]:
        """(address, name, what it does) of each page."""
        return [(f"{_BASE}/{name}", name, p.what) for name, p in _PAGES.items()]

    def answer(self, name: str) -> Response | None:
        """The answer of a page or of a file that its script asks for; None: there is none."""
        if name in self._files:
            return self._files[name]()
        found = _PAGES.get(name)
        if found is None:
            return None
        scripts = f"{_ROOT}<script src='{_BASE}/render.js'></script><script>{found.script}</script>"
        return HTMLResponse(page("Careers", scripts, site=self._company.name))

    def rendered(self, name: str) -> str | None:
        """The page's HTML after its script has run; None when it never shows anything."""
        found = _PAGES.get(name)
        if found is None or not found.shows:
            return None
        if found.json_ld:
            head = json_ld(job_posting(self._company, self._posting))
            return page("Careers", _ROOT, site=self._company.name, head=head)
        return posting_page(self._company, self._posting.model_copy(update={"form": "text"}))

    def _as_json(self) -> str:
        return json.dumps(
            {
                "title": self._posting.title,
                "company": self._company.name,
                "place": place_of(self._posting),
                "descriptionHtml": description(self._posting),
            }
        )


def _file(name: str) -> Response:
    data = resources.files("resume_sandbox").joinpath(f"data/scripts/{name}").read_bytes()
    return Response(data, media_type="text/javascript")
