"""Setting money aside for a run before it begins: one row's lock decides who comes first."""

from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

import asyncpg

from gateway_svc.account.budgets import Limits, Purse, Tally, ends_of
from gateway_svc.account.errors import budget_exhausted
from gateway_svc.database import Connection
from resume_contracts import costs
from resume_contracts.facts import Facts
from resume_contracts.workflows import Engine

#: The columns a purse is made of.
PURSE = "day, day_reserved, day_spent, month, month_reserved, month_spent"

#: Locks the user's row, which is made if there is none, until the transaction ends.
_HOLD = f"""
    insert into gateway.budgets (user_id) values ($1)
    on conflict (user_id) do update set user_id = excluded.user_id
    returning day_limit, month_limit, {PURSE}
"""  # noqa: S608  the columns are constants

_KEEP = """
    with reservation as (
        insert into gateway.reservations (job_id, run, user_id, day, reserved)
        values ($1, $2, $3, $4, $5))
    update gateway.budgets
       set day = $6, day_reserved = $7, day_spent = $8,
           month = $9, month_reserved = $10, month_spent = $11
     where user_id = $3
"""


@dataclass(frozen=True, slots=True)
class BudgetPolicy:
    """What users may spend unless they have limits of their own.

    `factor` makes reservations larger for models that are dearer than the table's.
    """

    limits: Limits = field(default_factory=Limits)
    factor: float = 1.0

    def estimate(self, slip: tuple[str, ...], facts: Facts) -> int:
        """Micro-USD that a job may come to; 0: it pays nobody."""
        submission = facts.submission
        amount = costs.estimate(
            slip, submission.options.engine, has_address=submission.job_url is not None
        )
        return round(amount * self.factor)


@dataclass(frozen=True, slots=True)
class Held:
    """A user's budget under its row's lock."""

    user_id: UUID
    limits: Limits
    purse: Purse

    def grant(self, need: int, engine: Engine) -> int:
        """What a run gets: all it may need, or what is left.

        Raises:
            ProblemError: 402 when only a model will do and it is not covered.
        """
        left = self.purse.left(self.limits)
        if left is None or left >= need:
            return need
        if engine is Engine.MODEL:
            raise budget_exhausted(self._renewed_at(need))
        return left

    def _renewed_at(self, need: int) -> datetime:
        day_ends, month_ends = ends_of(self.purse.day.start)
        is_month = bool(self.limits.month) and self.purse.month.left(self.limits.month) < need
        return month_ends if is_month else day_ends


async def hold(connection: Connection, user_id: UUID, defaults: Limits, now: datetime) -> Held:
    """Lock a user's budget in the caller's transaction."""
    record = await connection.fetchrow(_HOLD, user_id)
    if record is None:
        raise AssertionError("an upsert returns its row")
    return Held(
        user_id,
        defaults.overridden(record["day_limit"], record["month_limit"]),
        purse_from(record, now.date()),
    )


async def keep(connection: Connection, held: Held, job_id: UUID, run: int, amount: int) -> None:
    """Write down what a run got, in the transaction that holds the budget."""
    purse = held.purse.reserve(amount)
    await connection.execute(
        _KEEP, job_id, run, held.user_id, purse.day.start, amount, *purse_values(purse)
    )


def purse_from(record: asyncpg.Record, today: date) -> Purse:
    """The purse of a record with the `PURSE` columns, as it is today."""
    if record["day"] is None:
        return Purse.of(today)
    return Purse(
        Tally(record["day"], record["day_reserved"], record["day_spent"]),
        Tally(record["month"], record["month_reserved"], record["month_spent"]),
    ).at(today)


def purse_values(purse: Purse) -> tuple[date, int, int, date, int, int]:
    """The values of the `PURSE` columns."""
    day, month = purse.day, purse.month
    return day.start, day.reserved, day.spent, month.start, month.reserved, month.spent
