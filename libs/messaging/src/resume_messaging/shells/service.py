"""A consumer service's process, assembled in one place from its table of stages."""

import asyncio
import random
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Any

import aio_pika
import structlog
from prometheus_client import CollectorRegistry

from resume_contracts import routing
from resume_contracts.messages import JobStopped, Notice, UserErased
from resume_contracts.workflows import STAGES
from resume_messaging.core.gate import Gate
from resume_messaging.core.ports import (
    Availability,
    Classify,
    Handler,
    StoreUnavailableError,
    UserStore,
)
from resume_messaging.core.runner import StageRunner
from resume_messaging.core.stops import Stops
from resume_messaging.metrics import PrometheusObserver
from resume_messaging.shells.access import prepare
from resume_messaging.shells.consumer import StageConsumer
from resume_messaging.shells.control import ControlListener, OnNotice
from resume_messaging.shells.expiring import consumer_kinds
from resume_messaging.shells.memos import PostgresMemoStore
from resume_messaging.shells.provider_events import ProviderEvents
from resume_messaging.shells.publisher import ConfirmedPublisher
from resume_messaging.shells.settings import ConsumerSettings
from resume_runtime.clock import Clock, Sleep
from resume_runtime.database import Pool, create_asyncpg_pool
from resume_runtime.metrics import query_seconds
from resume_runtime.ops import Check, CheckResult, OpsServer
from resume_runtime.process import StartupError
from resume_runtime.retention import Kind, Retention, RetentionMetrics

log = structlog.get_logger()

#: Seconds between clean-ups.
_PURGE_EVERY_S = 600.0


@dataclass(frozen=True, slots=True)
class ConsumerService:
    """What a consumer service is.

    Attributes:
        name: the service, e.g. `tailor`; also its schema.
        handlers: by stage.
        prefetch: deliveries in hand at once, by queue.
        availability: the providers its gate watches.
        classify: turns a handler's exception into an outcome.
        stores: what it keeps of users beside its memos.
        kinds: how long it keeps what it has beside the consumers' own tables.
    """

    name: str
    handlers: Mapping[str, Handler]
    prefetch: Mapping[str, int]
    classify: Classify
    availability: Availability
    stores: Sequence[UserStore] = ()
    kinds: Sequence[Kind] = ()


async def serve(
    service: ConsumerService,
    settings: ConsumerSettings,
    stop: asyncio.Event,
    *,
    registry: CollectorRegistry,
    clock: Clock,
    sleep: Sleep,
    rng: random.Random,
) -> None:
    """Consume until `stop` is set, then stop in order: consumers, holders, paid calls, connections.

    Raises:
        StartupError: PostgreSQL or RabbitMQ cannot be reached, the topology differs, or the broker
            cancelled a consumer for good: a new process subscribes anew.
    """
    process = f"{service.name}@{socket.gethostname()}:{settings.ops_port}"
    async with AsyncExitStack() as stack:
        pool = await stack.enter_async_context(_pool(service, settings, registry))
        memos = PostgresMemoStore(pool, service.name)
        retention = Retention(
            (
                *consumer_kinds(service.name, memos_days=settings.retention_memos_days),
                *service.kinds,
            ),
            pool,
            clock=clock,
            metrics=RetentionMetrics(registry),
        )
        await prepare(settings.amqp_url, service.name, settings.amqp_topology)
        publisher = await stack.enter_async_context(
            ConfirmedPublisher(settings.amqp_url, name=f"{process} publish")
        )
        stops = Stops(clock)
        gate = Gate(service.availability, clock, sleep)
        runner = StageRunner(
            service=service.name,
            owner=process,
            handlers=service.handlers,
            publisher=publisher,
            memos=memos,
            gate=gate,
            stops=stops,
            classify=service.classify,
            clock=clock,
            sleep=sleep,
            rng=rng,
            observer=_observer(registry, gate),
        )
        own_queue = routing.process_queue(service.name, process, f"{rng.getrandbits(32):08x}")
        control = ControlListener(
            settings.amqp_url,
            service=service.name,
            name=f"{process} control",
            own_queue=own_queue,
            keep=_keeper(memos, service.stores),
            tell=_teller(stops),
            sleep=sleep,
            resync=_resync(memos, stops),
        )
        consumer = StageConsumer(
            settings.amqp_url,
            name=f"{process} consume",
            prefetch=service.prefetch,
            run=runner.run,
            grace_s=settings.grace_s,
            sleep=sleep,
        )
        ops = OpsServer(
            settings.ops_host, settings.ops_port, registry, _checks(consumer, control, memos)
        )
        await stack.enter_async_context(ops.running())
        if settings.ops_port:
            # Its port is ours, so whoever had this name before is dead, and its claims with it.
            await memos.release_of(process)
        await _connect(control.start())
        stack.push_async_callback(control.stop)
        events = ProviderEvents(
            service.availability, publisher, process=process, clock=clock, sleep=sleep
        )
        async with _background(events.run(), _purging(retention, sleep)):
            await _connect(consumer.start())
            log.info("service.ready", service=service.name, queues=sorted(service.prefetch))
            is_lost = await _stopped_or_lost(stop, consumer)
            log.info("service.stopping", service=service.name, in_hand=consumer.in_hand)
            await consumer.stop(release=gate.close)
    if is_lost:
        raise StartupError("AMQP_URL: the broker cancelled a consumer, and it did not come back")


