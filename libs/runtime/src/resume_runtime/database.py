"""PostgreSQL: pools sized per process, and migrations."""

import asyncio
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias

import asyncpg
import orjson

from resume_runtime.process import StartupError
from resume_runtime.settings import EXIT_CONFIG

#: The classes are generic for the type checker only.
Pool: TypeAlias = "asyncpg.Pool[asyncpg.Record]"
Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"
PooledConnection: TypeAlias = "asyncpg.pool.PoolConnectionProxy[asyncpg.Record]"

#: Seconds a statement may take (playbook 4.3, the innermost time limit).
STATEMENT_S = 30

#: The address is wrong, and no waiting will make it right.
REFUSALS = (asyncpg.InvalidAuthorizationSpecificationError, asyncpg.InvalidCatalogNameError)


async def create_asyncpg_pool(
    database_url: str,
    minimum: int,
    maximum: int,
    *,
    on_query: Callable[[float], None] | None = None,
) -> Pool:
    """A pool for hot reads and batches; `json` and `jsonb` are Python values both ways.

    A connection comes back rolled back, but its session is not reset: no statement on a pooled
    connection may leave anything in the session (`set` without `local`, session advisory locks,
    `listen`, cursors with hold). `on_query` is told the seconds that each statement took.

    Raises:
        OSError: PostgreSQL cannot be reached.
        StartupError: it refuses the user, the password or the database of the address.
        asyncpg.PostgresError: it refused the connection for another reason.
    """

    async def prepare(connection: Connection) -> None:
        await prepare_connection(connection)
        if on_query is not None:
            connection.add_query_logger(lambda query: on_query(query.elapsed))

    try:
        return await asyncpg.create_pool(
            database_url,
            min_size=minimum,
            max_size=maximum,
            timeout=10,
            command_timeout=STATEMENT_S,
            max_inactive_connection_lifetime=300,
            server_settings={"statement_timeout": f"{STATEMENT_S}s"},
            init=prepare,
            reset=_nothing_to_reset,
        )
    except REFUSALS as error:
        raise _refused(error) from error


def refusal(error: BaseException) -> StartupError | None:
    """What a process says when PostgreSQL refuses its address; None when that is not the cause."""
    cause: BaseException | None = error
    while cause is not None and not isinstance(cause, REFUSALS):
        cause = cause.__cause__
    return None if cause is None else _refused(cause)


def _refused(error: BaseException) -> StartupError:
    return StartupError(
        f"DATABASE_URL: PostgreSQL refuses its user, password or database: {type(error).__name__}",
        exit_code=EXIT_CONFIG,
    )


async def _nothing_to_reset(_: Connection) -> None:
    """Spare each statement a second round trip; asyncpg itself rolls back what is open."""


async def prepare_connection(connection: Connection) -> None:
    """Teach a connection to read and write JSON columns as Python values."""
    for kind in ("json", "jsonb"):
        await connection.set_type_codec(
            kind, encoder=_encode, decoder=orjson.loads, schema="pg_catalog"
        )


def _encode(value: Any) -> str:
    return orjson.dumps(value).decode()


def find_migrations(package: Path) -> Path:
    """The migrations of a service's package: inside it in an image, else in its house.

    Args:
        package: the folder of the package.
    """
    inside = package / "migrations"
    return inside if inside.is_dir() else package.parents[1] / "migrations"


async def migrate(database_url: str, schema: str, migrations: Path) -> None:
    """Bring one service's schema up to date; several at once are safe (advisory lock).

    Args:
        database_url: the one database.
        schema: the service's schema, made when missing; its version table is inside.
        migrations: the folder with `versions/NNNN_name.py`.

    Raises:
        StartupError: PostgreSQL cannot be reached, or refuses.
    """
    # Some 20 MiB that every other command of a process would carry for nothing.
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415
    from sqlalchemy.exc import DBAPIError, OperationalError  # noqa: PLC0415

    config = Config(stdout=io.StringIO())
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.set_main_option("version_locations", str(migrations / "versions"))
    config.set_main_option("path_separator", "os")
    config.attributes["database_url"] = database_url
    config.attributes["schema"] = schema
    try:
        await asyncio.to_thread(command.upgrade, config, "head")
    except (OSError, DBAPIError, asyncpg.PostgresError) as error:
        refused = refusal(error)
        if refused is not None:
            raise refused from error
        if isinstance(error, DBAPIError) and not isinstance(error, OperationalError):
            raise
        raise StartupError(f"DATABASE_URL: cannot migrate: {type(error).__name__}") from error
