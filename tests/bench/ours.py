"""Our own side, twice: the messaging with no-op handlers, and the whole product."""

import secrets
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import timedelta
from uuid import UUID

import httpx2
from tests.bench.client import EdgeClient, sample_order
from tests.bench.contender import Running, submit_all
from tests.bench.fleet import EDGE, JOBS, PIPELINE, Fleet, FleetSettings, noop_rows, product_rows
from tests.bench.settings import PAYLOAD
from tests.bench.site import Place, Site

from gateway_svc.jobs.accept import JobAcceptor, Order
from gateway_svc.origin import Origin
from resume_contracts.facts import BaseResume, Facts, Submission
from resume_contracts.workflows import Workflow
from resume_launcher.supervisor import table
from resume_runtime.clock import SystemClock
from resume_runtime.database import create_asyncpg_pool
from resume_runtime.ids import uuid7

DURABILITY = (
    "job row, event and outbox row in one statement; persistent, mandatory, confirmed messages "
    "on quorum queues; memos claimed and stored before anything is published; history of events; "
    "redelivery pays nothing twice"
)


class AcceptedDirectly:
    """Jobs are accepted as the edge does it, without HTTP in front of it."""

    def __init__(self, fleet: Fleet, place: Place) -> None:
        self._fleet = fleet
        self._place = place
        self._acceptor = JobAcceptor(new_id=uuid7, deadline=timedelta(seconds=420))
        self._clock = SystemClock()
        self._user = uuid7()
        resume = BaseResume(resume_id=uuid7(), version=1, document={"text": "x" * PAYLOAD})
        self._order = Order(
            self._user,
            Workflow.TAILOR_RESUME,
            resume.resume_id,
            Facts(submission=Submission(job_text="x"), resume=resume),
        )

    @asynccontextmanager
    async def open(self) -> AsyncIterator["AcceptedDirectly"]:
        """Open what it submits through."""
        self._pool = await create_asyncpg_pool(self._place.database_url, 10, 10)
        async with self._pool:
            yield self

    @property
    def processes(self) -> Mapping[str, int]:
        """Its processes by name."""
        return self._fleet.processes

    async def submit(self) -> str:
        """Accept one job."""
        async with self._pool.acquire() as connection:
            job_id = await self._acceptor.accept(
                connection, self._order, now=self._clock.now(), origin=Origin()
            )
        return str(job_id)

    async def submit_many(self, count: int) -> None:
        """Submit a burst."""
        await submit_all(self, count)


class OverHttp:
    """Jobs are submitted to the edge, as clients do it."""

    def __init__(self, fleet: Fleet, client: EdgeClient) -> None:
        self._fleet = fleet
        self._client = client

    @property
    def processes(self) -> Mapping[str, int]:
        """Its processes by name."""
        return self._fleet.processes

    async def submit(self) -> str:
        """Order one tailored resume."""
        return str(UUID(await self._client.order()))

    async def submit_many(self, count: int) -> None:
        """Submit a burst."""
        await submit_all(self, count)


class Ours:
    """The system with some of its rows; see `messaging`, `orchestration` and `product`."""

    jobs_table = JOBS
    durability = DURABILITY

    def __init__(
        self,
        name: str,
        rows: tuple[table.Row, ...],
        settings: FleetSettings,
        *,
        over_http: bool,
        is_slow: bool = False,
        latency: Mapping[str, int] | None = None,
    ) -> None:
        self.name = name
        self.is_slow = is_slow
        self._rows = rows
        self._settings = settings
        self._over_http = over_http
        self._latency = dict(latency or {})
        self._fleet: Fleet | None = None

    async def prepare(self, site: Site) -> Place:
        """Its database, with all tables."""
        short = f"ours_{secrets.token_hex(4)}"
        place = await site.place(short)
        self._fleet = Fleet(site, short, place, self._rows, self._settings)
        await self._fleet.migrate()
        return place

    @property
    def has_sandbox(self) -> bool:
        """Whether its providers are the sandbox, which keeps a ledger."""
        return any(row.name == "sandbox" for row in self._rows)

    @property
    def fleet(self) -> Fleet:
        """Its processes, once prepared."""
        if self._fleet is None:
            raise RuntimeError("not prepared")
        return self._fleet

    @asynccontextmanager
    async def running(self, place: Place) -> AsyncIterator[Running]:
        """Its processes, from start to end."""
        async with self.fleet.running():
            if not self._over_http:
                async with AcceptedDirectly(self.fleet, place).open() as direct:
                    yield direct
                return
            if self._latency:
                await set_latency(self.fleet.url("sandbox"), self._latency)
            async with EdgeClient.signed_up(self.fleet.url("gateway-api")) as client:
                await client.add_resume(sample_order())
                yield OverHttp(self.fleet, client)


async def set_latency(sandbox_url: str, latency: Mapping[str, int]) -> None:
    """How long the stand-ins of the providers take, by route."""
    async with httpx2.AsyncClient(base_url=sandbox_url, trust_env=False) as client:
        answer = await client.put("/_sandbox/latency", json=dict(latency))
        answer.raise_for_status()


#: Our logs in production are at INFO; the peers' workers are quiet, so the no-op rows are too.
QUIET = FleetSettings(log_level="WARNING")


def messaging() -> Ours:
    """Relay, stage shells, memos and projector around handlers that do nothing."""
    rows = (*product_rows(*PIPELINE), *noop_rows(0))
    return Ours("ours: messaging, no-op handlers", rows, QUIET, over_http=False)


def orchestration(provider_ms: int) -> Ours:
    """The real gateway and shells, around handlers that await the scripted provider."""
    rows = (*product_rows(*EDGE, *PIPELINE), *noop_rows(provider_ms))
    return Ours("ours: orchestration alone", rows, QUIET, over_http=True)


def product(latency: Mapping[str, int] | None = None) -> Ours:
    """Everything as it is, with the sandbox for its providers."""
    return Ours(
        "ours: whole product",
        table.ROWS,
        FleetSettings(),
        over_http=True,
        is_slow=True,
        latency=latency,
    )
