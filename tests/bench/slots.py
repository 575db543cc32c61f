"""Part b: how much of the provider's slots tailor-svc uses, and that it never takes more."""

import asyncio
import math
import random
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

import asyncpg
import httpx2
from tests.bench.client import EdgeClient, sample_order
from tests.bench.completions import listening
from tests.bench.contender import submit_all
from tests.bench.fleet import Fleet, FleetSettings
from tests.bench.ours import OverHttp
from tests.bench.processes import Meter
from tests.bench.settings import TURN_S, UTILISATION, Slots
from tests.bench.site import Place, Site
from tests.bench.statistics import spread

from resume_launcher.supervisor import table as launcher

Say = Callable[[str], None]

#: Deliveries that the processes have in hand beyond their slots, at most: towards the end of a
#: burst one process may have some to spare while another has none.
IN_HAND = 16
Z95 = 1.6449
_READY = """
    select count(*) from gateway.job_events
     where kind = 'stage.succeeded' and body->>'stage' = 'research.company'
"""


class TooFewCallsError(Exception):
    """So few calls were made that they say nothing of the slots."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One burst.

    Attributes:
        slots: what the processes may take in all, by their shares.
        used_percent: of these slots' time.
        most: the most calls at once, by the sandbox's ledger.
        calls: paid for.
        again: all calls of those jobs that took more than one, as the ledger has them: the last
            number of a request's id tells a second attempt from a call that was paid twice.
        seconds: how long was looked at.
        machine: percent of all cores that were busy.
        others: percent that somebody else used.
    """

    slots: int
    used_percent: float
    most: int
    calls: int
    again: list[dict[str, Any]]
    seconds: float
    machine: float
    others: float


@dataclass(slots=True)
class Row:
    """All turns with one number of replicas."""

    replicas: int
    limit: int
    turns: list[Turn] = field(default_factory=list)

    @property
    def used(self) -> list[float]:
        """Percent of the slots' time that was used, turn by turn."""
        return [turn.used_percent for turn in self.turns]

    @property
    def most(self) -> int:
        """The most calls at once, ever."""
        return max(turn.most for turn in self.turns)


@dataclass(frozen=True, slots=True)
class Call:
    """One call of the ledger, in seconds."""

    start: float
    end: float


def latencies(settings: Slots) -> list[float]:
    """Seconds that the model takes, call by call: lognormal, the same in every run."""
    rng = random.Random(settings.seed)
    mu = math.log(settings.p50_ms / 1000)
    sigma = math.log(settings.p95_ms / settings.p50_ms) / Z95
    return [rng.lognormvariate(mu, sigma) for _ in range(settings.draws)]


def utilisation(calls: Sequence[Call], slots: int) -> tuple[float, float]:
    """Percent of the slots' time used, and the seconds looked at.

    From the call that comes when all slots have been taken twice to the last one that came while
    more were waiting than the processes had in hand.

    Raises:
        TooFewCallsError: nothing is left between the two.
    """
    if len(calls) <= 2 * slots + IN_HAND:
        raise TooFewCallsError(f"{len(calls)} calls are too few for {slots} slots")
    ordered = sorted(calls, key=lambda call: call.start)
    began, ended = ordered[2 * slots].start, ordered[-IN_HAND].start
    used = sum(max(0.0, min(c.end, ended) - max(c.start, began)) for c in ordered)
    return 100 * used / (slots * (ended - began)), ended - began


async def measure(site: Site, settings: Slots, say: Say) -> list[Row]:
    """Each number of replicas in turn."""
    rows = [Row(replicas, settings.limit) for replicas in settings.replicas]
    fleets = []
    for row in rows:
        name = f"slots_{row.replicas}"
        place = await site.place(name)
        fleet = Fleet(site, name, place, launcher.ROWS, FleetSettings(), copies=row.replicas)
        await fleet.migrate()
        fleets.append((fleet, place))
    for number in range(settings.pairs):
        for row, (fleet, place) in zip(rows, fleets, strict=True):
            turn = await take_turn(site, fleet, place, row.replicas, settings)
            row.turns.append(turn)
            say(
                f"  {number + 1}/{settings.pairs} {row.replicas} replicas: {turn.used_percent:.1f} "
                f"% of {turn.slots} slots over {turn.seconds:.0f} s, at most {turn.most} at once"
            )
    return rows


