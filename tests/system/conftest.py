"""A running system, found by `build/stack.json`, and what the black-box tests do with it."""

import asyncio
import json
import os
import shutil
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2
import pytest
from playwright.async_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    async_playwright,
    expect,
)

from .page_steps import settled

ROOT = Path(__file__).parents[2]
SAMPLES = ROOT / "deploy" / "samples"
OVER = {"completed", "failed", "cancelled"}
CHROMIUM = (
    os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
)
QUIET = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update"),
]
#: What Chromium itself notes of an answer that the page handles.
ANSWERED = "Failed to load resource: the server responded with a status of"

NewTab = Callable[[], Awaitable[Page]]


@dataclass(frozen=True)
class Stack:
    """The addresses of a running system."""

    document: dict[str, Any]

    def __getattr__(self, name: str) -> Any:
        """A field of stack.json by its name there."""
        return self.document[name]

    def pid(self, name: str) -> int:
        """The pid of a process or server, as of now."""
        fresh = _read()
        both = [*fresh["processes"], *fresh.get("servers", [])]
        return next(int(each["pid"]) for each in both if each["name"] == name)


def _read() -> dict[str, Any]:
    path = Path(os.environ.get("STACK_JSON", ROOT / "build" / "stack.json"))
    if not path.exists():
        pytest.fail("no system is running: `make up`, or run the tests with `make test-system`")
    document: dict[str, Any] = json.loads(path.read_text())
    return document


@pytest.fixture(scope="session")
def stack() -> Stack:
    return Stack(_read())


@dataclass
class Sandbox:
    """The sandbox's control interface; `url` is where the services see its career site."""

    http: httpx2.AsyncClient
    url: str

    async def put(self, what: str, body: dict[str, Any]) -> None:
        (await self.http.put(f"/_sandbox/{what}", json=body)).raise_for_status()

    async def calls(self, provider: str, prefix: str = "") -> list[dict[str, Any]]:
        """The ledger's calls to a provider, those of one job by the prefix of their id."""
        response = await self.http.get(
            "/_sandbox/ledger", params={"provider": provider, "prefix": prefix}
        )
        calls: list[dict[str, Any]] = response.raise_for_status().json()["calls"]
        return calls

    def posting(self, path: str) -> str:
        """The address of a page of the career site."""
        return f"{self.url}/careers/{path}"


@pytest.fixture
async def sandbox(stack: Stack) -> AsyncIterator[Sandbox]:
    async with httpx2.AsyncClient(base_url=stack.sandboxUrl, timeout=20) as http:
        await http.post("/_sandbox/reset")
        yield Sandbox(http, stack.careersUrl)
        await http.post("/_sandbox/reset")


@dataclass
class Person:
    """A signed-up user over the edge API."""

    http: httpx2.AsyncClient
    token: str
    resume_id: str = ""
    headers: dict[str, str] = field(default_factory=dict)

    async def add_resume(self) -> str:
        """Store the sample resume as JSON."""
        document = json.loads((SAMPLES / "resume.json").read_text())
        response = await self.http.post("/api/resumes/", json=document)
        assert response.status_code == 201, response.text
        self.resume_id = response.json()["id"]
        return self.resume_id

    async def upload(self, name: str, data: bytes) -> dict[str, Any]:
        """Upload a file and wait for its job."""
        response = await self.http.post("/api/resumes/upload", files={"file": (name, data)})
        assert response.status_code == 202, response.text
        return await self.finished(response.headers["location"])

    async def order(self, *, key: str | None = None, **body: Any) -> httpx2.Response:
        """Submit a tailoring of the person's resume."""
        headers = {"Idempotency-Key": key} if key else {}
        return await self.http.post(
            "/api/tailor/tailor-async",
            json={"baseResumeId": self.resume_id, **body},
            headers=headers,
        )

    async def tailored(self, **body: Any) -> dict[str, Any]:
        """Submit and wait for the end."""
        response = await self.order(**body)
        assert response.status_code == 202, response.text
        return await self.finished(response.headers["location"])

    async def finished(self, path: str, *, within: float = 120) -> dict[str, Any]:
        """Poll a job until it is over."""
        async with asyncio.timeout(within):
            tag = ""
            while True:
                headers = {"If-None-Match": tag} if tag else {}
                response = await self.http.get(path, params={"wait": 10}, headers=headers)
                if response.status_code == 304:
                    continue
                assert response.status_code == 200, response.text
                tag = response.headers["etag"]
                status: dict[str, Any] = response.json()
                if status["status"] in OVER:
                    return status


NewPerson = Callable[[], Awaitable[Person]]


@pytest.fixture
async def new_person(stack: Stack) -> AsyncIterator[NewPerson]:
    opened: list[httpx2.AsyncClient] = []

    async def make() -> Person:
        http = httpx2.AsyncClient(base_url=stack.baseUrl, timeout=60)
        opened.append(http)
        email = f"{uuid.uuid4().hex}@example.com"
        response = await http.post(
            "/auth/v1/signup", json={"email": email, "password": "correct horse"}
        )
        assert response.status_code == 200, response.text
        token = response.json()["access_token"]
        http.headers["Authorization"] = f"Bearer {token}"
        return Person(http, token)

    yield make
    for http in opened:
        await http.aclose()


@pytest.fixture
async def person(new_person: NewPerson) -> Person:
    made = await new_person()
    await made.add_resume()
    return made


@pytest.fixture
def posting_text() -> str:
    return (SAMPLES / "posting.txt").read_text()


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine (set CHROMIUM to its path)")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield browser
        await browser.close()


@pytest.fixture
async def context(browser: Browser, stack: Stack) -> AsyncIterator[BrowserContext]:
    """One browser profile at the page's address; its tabs share who is signed in."""
    context = await browser.new_context(
        base_url=stack.baseUrl, viewport={"width": 1280, "height": 900}, locale="en-GB"
    )
    expect.set_options(timeout=30_000)
    yield context
    await context.close()


@pytest.fixture
async def new_tab(context: BrowserContext) -> AsyncIterator[NewTab]:
    errors: list[str] = []

    def on_console(message: ConsoleMessage) -> None:
        if message.type == "error" and not message.text.startswith(ANSWERED):
            errors.append(message.text)

    async def open_tab() -> Page:
        page = await context.new_page()
        page.set_default_timeout(30_000)
        page.on("console", on_console)
        page.on("pageerror", lambda error: errors.append(str(error)))
        return page

    yield open_tab
    assert errors == []


@pytest.fixture
async def page(new_tab: NewTab, person: Person) -> Page:
    """The page for a person with the sample resume, signed in."""
    page = await new_tab()
    await page.goto("/static/style.css")
    session = {"access_token": person.token, "user": {"id": uuid.uuid4().hex}}
    await page.evaluate("(s) => localStorage.setItem('session', s)", json.dumps(session))
    await page.goto("/#/new")
    await settled(page)
    return page
