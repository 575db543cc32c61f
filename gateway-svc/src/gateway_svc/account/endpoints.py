"""`/api/account`: what was spent, and everything we hold as one archive."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Response

from gateway_svc.account.export import MEDIA_TYPE, ArchiveResponse
from gateway_svc.account.limits import budget_of
from gateway_svc.account.profile import profile
from gateway_svc.account.schemas import AccountUsage
from gateway_svc.account.store import months_between, usage_between
from gateway_svc.account.zipping import Pieces
from gateway_svc.database import UNREACHABLE
from gateway_svc.edge import EdgeDep
from gateway_svc.identity.dependencies import Credentials, CurrentUser, counted
from gateway_svc.ratelimit import Kind
from resume_runtime.errors import ProblemError

router = APIRouter(prefix="/api/account", tags=["account"])

Month = Annotated[
    str | None,
    Query(pattern=r"^20\d{2}-(0[1-9]|1[0-2])$", description="`YYYY-MM`, UTC; now's by default."),
]

ARCHIVE: dict[int | str, dict[str, Any]] = {
    200: {"description": "A ZIP archive.", "content": {MEDIA_TYPE: {}}}
}


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


@router.get(
    "/export",
    dependencies=[Depends(counted(Kind.EXPORTS))],
    response_class=Response,
    responses=ARCHIVE,
)
async def export(user: CurrentUser, edge: EdgeDep, credentials: Credentials) -> Response:
    """Everything we hold of the account as one ZIP archive; its `manifest.json` comes last.

    An archive without its end is not whole: the connection was lost, or the account erased.
    """
    token = credentials.credentials if credentials is not None else ""

    @asynccontextmanager
    async def opened() -> AsyncIterator[Pieces]:
        is_sent = False
        try:
            told = await profile(edge.http, edge.auth_url, user, token)
            async with edge.exporter.open(
                user.user_id,
                told,
                lambda: edge.revocations.is_revoked(user.session_id, user.user_id),
            ) as pieces:
                is_sent = True
                yield pieces
        except (ProblemError, *UNREACHABLE):
            if not is_sent:
                edge.limiter.give_back(user.user_id, Kind.EXPORTS)
            raise

    return ArchiveResponse(opened(), f"account-{edge.clock.now():%Y-%m-%d}.zip")


def _a_year_back(start: datetime) -> datetime:
    """The first moment of the eleventh month before."""
    months = start.year * 12 + start.month - 12
    return start.replace(year=months // 12, month=months % 12 + 1)


def _bounds(month: str | None, now: datetime) -> tuple[datetime, datetime]:
    """The first moment of a month, and of the next."""
    year, number = (now.year, now.month) if month is None else map(int, month.split("-"))
    start = datetime(year, number, 1, tzinfo=UTC)
    return start, (start + timedelta(days=32)).replace(day=1)
