"""A user's own limits and where their budget stands: read by the user, set by the operator."""

from datetime import datetime
from uuid import UUID

from gateway_svc.account.budgets import Limits, Purse, Tally, ends_of
from gateway_svc.account.reserving import PURSE, purse_from
from gateway_svc.account.schemas import Budget, BudgetPeriod
from gateway_svc.database import Connection, Pool
from resume_contracts.costs import MICRO

_READ = f"""
    select day_limit, month_limit, {PURSE} from gateway.budgets where user_id = $1
"""  # noqa: S608  the columns are constants

_SET = """
    insert into gateway.budgets (user_id, day_limit, month_limit) values ($1, $2, $3)
    on conflict (user_id) do update
       set day_limit = excluded.day_limit, month_limit = excluded.month_limit
"""


async def budget_of(
    pool: Pool | Connection, user_id: UUID, defaults: Limits, now: datetime
) -> Budget:
    """A user's budget as it stands."""
    record = await pool.fetchrow(_READ, user_id)
    limits, purse = defaults, Purse.of(now.date())
    if record is not None:
        limits = defaults.overridden(record["day_limit"], record["month_limit"])
        purse = purse_from(record, now.date())
    day_ends, month_ends = ends_of(purse.day.start)
    return Budget(
        day=_period(purse.day, limits.day, day_ends),
        month=_period(purse.month, limits.month, month_ends),
    )


async def set_limits(pool: Pool, user_id: UUID, day: int | None, month: int | None) -> None:
    """Give a user limits of their own (micro-USD; 0: none; None: those of the settings)."""
    await pool.execute(_SET, user_id, day, month)


def _period(tally: Tally, limit: int, resets_at: datetime) -> BudgetPeriod | None:
    if not limit:
        return None
    return BudgetPeriod(
        limit_usd=limit / MICRO,
        spent_usd=tally.spent / MICRO,
        reserved_usd=tally.reserved / MICRO,
        left_usd=tally.left(limit) / MICRO,
        resets_at=resets_at,
    )
