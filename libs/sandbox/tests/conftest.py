"""A sandbox on a real loopback socket, and clients of it."""

import asyncio
import ssl
import threading
import time
from collections.abc import AsyncIterator, Iterator
from typing import Any

import httpx2
import pytest
from openai import AsyncOpenAI
from structlog.testing import capture_logs

from resume_sandbox.app import create_app
from resume_sandbox.connection import create_server
from resume_sandbox.settings import SandboxSettings


@pytest.fixture(scope="package")
def url() -> Iterator[str]:
    """The address of a sandbox that runs in a thread of its own for all tests."""
    server = create_server(create_app(SandboxSettings()), "127.0.0.1", 0)
    thread = threading.Thread(target=lambda: asyncio.run(server.serve()))
    with capture_logs():
        thread.start()
        deadline = time.monotonic() + 10
        while not server.started and time.monotonic() < deadline:
            time.sleep(0.01)
        port = server.servers[0].sockets[0].getsockname()[1]
        yield f"http://127.0.0.1:{port}"
        server.should_exit = True
        thread.join()


@pytest.fixture(scope="package")
def tls() -> ssl.SSLContext:
    """One context for all clients: none uses it, and each would take 30 ms to make its own."""
    return ssl.create_default_context()


@pytest.fixture
async def http(url: str, tls: ssl.SSLContext) -> AsyncIterator[httpx2.AsyncClient]:
    """A client that does not follow redirects, of a sandbox without a past."""
    async with httpx2.AsyncClient(base_url=url, timeout=20, trust_env=False, verify=tls) as client:
        (await client.post("/_sandbox/reset")).raise_for_status()
        yield client


@pytest.fixture
async def openai(url: str, http: httpx2.AsyncClient) -> AsyncOpenAI:
    """The real SDK, its own retries off, over the same client."""
    return AsyncOpenAI(
        api_key="sandbox",
        base_url=f"{url}/openai/v1",
        max_retries=0,
        timeout=20,
        http_client=http,
    )


@pytest.fixture
def assignment() -> dict[str, Any]:
    """The data of a request as the product writes it."""
    return {
        "facts": [
            {"id": "basics-label", "section": "basics", "entryId": None, "text": "Developer"},
            {
                "id": "basics-summary",
                "section": "basics",
                "entryId": None,
                "text": "Backend developer who likes plain designs.",
            },
            {"id": "w1", "section": "work", "entryId": "w1", "text": "Acme · Engineer · 2019-03"},
            {
                "id": "h-1",
                "section": "work",
                "entryId": "w1",
                "text": "Built the billing service in Python and Postgres, used by 40 shops.",
            },
            {
                "id": "h-2",
                "section": "work",
                "entryId": "w1",
                "text": "Moved nightly exports to message queues on RabbitMQ.",
            },
            {"id": "w2", "section": "work", "entryId": "w2", "text": "Blue Mill · Intern · 2018"},
            {
                "id": "h-3",
                "section": "work",
                "entryId": "w2",
                "text": "Wrote the first automated tests of the shop with pytest.",
            },
            {"id": "s1", "section": "skills", "entryId": "s1", "text": "Languages"},
            {"id": "k-1", "section": "skills", "entryId": "s1", "text": "Python"},
        ],
        "requirements": [
            {"id": "r-1", "skill": "PostgreSQL", "text": "PostgreSQL", "kind": "must"},
            {"id": "r-2", "skill": "RabbitMQ", "text": "RabbitMQ", "kind": "must"},
            {"id": "r-3", "skill": "pytest", "text": "pytest", "kind": "preferred"},
            {"id": "r-4", "skill": "Kubernetes", "text": "k8s", "kind": "must"},
            {"id": "r-5", "skill": None, "text": "5 years", "kind": "must"},
        ],
        "posting": {"title": "Backend Engineer", "company": "Northwind Robotics"},
    }
