"""`python -m tailor_svc smoke`: one cheap real call to each configured endpoint, and its cost."""

import asyncio
import random
import sys
from collections.abc import Callable
from typing import Final
from uuid import UUID

from prometheus_client import CollectorRegistry
from pydantic import Field

from resume_contracts.messages import Usage
from resume_core.model import Resume
from resume_core.requirements import extract_requirements
from resume_core.skills import load_catalog
from resume_core.tailoring import PostingView
from resume_messaging.core.attempt import nobodys
from resume_outbound.errors import OutboundError
from resume_runtime.clock import Clock, Sleep, SystemClock, system_sleep
from resume_runtime.logging import configure_logging
from resume_runtime.settings import load_settings
from tailor_svc.bootstrap import open_models
from tailor_svc.handlers import Assignment
from tailor_svc.openai import OpenAIEndpoint
from tailor_svc.ports import Asking, RefusedByModelError
from tailor_svc.settings import TailorSettings

_DEADLINE_S: Final = 100.0
#: An invented person: nobody's resume leaves the machine.
_RESUME: Final = {
    "basics": {"name": "Ada Example", "label": "Engineer"},
    "work": [
        {
            "id": "work-1",
            "name": "Example Ltd",
            "position": "Engineer",
            "startDate": "2021-03",
            "highlights": ["Built the order service in Python with PostgreSQL."],
        }
    ],
    "skills": [{"id": "skills-1", "name": "Languages", "keywords": ["Python"]}],
}
_POSTING: Final = PostingView(
    title="Backend Engineer", text="Requirements\n- Python\n- PostgreSQL\n"
)


class SmokeSettings(TailorSettings):
    """The service's settings; the two servers are not asked for, since none is used."""

    database_url: str = Field(default="postgresql://unused/unused")
    amqp_url: str = Field(default="amqp://unused/unused")


def main() -> int:
    """Call every configured endpoint once; 0 when all answered or none is configured."""
    settings = load_settings(SmokeSettings)
    configure_logging("tailor", "WARNING")
    return asyncio.run(smoke(settings, SystemClock(), system_sleep, _say))


async def smoke(
    settings: TailorSettings, clock: Clock, sleep: Sleep, say: Callable[[str], None]
) -> int:
    """See `main`; each endpoint's result is one line for `say`."""
    is_well = True
    async with open_models(
        settings,
        clock=clock,
        sleep=sleep,
        rng=random.Random(),  # noqa: S311  jitter
        registry=CollectorRegistry(),
    ) as models:
        if not models.endpoints:
            say("model: none configured (OPENAI_API_KEY or MODEL_ENDPOINTS), nothing was called")
        for endpoint in models.endpoints:
            is_well &= await _call(endpoint, clock, say)
    return 0 if is_well else 1


async def _call(endpoint: OpenAIEndpoint, clock: Clock, say: Callable[[str], None]) -> bool:
    started, nobody = clock.monotonic(), UUID(int=0)
    asking = Asking(nobody, nobody, started + _DEADLINE_S, nobodys("smoke"))
    failure = ""
    try:
        reply = await endpoint.ask(_assignment().to_request(), asking)
    except RefusedByModelError:
        failure = "the model declined"
    except OutboundError as error:
        failure = str(error)
    seconds = clock.monotonic() - started
    result = f"FAILED ({failure})" if failure else f"ok, {len(reply.answer.changes)} changes"
    said = ", ".join(_cost(line) for line in asking.bill.lines)
    say(f"model {endpoint.name}: {result}, {endpoint.mode} mode, {seconds:.1f} s; {said}")
    return not failure


def _cost(usage: Usage) -> str:
    cost = "price unknown" if usage.cost_usd is None else f"{usage.cost_usd:.6f} USD"
    calls = "1 call" if usage.calls == 1 else f"{usage.calls} calls"
    tokens = f"{usage.input_tokens} tokens in ({usage.cached_input_tokens} cached)"
    return f"{usage.model}: {calls}, {tokens}, {usage.output_tokens} out, {cost}"


def _assignment() -> Assignment:
    requirements = extract_requirements(_POSTING.title, _POSTING.text, load_catalog())
    return Assignment(Resume.model_validate(_RESUME), _POSTING, requirements, None, None)


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
