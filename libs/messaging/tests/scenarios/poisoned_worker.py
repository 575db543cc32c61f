"""A consumer process of its own, whose handler some jobs kill. Run by its test.

Arguments: the broker's address, the database's.
"""

import asyncio
import os
import random
import sys

from resume_contracts.facts import TailoredResume
from resume_contracts.messages import Command
from resume_messaging.core.gate import Gate
from resume_messaging.core.outcome import Done, Outcome
from resume_messaging.core.ports import StageContext
from resume_messaging.core.runner import StageRunner
from resume_messaging.core.settings import RunnerSettings
from resume_messaging.core.stops import Stops
from resume_messaging.shells.consumer import StageConsumer
from resume_messaging.shells.memos import PostgresMemoStore
from resume_messaging.shells.publisher import ConfirmedPublisher
from resume_runtime.clock import SystemClock, system_sleep
from resume_runtime.database import create_asyncpg_pool

POISON = "poison"
KILLED = 9


async def tailor(command: Command, context: StageContext) -> Outcome:
    """Take a moment; a poisoned one takes its process with it."""
    context.start_call()
    await system_sleep(0.2)
    if command.facts.submission.job_text == POISON:
        os._exit(KILLED)
    return Done(TailoredResume(document={}))


async def main(amqp_url: str, database_url: str) -> None:
    """Consume until killed."""
    clock = SystemClock()
    name = f"poisoned-{os.getpid()}"
    async with (
        await create_asyncpg_pool(database_url, 1, 4) as pool,
        ConfirmedPublisher(amqp_url, name=name) as publisher,
    ):
        runner = StageRunner(
            service="tailor",
            owner=name,
            handlers={"tailor.resume": tailor},
            publisher=publisher,
            memos=PostgresMemoStore(pool, "svc"),
            gate=Gate(None, clock, system_sleep),
            stops=Stops(clock),
            classify=lambda _: None,
            clock=clock,
            sleep=system_sleep,
            rng=random.Random(1),
            settings=RunnerSettings(claim_s=1.0),
        )
        consumer = StageConsumer(
            amqp_url,
            name=name,
            prefetch={"tailor.resume.v1": 4},
            run=runner.run,
            grace_s=5.0,
            sleep=system_sleep,
        )
        await consumer.start()
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2]))
