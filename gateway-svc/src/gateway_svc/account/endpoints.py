"""`GET /api/account/usage`."""

from datetime import UTC, datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Query

from gateway_svc.account.limits import budget_of
from gateway_svc.account.schemas import AccountUsage
from gateway_svc.account.store import months_between, usage_between
from gateway_svc.edge import EdgeDep
from gateway_svc.identity.dependencies import CurrentUser, counted
from gateway_svc.ratelimit import Kind

router = APIRouter(prefix="/api/account", tags=["account"])

Month = Annotated[
    str | None,
    Query(pattern=r"^20\d{2}-(0[1-9]|1[0-2])$", description="`YYYY-MM`, UTC; now's by default."),
]


@router.get("/usage", dependencies=[Depends(counted(Kind.READS))])
async def usage(user: CurrentUser, edge: EdgeDep, month: Month = None) -> AccountUsage:
    """Calls, tokens and cost of one month, by provider, product and day; what was spared, too.

    With what the caller may still spend and order.
    """
    now = edge.clock.now()
    start, end = _bounds(month, now)
    sums = await usage_between(edge.pool, user.user_id, start, end)
    return AccountUsage(
        month=f"{start:%Y-%m}",
        total=sums.total,
        by_provider=sums.by_provider,
        by_product=sums.by_product,
        by_day=sums.by_day,
        months=await months_between(edge.pool, user.user_id, _a_year_back(start), end),
        budget=await budget_of(edge.pool, user.user_id, edge.budgets.limits, now),
        quotas=await edge.quotas.states(user.user_id),
    )


def _a_year_back(start: datetime) -> datetime:
    """The first moment of the eleventh month before."""
    months = start.year * 12 + start.month - 12
    return start.replace(year=months // 12, month=months % 12 + 1)


def _bounds(month: str | None, now: datetime) -> tuple[datetime, datetime]:
    """The first moment of a month, and of the next."""
    year, number = (now.year, now.month) if month is None else map(int, month.split("-"))
    start = datetime(year, number, 1, tzinfo=UTC)
    return start, (start + timedelta(days=32)).replace(day=1)
