"""No test knows of anybody's provider; connected ones get a vhost and a database of their own.

The servers come from `TEST_AMQP_URL`, `TEST_MANAGEMENT_URL`, `TEST_DATABASE_URL` and
`TEST_VALKEY_URL`; `make test-connected` starts private ones and sets them.
"""

import os
import uuid
from collections.abc import AsyncIterator
from urllib.parse import quote, urlsplit, urlunsplit

import asyncpg
import httpx2
import pytest
from hypothesis import settings

#: What whoever runs the tests may have set for the providers they use.
PROVIDERS = ("OPENAI_", "MODEL_ENDPOINTS", "PERPLEXITY_", "FIRECRAWL_", "WEB_", "VALKEY_URL")


def pytest_configure() -> None:
    """Forget the providers' variables: no test is paid for, and none depends on them.

    No test is timed either: how long a property's example takes says how busy the machine is.
    """
    settings.register_profile("untimed", deadline=None)
    settings.load_profile("untimed")
    for name in [name for name in os.environ if name.startswith(PROVIDERS)]:
        del os.environ[name]


def _server(variable: str) -> str:
    url = os.environ.get(variable)
    if not url:
        pytest.skip(f"{variable} is not set: `make test-connected` starts the servers")
    return url


@pytest.fixture
def management_url() -> str:
    """RabbitMQ's management API, with its log-in in the address."""
    return _server("TEST_MANAGEMENT_URL")


@pytest.fixture
async def amqp_url(management_url: str) -> AsyncIterator[str]:
    """An empty virtual host of the test's own."""
    server = urlsplit(_server("TEST_AMQP_URL"))
    vhost = f"test-{uuid.uuid4().hex}"
    async with httpx2.AsyncClient(base_url=management_url) as client:
        user = quote(urlsplit(management_url).username or "guest")
        (await client.put(f"/api/vhosts/{vhost}")).raise_for_status()
        everything = {"configure": ".*", "write": ".*", "read": ".*"}
        response = await client.put(f"/api/permissions/{vhost}/{user}", json=everything)
        response.raise_for_status()
        yield urlunsplit((server.scheme, server.netloc, f"/{vhost}", "", ""))
        await client.delete(f"/api/vhosts/{vhost}")


@pytest.fixture
async def database_url() -> AsyncIterator[str]:
    """An empty database of the test's own."""
    server = _server("TEST_DATABASE_URL")
    name = f"test_{uuid.uuid4().hex}"
    admin = await asyncpg.connect(server)
    try:
        await admin.execute(f'create database "{name}"')
        parts = urlsplit(server)
        yield urlunsplit((parts.scheme, parts.netloc, f"/{name}", parts.query, ""))
        await admin.execute(f'drop database "{name}" with (force)')
    finally:
        await admin.close()


@pytest.fixture
def valkey_url() -> str:
    """Valkey; each test uses keys of its own."""
    return _server("TEST_VALKEY_URL")