async def take_turn(site: Site, fleet: Fleet, place: Place, replicas: int, settings: Slots) -> Turn:
    """Fill the tailor's queue, then start the tailor and let it work that off."""
    others = [row.name for row in launcher.ROWS if row.name != "tailor"]
    url = fleet.url("sandbox")
    async with (
        listening(place.database_url) as heard,
        fleet.running(*others),
        EdgeClient.signed_up(fleet.url("gateway-api")) as client,
        httpx2.AsyncClient(base_url=url, trust_env=False) as sandbox,
    ):
        await client.add_resume(sample_order())
        before = await _waiting(place)
        await submit_all(OverHttp(fleet, client), settings.jobs)
        async with asyncio.timeout(TURN_S):
            while await _waiting(place) < before + settings.jobs:
                await asyncio.sleep(0.2)
        await _script(sandbox, settings)
        async with fleet.running("tailor"):
            meter = Meter({**site.processes, **fleet.processes})
            await heard.wait(settings.jobs, within=TURN_S)
            used = meter.read()
        ledger = await sandbox.get("/_sandbox/ledger", params={"provider": "openai"})
    document = ledger.raise_for_status().json()
    # A tailor that starts also asks which models there are.
    asked = [each for each in document["calls"] if each["route"] == "openai.chat"]
    calls = [_call(each) for each in asked]
    slots = settings.limit // replicas * replicas
    percent, seconds = utilisation(calls, slots)
    most = int(document["maxConcurrency"]["openai"])
    return Turn(
        slots=slots,
        used_percent=percent,
        most=most,
        calls=len(calls),
        again=_repeated(asked),
        seconds=seconds,
        machine=used.machine,
        others=used.others,
    )


async def _script(sandbox: httpx2.AsyncClient, settings: Slots) -> None:
    steps = [{"kind": "hang", "seconds": round(seconds, 4)} for seconds in latencies(settings)]
    script = {"route": "openai.chat", "script": steps, "forSeconds": TURN_S * 2}
    (await sandbox.put("/_sandbox/faults", json=script)).raise_for_status()


async def _waiting(place: Place) -> int:
    connection = await asyncpg.connect(place.database_url)
    try:
        return int(await connection.fetchval(_READY))
    finally:
        await connection.close()


def _repeated(entries: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The calls of jobs that were called for more than once."""
    jobs = [str(each["clientRequestId"]).partition("/")[0] for each in entries]
    count = Counter(jobs)
    kept = ("clientRequestId", "start", "durationMs", "status", "state", "billed")
    return [
        {key: entry[key] for key in kept}
        for entry, job in zip(entries, jobs, strict=True)
        if count[job] > 1
    ]


def _call(entry: dict[str, Any]) -> Call:
    start = datetime.fromisoformat(entry["start"]).timestamp()
    return Call(start, start + float(entry["durationMs"]) / 1000)


def table(rows: Sequence[Row]) -> tuple[list[str], list[list[str]]]:
    """Heads and cells of the report."""
    heads = [
        "replicas", "slots by their shares", "of their time used, %", "of the fleet's limit, %",
        "most calls at once", "limit", "calls (of jobs called for again)", "machine",
    ]  # fmt: skip
    body = []
    for row in rows:
        slots = row.turns[0].slots
        of_limit = [used * slots / row.limit for used in row.used]
        body.append(
            [
                str(row.replicas),
                str(slots),
                spread(row.used).show(1),
                spread(of_limit).show(1),
                str(row.most),
                str(row.limit),
                f"{sum(t.calls for t in row.turns)} ({sum(len(t.again) for t in row.turns)})",
                f"{spread([turn.machine for turn in row.turns]).median:.0f} %",
            ]
        )
    return heads, body


def verdicts(rows: Sequence[Row]) -> list[str]:
    """Each target with what came of it."""
    said = []
    for row in rows:
        used = spread(row.used)
        kept = "never passed" if row.most <= row.limit else f"PASSED: {row.most}"
        machine = spread([turn.machine for turn in row.turns]).median
        said.append(
            f"{UTILISATION.name}, {row.replicas} replicas: {used.show(1)} %, "
            f"{UTILISATION.verdict(used.median)}; limit {row.limit} {kept}; "
            f"machine {machine:.0f} % busy"
        )
    return said


def others(rows: Sequence[Row]) -> list[float]:
    """Percent of the machine that somebody else used, turn by turn."""
    return [turn.others for row in rows for turn in row.turns]


def data(rows: Sequence[Row]) -> list[dict[str, Any]]:
    """Everything, for the JSON report."""
    return [asdict(row) for row in rows]
