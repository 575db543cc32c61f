"""Part c: jobs a second with providers that answer at once, and what a job costs."""

import asyncio
import statistics
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from tests.bench import ours
from tests.bench.completions import listening
from tests.bench.contender import Contender, Running
from tests.bench.peers.celery_peer import CeleryPeer
from tests.bench.peers.dramatiq_peer import DramatiqPeer
from tests.bench.peers.handwritten import Handwritten
from tests.bench.peers.pgqueue import PostgresQueue
from tests.bench.peers.taskiq_peer import TaskiqPeer
from tests.bench.processes import Meter, Used
from tests.bench.settings import OF_CELERY, OF_HANDWRITTEN, TURN_S, Throughput
from tests.bench.site import Place, Site
from tests.bench.statistics import paired_ratios, spread

Say = Callable[[str], None]

#: Percent of its limit at which a part, or the machine, counts as saturated.
SATURATED = 85.0


@dataclass(frozen=True, slots=True)
class Turn:
    """One turn of one contender."""

    jobs_per_s: float
    cpu_ms: dict[str, float]
    cores: dict[str, float]
    machine: float
    others: float


@dataclass(slots=True)
class Row:
    """All turns of one contender."""

    name: str
    durability: str
    turns: list[Turn] = field(default_factory=list)

    @property
    def rates(self) -> list[float]:
        """Jobs a second, turn by turn."""
        return [turn.jobs_per_s for turn in self.turns]

    @property
    def cpu_ms(self) -> float:
        """CPU milliseconds a job, all parts together."""
        return statistics.median(sum(turn.cpu_ms.values()) for turn in self.turns)

    def part_ms(self) -> dict[str, float]:
        """CPU milliseconds a job of each part, the most expensive first."""
        names = {name for turn in self.turns for name in turn.cpu_ms}
        parts = {
            name: statistics.median(turn.cpu_ms.get(name, 0.0) for turn in self.turns)
            for name in names
        }
        return dict(sorted(parts.items(), key=lambda part: -part[1]))

    def saturated(self) -> str:
        """What held it back."""
        machine = statistics.median(turn.machine for turn in self.turns)
        if machine >= SATURATED:
            others = statistics.median(turn.others for turn in self.turns)
            return f"the machine ({machine:.0f} %, {others:.0f} of it somebody else's)"
        name = next(iter(self.part_ms()))
        busiest = statistics.median(turn.cores.get(name, 0.0) for turn in self.turns)
        if busiest >= SATURATED:
            return f"{name} ({busiest:.0f} % of a core)"
        return f"nothing (machine {machine:.0f} %, {name} {busiest:.0f} % of a core): it waits"


def contenders() -> list[Contender]:
    """Everybody, in the order of their turns."""
    return [
        ours.messaging(),
        Handwritten(),
        CeleryPeer("solo", 1),
        CeleryPeer("threads", 4),
        DramatiqPeer(),
        TaskiqPeer(),
        PostgresQueue(workers=100, poll_ms=50),
        ours.product(),
    ]


async def measure(site: Site, settings: Throughput, say: Say) -> list[Row]:
    """Let everybody have their turns, round by round."""
    entered = [(each, await each.prepare(site)) for each in contenders()]
    rows = [Row(each.name, each.durability) for each, _ in entered]
    for number in range(settings.pairs):
        for (contender, place), row in zip(entered, rows, strict=True):
            turn = await take_turn(site, contender, place, settings)
            row.turns.append(turn)
            say(f"  {number + 1}/{settings.pairs} {row.name:<34} {turn.jobs_per_s:7.1f} jobs/s")
    return rows


async def take_turn(site: Site, contender: Contender, place: Place, settings: Throughput) -> Turn:
    """One turn in fresh processes: warm up, then time a burst from first submit to last commit."""
    jobs = settings.few if contender.is_slow else settings.jobs
    async with listening(place.database_url) as heard, contender.running(place) as running:
        await _burst(running, settings.warm_up)
        await heard.wait(settings.warm_up, within=TURN_S)
        heard.forget()
        meter = Meter({**site.processes, **running.processes})
        await _burst(running, jobs)
        await heard.wait(jobs, within=TURN_S)
        return _turn(meter.read(), jobs)


async def _burst(running: Running, count: int) -> None:
    async with asyncio.timeout(TURN_S):
        await running.submit_many(count)


def _turn(used: Used, jobs: int) -> Turn:
    cpu_ms = {name: 1000 * seconds / jobs for name, seconds in used.cpu.items()}
    return Turn(jobs / used.seconds, cpu_ms, used.cores(), used.machine, used.others)


def table(rows: Sequence[Row]) -> tuple[list[str], list[list[str]]]:
    """Heads and cells of the report."""
    reference = rows[0]
    body = [
        [
            row.name,
            spread(row.rates).show(),
            "" if row is reference else f"{paired_ratios(reference.rates, row.rates).show(2)} ×",
            f"{row.cpu_ms:.2f}",
            row.saturated(),
            row.durability,
        ]
        for row in rows
    ]
    heads = ["", "jobs/s", "our messaging ÷ it", "CPU-ms/job", "what saturates", "what it keeps"]
    return heads, body


def cost_table(rows: Sequence[Row]) -> tuple[list[str], list[list[str]]]:
    """Where the CPU time of a job goes, part by part."""
    body = [
        [row.name, ", ".join(f"{name} {ms:.2f}" for name, ms in row.part_ms().items())]
        for row in rows
    ]
    return ["", "CPU-ms a job, by part"], body


def verdicts(rows: Sequence[Row]) -> list[str]:
    """Each target with what came of it."""
    by_name = {row.name: row for row in rows}
    reference = rows[0]
    said = []
    for target, names in ((OF_HANDWRITTEN, "hand-written"), (OF_CELERY, "Celery")):
        found = [row for name, row in by_name.items() if name.startswith(names)]
        if found:
            best = max(found, key=lambda row: statistics.median(row.rates))
            ratio = paired_ratios(reference.rates, best.rates)
            said.append(
                f"{target.name}: {ratio.show(2)} {target.verdict(ratio.median)}; "
                f"saturated: {reference.saturated()}"
            )
    return said


def others(rows: Sequence[Row]) -> list[float]:
    """Percent of the machine that somebody else used, turn by turn."""
    return [turn.others for row in rows for turn in row.turns]


def data(rows: Sequence[Row]) -> list[dict[str, Any]]:
    """Everything, for the JSON report."""
    return [{**asdict(row), "cpu_ms_by_part": row.part_ms()} for row in rows]
