"""A Celery chain: RabbitMQ (quorum queues, confirms), results and states in Redis.

`python -m tests.bench.peers.celery_peer {extract|research|tailor} POOL CONCURRENCY`
"""

import asyncio
import os
import sys
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

from celery import Celery, chain
from kombu import Queue
from tests.bench.contender import Command, Running, python_module, spawned
from tests.bench.peers.common import STAGES, TABLE, grown, new_message, prepare_table, provider_s
from tests.bench.peers.sync_store import SyncStore
from tests.bench.site import Place, Site

Json = dict[str, Any]


def create_app(amqp_url: str, redis_url: str, store: SyncStore | None) -> Celery:
    """The application; a client needs no store."""
    app = Celery("bench", broker=amqp_url, backend=redis_url, set_as_current=False)
    app.conf.update(
        task_queues=[Queue(stage, queue_arguments={"x-queue-type": "quorum"}) for stage in STAGES],
        task_acks_late=True,
        task_track_started=True,
        worker_prefetch_multiplier=50,
        broker_transport_options={"confirm_publish": True},
        broker_connection_retry_on_startup=True,
        result_expires=600,
        worker_hijack_root_logger=False,
    )
    wait = provider_s()

    def step(message: Json, number: int) -> Json:
        if wait:
            time.sleep(wait)
        if number == len(STAGES) and store is not None:
            store.write(message["id"], number, message["facts"][0])
        return grown(message)

    app.task(name="step")(step)
    return app


class Submitter:
    """Sends chains."""

    def __init__(self, place: Place, processes: Mapping[str, int]) -> None:
        self._app = create_app(place.amqp_url, place.redis_url, None)
        self.processes = processes

    def _send(self) -> str:
        message = new_message()
        step = self._app.tasks["step"]
        first = step.s(message, 1).set(queue=STAGES[0])
        rest = [step.s(n).set(queue=stage) for n, stage in enumerate(STAGES[1:], 2)]
        chain(first, *rest, app=self._app).apply_async()
        return str(message["id"])

    async def submit(self) -> str:
        """Send one chain."""
        return await asyncio.to_thread(self._send)

    async def submit_many(self, count: int) -> None:
        """Send a burst, one after the other, as a client does."""
        await asyncio.to_thread(lambda: [self._send() for _ in range(count)])

    def close(self) -> None:
        """Close its connections."""
        self._app.close()


class CeleryPeer:
    """One worker process a stage, with one pool."""

    jobs_table = TABLE
    is_slow = False
    durability = (
        "persistent, confirmed messages on quorum queues, late acks; states and results in a Redis "
        "without persistence, and one Postgres row at the end"
    )

    def __init__(self, pool: str, concurrency: int, provider_ms: int = 0) -> None:
        self.name = f"Celery, pool {pool}" + (f" of {concurrency}" if concurrency > 1 else "")
        self._argv = (pool, str(concurrency))
        self._env = {"BENCH_PROVIDER_MS": str(provider_ms)}
        self._short = f"celery_{pool}_{concurrency}_{provider_ms}"

    async def prepare(self, site: Site) -> Place:
        """Its table; its queues are declared by its workers."""
        self._logs = site.folder / self._short
        return await prepare_table(site, self._short)

    @asynccontextmanager
    async def running(self, place: Place) -> AsyncIterator[Running]:
        """Its processes, from start to end."""
        commands = [
            Command(stage, python_module(__name__, stage, *self._argv), self._env)
            for stage in STAGES
        ]
        async with spawned(commands, place, logs=self._logs) as processes:
            submitter = Submitter(place, processes)
            try:
                yield submitter
            finally:
                submitter.close()


def main(stage: str, pool: str, concurrency: str) -> None:
    """Run a stage's worker."""
    app = create_app(os.environ["AMQP_URL"], os.environ["REDIS_URL"], SyncStore())
    quiet = ("--without-gossip", "--without-mingle", "--loglevel=WARNING")
    pools = (f"--pool={pool}", f"--concurrency={concurrency}")
    app.worker_main(["worker", f"--queues={stage}", f"--hostname={stage}@%h", *pools, *quiet])


if __name__ == "__main__":
    main(*sys.argv[1:])
