"""A stage process of ours with handlers that do nothing, or only wait for a scripted provider.

`python -m tests.bench.noop {extract|research|tailor}`: consumer shell, stage runner, gate, memos
and publisher are the product's own.
"""

import asyncio
import os
import random
import sys

from prometheus_client import CollectorRegistry
from pydantic import BaseModel
from tests.bench.settings import GROWTH, PAYLOAD, PREFETCH

from resume_contracts.facts import Posting, Research, Source, TailoredResume
from resume_contracts.messages import Command
from resume_contracts.routing import work_key
from resume_messaging.core.outcome import Done, Outcome
from resume_messaging.core.ports import Handler, StageContext
from resume_messaging.shells.outbound import create_outbound, outcome_of
from resume_messaging.shells.service import ConsumerService, serve
from resume_messaging.shells.settings import ConsumerSettings
from resume_runtime.clock import SystemClock, system_sleep
from resume_runtime.logging import configure_logging
from resume_runtime.process import run
from resume_runtime.settings import load_settings

#: What each stage adds to the message; the last one's is the job's result.
FACTS: dict[str, tuple[str, BaseModel]] = {
    "extract": ("extract.posting", Posting(text="x" * GROWTH, route=Source.PASTED)),
    "research": ("research.company", Research(available=True, summary="x" * GROWTH)),
    "tailor": ("tailor.resume", TailoredResume(document={"text": "x" * PAYLOAD})),
}


def handler(fact: BaseModel, provider_s: float) -> Handler:
    """Awaits the provider and has found `fact`."""

    async def handle(_: Command, context: StageContext) -> Outcome:
        if provider_s:
            context.start_call()
            await system_sleep(provider_s)
        return Done(fact)

    return handle


async def consume(service: str, settings: ConsumerSettings, stop: asyncio.Event) -> None:
    """Run the service until `stop` is set."""
    stage, fact = FACTS[service]
    clock, registry, rng = SystemClock(), CollectorRegistry(), random.Random()
    provider_s = int(os.environ["BENCH_PROVIDER_MS"]) / 1000
    outbound = create_outbound(
        ("openai",), replicas=1, clock=clock, sleep=system_sleep, rng=rng, registry=registry
    )
    await serve(
        ConsumerService(
            name=service,
            handlers={stage: handler(fact, provider_s)},
            prefetch={work_key(stage): PREFETCH},
            classify=outcome_of,
            availability=outbound,
        ),
        settings,
        stop,
        registry=registry,
        clock=clock,
        sleep=system_sleep,
        rng=rng,
    )


def main(service: str) -> int:
    """Run the process; its exit code."""
    settings = load_settings(ConsumerSettings)
    configure_logging(service, settings.log_level)
    return run(lambda stop: consume(service, settings, stop))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
