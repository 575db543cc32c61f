"""Reads of jobs and results; each names the owner, so that another user's job is not there."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg

from gateway_svc.database import Connection, Pool
from gateway_svc.jobs.model import JobRow, Status
from gateway_svc.jobs.rows import PROJECTED, row_from
from gateway_svc.jobs.wording import ProviderWait
from resume_contracts.messages import ProviderStateKind, Usage
from resume_contracts.workflows import Engine, Workflow

_COLUMNS = ", ".join(f"j.{column.strip()}" for column in PROJECTED.split(","))

#: Document and receipt only when the reader does not know this version yet.
_STATUS = f"""
    select {_COLUMNS}, j.engine, j.posting_id, j.resume_confirmed,
           r.id as result_id, r.created_at as result_at,
           case when j.version <> $4 then r.document end as document,
           case when j.version <> $4 and j.ended_by is not null then coalesce(
             (select jsonb_agg(to_jsonb(u) order by u.run, u.occurred_at)
                from gateway.usage u where u.job_id = j.id), '[]') end as spent,
           case when j.version <> $4 and j.ended_by is not null then
             (select sum(r.charged) from gateway.reservations r where r.job_id = j.id)::bigint
             end as charged,
           (select jsonb_agg(to_jsonb(p)) from gateway.provider_states p
             where p.state <> 'closed' and j.ended_by is null) as blocked
      from gateway.jobs j
      left join gateway.results r on r.event_id = j.ended_by
     where j.id = $1 and j.user_id = $2 and j.workflow = $3
"""  # noqa: S608  the columns are constants

_JOBS = f"""
    select {_COLUMNS}, j.engine, j.posting_id, j.resume_confirmed,
           r.id as result_id, r.created_at as result_at,
           null::jsonb as document, null::jsonb as spent, null::bigint as charged,
           (select jsonb_agg(to_jsonb(p)) from gateway.provider_states p
             where p.state <> 'closed' and j.ended_by is null) as blocked
      from gateway.jobs j
      left join gateway.results r on r.event_id = j.ended_by
     where j.user_id = $1 and j.workflow = $2
       and ($3::text is null or j.status = $3) and ($4::uuid is null or j.id < $4)
     order by j.id desc limit $5
"""  # noqa: S608  the columns are constants

_RESUME_OF = "select resume_id from gateway.jobs where id = $1 and user_id = $2"

_OF_RESULT = """
    r.id, r.job_id, r.product, j.resume_id, j.resume_version, j.resume_confirmed, j.posting_id,
    j.tailored_id, r.version, r.degraded, r.superseded, r.created_at
"""

_RESULTS = f"""
    select {_OF_RESULT}, null::jsonb as document
      from gateway.results r join gateway.jobs j on j.id = r.job_id
     where r.user_id = $1 and r.product = $2 and ($3::uuid is null or r.id < $3)
       and ($5::uuid is null or j.posting_id = $5)
     order by r.id desc limit $4
"""  # noqa: S608  the columns are constants

_RESULTS_FOR = f"""
    select {_OF_RESULT}, null::jsonb as document
      from gateway.jobs j join gateway.results r on r.job_id = j.id
     where j.user_id = $1 and j.posting_id = $2 and j.workflow <> 'capture_posting'
     order by r.id desc limit $3
"""  # noqa: S608  the columns are constants

_RESULT = f"""
    select {_OF_RESULT}, r.document || coalesce(r.decided, '{{}}') as document
      from gateway.results r join gateway.jobs j on j.id = r.job_id
     where r.id = $1 and r.user_id = $2 and r.product = $3
"""  # noqa: S608  the columns are constants

_DELETE_RESULT = """
    with gone as (
        delete from gateway.results where id = $1 and user_id = $2 and product = $3
        returning id),
    unnamed as (
        update gateway.jobs set tailored_id = null
         where user_id = $2 and tailored_id in (select id from gone))
    select 1 from gone
