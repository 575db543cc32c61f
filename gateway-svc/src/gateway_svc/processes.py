"""What the processes of this service are made of, whichever they are."""

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any

import aio_pika
import asyncpg
import structlog
from prometheus_client import CollectorRegistry

from gateway_svc.database import UNREACHABLE, Listener, Pool
from gateway_svc.settings import GatewaySettings
from resume_runtime.clock import Sleep
from resume_runtime.database import create_asyncpg_pool
from resume_runtime.metrics import PoolCollector, query_seconds
from resume_runtime.process import StartupError

log = structlog.get_logger()


def process_name(settings: GatewaySettings, process: str) -> str:
    """How a process is called in the broker's and the outbox's books."""
    return f"gateway-{process}@{socket.gethostname()}:{settings.ops_port}"


@asynccontextmanager
async def running(*parts: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    """Run parts beside the block; one that breaks ends the process, the others are cancelled."""
    body = asyncio.current_task()
    tasks = [asyncio.create_task(part) for part in parts]

    def on_done(task: asyncio.Task[None]) -> None:
        if not task.cancelled() and task.exception() is not None and body is not None:
            body.cancel()

    for task in tasks:
        task.add_done_callback(on_done)
    try:
        yield
    finally:
        broken = [task.exception() for task in tasks if task.done() and not task.cancelled()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for error in broken:
            if error is not None:
                raise error


@asynccontextmanager
async def open_pool(
    settings: GatewaySettings, registry: CollectorRegistry, name: str, minimum: int, maximum: int
) -> AsyncIterator[Pool]:
    """A pool that is counted in the metrics under `name`.

    Raises:
        StartupError: PostgreSQL cannot be reached (never with `minimum` 0).
    """
    try:
        observe = query_seconds(registry).labels(name).observe
        pool = await create_asyncpg_pool(settings.database_url, minimum, maximum, on_query=observe)
    except UNREACHABLE as error:
        raise StartupError(f"DATABASE_URL: cannot connect: {type(error).__name__}") from error
    except asyncpg.PostgresError as error:
        raise StartupError(f"DATABASE_URL: refused: {type(error).__name__}") from error
    registry.register(
        PoolCollector(lambda: {name: (pool.get_size() - pool.get_idle_size(), pool.get_max_size())})
    )
    try:
        yield pool
    finally:
        # A query that hangs must not keep the process: it is over by now anyway.
        pool.terminate()


def listener(settings: GatewaySettings) -> Callable[[], Awaitable[Listener]]:
    """Opens connections for LISTEN, outside every pool."""

    async def connect() -> Listener:
        return await asyncpg.connect(settings.database_url, timeout=10, command_timeout=30)

    return connect


async def again(
    part: Callable[[], Awaitable[None]], sleep: Sleep, *, until_done: bool = False
) -> None:
    """Run a part that needs the broker, again and again while that is away."""
    while True:
        try:
            await part()
        except (StartupError, aio_pika.exceptions.AMQPError, OSError, TimeoutError) as error:
            log.warning("broker.away", error=str(error) or type(error).__name__)
        else:
            if until_done:
                return
        await sleep(2.0)
