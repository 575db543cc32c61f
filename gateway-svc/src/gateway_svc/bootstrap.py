"""The one place where gateway-svc's processes are put together."""

import asyncio
import random
import secrets
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from typing import Any

import aio_pika
import asyncpg
import httpx2
import structlog
from fastapi import FastAPI
from prometheus_client import CollectorRegistry, Gauge

from gateway_svc.api import create_app
from gateway_svc.database import UNREACHABLE, Listener, Pool
from gateway_svc.deadletters import DeadLetterDrain
from gateway_svc.edge import Edge
from gateway_svc.identity.jwks import JwksCache
from gateway_svc.identity.revocations import Revocations, RevocationStore
from gateway_svc.identity.tokens import TokenVerifier
from gateway_svc.jobs.accept import JobAcceptor
from gateway_svc.jobs.admission import Admission
from gateway_svc.jobs.store import JobStore
from gateway_svc.jobs.watch import JobWatcher
from gateway_svc.outbox import OutboxStore
from gateway_svc.projector import Projector
from gateway_svc.ratelimit import RateLimiter
from gateway_svc.relay import Relay
from gateway_svc.resumes.files import ResumeFiles
from gateway_svc.resumes.store import ResumeStore
from gateway_svc.settings import ApiSettings, GatewaySettings
from gateway_svc.sweeper import Sweeper
from resume_contracts.routing import PROJECTOR_QUEUE
from resume_messaging.shells.batch import BatchConsumer
from resume_messaging.shells.control import ControlListener
from resume_messaging.shells.publisher import ConfirmedPublisher
from resume_messaging.shells.topology import declare
from resume_runtime.clock import Clock, Sleep
from resume_runtime.database import create_asyncpg_pool
from resume_runtime.ids import uuid7
from resume_runtime.metrics import PoolCollector, auth_failures
from resume_runtime.ops import Check, CheckResult
from resume_runtime.process import StartupError

log = structlog.get_logger()

API_POOL = 10
PROJECTOR_POOL = 3
RELAY_POOL = 4

#: How long a relay that died keeps its messages from the next one.
LEASE = timedelta(seconds=30)


@asynccontextmanager
async def bootstrap_api(
    settings: ApiSettings, *, clock: Clock, sleep: Sleep, registry: CollectorRegistry
) -> AsyncIterator[FastAPI]:
    """The public API with what it needs running behind it.

    It starts without PostgreSQL and RabbitMQ: the first is missed by each request (503), the
    second only by revocations.
    """
    async with AsyncExitStack() as stack:
        pool = await stack.enter_async_context(_pool(settings, registry, "api", 0, API_POOL))
        http = await stack.enter_async_context(
            httpx2.AsyncClient(timeout=httpx2.Timeout(5.0), follow_redirects=False)
        )
        revocations = Revocations(clock)
        watcher = JobWatcher(_listener(settings), sleep=sleep)
        revocations.subscribe(watcher.wake_all)
        control = _control(settings, pool, revocations, clock=clock, sleep=sleep)
        app = create_app(
            origins=settings.origins,
            checks={"postgres": _postgres(pool), "rabbitmq": _broker(control)},
            registry=registry,
            clock=clock,
        )
        app.state.edge = _edge(
            settings, pool, http, watcher, revocations, clock=clock, registry=registry
        )
        Gauge("status_waiters", "Streams and long polls.", registry=registry).set_function(
            lambda: watcher.count
        )
        stack.push_async_callback(control.stop)
        await stack.enter_async_context(
            running(watcher.run(), _connect_control(settings, control, sleep))
        )
        yield app


@asynccontextmanager
async def bootstrap_projector(
    settings: GatewaySettings, *, clock: Clock, sleep: Sleep, registry: CollectorRegistry
) -> AsyncIterator[BatchConsumer]:
    """The consumer of events.

    Raises:
        StartupError: PostgreSQL or RabbitMQ cannot be reached.
    """
    await declare(settings.amqp_url)
    async with _pool(settings, registry, "projector", 1, PROJECTOR_POOL) as pool:
        projector = Projector(pool, new_id=uuid7, clock=clock, registry=registry)
        yield BatchConsumer(
            settings.amqp_url,
            PROJECTOR_QUEUE,
            projector.handle,
            name=f"{process_name(settings, 'projector')} consume",
            sleep=sleep,
        )


