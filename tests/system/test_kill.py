"""`kill -9` of any one process under load: nothing is lost, and little is paid twice.

`make test-kill` (JOBS=200 by default); writes `build/reports/kill.json` and prints a line a run.
"""

import asyncio
import json
import os
import signal
import time
import uuid
from collections import Counter
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import httpx2
import pytest

from .conftest import ROOT, SAMPLES, Person, Sandbox, Stack

pytestmark = [pytest.mark.chaos, pytest.mark.timeout(600)]

JOBS = int(os.environ.get("JOBS", "200"))
CALL_MS = 200
#: Deliveries that a tailor process has in hand: the calls whose outcome may not be stored yet.
TAILOR_IN_HAND = 15
REPORT = ROOT / "build" / "reports" / "kill.json"
VICTIMS = (
    *("gateway-api", "gateway-projector", "gateway-relay", "auth"),
    *("extract", "research", "tailor", "rabbitmq", "postgres"),
)


@dataclass(frozen=True)
class Run:
    """What came of one run."""

    victim: str
    jobs: int
    states: dict[str, int]
    calls: int
    in_flight_at_kill: int
    paid_twice: int
    seconds: float


async def submit(person: Person, key: str, text: str) -> str:
    """Submit as a client does: the same key again while the edge is away; returns the job's id."""
    while True:
        try:
            response = await person.order(key=key, jobText=text)
            if response.status_code == 202:
                job_id: str = response.json()["jobId"]
                return job_id
            assert response.status_code in {409, 429, 500, 502, 503, 504}, response.text
        except httpx2.TransportError:
            pass
        await asyncio.sleep(0.2)


async def finished(person: Person, job_id: str) -> dict[str, Any]:
    """Poll as a client does, through whatever happens to the edge."""
    path = f"/api/tailor/job/{job_id}"
    while True:
        try:
            return await person.finished(path, within=450)
        except (httpx2.TransportError, AssertionError):
            await asyncio.sleep(0.5)


async def until_calls(sandbox: Sandbox, count: int) -> None:
    """Wait until the model was called so often."""
    while len(await sandbox.calls("openai")) < count:
        await asyncio.sleep(0.02)


@pytest.mark.parametrize("victim", VICTIMS)
async def test_kill(victim: str, stack: Stack, sandbox: Sandbox, person: Person) -> None:
    """All jobs end well; at most the calls not stored yet at the kill are paid twice."""
    text = (SAMPLES / "posting.txt").read_text()
    await sandbox.put("latency", {"openai.chat": CALL_MS})
    began = time.monotonic()
    slots = asyncio.Semaphore(20)

    async def one(n: int) -> dict[str, Any]:
        async with slots:
            # Each with a title of its own: the same question would be asked once only.
            job_id = await submit(person, uuid.uuid4().hex, f"{n}. {text}")
        return await finished(person, job_id)

    async with asyncio.timeout(560), asyncio.TaskGroup() as group:
        tasks = [group.create_task(one(n)) for n in range(JOBS)]
        await until_calls(sandbox, JOBS // 4)
        in_flight = sum(call["end"] is None for call in await sandbox.calls("openai"))
        os.kill(stack.pid(victim), signal.SIGKILL)
    statuses = [task.result() for task in tasks]
    run = await account(victim, sandbox, statuses, in_flight, time.monotonic() - began)
    report(run)
    assert run.states == {"completed": JOBS}
    assert run.paid_twice <= (TAILOR_IN_HAND if victim == "tailor" else 0)


async def account(
    victim: str,
    sandbox: Sandbox,
    statuses: list[dict[str, Any]],
    in_flight: int,
    seconds: float,
) -> Run:
    """Count what was paid for, job by job."""
    calls = Counter(
        str(call["clientRequestId"]).partition("/")[0] for call in await sandbox.calls("openai")
    )
    return Run(
        victim=victim,
        jobs=len(statuses),
        states=dict(Counter(status["status"] for status in statuses)),
        calls=calls.total(),
        in_flight_at_kill=in_flight,
        paid_twice=sum(count - 1 for count in calls.values()),
        seconds=round(seconds, 1),
    )


def report(run: Run) -> None:
    """Add a run to the report, and print it."""
    REPORT.parent.mkdir(parents=True, exist_ok=True)
    runs = json.loads(REPORT.read_text()) if Path(REPORT).exists() else []
    kept = [each for each in runs if each["victim"] != run.victim]
    REPORT.write_text(json.dumps([*kept, asdict(run)], indent=2))
    print(f"\n{run}")
