"""One worker: FastStream with its defaults, tenacity around purgatory around the model.

Written fairly: persistent messages in a durable queue, slots, a time limit, three tries with
jittered back-off, a breaker of the same size, one retry policy (the SDK's is off).
"""

import asyncio
import os

from faststream import FastStream
from faststream.rabbit import RabbitBroker, RabbitQueue
from openai import AsyncOpenAI
from purgatory import AsyncCircuitBreakerFactory
from pydantic import BaseModel, ConfigDict
from tenacity import retry, stop_after_attempt, wait_exponential_jitter

QUEUE, RESULTS = "naive.jobs", "naive.results"
#: A third of the model's ten, for three workers.
SLOTS = 3


class Job(BaseModel):
    """What is asked for."""

    id: str
    resume: str
    posting: str


class Tailored(BaseModel):
    """What the model answers."""

    model_config = ConfigDict(extra="forbid")

    summary: str
    highlights: list[str]


class Result(BaseModel):
    """What becomes of a job."""

    id: str
    tailored: Tailored


class Tailor:
    """Asks the model."""

    def __init__(self, url: str) -> None:
        self._client = AsyncOpenAI(base_url=url, api_key="sandbox", max_retries=0, timeout=90)
        self._breakers = AsyncCircuitBreakerFactory(default_threshold=5, default_ttl=30)
        self._slots = asyncio.Semaphore(SLOTS)

    @retry(stop=stop_after_attempt(3), wait=wait_exponential_jitter(1, 10), reraise=True)
    async def tailor(self, job: Job) -> Tailored:
        """One job, tried three times."""
        async with self._slots, await self._breakers.get_breaker("openai"):
            completion = await self._client.chat.completions.parse(
                model="gpt-4.1-mini",
                messages=[
                    {"role": "system", "content": "Tailor the resume to the posting."},
                    {"role": "user", "content": f"{job.resume}\n\n{job.posting}"},
                ],
                response_format=Tailored,
                extra_headers={"x-client-request-id": f"{job.id}/"},
            )
        answer = completion.choices[0].message.parsed
        if answer is None:
            raise ValueError("no answer")
        return answer


async def main() -> None:
    """Work until SIGTERM."""
    tailor = Tailor(os.environ["NAIVE_MODEL_URL"])
    broker = RabbitBroker(os.environ["NAIVE_AMQP_URL"])

    @broker.subscriber(RabbitQueue(QUEUE, durable=True))
    @broker.publisher(RabbitQueue(RESULTS, durable=True), persist=True)
    async def handle(job: Job) -> Result:
        return Result(id=job.id, tailored=await tailor.tailor(job))

    await FastStream(broker).run()


if __name__ == "__main__":
    asyncio.run(main())
