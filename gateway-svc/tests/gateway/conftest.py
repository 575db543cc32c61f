"""A migrated database, and an edge over it whose broker is away unless a test brings one."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from prometheus_client import CollectorRegistry

from gateway_svc.app import MIGRATIONS
from gateway_svc.bootstrap import bootstrap_api
from gateway_svc.database import Pool
from gateway_svc.settings import ApiSettings
from resume_runtime.clock import SystemClock, system_sleep
from resume_runtime.database import create_asyncpg_pool, migrate

from .world import JWT_SECRET, SUPABASE, World, until

#: Nobody listens there.
NO_BROKER = "amqp://guest:guest@127.0.0.1:1/"


@pytest.fixture
async def migrated(database_url: str) -> str:
    await migrate(database_url, "gateway", MIGRATIONS)
    return database_url


@pytest.fixture
async def pool(migrated: str) -> AsyncIterator[Pool]:
    async with await create_asyncpg_pool(migrated, 1, 6) as pool:
        yield pool


def settings_for(
    database_url: str, files: Path, amqp_url: str = NO_BROKER, **others: object
) -> ApiSettings:
    values: dict[str, object] = {
        "database_url": database_url,
        "amqp_url": amqp_url,
        "files_url": files.as_uri(),
        "supabase_url": SUPABASE,
        "supabase_jwt_secret": JWT_SECRET,
        "rate_writes_per_min": 1000,
        "rate_reads_per_min": 1000,
        "rate_status_per_min": 1000,
        "rate_tailor_per_hour": 1000,
        "rate_postings_per_hour": 1000,
        **others,
    }
    return ApiSettings.model_validate(values)


@asynccontextmanager
async def opened(settings: ApiSettings, pool: Pool) -> AsyncIterator[World]:
    async with bootstrap_api(
        settings, clock=SystemClock(), sleep=system_sleep, registry=CollectorRegistry()
    ) as app:
        await until(lambda: app.state.edge.watcher.is_listening)
        async with World(app, pool, settings.database_url) as world:
            yield world


@pytest.fixture
async def world(migrated: str, pool: Pool, tmp_path: Path) -> AsyncIterator[World]:
    async with opened(settings_for(migrated, tmp_path), pool) as world:
        yield world
