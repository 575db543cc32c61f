"""Tells the edges which sessions were ended, over the broker.

The revoked rows themselves are the outbox: a session is revoked and due to be announced in one
commit, and marked when the broker confirmed. Twice does no harm, so replicas need no lease. While
the broker is away people sign in and out as ever; edges learn of it when it is back.
"""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager

import structlog
from sqlalchemy.exc import SQLAlchemyError

from auth_svc.store import Store
from resume_contracts.messages import SessionRevoked
from resume_messaging.core.build import outgoing_notice
from resume_messaging.core.ports import Publisher
from resume_runtime.clock import Clock, Sleep

log = structlog.get_logger()

#: Seconds between two looks; with the publishing, the most by which an edge lags behind.
POLL_S = 1.0
BATCH = 200

Connect = Callable[[], AbstractAsyncContextManager[Publisher]]


class RevocationAnnouncer:
    """Publishes `SessionRevoked` for each revoked session, until its task is cancelled."""

    def __init__(self, store: Store, connect: Connect, clock: Clock, sleep: Sleep) -> None:
        self._store = store
        self._connect = connect
        self._clock = clock
        self._sleep = sleep
        self.is_connected = False

    async def run(self) -> None:
        """Connect, and announce while connected; again after each failure."""
        while True:
            try:
                async with self._connect() as publisher:
                    self.is_connected = True
                    while True:
                        await self._look(publisher)
                        await self._sleep(POLL_S)
            except Exception as error:  # noqa: BLE001  the broker's library raises many kinds
                log.warning("revocations.disconnected", error=type(error).__name__)
            finally:
                self.is_connected = False
            await self._sleep(POLL_S)

    async def _look(self, publisher: Publisher) -> None:
        try:
            while await self.announce(publisher) == BATCH:
                pass
        except (SQLAlchemyError, OSError) as error:
            log.warning("revocations.database_lost", error=type(error).__name__)

    async def announce(self, publisher: Publisher) -> int:
        """Announce one batch of what is due; returns how many were confirmed.

        Raises:
            PublishError: the broker did not confirm; they stay due.
        """
        async with self._store.begin() as records:
            sessions = await records.unannounced(BATCH)
        if not sessions:
            return 0
        await publisher.publish(
            [
                outgoing_notice(
                    SessionRevoked(
                        session_id=session.id,
                        user_id=session.user_id,
                        occurred_at=session.revoked_at or self._clock.now(),
                    )
                )
                for session in sessions
            ]
        )
        async with self._store.begin() as records:
            await records.announced([session.id for session in sessions], self._clock.now())
        return len(sessions)
