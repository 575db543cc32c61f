"""Taskiq on RabbitMQ (its quorum queue), results in Redis, a status row a step.

`python -m tests.bench.peers.taskiq_peer`: one of three worker processes on the one queue.
"""

import logging
import os
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
import orjson
import uvloop
from taskiq.api import run_receiver_task
from taskiq_aio_pika import AioPikaBroker
from taskiq_redis import RedisAsyncResultBackend
from tests.bench.contender import Command, Running, python_module, spawned, submit_all
from tests.bench.peers.common import (
    STAGES,
    TABLE,
    UPSERT,
    grown,
    new_message,
    prepare_table,
    status_of,
)
from tests.bench.settings import PREFETCH
from tests.bench.site import Place, Site

Json = dict[str, Any]
PROCESSES = 3
RESULT_S = 600


class Tasks:
    """The broker and its one task, which sends the next step."""

    def __init__(self, amqp_url: str, redis_url: str, database_url: str) -> None:
        results: Any = RedisAsyncResultBackend(redis_url, result_ex_time=RESULT_S)
        self.broker = AioPikaBroker(amqp_url, qos=PREFETCH).with_result_backend(results)
        self._database_url = database_url

        async def step(message: Json, number: int) -> Json:
            return await self._take_step(message, number)

        self._step = self.broker.register_task(step, task_name="step")

    @asynccontextmanager
    async def open(self, *, worker: bool) -> AsyncIterator["Tasks"]:
        """Connect."""
        self.broker.is_worker_process = worker
        self._pool = await asyncpg.create_pool(self._database_url, min_size=4, max_size=10)
        await self.broker.startup()
        try:
            yield self
        finally:
            await self.broker.shutdown()
            await self._pool.close()

    async def write(self, job_id: str, step: int, result: str | None = None) -> None:
        """Commit that a job has come to this step."""
        document = orjson.dumps(result).decode()
        await self._pool.execute(UPSERT, [job_id], [step], [status_of(step)], [document])

    async def send(self, message: Json, number: int) -> None:
        """Send a step."""
        await self._step.kiq(message, number)

    async def _take_step(self, message: Json, number: int) -> Json:
        is_last = number == len(STAGES)
        await self.write(message["id"], number, message["facts"][0] if is_last else None)
        found = grown(message)
        if not is_last:
            await self.send(found, number + 1)
        return found


class Submitter:
    """Sends first steps."""

    def __init__(self, tasks: Tasks, processes: Mapping[str, int]) -> None:
        self._tasks = tasks
        self.processes = processes

    async def submit(self) -> str:
        """Submit one job."""
        message = new_message()
        await self._tasks.write(message["id"], 0)
        await self._tasks.send(message, 1)
        return str(message["id"])

    async def submit_many(self, count: int) -> None:
        """Submit a burst."""
        await submit_all(self, count)


class TaskiqPeer:
    """Three worker processes on one queue."""

    name = f"Taskiq, {PROCESSES} processes on one queue"
    jobs_table = TABLE
    is_slow = False
    durability = (
        "persistent, confirmed messages on a quorum queue, acks after the work; results in a Redis "
        "without persistence, a Postgres row written at every step"
    )

    async def prepare(self, site: Site) -> Place:
        """Its table; its queue is declared by its workers."""
        self._logs = site.folder / "taskiq"
        return await prepare_table(site, "taskiq")

    @asynccontextmanager
    async def running(self, place: Place) -> AsyncIterator[Running]:
        """Its processes, from start to end."""
        commands = [Command(f"worker-{n}", python_module(__name__)) for n in range(PROCESSES)]
        async with spawned(commands, place, logs=self._logs) as processes:
            tasks = Tasks(place.amqp_url, place.redis_url, place.database_url)
            async with tasks.open(worker=False):
                yield Submitter(tasks, processes)


async def work() -> None:
    """Run a worker until it is ended."""
    logging.basicConfig(level=logging.WARNING)
    tasks = Tasks(*(os.environ[name] for name in ("AMQP_URL", "REDIS_URL", "DATABASE_URL")))
    async with tasks.open(worker=True):
        await run_receiver_task(tasks.broker, max_async_tasks=PREFETCH)


if __name__ == "__main__":
    uvloop.run(work())
