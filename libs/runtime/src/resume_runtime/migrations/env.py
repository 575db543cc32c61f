"""Alembic's environment, the same for every service: one schema, one advisory lock."""

import asyncio

from alembic import context
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from resume_runtime.engine import sqlalchemy_url

#: Any constant will do; all migrators of a database take the same one.
_LOCK = 7_020_261_124


def _run(connection: Connection, schema: str) -> None:
    connection.execute(text("select pg_advisory_xact_lock(:key)"), {"key": _LOCK})
    connection.execute(text(f'create schema if not exists "{schema}"'))
    context.configure(connection=connection, version_table_schema=schema)
    context.run_migrations()


async def _migrate() -> None:
    attributes = context.config.attributes
    engine = create_async_engine(sqlalchemy_url(attributes["database_url"]), poolclass=NullPool)
    try:
        async with engine.begin() as connection:
            await connection.run_sync(_run, attributes["schema"])
    finally:
        await engine.dispose()


asyncio.run(_migrate())
