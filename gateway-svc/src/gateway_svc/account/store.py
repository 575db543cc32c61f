"""Sums over `gateway.usage`, by user and time."""

from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg

from gateway_svc.account.schemas import (
    DIGITS,
    JobsSpent,
    ProductSpent,
    ProviderSpent,
)
from gateway_svc.database import Pool

_SUMS = """
    select provider, product, count(distinct job_id) as jobs,
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
      from gateway.usage
     where user_id = $1 and occurred_at >= $2 and occurred_at < $3
     group by grouping sets ((), (provider), (product))
     order by provider, product
"""

Sums = tuple[JobsSpent, list[ProviderSpent], list[ProductSpent]]


async def usage_between(pool: Pool, user_id: UUID, start: datetime, end: datetime) -> Sums:
    """What a user's jobs cost in all, by provider and by product; `end` is not included."""
    total, providers, products = JobsSpent(), [], []
    for row in await pool.fetch(_SUMS, user_id, start, end):
        sums = _sums(row)
        if row["provider"] is not None:
            providers.append(ProviderSpent(**sums, provider=row["provider"]))
        elif row["product"] is not None:
            products.append(ProductSpent(**sums, product=row["product"]))
        else:
            total = JobsSpent(**sums)
    return total, providers, products


def _sums(row: asyncpg.Record) -> dict[str, Any]:
    sums = {name: row[name] for name in JobsSpent.model_fields}
    for name in ("cost_usd", "saved_usd"):
        sums[name] = round(sums[name], DIGITS)
    return sums
