"""Admission control: a job that would miss its deadline is refused at the door.

The estimate is deliberately simple: the oldest job that has not begun shows how long a new one
would stand in line at least. When that and the time a job takes by itself no longer fit into the
deadline, taking it on would only mean failing it later.
"""

from datetime import datetime, timedelta

from gateway_svc.database import Connection
from gateway_svc.jobs.errors import overloaded

#: What a job takes by itself, on a quiet system: the model's 90 s timeout less what is usual.
RUNTIME = timedelta(seconds=60)

#: How long an answer will do: the wait it is about is of minutes.
FRESH = timedelta(seconds=1)

#: When a refused client may ask again.
RETRY_AFTER_S = 30

_OLDEST = """
    select min(accepted_at) from gateway.jobs where status = 'pending' and deadline_at > $1
"""


class Admission:
    """Refuses a submission whose deadline cannot be met, by a reading at most `FRESH` old."""

    def __init__(self, deadline: timedelta, runtime: timedelta = RUNTIME) -> None:
        self._longest_wait = deadline - runtime
        self._oldest: datetime | None = None
        self._asked: datetime | None = None

    async def check(self, connection: Connection, now: datetime) -> None:
        """Pass, or refuse.

        Raises:
            ProblemError: 503 with `Retry-After`.
        """
        if self._asked is None or not timedelta(0) <= now - self._asked < FRESH:
            self._oldest = await connection.fetchval(_OLDEST, now)
            self._asked = now
        oldest = self._oldest
        if oldest is not None and now - oldest > self._longest_wait:
            raise overloaded(RETRY_AFTER_S)
