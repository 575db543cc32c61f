"""Part d, the edge: status reads and submits a second, beside a bare FastAPI route."""

import secrets
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import Any

import httpx2
from tests.bench.client import EdgeClient, sample_order
from tests.bench.contender import Command, python_module, spawned
from tests.bench.fleet import EDGE, Fleet, FleetSettings, product_rows
from tests.bench.peers.bare_api import ROUTE
from tests.bench.processes import Meter
from tests.bench.settings import READS, SUBMITS, Edge
from tests.bench.site import Place, Site
from tests.bench.statistics import paired_ratios, spread
from tests.bench.waiting import until
from tests.bench.wrk import Request, requests_per_second

from resume_launcher.ports import free_port
from resume_launcher.supervisor.managed import is_ready

Say = Callable[[str], None]

BARE, READ, SUBMIT = "bare FastAPI route", "status read", "submit"


@dataclass(slots=True)
class Row:
    """One kind of request, turn by turn."""

    name: str
    rates: list[float] = field(default_factory=list)
    cores: list[dict[str, float]] = field(default_factory=list)
    machine: list[float] = field(default_factory=list)
    others: list[float] = field(default_factory=list)

    def busiest(self) -> str:
        """Which part had the most to do."""
        parts = {
            name: spread([turn.get(name, 0.0) for turn in self.cores]).median
            for name in self.cores[0]
        }
        name = max(parts, key=lambda part: parts[part])
        return f"{name} ({parts[name]:.0f} % of a core)"


@dataclass(frozen=True, slots=True)
class Target:
    """Where to send what."""

    row: Row
    url: str
    requests: Sequence[Request]


async def measure(site: Site, settings: Edge, say: Say) -> list[Row]:
    """The three kinds in turn, round by round; the edge alone, with nothing behind it at work."""
    name = f"edge_{secrets.token_hex(4)}"
    place = await site.place(name)
    fleet = Fleet(site, name, place, product_rows(*EDGE), FleetSettings())
    await fleet.migrate()
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(fleet.running())
        port, bare = await _bare(stack, site, fleet, place)
        targets = await _targets(stack, fleet, f"http://127.0.0.1:{port}", settings)
        for target in targets:
            await requests_per_second(target.url, target.requests, settings, site.folder)
        for number in range(settings.pairs):
            for target in targets:
                meter = Meter({**site.processes, **fleet.processes, "bare route": bare})
                rate = await requests_per_second(target.url, target.requests, settings, site.folder)
                used = meter.read()
                target.row.rates.append(rate)
                target.row.cores.append(used.cores())
                target.row.machine.append(used.machine)
                target.row.others.append(used.others)
                say(f"  {number + 1}/{settings.pairs} {target.row.name:<20} {rate:8.0f} a second")
    return [target.row for target in targets]


async def _bare(stack: AsyncExitStack, site: Site, fleet: Fleet, place: Place) -> tuple[int, int]:
    """The bare route's port and process."""
    port = free_port()
    env = {
        "JWKS_URL": f"{fleet.url('auth')}/auth/v1/.well-known/jwks.json",
        "ISSUER": f"{fleet.url('gateway-api')}/auth/v1",
    }
    command = Command("bare", python_module("tests.bench.peers.bare_api", str(port)), env)
    processes = await stack.enter_async_context(spawned([command], place, logs=site.folder))
    async with httpx2.AsyncClient(trust_env=False) as client:

        async def ready() -> bool:
            return await is_ready(client, f"http://127.0.0.1:{port}/openapi.json")

        await until(ready, within=30)
    return port, processes["bare"]


async def _targets(
    stack: AsyncExitStack, fleet: Fleet, bare_url: str, settings: Edge
) -> list[Target]:
    api = fleet.url("gateway-api")
    bare: list[Request] = []
    reads: list[Request] = []
    submits: list[Request] = []
    for _ in range(settings.users):
        client = await stack.enter_async_context(EdgeClient.signed_up(api))
        await client.add_resume(sample_order())
        headers = {"Authorization": f"Bearer {client.token}"}
        job = await client.order()
        bare.append(Request("GET", f"{ROUTE}/{job}", headers))
        reads.append(Request("GET", f"/api/tailor/job/{job}", headers))
        headers = {**headers, "Content-Type": "application/json"}
        submits.append(Request("POST", "/api/tailor/tailor-async", headers, client.body()))
    return [
        Target(Row(BARE), bare_url, bare),
        Target(Row(READ), api, reads),
        Target(Row(SUBMIT), api, submits),
    ]


def table(rows: Sequence[Row]) -> tuple[list[str], list[list[str]]]:
    """Heads and cells of the report."""
    heads = ["", "a second", "÷ bare route", "busiest part"]
    bare = rows[0]
    body = [
        [
            row.name,
            spread(row.rates).show(),
            "" if row is bare else f"{paired_ratios(row.rates, bare.rates).show(3)} ×",
            row.busiest(),
        ]
        for row in rows
    ]
    return heads, body


def verdicts(rows: Sequence[Row]) -> list[str]:
    """Each target with what came of it."""
    bare, read, submit = rows
    said = []
    for target, row in ((READS, read), (SUBMITS, submit)):
        ratio = paired_ratios(row.rates, bare.rates)
        said.append(
            f"{target.name}: {ratio.show(3)} ×, {target.verdict(ratio.median)}; "
            f"saturated: {row.busiest()}"
        )
    return said


def others(rows: Sequence[Row]) -> list[float]:
    """Percent of the machine that somebody else used, wrk included, turn by turn."""
    return [percent for row in rows for percent in row.others]


def data(rows: Sequence[Row]) -> list[dict[str, Any]]:
    """Everything, for the JSON report."""
    return [
        {"name": row.name, "per_second": row.rates, "cores": row.cores, "others": row.others}
        for row in rows
    ]
