"""Names for what asyncpg hands out, and for what it raises."""

from typing import TYPE_CHECKING

import asyncpg
from asyncpg.pool import PoolConnectionProxy

# The classes are generic for type checkers only.
if TYPE_CHECKING:
    Pool = asyncpg.Pool[asyncpg.Record]
    Connection = PoolConnectionProxy[asyncpg.Record]
    Listener = asyncpg.Connection[asyncpg.Record]
else:
    Pool, Connection, Listener = asyncpg.Pool, PoolConnectionProxy, asyncpg.Connection

#: What a statement raises while PostgreSQL is away, starting, stopping or out of connections.
UNREACHABLE = (
    OSError,
    TimeoutError,
    asyncpg.InterfaceError,
    asyncpg.PostgresConnectionError,
    asyncpg.exceptions.OperatorInterventionError,
    asyncpg.exceptions.InsufficientResourcesError,
)

#: What a statement raises for a value that no column can hold, such as text with a NUL. Some of it
#: is an `InterfaceError` as well: ask for this first.
UNSTORABLE = (asyncpg.DataError, ValueError)
