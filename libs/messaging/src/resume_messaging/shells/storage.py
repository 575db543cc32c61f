"""Connections of a consumer service's own tables, and what counts as PostgreSQL's weather."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

import asyncpg

from resume_messaging.core.ports import StoreUnavailableError
from resume_runtime.database import Pool, PooledConnection

#: SQLSTATE classes of weather: shutting down, out of connections, read-only, conflicts.
_WEATHER: Final = frozenset({"57", "53", "25", "40"})


@asynccontextmanager
async def connection(pool: Pool, *, within_s: float = 5.0) -> AsyncIterator[PooledConnection]:
    """A connection of the pool; what is weather and no bug becomes `StoreUnavailableError`."""
    try:
        async with pool.acquire(timeout=within_s) as acquired:
            yield acquired
    except (OSError, TimeoutError, asyncpg.PostgresConnectionError, asyncpg.InterfaceError) as e:
        raise StoreUnavailableError(type(e).__name__) from e
    except asyncpg.PostgresError as e:
        if e.sqlstate[:2] in _WEATHER:
            raise StoreUnavailableError(type(e).__name__) from e
        raise