"""


@dataclass(frozen=True, slots=True)
class StoredResult:
    """A result as it stands; `document` is None where only the list was asked for."""

    id: UUID
    job_id: UUID
    product: Workflow
    resume_id: UUID | None
    resume_version: int | None
    resume_confirmed: bool | None
    posting_id: UUID | None
    tailored_id: UUID | None
    version: int
    degraded: bool
    superseded: bool
    created_at: datetime
    document: dict[str, Any] | None


@dataclass(frozen=True, slots=True)
class JobView:
    """A job as one read found it; `spent` is None where it was not asked for.

    `charged` is what its user's budget bears of it (micro-USD); None without a budget.
    """

    row: JobRow
    engine: Engine
    blocked: tuple[ProviderWait, ...]
    posting_id: UUID | None
    resume_confirmed: bool | None
    result_id: UUID | None
    result: dict[str, Any] | None
    spent: tuple[Usage, ...] | None = None
    charged: int | None = None


class JobStore:
    """One statement per read."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def read(
        self,
        job_id: UUID,
        user_id: UUID,
        workflow: Workflow,
        *,
        known: int = 0,
        connection: Connection | None = None,
    ) -> JobView | None:
        """A user's job, without its result when `known` is its version."""
        source = connection or self._pool
        record = await source.fetchrow(_STATUS, job_id, user_id, workflow.value, known)
        return None if record is None else _view(record)

    async def resume_of(self, job_id: UUID, user_id: UUID) -> UUID | None:
        """The resume that a user's job reads or fills."""
        resume_id: UUID | None = await self._pool.fetchval(_RESUME_OF, job_id, user_id)
        return resume_id

    async def jobs(
        self,
        user_id: UUID,
        workflow: Workflow,
        *,
        status: Status | None,
        before: UUID | None,
        limit: int,
    ) -> list[JobView]:
        """A user's jobs, newest first, without results."""
        records = await self._pool.fetch(
            _JOBS, user_id, workflow.value, None if status is None else status.value, before, limit
        )
        return [_view(record) for record in records]

    async def results(
        self,
        user_id: UUID,
        product: Workflow,
        *,
        before: UUID | None,
        limit: int,
        posting_id: UUID | None = None,
    ) -> list[StoredResult]:
        """A user's results, of all postings or of one, newest first, without their documents."""
        records = await self._pool.fetch(
            _RESULTS, user_id, product.value, before, limit, posting_id
        )
        return [_result(record) for record in records]

    async def result(
        self, result_id: UUID, user_id: UUID, product: Workflow
    ) -> StoredResult | None:
        """One result with its document."""
        record = await self._pool.fetchrow(_RESULT, result_id, user_id, product.value)
        return None if record is None else _result(record)

    async def results_for(
        self, user_id: UUID, posting_id: UUID, *, limit: int
    ) -> list[StoredResult]:
        """What was made for a stored posting, newest first, without the documents."""
        records = await self._pool.fetch(_RESULTS_FOR, user_id, posting_id, limit)
        return [_result(record) for record in records]

    async def delete_result(self, result_id: UUID, user_id: UUID, product: Workflow) -> bool:
        """Delete one result; False when the user has none such."""
        deleted = await self._pool.fetchval(_DELETE_RESULT, result_id, user_id, product.value)
        return deleted is not None


def _view(record: asyncpg.Record) -> JobView:
    spent = record["spent"]
    return JobView(
        row=row_from(record),
        engine=Engine(record["engine"]),
        blocked=tuple(_wait(state) for state in record["blocked"] or ()),
        posting_id=record["posting_id"],
        resume_confirmed=record["resume_confirmed"],
        result_id=record["result_id"],
        result=record["document"],
        spent=None if spent is None else tuple(map(Usage.model_validate, spent)),
        charged=record["charged"],
    )


def _wait(state: Mapping[str, Any]) -> ProviderWait:
    until = state["until"]
    return ProviderWait(
        provider=state["provider"],
        state=ProviderStateKind(state["state"]),
        until=None if until is None else datetime.fromisoformat(until),
        occurred_at=datetime.fromisoformat(state["occurred_at"]),
    )


def _result(record: asyncpg.Record) -> StoredResult:
    return StoredResult(
        id=record["id"],
        job_id=record["job_id"],
        product=Workflow(record["product"]),
        resume_id=record["resume_id"],
        resume_version=record["resume_version"],
        resume_confirmed=record["resume_confirmed"],
        posting_id=record["posting_id"],
        tailored_id=record["tailored_id"],
        version=record["version"],
        degraded=record["degraded"],
        superseded=record["superseded"],
        created_at=record["created_at"],
        document=record["document"],
    )
