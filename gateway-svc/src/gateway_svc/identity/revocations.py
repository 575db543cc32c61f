"""Sessions that were ended and accounts that were erased, in memory and in our table.

A signed token stays valid by itself until it expires. What the broker tells is therefore kept
until no token of that session can be alive any more, and read again after a restart.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

from gateway_svc.database import UNREACHABLE, Pool
from resume_contracts.messages import Notice, SessionRevoked, UserErased
from resume_messaging.core.ports import StoreUnavailableError
from resume_runtime.clock import Clock

#: Longer than any access token of ours lives.
KEPT = timedelta(hours=2)

#: Entries that are over are forgotten when there are this many.
_PRUNE_AT = 1024

_REVOKE = """
    insert into gateway.revoked_sessions (session_id, user_id, expires_at)
    values ($1, $2, $3) on conflict (session_id) do nothing
"""
_ERASE = "insert into gateway.erased (user_id) values ($1) on conflict (user_id) do nothing"
_LIVE = """
    select session_id, null::uuid as user_id, expires_at from gateway.revoked_sessions
     where expires_at > $1
    union all
    select null, user_id, erased_at + $2::interval from gateway.erased where erased_at > $1 - $2
"""


class Revocations:
    """What this process refuses although the token's signature is good."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._until: dict[UUID, datetime] = {}
        self._prune_at = _PRUNE_AT
        self._listeners: list[Callable[[], None]] = []

    def is_revoked(self, session_id: UUID | None, user_id: UUID) -> bool:
        """Whether the session was ended or the account erased."""
        now = self._clock.now()
        return any(
            subject is not None and (until := self._until.get(subject)) is not None and until > now
            for subject in (session_id, user_id)
        )

    def subscribe(self, listener: Callable[[], None]) -> None:
        """Call `listener` after every addition, so that streams look again."""
        self._listeners.append(listener)

    def add(self, subject: UUID, until: datetime) -> None:
        """Refuse a session or an account until then."""
        if len(self._until) >= self._prune_at:
            now = self._clock.now()
            self._until = {known: end for known, end in self._until.items() if end > now}
            self._prune_at = max(_PRUNE_AT, 2 * len(self._until))
        self._until[subject] = until
        for listener in self._listeners:
            listener()

    async def tell(self, notice: Notice) -> None:
        """Act on a notice in this process."""
        if isinstance(notice, SessionRevoked):
            self.add(notice.session_id, notice.occurred_at + KEPT)
        elif isinstance(notice, UserErased):
            self.add(notice.user_id, notice.occurred_at + KEPT)


class RevocationStore:
    """The table behind it, for all processes and the next start."""

    def __init__(self, pool: Pool, clock: Clock) -> None:
        self._pool = pool
        self._clock = clock

    async def keep(self, notice: Notice) -> None:
        """Store a notice for the whole service.

        Raises:
            StoreUnavailableError: the database cannot be reached just now.
        """
        try:
            if isinstance(notice, SessionRevoked):
                await self._pool.execute(
                    _REVOKE, notice.session_id, notice.user_id, notice.occurred_at + KEPT
                )
            elif isinstance(notice, UserErased):
                await self._pool.execute(_ERASE, notice.user_id)
        except UNREACHABLE as error:
            raise StoreUnavailableError(type(error).__name__) from error

    async def load(self, revocations: Revocations) -> None:
        """Tell this process what was stored."""
        for record in await self._pool.fetch(_LIVE, self._clock.now(), KEPT):
            revocations.add(record["session_id"] or record["user_id"], record["expires_at"])
