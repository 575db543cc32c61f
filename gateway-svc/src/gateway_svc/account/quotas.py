"""Quotas of orders, and what of them is given back.

An order counts in this process's bucket of its kind. When it failed by no fault of its input, the
job's row says so (`quota_returned_at`); that is looked up when it makes a difference: before a
refusal, and when the user asks. No more is given back in a window than the quota itself, so that
orders which fail again and again end, too.
"""

from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from gateway_svc.account.schemas import Quota
from gateway_svc.database import Pool
from gateway_svc.jobs.products import KINDS
from gateway_svc.ratelimit import REMEMBERED, Kind, RateLimiter
from resume_contracts.workflows import Workflow
from resume_runtime.clock import Clock
from resume_runtime.errors import ProblemError

#: Seconds between two looks for what a user was given back.
_EVERY_S = 1.0
#: Orders of one user and kind that are remembered at most.
_MOST = 1_000

_RETURNED = """
    select id from gateway.jobs where id = any($1::uuid[]) and quota_returned_at is not null
     order by quota_returned_at limit $2
"""

#: Ids begin with their time, so the index on them finds the orders of a window.
_COUNTS = """
    select workflow, count(*) filter (where quota_returned_at is null) as used,
           count(quota_returned_at) as returned
      from gateway.jobs where user_id = $1 and workflow = any($2::text[]) and id >= $3
     group by workflow
"""


@dataclass(slots=True)
class _Orders:
    """Of one user and kind, in this process: orders that count, and when some were given back."""

    counted: OrderedDict[UUID, float] = field(default_factory=OrderedDict)
    returned: list[float] = field(default_factory=list)
    looked_at: float | None = None

    def forget(self, before: float) -> None:
        """Drop what the bucket has refilled by itself, and what is too much."""
        self.returned = [at for at in self.returned if at > before]
        while self.counted and (
            len(self.counted) > _MOST or next(iter(self.counted.values())) <= before
        ):
            self.counted.popitem(last=False)


class Quotas:
    """Counts orders within the rate limiter's limits."""

    def __init__(self, pool: Pool, limiter: RateLimiter, clock: Clock) -> None:
        self._pool = pool
        self._limiter = limiter
        self._clock = clock
        self._users: OrderedDict[tuple[UUID, Kind], _Orders] = OrderedDict()

    async def take(self, user_id: UUID, kind: Kind) -> dict[str, str]:
        """Count one order; see `RateLimiter.take`.

        Raises:
            ProblemError: 429, also after what was given back.
        """
        try:
            return self._limiter.take(user_id, kind)
        except ProblemError:
            if not await self._give_back(user_id, kind):
                raise
        return self._limiter.take(user_id, kind)

    def remember(self, user_id: UUID, workflow: Workflow, job_id: UUID) -> None:
        """The job that a counted order became."""
        orders = self._orders(user_id, KINDS[workflow])
        orders.counted[job_id] = self._clock.monotonic()

    def not_counted(self, user_id: UUID, workflow: Workflow) -> None:
        """Take back the count of an order that turned out to have been made before."""
        self._limiter.give_back(user_id, KINDS[workflow])

    async def states(self, user_id: UUID) -> list[Quota]:
        """All quotas of a user: what the jobs of the window say, and what this process has left."""
        window_s = max(self._limiter.limit(kind).window_s for kind in KINDS.values())
        since = self._clock.now() - timedelta(seconds=window_s)
        names = [workflow.value for workflow in KINDS]
        records = await self._pool.fetch(_COUNTS, user_id, names, _first_id(since.timestamp()))
        counts = {record["workflow"]: record for record in records}
        states = []
        for workflow, kind in KINDS.items():
            await self._give_back(user_id, kind)
            limit, count = self._limiter.limit(kind), counts.get(workflow.value)
            states.append(
                Quota(
                    product=workflow,
                    limit=limit.requests,
                    window_s=limit.window_s,
                    used=count["used"] if count else 0,
                    returned=count["returned"] if count else 0,
                    left=self._limiter.left(user_id, kind),
                )
            )
        return states

    async def _give_back(self, user_id: UUID, kind: Kind) -> int:
        """Take back the count of orders whose jobs say so; how many."""
        limit, now = self._limiter.limit(kind), self._clock.monotonic()
        orders = self._orders(user_id, kind)
        orders.forget(now - limit.window_s)
        room = limit.requests - len(orders.returned)
        is_new = orders.looked_at is None or now - orders.looked_at >= _EVERY_S
        if not orders.counted or room <= 0 or not is_new:
            return 0
        orders.looked_at = now
        records = await self._pool.fetch(_RETURNED, list(orders.counted), room)
        # Whoever else asked meanwhile may have given some back.
        given = [record["id"] for record in records if orders.counted.pop(record["id"], None)]
        for _ in given:
            self._limiter.give_back(user_id, kind)
        orders.returned += [now] * len(given)
        return len(given)

    def _orders(self, user_id: UUID, kind: Kind) -> _Orders:
        orders = self._users.pop((user_id, kind), None) or _Orders()
        self._users[user_id, kind] = orders
        while len(self._users) > REMEMBERED:
            self._users.popitem(last=False)
        return orders


def _first_id(seconds: float) -> UUID:
    """The smallest UUIDv7 of a moment."""
    return UUID(int=int(seconds * 1000) << 80)
