"""A Dramatiq pipeline on RabbitMQ (its classic queues, confirms), a status row a step.

`python -m tests.bench.peers.dramatiq_peer {extract|research|tailor}`
"""

import asyncio
import logging
import os
import signal
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import dramatiq
from dramatiq.brokers.rabbitmq import RabbitmqBroker
from tests.bench.contender import Command, Running, python_module, spawned
from tests.bench.peers.common import STAGES, TABLE, grown, new_message, prepare_table
from tests.bench.peers.sync_store import SyncStore
from tests.bench.site import Place, Site

Json = dict[str, Any]
THREADS = 8


def create_actors(amqp_url: str, store: SyncStore) -> tuple[RabbitmqBroker, list[Any]]:
    """The broker, and an actor a stage."""
    broker = RabbitmqBroker(url=amqp_url, confirm_delivery=True)

    def actor(number: int, stage: str) -> Any:
        def step(message: Json) -> Json | None:
            if number < len(STAGES):
                store.write(message["id"], number)
                return grown(message)
            store.write(message["id"], number, message["facts"][0])
            return None  # nobody takes what the last step returns

        return dramatiq.actor(step, actor_name=stage, queue_name=stage, broker=broker)

    return broker, [actor(number, stage) for number, stage in enumerate(STAGES, 1)]


class Submitter:
    """Sends pipelines."""

    def __init__(self, place: Place, processes: Mapping[str, int]) -> None:
        self._store = SyncStore(place.database_url)
        self._broker, self._actors = create_actors(place.amqp_url, self._store)
        self.processes = processes

    def _send(self) -> str:
        message = new_message()
        self._store.write(message["id"], 0)
        first, *rest = self._actors
        stages = [first.message(message), *(actor.message() for actor in rest)]
        dramatiq.pipeline(stages, broker=self._broker).run()
        return str(message["id"])

    async def submit(self) -> str:
        """Send one pipeline."""
        return await asyncio.to_thread(self._send)

    async def submit_many(self, count: int) -> None:
        """Send a burst, one after the other, as a client does."""
        await asyncio.to_thread(lambda: [self._send() for _ in range(count)])

    def close(self) -> None:
        """Close its connections."""
        self._broker.close()


class DramatiqPeer:
    """One worker process a stage, eight threads each."""

    name = f"Dramatiq, {THREADS} threads a stage"
    jobs_table = TABLE
    is_slow = False
    durability = (
        "persistent, confirmed messages on classic queues, acks after the work; a Postgres row "
        "written at every step"
    )

    async def prepare(self, site: Site) -> Place:
        """Its table; its queues are declared by its workers."""
        self._logs = site.folder / "dramatiq"
        return await prepare_table(site, "dramatiq")

    @asynccontextmanager
    async def running(self, place: Place) -> AsyncIterator[Running]:
        """Its processes, from start to end."""
        commands = [Command(stage, python_module(__name__, stage)) for stage in STAGES]
        async with spawned(commands, place, logs=self._logs) as processes:
            submitter = Submitter(place, processes)
            try:
                yield submitter
            finally:
                submitter.close()


def main(stage: str) -> None:
    """Run a stage's worker until SIGTERM."""
    logging.basicConfig(level=logging.WARNING)
    broker, _ = create_actors(os.environ["AMQP_URL"], SyncStore())
    worker = dramatiq.Worker(broker, queues={stage}, worker_threads=THREADS)
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})
    worker.start()
    signal.sigwait({signal.SIGTERM})
    worker.stop()
    broker.close()


if __name__ == "__main__":
    main(sys.argv[1])
