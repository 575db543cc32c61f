"""Errors keep Supabase Auth's shape, whatever goes wrong, and echo nothing."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from prometheus_client import CollectorRegistry
from pydantic import SecretStr
from sqlalchemy.ext.asyncio import AsyncEngine

from auth_svc.bootstrap import bootstrap
from auth_svc.service import Identities
from auth_svc.settings import AuthSettings
from resume_runtime.engine import create_sqlalchemy_engine
from resume_runtime.ids import uuid7
from resume_runtime.ops import readiness
from resume_runtime.process import StartupError
from resume_runtime.testing import FakeClock

from .conftest import settings_for
from .replica import HASHER, Replica, no_broker

SHAPE = {"code", "error_code", "msg"}


async def start(settings: AuthSettings) -> None:
    async with bootstrap(
        settings,
        connect=no_broker,
        hasher=HASHER,
        clock=FakeClock(),
        sleep=asyncio.sleep,
        new_id=uuid7,
        registry=CollectorRegistry(),
    ):
        pass


@pytest.mark.connected
@pytest.mark.parametrize(
    ("content", "error_code"),
    [
        (b"{not json", "bad_json"),
        (b'{"email": "secret@example.com"}', "validation_failed"),
        (b'{"email": ["secret"], "password": 7}', "validation_failed"),
        (b'"secret"', "validation_failed"),
        (b'{"email": "a@b.example", "password": "\\ud800 secret"}', "validation_failed"),
    ],
)
async def test_malformed_body_is_refused_without_an_echo(
    replica: Replica, content: bytes, error_code: str
) -> None:
    answer = await replica.client.post(
        "/auth/v1/signup", content=content, headers={"Content-Type": "application/json"}
    )
    assert answer.status_code == 400
    assert set(answer.json()) == SHAPE
    assert answer.json()["error_code"] == error_code
    assert "secret" not in answer.text


@pytest.mark.connected
async def test_unknown_path_wrong_method_and_too_large_body_are_refused(
    replica: Replica,
) -> None:
    unknown = await replica.client.get("/auth/v1/nothing")
    assert (unknown.status_code, unknown.json()["error_code"]) == (404, "not_found")
    method = await replica.client.get("/auth/v1/signup")
    assert (method.status_code, method.json()["error_code"]) == (405, "method_not_allowed")
    large = await replica.client.post("/auth/v1/signup", json={"email": "x" * 20_000})
    assert large.status_code == 413


@pytest.mark.connected
async def test_database_that_goes_away_is_a_503_with_retry_after(
    replica: Replica, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with unreachable_engine() as engine:
        monkeypatch.setattr(replica.service.announcer._store, "_engine", engine)
        answer = await replica.sign_in()
        is_ready, checks = await readiness(replica.service.checks)
    assert answer.status_code == 503
    assert set(answer.json()) == SHAPE
    assert answer.json()["error_code"] == "service_unavailable"
    assert answer.headers["retry-after"] == "5"
    assert not is_ready
    assert checks["postgres"]["status"] == "failed"


@pytest.mark.connected
async def test_bug_is_a_500_that_says_nothing(
    replica: Replica, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_: object) -> object:
        raise RuntimeError("secret text")

    monkeypatch.setattr(Identities, "jwks", broken)
    answer = await replica.client.get("/auth/v1/.well-known/jwks.json")
    assert answer.status_code == 500
    assert answer.json()["error_code"] == "unexpected_failure"
    assert "secret" not in answer.text
    assert answer.headers["x-correlation-id"]


@pytest.mark.connected
async def test_broker_that_is_away_leaves_the_process_ready(replica: Replica) -> None:
    is_ready, checks = await readiness(replica.service.checks)
    assert is_ready
    assert checks["rabbitmq"]["status"] == "degraded"


async def test_start_without_a_database_is_one_line() -> None:
    with pytest.raises(StartupError, match=r"^DATABASE_URL: cannot connect: \w+$") as caught:
        await start(settings_for("postgresql://nobody:hidden@127.0.0.1:1/nothing"))
    assert caught.value.exit_code == 69


@pytest.mark.connected
async def test_start_before_the_migration_says_what_to_run(database_url: str) -> None:
    with pytest.raises(StartupError, match="python -m auth_svc migrate"):
        await start(settings_for(database_url))


@pytest.mark.connected
async def test_start_with_another_secret_is_refused(settings: AuthSettings) -> None:
    await start(settings)
    other = settings.model_copy(update={"auth_secret": SecretStr("x" * 40)})
    with pytest.raises(StartupError, match=r"^AUTH_SECRET: ") as caught:
        await start(other)
    assert caught.value.exit_code == 78


@asynccontextmanager
async def unreachable_engine() -> AsyncIterator[AsyncEngine]:
    engine = create_sqlalchemy_engine("postgresql://nobody@127.0.0.1:1/nothing")
    yield engine
    await engine.dispose()
