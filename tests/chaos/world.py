"""What a fault run does: orders the same jobs of both builds, waits for their end, counts."""

import asyncio
import json
import time
import uuid
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import asyncpg
from tests.chaos.ledger import NAIVE, OURS, Ledger, wasted_usd
from tests.chaos.naive.fleet import NaiveFleet
from tests.chaos.processes import CLOSED, Tailors
from tests.chaos.report import Row, record
from tests.system.conftest import SAMPLES, Person

#: The fleet's limit of concurrent calls (playbook 3.2).
LIMIT = 10
#: After our jobs are over the naive build may still work on its own for so long.
NAIVE_DRAIN_S = 15.0
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_STATES = "select id, status, error, updated_at, deadline_at from gateway.jobs where id = any($1)"
_BURNT = """
    select count(*) from gateway.job_events
     where job_id = any($1) and kind = 'stage.retrying' and occurred_at > $2
"""


@dataclass
class World:
    """Both builds, and the jobs ordered of them."""

    person: Person
    database: asyncpg.Connection
    ledger: Ledger
    tailors: Tailors
    naive: NaiveFleet
    jobs: list[UUID] = field(default_factory=list)
    began: float = 0.0

    async def calm(self) -> None:
        """Have every circuit closed, then forget all calls: what an earlier fault left is over."""
        async with asyncio.timeout(90):
            while any(v.circuit != CLOSED for v in (await self.tailors.read()).values()):
                await self.order(6, naive=False)
                await self.ended()
        await self.naive.warm_up()
        await self.ledger.reset()
        await self.ledger.answer_after(200)
        self.jobs.clear()
        self.began = time.monotonic()

    async def order(self, count: int, *, engine: str = "model", naive: bool = True) -> list[UUID]:
        """Order so many jobs at once; each of a posting of its own, so that none is known."""
        made = await asyncio.gather(*(self._order(engine) for _ in range(count)))
        self.jobs += made
        if naive:
            await self.naive.order(count)
        return list(made)

    async def keep_ordering(self, *, per_second: float, seconds: float) -> None:
        """Order one job after another at an even rate, whatever becomes of them."""
        begin = time.monotonic()
        for n in range(int(per_second * seconds)):
            await asyncio.sleep(max(0.0, begin + n / per_second - time.monotonic()))
            await self.order(1)

    async def status(self, job: UUID) -> dict[str, Any]:
        """A job as its person sees it."""
        response = await self.person.http.get(f"/api/tailor/job/{job}")
        body: dict[str, Any] = response.raise_for_status().json()
        return body

    async def ended(self, *, within: float = 150) -> dict[UUID, asyncpg.Record]:
        """Wait until all jobs are over."""
        async with asyncio.timeout(within):
            while True:
                rows = await self.database.fetch(_STATES, self.jobs)
                if all(row["status"] not in {"pending", "processing"} for row in rows):
                    return {row["id"]: row for row in rows}
                await asyncio.sleep(0.3)

    async def burnt(self, since: datetime = EPOCH) -> int:
        """Attempts at a stage that failed and were counted."""
        count: int = await self.database.fetchval(_BURNT, self.jobs, since)
        return count

    async def account(
        self, fault: str, what: str, *, trips: dict[str, int], within: float = 150, **notes: Any
    ) -> Row:
        """Wait for the end of all jobs, and put both builds into the report."""
        states = await self.ended(within=within)
        seconds = round(time.monotonic() - self.began, 1)
        done = {str(job) for job, row in states.items() if row["status"] == "completed"}
        codes = Counter(json.loads(r["error"])["code"] for r in states.values() if r["error"])
        calls = await self.ledger.calls(OURS)
        ours = Row(
            fault=fault,
            what=what,
            build="ours",
            jobs=len(self.jobs),
            completed=len(done),
            calls=len(calls),
            calls_failed=sum(call.fault is not None for call in calls),
            burnt=await self.burnt(),
            wasted_usd=round(wasted_usd(calls, done), 5),
            most_at_once=await self.ledger.most_at_once(OURS),
            seconds=seconds,
            notes={"trips": trips, **notes} | ({"errors": dict(codes)} if codes else {}),
        )
        record(ours)
        await self._account_naive(fault, what)
        assert ours.most_at_once <= LIMIT
        return ours

    async def _account_naive(self, fault: str, what: str) -> None:
        if not self.naive.ordered:
            return
        await self.naive.drain(NAIVE_DRAIN_S)
        calls = await self.ledger.calls(NAIVE)
        ordered, done = self.naive.ordered, self.naive.done
        record(
            Row(
                fault=fault,
                what=what,
                build="naive",
                jobs=len(ordered),
                completed=len(done),
                calls=len(calls),
                calls_failed=sum(call.fault is not None for call in calls),
                # It gives every delivery one attempt: what is not done has burnt it.
                burnt=len(ordered) - len(done),
                wasted_usd=round(wasted_usd(calls, done), 5),
                most_at_once=await self.ledger.most_at_once(NAIVE),
                seconds=round(time.monotonic() - self.began, 1),
                notes={},
            )
        )

    async def _order(self, engine: str) -> UUID:
        # The title is what the model is told of a posting beside its requirements.
        title, rest = (SAMPLES / "posting.txt").read_text().split("\n", maxsplit=1)
        text = f"{title} ({uuid.uuid4()})\n{rest}"
        response = await self.person.order(jobText=text, options={"engine": engine})
        assert response.status_code == 202, response.text
        return UUID(response.json()["jobId"])
