"""SQLAlchemy's engine on PostgreSQL, sized per process; the hot paths use `database`'s pools."""

from typing import Any

from prometheus_client import CollectorRegistry
from sqlalchemy import event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import QueuePool

from resume_runtime.clock import Clock
from resume_runtime.database import STATEMENT_S
from resume_runtime.metrics import PoolCollector, query_seconds


def sqlalchemy_url(database_url: str) -> URL:
    """The same database through SQLAlchemy's asyncpg dialect."""
    return make_url(database_url).set(drivername="postgresql+asyncpg")


def create_sqlalchemy_engine(
    database_url: str, *, pool_size: int = 5, max_overflow: int = 5
) -> AsyncEngine:
    """An engine with the playbook's pool settings (2.2), sized for one process."""
    return create_async_engine(
        sqlalchemy_url(database_url),
        pool_size=pool_size,
        max_overflow=max_overflow,
        pool_timeout=30,
        pool_pre_ping=True,
        pool_recycle=300,
        pool_use_lifo=True,
        connect_args={
            "timeout": 10,
            "command_timeout": STATEMENT_S,
            "server_settings": {"statement_timeout": f"{STATEMENT_S}s"},
        },
    )


def observe_engine(
    engine: AsyncEngine, name: str, *, registry: CollectorRegistry, clock: Clock
) -> None:
    """Publish an engine's pool and the time of its statements, under `name`."""
    seconds = query_seconds(registry).labels(name)

    def before(context: Any, **_: Any) -> None:
        context.resume_started_at = clock.monotonic()

    def after(context: Any, **_: Any) -> None:
        seconds.observe(clock.monotonic() - context.resume_started_at)

    def use() -> dict[str, tuple[int, int]]:
        pool = engine.pool
        return {name: (pool.checkedout(), pool.size())} if isinstance(pool, QueuePool) else {}

    event.listen(engine.sync_engine, "before_cursor_execute", before, named=True)
    event.listen(engine.sync_engine, "after_cursor_execute", after, named=True)
    registry.register(PoolCollector(use))