@asynccontextmanager
async def bootstrap_relay(
    settings: GatewaySettings, *, clock: Clock, sleep: Sleep, registry: CollectorRegistry
) -> AsyncIterator[Relay]:
    """The relay, with sweeper and dead-letter drain running beside it.

    Raises:
        StartupError: PostgreSQL cannot be reached.
    """
    name = process_name(settings, "relay")
    async with _pool(settings, registry, "relay", 1, RELAY_POOL) as pool:

        @asynccontextmanager
        async def connect() -> AsyncIterator[ConfirmedPublisher]:
            await declare(settings.amqp_url)
            async with ConfirmedPublisher(settings.amqp_url, name=f"{name} publish") as publisher:
                yield publisher

        relay = Relay(
            OutboxStore(pool, owner=f"{name}/{uuid7()}", lease=LEASE),
            connect,
            _listener(settings),
            sleep=sleep,
            registry=registry,
        )
        sweeper = Sweeper(pool, new_id=uuid7, clock=clock, sleep=sleep, registry=registry)
        drain = DeadLetterDrain(
            settings.amqp_url,
            pool,
            cipher=settings.cipher,
            name=f"{name} dead letters",
            new_id=uuid7,
            clock=clock,
            sleep=sleep,
            registry=registry,
        )
        async with running(sweeper.run(), _again(drain.run, sleep)):
            yield relay


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


def _edge(
    settings: ApiSettings,
    pool: Pool,
    http: httpx2.AsyncClient,
    watcher: JobWatcher,
    revocations: Revocations,
    *,
    clock: Clock,
    registry: CollectorRegistry,
) -> Edge:
    deadline = timedelta(seconds=settings.job_deadline_s)
    jitter = random.SystemRandom()
    return Edge(
        pool=pool,
        jobs=JobStore(pool),
        resumes=ResumeStore(pool),
        acceptor=JobAcceptor(new_id=uuid7, deadline=deadline),
        admission=Admission(deadline),
        watcher=watcher,
        verifier=TokenVerifier(
            JwksCache(http, settings.jwks_url, clock=clock),
            issuer=settings.issuer,
            hs256_secret=settings.hs256_secret,
            revocations=revocations,
            clock=clock,
        ),
        revocations=revocations,
        limiter=RateLimiter(settings.limits, clock),
        files=ResumeFiles.at(settings.files_url),
        http=http,
        auth_url=settings.auth_url.rstrip("/") if settings.auth_url else None,
        clock=clock,
        new_id=uuid7,
        new_secret=lambda: secrets.token_urlsafe(32),
        retry_ms=lambda: jitter.randint(1000, 5000),
        auth_failures=auth_failures(registry),
        wait_s=settings.wait_s,
    )


@asynccontextmanager
async def _pool(
    settings: GatewaySettings, registry: CollectorRegistry, name: str, minimum: int, maximum: int
) -> AsyncIterator[Pool]:
    try:
        pool = await create_asyncpg_pool(settings.database_url, minimum, maximum)
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


def _listener(settings: GatewaySettings) -> Callable[[], Awaitable[Listener]]:
    async def connect() -> Listener:
        return await asyncpg.connect(settings.database_url, timeout=10, command_timeout=30)

    return connect


def _control(
    settings: ApiSettings,
    pool: Pool,
    revocations: Revocations,
    *,
    clock: Clock,
    sleep: Sleep,
) -> ControlListener:
    store = RevocationStore(pool, clock)

    async def resync() -> None:
        try:
            await store.load(revocations)
        except UNREACHABLE as error:
            log.warning("revocations.not_loaded", error=type(error).__name__)

    return ControlListener(
        settings.amqp_url,
        service="gateway",
        name=f"{process_name(settings, 'api')} control",
        keep=store.keep,
        tell=revocations.tell,
        sleep=sleep,
        resync=resync,
    )


async def _connect_control(settings: ApiSettings, control: ControlListener, sleep: Sleep) -> None:
    async def start() -> None:
        await declare(settings.amqp_url)
        await control.start()

    await _again(start, sleep, until_done=True)


async def _again(
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


def _postgres(pool: Pool) -> Check:
    async def check() -> CheckResult:
        await pool.fetchval("select 1")
        return CheckResult(ok=True)

    return check


def _broker(control: ControlListener) -> Check:
    async def check() -> CheckResult:
        return CheckResult(ok=control.is_connected, degraded=True)

    return check
