"""The one place where gateway-svc's processes are put together."""

import random
import secrets
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta

import httpx2
import structlog
from fastapi import FastAPI
from prometheus_client import CollectorRegistry, Gauge

from gateway_svc.account.export import Exporter
from gateway_svc.account.quotas import Quotas
from gateway_svc.api import create_app
from gateway_svc.database import UNREACHABLE, Pool
from gateway_svc.deadletters import DeadLetterDrain
from gateway_svc.decisions.deciding import Decider
from gateway_svc.decisions.store import DecisionStore
from gateway_svc.documents import DocumentDesk
from gateway_svc.edge import Edge
from gateway_svc.edits.editing import Editor
from gateway_svc.edits.store import EditStore
from gateway_svc.identity.jwks import JwksCache
from gateway_svc.identity.revocations import Revocations, RevocationStore
from gateway_svc.identity.tokens import TokenVerifier
from gateway_svc.jobs.accept import JobAcceptor
from gateway_svc.jobs.admission import Admission
from gateway_svc.jobs.store import JobStore
from gateway_svc.jobs.watch import JobWatcher
from gateway_svc.outbox import OutboxStore
from gateway_svc.postings.store import PostingStore
from gateway_svc.processes import again, listener, open_pool, process_name, running
from gateway_svc.projector import Projector
from gateway_svc.ratelimit import RateLimiter
from gateway_svc.relay import Relay
from gateway_svc.resumes.fact_store import FactStore
from gateway_svc.resumes.files import ResumeFiles
from gateway_svc.resumes.filesweep import FileSweep
from gateway_svc.resumes.store import ResumeStore
from gateway_svc.resumes.version_store import VersionStore
from gateway_svc.retention import kinds, retain
from gateway_svc.settings import ApiSettings, GatewaySettings, RelaySettings
from gateway_svc.sweeper import Sweeper
from resume_contracts.routing import PROJECTOR_QUEUE, process_queue
from resume_core.skills import load_catalog
from resume_messaging.shells.access import prepare
from resume_messaging.shells.batch import BatchConsumer
from resume_messaging.shells.control import ControlListener
from resume_messaging.shells.publisher import ConfirmedPublisher
from resume_runtime.clock import Clock, Sleep
from resume_runtime.database import create_asyncpg_pool
from resume_runtime.ids import uuid7
from resume_runtime.metrics import auth_failures
from resume_runtime.ops import Check, CheckResult
from resume_runtime.retention import Retention, RetentionMetrics

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
        pool = await stack.enter_async_context(open_pool(settings, registry, "api", 0, API_POOL))
        # Apart from the others, since an archive keeps its connection as long as it is sent.
        exports = await create_asyncpg_pool(settings.database_url, 0, settings.exports_at_once)
        stack.callback(exports.terminate)
        http = await stack.enter_async_context(
            httpx2.AsyncClient(timeout=httpx2.Timeout(5.0), follow_redirects=False)
        )
        revocations = Revocations(clock)
        watcher = JobWatcher(listener(settings), sleep=sleep)
        revocations.subscribe(watcher.wake_all)
        control = _control(settings, pool, revocations, clock=clock, sleep=sleep)
        app = create_app(
            origins=settings.origins,
            checks={"postgres": _postgres(pool), "rabbitmq": _broker(control)},
            registry=registry,
            clock=clock,
        )
        files = ResumeFiles.at(settings.files_url)
        app.state.edge = _edge(
            settings,
            pool,
            http,
            watcher,
            revocations,
            files=files,
            exporter=Exporter(
                exports,
                files,
                clock,
                at_once=settings.exports_at_once,
                timeout_s=settings.export_timeout_s,
            ),
            clock=clock,
            registry=registry,
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
    await prepare(settings.amqp_url, "gateway", settings.amqp_topology)
    async with open_pool(settings, registry, "projector", 1, PROJECTOR_POOL) as pool:
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
    settings: RelaySettings, *, clock: Clock, sleep: Sleep, registry: CollectorRegistry
) -> AsyncIterator[Relay]:
    """The relay, with sweeper, retention and dead-letter drain running beside it.

    Raises:
        StartupError: PostgreSQL cannot be reached, or FILES_URL names no usable storage.
    """
    name = process_name(settings, "relay")
    async with open_pool(settings, registry, "relay", 1, RELAY_POOL) as pool:

        @asynccontextmanager
        async def connect() -> AsyncIterator[ConfirmedPublisher]:
            await prepare(settings.amqp_url, "gateway", settings.amqp_topology)
            async with ConfirmedPublisher(settings.amqp_url, name=f"{name} publish") as publisher:
                yield publisher

        relay = Relay(
            OutboxStore(pool, owner=f"{name}/{uuid7()}", lease=LEASE),
            connect,
            listener(settings),
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
        metrics = RetentionMetrics(registry)
        retention = Retention(kinds(settings), pool, clock=clock, metrics=metrics)
        files = FileSweep(
            pool,
            ResumeFiles.at(settings.files_url),
            clock=clock,
            metrics=metrics,
            registry=registry,
        )
        async with running(sweeper.run(), retain(retention, files, sleep), again(drain.run, sleep)):
            yield relay


def _edge(
    settings: ApiSettings,
    pool: Pool,
    http: httpx2.AsyncClient,
    watcher: JobWatcher,
    revocations: Revocations,
    *,
    files: ResumeFiles,
    exporter: Exporter,
    clock: Clock,
    registry: CollectorRegistry,
) -> Edge:
    deadline = timedelta(seconds=settings.job_deadline_s)
    jitter = random.SystemRandom()
    catalog = load_catalog()
    limiter = RateLimiter(settings.limits, clock)
    return Edge(
        pool=pool,
        jobs=JobStore(pool),
        resumes=ResumeStore(pool),
        facts=FactStore(pool),
        versions=VersionStore(pool),
        postings=PostingStore(pool, catalog),
        decider=Decider(DecisionStore(pool), catalog, clock),
        editor=Editor(EditStore(pool), catalog, clock),
        catalog=catalog,
        acceptor=JobAcceptor(new_id=uuid7, deadline=deadline, budgets=settings.budgets),
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
        files=files,
        limiter=limiter,
        quotas=Quotas(pool, limiter, clock),
        budgets=settings.budgets,
        documents=DocumentDesk(
            at_once=settings.documents_at_once, waiting=settings.documents_waiting
        ),
        exporter=exporter,
        http=http,
        auth_url=settings.auth_url.rstrip("/") if settings.auth_url else None,
        clock=clock,
        new_id=uuid7,
        new_secret=lambda: secrets.token_urlsafe(32),
        retry_ms=lambda: jitter.randint(1000, 5000),
        auth_failures=auth_failures(registry),
        wait_s=settings.wait_s,
    )


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

    name = process_name(settings, "api")
    return ControlListener(
        settings.amqp_url,
        service="gateway",
        name=f"{name} control",
        own_queue=process_queue("gateway", name, uuid7().hex[-8:]),
        keep=store.keep,
        tell=revocations.tell,
        sleep=sleep,
        resync=resync,
    )


async def _connect_control(settings: ApiSettings, control: ControlListener, sleep: Sleep) -> None:
    async def start() -> None:
        await prepare(settings.amqp_url, "gateway", settings.amqp_topology)
        await control.start()

    await again(start, sleep, until_done=True)


def _postgres(pool: Pool) -> Check:
    async def check() -> CheckResult:
        await pool.fetchval("select 1")
        return CheckResult(ok=True)

    return check


def _broker(control: ControlListener) -> Check:
    async def check() -> CheckResult:
        return CheckResult(ok=control.is_listening, degraded=True)

    return check
