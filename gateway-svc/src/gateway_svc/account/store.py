"""Sums over `gateway.usage`, by user and time."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg

from gateway_svc.account.schemas import (
    DIGITS,
    DaySpent,
    JobsSpent,
    MonthSpent,
    ProductSpent,
    ProviderSpent,
)
from gateway_svc.database import Pool

#: Sums over lines of `gateway.usage`, by the names of `JobsSpent`.
FIGURES = """
    count(distinct job_id) as jobs,
    coalesce(sum(calls), 0)::bigint as calls,
    coalesce(sum(input_tokens), 0)::bigint as input_tokens,
    coalesce(sum(cached_input_tokens), 0)::bigint as cached_input_tokens,
    coalesce(sum(output_tokens), 0)::bigint as output_tokens,
    coalesce(sum(credits), 0)::bigint as credits,
    coalesce(sum(cost_usd), 0) as cost_usd,
    coalesce(sum(calls) filter (where cost_usd is null), 0)::bigint as unpriced_calls,
    coalesce(sum(cached_answers), 0)::bigint as cached_answers,
    coalesce(sum(saved_tokens), 0)::bigint as saved_tokens,
    coalesce(sum(saved_usd), 0) as saved_usd
"""

_SUMS = f"""
    select provider, product, day, {FIGURES}
      from (select u.*, (occurred_at at time zone 'UTC')::date as day from gateway.usage u
             where user_id = $1 and occurred_at >= $2 and occurred_at < $3) u
     group by grouping sets ((), (provider), (product), (day))
     order by provider, product, day
"""  # noqa: S608  the columns are constants

_MONTHS = f"""
    select month, {FIGURES}
      from (select u.*, to_char(occurred_at at time zone 'UTC', 'YYYY-MM') as month
              from gateway.usage u
             where user_id = $1 and occurred_at >= $2 and occurred_at < $3) u
     group by month order by month desc
"""  # noqa: S608  the columns are constants


@dataclass(slots=True)
class Sums:
    """What a user's jobs cost, in all and apart."""

    total: JobsSpent = field(default_factory=JobsSpent)
    by_provider: list[ProviderSpent] = field(default_factory=list)
    by_product: list[ProductSpent] = field(default_factory=list)
    by_day: list[DaySpent] = field(default_factory=list)


async def usage_between(pool: Pool, user_id: UUID, start: datetime, end: datetime) -> Sums:
    """What a user's jobs cost; `end` is not included."""
    found = Sums()
    for row in await pool.fetch(_SUMS, user_id, start, end):
        figures = _figures(row)
        if row["provider"] is not None:
            found.by_provider.append(ProviderSpent(**figures, provider=row["provider"]))
        elif row["product"] is not None:
            found.by_product.append(ProductSpent(**figures, product=row["product"]))
        elif row["day"] is not None:
            found.by_day.append(DaySpent(**figures, day=row["day"]))
        else:
            found.total = JobsSpent(**figures)
    return found


async def months_between(
    pool: Pool, user_id: UUID, start: datetime, end: datetime
) -> list[MonthSpent]:
    """The months in which anything was spent or spared, the latest first."""
    records = await pool.fetch(_MONTHS, user_id, start, end)
    return [MonthSpent(**_figures(row), month=row["month"]) for row in records]


def _figures(row: asyncpg.Record) -> dict[str, Any]:
    figures = {name: row[name] for name in JobsSpent.model_fields}
    for name in ("cost_usd", "saved_usd"):
        figures[name] = round(figures[name], DIGITS)
    return figures
