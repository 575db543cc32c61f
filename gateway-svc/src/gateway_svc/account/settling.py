"""What follows for its user's account when a run is over: the charge, and the quota given back.

The charge of a run is a function of its bill and of how it ended, so however often, and in whatever
order, its facts come, the account holds it once.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import datetime
from uuid import UUID

import asyncpg

from gateway_svc.account.reserving import PURSE, purse_from, purse_values
from gateway_svc.database import Connection
from gateway_svc.jobs.event_store import Appended
from gateway_svc.jobs.model import START, JobRow, Status
from resume_contracts.costs import charged
from resume_contracts.errors import FAULTS
from resume_contracts.messages import Usage

_RUNS = """
    select r.job_id, r.run, r.user_id, r.day, r.reserved, r.charged, r.settled, r.forgiven,
           coalesce((select jsonb_agg(to_jsonb(u)) from gateway.usage u
                      where u.job_id = r.job_id and u.run = r.run), '[]') as spent
      from unnest($1::uuid[], $2::int[]) as e (job_id, run)
      join gateway.reservations r using (job_id, run)
"""

#: Rows of budgets are always locked in the order of their users.
_PURSES = f"""
    select user_id, {PURSE} from gateway.budgets
     where user_id = any($1::uuid[]) order by user_id for update
"""  # noqa: S608  the columns are constants

_CHARGE = """
    update gateway.reservations r
       set settled = true, charged = c.charged, forgiven = c.forgiven
      from unnest($1::uuid[], $2::int[], $3::bigint[], $4::bool[])
           as c (job_id, run, charged, forgiven)
     where r.job_id = c.job_id and r.run = c.run
"""

_WRITE = """
    update gateway.budgets b
       set day = c.day, day_reserved = c.day_reserved, day_spent = c.day_spent,
           month = c.month, month_reserved = c.month_reserved, month_spent = c.month_spent
      from unnest($1::uuid[], $2::date[], $3::bigint[], $4::bigint[], $5::date[], $6::bigint[],
                  $7::bigint[])
           as c (user_id, day, day_reserved, day_spent, month, month_reserved, month_spent)
     where b.user_id = c.user_id
"""

#: Once: a later run's failure gives nothing back again.
_RETURN = """
    update gateway.jobs set quota_returned_at = $2
     where id = any($1::uuid[]) and quota_returned_at is null
"""

Run = tuple[UUID, int]


async def settle(connection: Connection, appended: Appended, *, now: datetime) -> None:
    """Charge what ended or was billed late, and give quotas back, in the caller's transaction."""
    ended = {(row.id, row.run): is_forgiven(row) for row in appended.ended}
    late = [run for run in appended.billed if run not in ended and _is_over(appended.rows, run)]
    if ended or late:
        await _charge(connection, ended, [*ended, *late], now)
    returned = [row.id for row in appended.ended if returns_quota(row)]
    if returned:
        await connection.execute(_RETURN, returned, now)


def is_forgiven(row: JobRow) -> bool:
    """Whether what the run cost is not charged: it failed, and not by its user."""
    return row.error is not None and FAULTS[row.error.code].is_forgiven


def returns_quota(row: JobRow) -> bool:
    """Whether the order is not counted: it failed by no fault of the input, or never began."""
    if row.status is Status.CANCELLED:
        return row.position == START
    return row.error is not None and FAULTS[row.error.code].returns_quota


def _is_over(rows: Mapping[UUID, JobRow], run: Run) -> bool:
    row = rows[run[0]]
    return run[1] < row.run or row.is_over


async def _charge(
    connection: Connection, ended: Mapping[Run, bool], runs: Collection[Run], now: datetime
) -> None:
    records = await connection.fetch(_RUNS, *map(list, zip(*runs, strict=True)))
    if not records:
        return
    by_user: dict[UUID, list[asyncpg.Record]] = defaultdict(list)
    charges: list[tuple[UUID, int, int, bool]] = []
    for record in records:
        by_user[record["user_id"]].append(record)
        forgiven = ended.get((record["job_id"], record["run"]), record["forgiven"])
        charges.append((record["job_id"], record["run"], _cost(record, forgiven), forgiven))
    amounts = {(job_id, run): amount for job_id, run, amount, _ in charges}
    purses = []
    for held in await connection.fetch(_PURSES, list(by_user)):
        purse = purse_from(held, now.date())
        for record in by_user[held["user_id"]]:
            purse = purse.settle(
                record["day"],
                reserved=0 if record["settled"] else record["reserved"],
                charged=amounts[record["job_id"], record["run"]] - record["charged"],
            )
        purses.append((held["user_id"], *purse_values(purse)))
    await connection.execute(_CHARGE, *map(list, zip(*charges, strict=True)))
    await connection.execute(_WRITE, *map(list, zip(*purses, strict=True)))


def _cost(record: asyncpg.Record, forgiven: bool) -> int:  # noqa: FBT001  a column's value
    return 0 if forgiven else charged(map(Usage.model_validate, record["spent"]))
