"""Three naive workers, their queue and what came back."""

import asyncio
import os
import signal
import sys
import uuid
from asyncio.subprocess import Process
from types import TracebackType
from typing import Self

import aio_pika
from aio_pika.abc import AbstractChannel, AbstractIncomingMessage, AbstractRobustConnection
from tests.chaos.naive.worker import QUEUE, RESULTS, Job, Result
from tests.system.conftest import ROOT, SAMPLES

WORKERS = 3
STOP_S = 20.0
LOG = ROOT / "build" / "reports" / "chaos-naive.log"


class NaiveFleet:
    """Entered, it works; left, nothing of it remains."""

    def __init__(self, amqp_url: str, sandbox_url: str) -> None:
        self._amqp_url = amqp_url
        self._model_url = f"{sandbox_url}/openai-b/v1"
        self._workers: list[Process] = []
        self.ordered: list[str] = []
        self.done: set[str] = set()

    async def __aenter__(self) -> Self:
        self._connection: AbstractRobustConnection = await aio_pika.connect_robust(self._amqp_url)
        self._channel: AbstractChannel = await self._connection.channel()
        for name in (QUEUE, RESULTS):
            await self._channel.queue_delete(name)
            queue = await self._channel.declare_queue(name, durable=True)
        await queue.consume(self._on_result, no_ack=True)
        self._workers = [await self._start() for _ in range(WORKERS)]
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for worker in self._workers:
            if worker.returncode is None:
                worker.kill()
            await worker.wait()
        for name in (QUEUE, RESULTS):
            await self._channel.queue_delete(name)
        await self._connection.close()

    async def order(self, count: int) -> None:
        """Put so many jobs into the queue."""
        resume = (SAMPLES / "resume.json").read_text()
        posting = (SAMPLES / "posting.txt").read_text()
        for _ in range(count):
            job = Job(id=str(uuid.uuid4()), resume=resume, posting=posting)
            self.ordered.append(job.id)
            message = aio_pika.Message(
                job.model_dump_json().encode(),
                content_type="application/json",
                delivery_mode=aio_pika.DeliveryMode.PERSISTENT,
            )
            await self._channel.default_exchange.publish(message, routing_key=QUEUE)

    async def warm_up(self) -> None:
        """Have every worker call the model once, so that a fault finds all of them at work."""
        while len(self.done) < 2 * WORKERS:
            await self.order(2 * WORKERS)
            await self.drain(STOP_S)
        self.ordered.clear()
        self.done.clear()

    async def drain(self, seconds: float) -> None:
        """Give it so long to finish."""
        for _ in range(int(seconds * 2)):
            if len(self.done) == len(self.ordered):
                return
            await asyncio.sleep(0.5)

    async def restart(self, number: int, sig: signal.Signals) -> None:
        """Signal a worker and start another in its place."""
        worker = self._workers[number]
        worker.send_signal(sig)
        try:
            async with asyncio.timeout(STOP_S):
                await worker.wait()
        except TimeoutError:
            worker.kill()
            await worker.wait()
        self._workers[number] = await self._start()

    async def _start(self) -> Process:
        LOG.parent.mkdir(parents=True, exist_ok=True)
        with LOG.open("ab") as log:
            return await asyncio.create_subprocess_exec(
                sys.executable,
                *("-m", "tests.chaos.naive.worker"),
                cwd=ROOT,
                env={
                    **os.environ,
                    "NAIVE_AMQP_URL": self._amqp_url,
                    "NAIVE_MODEL_URL": self._model_url,
                },
                stdout=log,
                stderr=log,
            )

    async def _on_result(self, message: AbstractIncomingMessage) -> None:
        self.done.add(Result.model_validate_json(message.body).id)
