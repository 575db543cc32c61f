"""The sandbox on a real loopback socket, for the faults that only a socket has."""

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Iterator

import pytest
from structlog.testing import capture_logs

from resume_sandbox.app import create_app
from resume_sandbox.connection import create_server
from resume_sandbox.settings import SandboxSettings

from .world import ModelWorld


@pytest.fixture(scope="package")
def sandbox_url() -> Iterator[str]:
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


@pytest.fixture
async def world(sandbox_url: str) -> AsyncIterator[ModelWorld]:
    """The proposer in front of a sandbox without a past."""
    world = ModelWorld(sandbox_url)
    async with world.http:
        (await world.http.post("/_sandbox/reset")).raise_for_status()
        yield world
