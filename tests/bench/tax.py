"""Part a: what a job takes beyond its providers, at several arrival rates."""

import asyncio
import random
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx2
from tests.bench import ours
from tests.bench.completions import Completions, listening
from tests.bench.contender import Contender, Running
from tests.bench.peers.celery_peer import CeleryPeer
from tests.bench.peers.common import STAGES
from tests.bench.peers.pgqueue import PostgresQueue
from tests.bench.processes import Meter
from tests.bench.settings import TAX_P50, TAX_P99, TURN_S, Tax
from tests.bench.site import Place, Site
from tests.bench.statistics import paired_ratios, percentile, spread

Say = Callable[[str], None]

#: The same arrivals for everybody: open loop, exponential gaps, so that nobody is waited for.
SEED = 20261128
WORKERS = 40
CELERY_THREADS = 20
DIRECT = "direct function call"
#: The routes whose stand-ins are slowed down.
PROVIDER_ROUTES = ("openai.chat", "openai.responses", "perplexity.responses")


@dataclass(slots=True)
class Row:
    """All turns of one contender: for each rate, turn by turn, the tax of every job in ms."""

    name: str
    durability: str
    turns: dict[int, list[list[float]]] = field(default_factory=lambda: defaultdict(list))
    machine: dict[int, list[float]] = field(default_factory=lambda: defaultdict(list))
    others: list[float] = field(default_factory=list)

    def at(self, rate: int, share: float) -> float:
        """A percentile over the jobs of all turns."""
        return percentile([ms for turn in self.turns[rate] for ms in turn], share)

    def medians(self, rate: int) -> list[float]:
        """The median of each turn."""
        return [percentile(turn, 0.5) for turn in self.turns[rate]]


@dataclass(frozen=True, slots=True)
class Entered:
    """A contender with its place."""

    contender: Contender
    place: Place
    row: Row


def contenders(settings: Tax) -> list[Contender]:
    """Everybody but the direct call, in the order of their turns."""
    wait = settings.provider_ms
    return [
        ours.orchestration(wait),
        ours.product(dict.fromkeys(PROVIDER_ROUTES, wait)),
        CeleryPeer("threads", CELERY_THREADS, wait),
        PostgresQueue(WORKERS, 50, wait),
        PostgresQueue(WORKERS, 1000, wait),
    ]


async def measure(site: Site, settings: Tax, say: Say) -> list[Row]:
    """Let everybody have their turns, round by round."""
    entered = [
        Entered(each, await each.prepare(site), Row(each.name, each.durability))
        for each in contenders(settings)
    ]
    direct = Row(DIRECT, "nothing: it is gone with its process")
    for number in range(settings.pairs):
        await _direct(direct, settings)
        for each in entered:
            await take_turn(site, each, settings)
            said = ", ".join(
                f"{rate}/s {percentile(turns[-1], 0.5):.1f}"
                for rate, turns in each.row.turns.items()
            )
            say(f"  {number + 1}/{settings.pairs} {each.row.name:<42} p50 in ms: {said}")
    return [*(each.row for each in entered), direct]


async def take_turn(site: Site, each: Entered, settings: Tax) -> None:
    """One turn in fresh processes: warm up, then each rate."""
    contender, place = each.contender, each.place
    async with listening(place.database_url) as heard, contender.running(place) as running:
        for _ in range(settings.warm_up):
            await running.submit()
        await heard.wait(settings.warm_up, within=TURN_S)
        for rate, jobs in settings.load:
            heard.forget()
            meter = Meter({**site.processes, **running.processes})
            submitted = await _arrive(running, rate, jobs)
            await heard.wait(jobs, within=TURN_S)
            used = meter.read()
            each.row.machine[rate].append(used.machine)
            each.row.others.append(used.others)
            provider_ms = await _provider_ms(contender, submitted, settings)
            each.row.turns[rate].append(_taxes(submitted, heard, provider_ms))


async def _arrive(running: Running, rate: int, jobs: int) -> dict[str, float]:
    """Submit jobs at random moments, `rate` a second on average; when each was submitted."""
    rng = random.Random(SEED + rate)
    submitted: dict[str, float] = {}

    async def one() -> None:
        began = time.perf_counter()
        submitted[await running.submit()] = began

    due = time.perf_counter()
    async with asyncio.TaskGroup() as group:
        for _ in range(jobs):
            due += rng.expovariate(rate)
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            group.create_task(one())
    return submitted


