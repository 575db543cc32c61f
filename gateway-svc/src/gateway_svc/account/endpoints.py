"""`GET /api/account/usage`."""

from datetime import UTC, datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Query

from gateway_svc.account.schemas import AccountUsage
from gateway_svc.account.store import usage_between
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
    """Calls, tokens and cost of one month, by provider and by product; what was spared, too."""
    start, end = _bounds(month, edge.clock.now())
    total, providers, products = await usage_between(edge.pool, user.user_id, start, end)
    return AccountUsage(
        month=f"{start:%Y-%m}", total=total, by_provider=providers, by_product=products
    )


def _bounds(month: str | None, now: datetime) -> tuple[datetime, datetime]:
    """The first moment of a month, and of the next."""
    year, number = (now.year, now.month) if month is None else map(int, month.split("-"))
    start = datetime(year, number, 1, tzinfo=UTC)
    return start, (start + timedelta(days=32)).replace(day=1)
