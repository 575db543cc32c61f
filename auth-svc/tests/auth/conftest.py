"""A migrated database, and one process of the service over it."""

from collections.abc import AsyncIterator, Iterator

import pytest
from structlog.testing import capture_logs

from auth_svc.app import MIGRATIONS
from auth_svc.settings import AuthSettings
from resume_runtime.database import migrate
from resume_runtime.testing import FakeClock

from .replica import Replica, started


def settings_for(database_url: str, **others: object) -> AuthSettings:
    values: dict[str, object] = {
        "database_url": database_url,
        "amqp_url": "amqp://nowhere.example/",
        "auth_issuer": "http://edge.example/auth/v1",
        "auth_secret": "a secret of the tests, long enough for anybody",
        "login_attempts": 3,
        "address_attempts": 12,
        **others,
    }
    return AuthSettings.model_validate(values)


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    """Structlog's default, with nothing configured, draws every exception with its locals."""
    with capture_logs():
        yield


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
async def settings(database_url: str) -> AuthSettings:
    await migrate(database_url, "auth", MIGRATIONS)
    return settings_for(database_url)


@pytest.fixture
async def replica(settings: AuthSettings, clock: FakeClock) -> AsyncIterator[Replica]:
    async with started(settings, clock) as replica:
        yield replica