def _taxes(
    submitted: dict[str, float], heard: Completions, provider_ms: dict[str, float]
) -> list[float]:
    return [1000 * (heard.at[job] - began) - provider_ms[job] for job, began in submitted.items()]


async def _provider_ms(
    contender: Contender, submitted: dict[str, float], settings: Tax
) -> dict[str, float]:
    """How long each job's providers took: as scripted, or as the sandbox's ledger says."""
    if not isinstance(contender, ours.Ours) or not contender.has_sandbox:
        return dict.fromkeys(submitted, float(settings.provider_ms * len(STAGES)))
    url = contender.fleet.url("sandbox")
    async with httpx2.AsyncClient(base_url=url, trust_env=False) as client:
        calls = (await client.get("/_sandbox/ledger")).raise_for_status().json()["calls"]
    took = dict.fromkeys(submitted, 0.0)
    for call in calls:
        job = str(call["clientRequestId"]).partition("/")[0]
        if job in took:
            took[job] += call["durationMs"] or 0.0
    return took


async def _direct(row: Row, settings: Tax) -> None:
    """The same three waits, awaited in this process."""

    async def one() -> float:
        began = time.perf_counter()
        for _ in STAGES:
            await asyncio.sleep(settings.provider_ms / 1000)
        return 1000 * (time.perf_counter() - began) - settings.provider_ms * len(STAGES)

    async def arrive(rate: int, jobs: int) -> None:
        rng = random.Random(SEED + rate)
        tasks = []
        for _ in range(jobs):
            await asyncio.sleep(rng.expovariate(rate))
            tasks.append(asyncio.create_task(one()))
        row.turns[rate].append(list(await asyncio.gather(*tasks)))

    # It costs next to nothing, so the rates need not wait for each other.
    await asyncio.gather(*(arrive(rate, jobs) for rate, jobs in settings.load))


def table(rows: Sequence[Row]) -> tuple[list[str], list[list[str]]]:
    """Heads and cells of the report."""
    rates = list(rows[0].turns)
    reference, highest = rows[0], max(rates)
    heads = [""]
    for rate in rates:
        jobs = sum(len(turn) for turn in reference.turns[rate])
        heads += [f"p50 ms at {rate}/s", f"p99 ms at {rate}/s (of {jobs})"]
    heads += [f"our orchestration ÷ it, p50 at {highest}/s", f"machine at {highest}/s"]
    body = []
    for row in rows:
        cells = [row.name]
        for rate in rates:
            cells += [spread(row.medians(rate)).show(1), f"{row.at(rate, 0.99):.1f}"]
        ratio = paired_ratios(reference.medians(highest), row.medians(highest)).show(2)
        machine = row.machine.get(highest)
        cells.append("" if row is reference or row.name == DIRECT else f"{ratio} ×")
        cells.append(f"{spread(machine).median:.0f} %" if machine else "")
        body.append(cells)
    return heads, body


def verdicts(rows: Sequence[Row]) -> list[str]:
    """Each target with what came of it."""
    highest = max(rows[0].turns)
    said = []
    for row in rows[:2]:
        machine = spread(row.machine[highest]).median
        for target, share in ((TAX_P50, 0.5), (TAX_P99, 0.99)):
            value = row.at(highest, share)
            said.append(
                f"{target.name}, {row.name}: {value:.1f} ms, {target.verdict(value)}; "
                f"machine {machine:.0f} % busy"
            )
    return said


def others(rows: Sequence[Row]) -> list[float]:
    """Percent of the machine that somebody else used, turn by turn."""
    return [percent for row in rows for percent in row.others]


def data(rows: Sequence[Row]) -> list[dict[str, Any]]:
    """Everything, for the JSON report."""
    return [
        {
            "name": row.name,
            "durability": row.durability,
            "tax_ms": {str(rate): turns for rate, turns in row.turns.items()},
            "machine": {str(rate): busy for rate, busy in row.machine.items()},
            "others": row.others,
        }
        for row in rows
    ]
