"""An operator's commands."""

import sys
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from gateway_svc import outbox
from gateway_svc.account.limits import budget_of, set_limits
from gateway_svc.account.reserving import BudgetPolicy, hold, keep
from gateway_svc.account.schemas import BudgetPeriod
from gateway_svc.database import UNREACHABLE, Connection, Pool
from gateway_svc.jobs.accept import first_command
from gateway_svc.jobs.event_store import append, lock, update
from gateway_svc.jobs.model import JobRow, Status
from gateway_svc.jobs.projection import fold, new_row
from gateway_svc.settings import GatewaySettings
from resume_contracts.costs import micro_usd
from resume_contracts.facts import Facts
from resume_contracts.messages import JobAccepted, JobRedriven, job_event_adapter
from resume_contracts.workflows import Engine
from resume_messaging.core.build import outgoing_command
from resume_runtime.clock import SystemClock
from resume_runtime.database import create_asyncpg_pool
from resume_runtime.ids import uuid7
from resume_runtime.process import StartupError

BATCH = 200

#: The most that a limit may be, in USD.
MOST_USD = 1_000_000

_PAGE = """
    select id from gateway.jobs where ($1::uuid is null or id > $1) order by id limit $2
"""
#: A history that has had its time has no beginning, and what is left of it folds to nothing.
_WHOLE = """
    select e.job_id from gateway.job_events e where e.job_id = any($1::uuid[]) and e.seq = 1
"""
_HISTORY = "select body from gateway.job_events where job_id = any($1::uuid[]) order by job_id, seq"
_FACTS = "select facts from gateway.jobs where id = $1"
_READ_AGAIN = """
    update gateway.resumes r set state = 'parsing'
      from gateway.jobs j where j.id = $1 and r.id = j.resume_id and r.state = 'failed'
"""


class NotRedrivableError(Exception):
    """The job is not there, still runs, or was completed."""


async def rebuild(settings: GatewaySettings) -> None:
    """Fold every job anew from its history, and say how many rows differed."""
    async with await _pool(settings) as pool:
        seen, changed = await rebuild_projection(pool)
    sys.stdout.write(f"{seen} jobs folded, {changed} rows differed\n")


async def redrive(settings: GatewaySettings, job: str) -> None:
    """Start the next run of a job that failed or was cancelled."""
    async with await _pool(settings) as pool:
        try:
            run = await redrive_job(
                pool,
                UUID(job),
                now=SystemClock().now(),
                deadline=timedelta(seconds=settings.job_deadline_s),
                budgets=settings.budgets,
            )
        except (NotRedrivableError, ValueError) as error:
            raise StartupError(f"cannot redrive: {error}") from error
    sys.stdout.write(f"run {run} is on its way\n")


async def budget(settings: GatewaySettings, user: str, limits: Sequence[str] = ()) -> None:
    """Show a user's budget, after giving them limits of their own if there are any.

    `limits` are USD for a day and for a month: `0` is no limit, `-` that of the settings.
    """
    try:
        user_id, own = UUID(user), [_micro_usd(limit) for limit in limits]
    except ValueError:
        raise StartupError("give a user's id, and limits such as 0.50, 0 or -") from None
    async with await _pool(settings) as pool:
        if own:
            await set_limits(pool, user_id, own[0], own[1])
        now = SystemClock().now()
        found = await budget_of(pool, user_id, settings.budgets.limits, now)
    for name, period in (("day", found.day), ("month", found.month)):
        sys.stdout.write(f"{name}: {_stands(period)}\n")


def _micro_usd(limit: str) -> int | None:
    if limit == "-":
        return None
    usd = float(limit)
    if not 0 <= usd <= MOST_USD:
        raise ValueError(limit)
    return micro_usd(usd)


def _stands(period: BudgetPeriod | None) -> str:
    if period is None:
        return "no limit"
    return (
        f"{period.limit_usd:.6f} USD; spent {period.spent_usd:.6f}, "
        f"reserved {period.reserved_usd:.6f}, left {period.left_usd:.6f} "
        f"until {period.resets_at:%Y-%m-%d %H:%M} UTC"
    )


async def rebuild_projection(pool: Pool) -> tuple[int, int]:
    """Fold all jobs anew whose history is whole, a page at a time.

    Returns how many there were and how many differed.
    """
    last: UUID | None = None
    seen = changed = 0
    while True:
        ids = [record["id"] for record in await pool.fetch(_PAGE, last, BATCH)]
        if not ids:
            return seen, changed
        async with pool.acquire() as connection, connection.transaction():
            whole = [record["job_id"] for record in await connection.fetch(_WHOLE, ids)]
            rows = await lock(connection, whole)
            anew = [row for row in await _folded(connection, whole) if row != rows.get(row.id)]
            await update(connection, anew)
        last, seen, changed = ids[-1], seen + len(rows), changed + len(anew)


async def redrive_job(
    pool: Pool,
    job_id: UUID,
    *,
    now: datetime,
    deadline: timedelta,
    budgets: BudgetPolicy | None = None,
) -> int:
    """Append `JobRedriven` and put the first command into the outbox; returns the new run.

    It may spend what its user's budget has left for it, be it nothing: it is not refused for that.

    Raises:
        NotRedrivableError: the job is not there, still runs, or was completed.
    """
    async with pool.acquire() as connection, connection.transaction():
        row = (await lock(connection, [job_id])).get(job_id)
        if row is None:
            raise NotRedrivableError("there is no such job")
        if not row.is_over or row.status is Status.COMPLETED:
            raise NotRedrivableError(f"the job is {row.status}")
        event = JobRedriven(
            job_id=row.id,
            run=row.run + 1,
            user_id=row.user_id,
            workflow=row.workflow,
            occurred_at=now,
            slip=row.slip,
            deadline=now + deadline,
        )
        await append(connection, [event], new_id=uuid7)
        await connection.execute(_READ_AGAIN, job_id)
        facts = Facts.model_validate(await connection.fetchval(_FACTS, job_id))
        amount = await _reserve(connection, event, facts, budgets or BudgetPolicy())
        command = first_command(event, facts, budget=amount)
        await outbox.add(connection, row.user_id, [outgoing_command(command)])
    return event.run


async def _reserve(
    connection: Connection, event: JobRedriven, facts: Facts, budgets: BudgetPolicy
) -> int | None:
    need = budgets.estimate(event.slip, facts)
    held = await hold(connection, event.user_id, budgets.limits, event.occurred_at)
    if not need or not held.limits.is_set:
        return None
    amount = held.grant(need, Engine.AUTO)
    await keep(connection, held, event.job_id, event.run, amount)
    return amount


async def _folded(connection: Connection, ids: list[UUID]) -> list[JobRow]:
    rows: dict[UUID, JobRow] = {}
    for record in await connection.fetch(_HISTORY, ids):
        event = job_event_adapter.validate_python(record["body"])
        if isinstance(event, JobAccepted):
            rows[event.job_id] = new_row(event)
        else:
            rows[event.job_id] = fold(rows[event.job_id], [event])
    return list(rows.values())


async def _pool(settings: GatewaySettings) -> Any:
    try:
        return await create_asyncpg_pool(settings.database_url, 1, 2)
    except UNREACHABLE as error:
        raise StartupError(f"DATABASE_URL: cannot connect: {type(error).__name__}") from error
