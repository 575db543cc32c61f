"""`python -m research_svc smoke`: one cheap real call to the provider, and its cost."""

import asyncio
import random
import sys
from collections.abc import Callable
from typing import Final

from prometheus_client import CollectorRegistry
from pydantic import Field

from research_svc.bootstrap import create_agent, create_client
from research_svc.company import CompanyResearcher
from research_svc.perplexity_wire import PROVIDER
from research_svc.ports import Asking, CompanyQuestion
from research_svc.settings import ResearchSettings
from resume_messaging.core.attempt import nobodys
from resume_messaging.shells.outbound import create_outbound
from resume_outbound.errors import OutboundError
from resume_runtime.clock import Clock, Sleep, SystemClock, system_sleep
from resume_runtime.logging import configure_logging
from resume_runtime.settings import load_settings

#: The first use of a schema takes its time.
_DEADLINE_S: Final = 90.0
_QUESTION: Final = CompanyQuestion("Wikimedia Foundation", "wikimediafoundation.org")


class SmokeSettings(ResearchSettings):
    """The service's settings; the two servers are not asked for, since none is used."""

    database_url: str = Field(default="postgresql://unused/unused")
    amqp_url: str = Field(default="amqp://unused/unused")


def main() -> int:
    """Ask once, past the cache; 0 when it was answered or no key is configured."""
    settings = load_settings(SmokeSettings)
    configure_logging("research", "WARNING")
    return asyncio.run(smoke(settings, SystemClock(), system_sleep, _say))


async def smoke(
    settings: ResearchSettings, clock: Clock, sleep: Sleep, say: Callable[[str], None]
) -> int:
    """See `main`; the result is one line for `say`."""
    key = settings.provider_key
    if key is None:
        say("research: none configured (PERPLEXITY_API_KEY), nothing was called")
        return 0
    outbound = create_outbound(
        (PROVIDER,),
        replicas=1,
        clock=clock,
        sleep=sleep,
        rng=random.Random(),  # noqa: S311  jitter
        registry=CollectorRegistry(),
    )
    started = clock.monotonic()
    asking = Asking(started + _DEADLINE_S, nobodys("smoke"))
    async with create_client() as client:
        agent = create_agent(settings, key, client, outbound, clock=clock, sleep=sleep)
        try:
            answer = await CompanyResearcher(agent).ask(_QUESTION, asking)
        except OutboundError as error:
            result, is_well = f"FAILED ({error})", False
        else:
            findings = len(answer.value.research.findings)
            found = f"{findings} findings with sources" if findings else "nothing citable found"
            result, is_well = f"ok, {found}", True
    seconds = clock.monotonic() - started
    say(f"research {settings.provider_name}: {result}, {seconds:.1f} s; {_cost(asking)}")
    return 0 if is_well else 1


def _cost(asking: Asking) -> str:
    if not asking.bill:
        return "no bill"
    costs = [usage.cost_usd for usage in asking.bill]
    known = sum(cost for cost in costs if cost is not None)
    tokens = sum(u.input_tokens + u.output_tokens for u in asking.bill)
    said = "price unknown" if None in costs else f"{known:.6f} USD"
    return f"{len(costs)} answers, {tokens} tokens, {said}"


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