def _observer(registry: CollectorRegistry, gate: Gate) -> PrometheusObserver:
    observer = PrometheusObserver(registry)
    observer.watch(gate, sorted({s.provider for s in STAGES.values() if s.provider}))
    return observer


async def _stopped_or_lost(stop: asyncio.Event, consumer: StageConsumer) -> bool:
    """Wait for the end; True when it is a consumer's that the broker cancelled."""
    stopped, lost = asyncio.create_task(stop.wait()), asyncio.create_task(consumer.lost())
    done, waiting = await asyncio.wait({stopped, lost}, return_when=asyncio.FIRST_COMPLETED)
    for task in waiting:
        task.cancel()
    return lost in done and not stop.is_set()


@asynccontextmanager
async def _pool(
    service: ConsumerService, settings: ConsumerSettings, registry: CollectorRegistry
) -> AsyncIterator[Pool]:
    size = max(4, min(10, sum(service.prefetch.values()) // 2))
    observe = query_seconds(registry).labels("memos").observe
    try:
        pool = await create_asyncpg_pool(settings.database_url, 1, size, on_query=observe)
    except (OSError, TimeoutError) as error:
        raise StartupError(f"DATABASE_URL: cannot connect: {type(error).__name__}") from error
    async with pool:
        yield pool


async def _connect(starting: Awaitable[None]) -> None:
    try:
        await starting
    except (aio_pika.exceptions.AMQPError, OSError, TimeoutError) as error:
        raise StartupError(f"AMQP_URL: cannot connect: {type(error).__name__}") from error


@asynccontextmanager
async def _background(*parts: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    tasks = [asyncio.create_task(part) for part in parts]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _purging(retention: Retention, sleep: Sleep) -> None:
    while True:
        await sleep(_PURGE_EVERY_S)
        try:
            await retention.enforce()
        except Exception as error:  # noqa: BLE001  the next round cleans up
            log.warning("retention.postponed", error=type(error).__name__)


def _keeper(memos: PostgresMemoStore, stores: Sequence[UserStore]) -> OnNotice:
    async def keep(notice: Notice) -> None:
        if isinstance(notice, JobStopped):
            await memos.stop(notice.job_id, notice.run, notice.expires_at)
        elif isinstance(notice, UserErased):
            # The memos' store first: it remembers who is erased, and nothing is written after that.
            for store in (memos, *stores):
                await store.erase(notice.user_id)

    return keep


def _teller(stops: Stops) -> OnNotice:
    async def tell(notice: Notice) -> None:
        if isinstance(notice, JobStopped):
            stops.stop(notice.job_id, notice.run, notice.expires_at)

    return tell


def _resync(memos: PostgresMemoStore, stops: Stops) -> Callable[[], Awaitable[None]]:
    """What to ask after a reconnect: a cancel may have been told while nobody listened."""

    async def resync() -> None:
        try:
            for job_id, run, expires_at in await memos.stopped(stops.watched):
                stops.stop(job_id, run, expires_at)
        except StoreUnavailableError as error:
            # Each delivery looks once more before it pays.
            log.warning("control.resync_failed", error=str(error))

    return resync


def _checks(
    consumer: StageConsumer, control: ControlListener, memos: PostgresMemoStore
) -> dict[str, Check]:
    async def consuming() -> CheckResult:
        return CheckResult(ok=consumer.is_consuming)

    async def listening() -> CheckResult:
        return CheckResult(ok=control.is_listening)

    async def database() -> CheckResult:
        await memos.ping()
        return CheckResult(ok=True)

    return {"consuming": consuming, "control": listening, "postgres": database}
