"""Ends what nobody ends."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import structlog
from prometheus_client import CollectorRegistry, Counter, Gauge

from gateway_svc import outbox
from gateway_svc.database import UNREACHABLE, Pool
from gateway_svc.jobs.commit import commit_facts
from resume_contracts.messages import ExpireDue
from resume_messaging.core.build import outgoing_event
from resume_runtime.clock import Clock, Sleep

log = structlog.get_logger()

EVERY_S = 5.0

#: After this time without an answer to `ExpireDue` the sweeper folds the end itself.
PATIENCE = timedelta(seconds=120)

#: Jobs that one round looks at.
ROUND = 200

#: The end of a run is asked for once (`swept_run`).
_DUE = """
    select j.id, j.run, j.user_id, j.deadline_at <= $2 as is_late
      from gateway.jobs j
     where j.ended_by is null and j.deadline_at <= $1
       and not exists (select from gateway.erased e where e.user_id = j.user_id)
       and (j.deadline_at <= $2 or j.swept_run is distinct from j.run)
     order by j.deadline_at limit $3
       for update of j skip locked
"""
_SWEPT = "update gateway.jobs set swept_run = run where id = any($1::uuid[])"

_UNFINISHED = """
    select status, count(*) as jobs from gateway.jobs where ended_by is null group by status
"""


class Sweeper:
    """Asks for the end of runs past their deadline; several at once do not get in each other's way.

    The asking goes through the outbox and the events' queue, behind whatever is already on its way
    there, so that a result which came in time is folded first.
    """

    def __init__(
        self,
        pool: Pool,
        *,
        new_id: Callable[[], UUID],
        clock: Clock,
        sleep: Sleep,
        registry: CollectorRegistry,
    ) -> None:
        self._pool = pool
        self._new_id = new_id
        self._clock = clock
        self._sleep = sleep
        self._expired = Counter(
            "sweeper_expired_total", "Runs past their deadline.", ("how",), registry=registry
        )
        self._queue = Gauge(
            "job_queue_depth", "Jobs that are not over.", ("status",), registry=registry
        )

    async def run(self) -> None:
        """Sweep for ever; cancelled when the process stops."""
        while True:
            try:
                await self.sweep()
                await self.measure()
            except UNREACHABLE as error:
                log.warning("sweeper.database_lost", error=type(error).__name__)
            await self._sleep(EVERY_S)

    async def sweep(self) -> None:
        """One round: ask for the end of what is due, end what stayed due for two minutes."""
        now = self._clock.now()
        async with self._pool.acquire() as connection, connection.transaction():
            due = await connection.fetch(_DUE, now, now - PATIENCE, ROUND)
            asked = [record for record in due if not record["is_late"]]
            for record in asked:
                request = ExpireDue(job_id=record["id"], run=record["run"], occurred_at=now)
                await outbox.add(connection, record["user_id"], [outgoing_event(request)])
            await connection.execute(_SWEPT, [record["id"] for record in asked])
            late = [
                ExpireDue(job_id=record["id"], run=record["run"], occurred_at=now)
                for record in due
                if record["is_late"]
            ]
            if late:
                await commit_facts(connection, late, new_id=self._new_id, now=now)
        self._expired.labels("asked").inc(len(asked))
        self._expired.labels("folded").inc(len(late))

    async def measure(self) -> None:
        """Count the jobs that are not over (`job_queue_depth`)."""
        found = {r["status"]: r["jobs"] for r in await self._pool.fetch(_UNFINISHED)}
        for status in ("pending", "processing"):
            self._queue.labels(status).set(found.get(status, 0))
