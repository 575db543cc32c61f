"""Forgets what can have no effect any more."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

import structlog
from sqlalchemy.exc import SQLAlchemyError

from auth_svc.settings import AuthSettings
from auth_svc.store import Records, Store
from resume_runtime.clock import Clock, Sleep
from resume_runtime.retention import BATCH, ROUND_S, RetentionMetrics

log = structlog.get_logger()

#: Seconds between two purges.
EVERY_S = 600.0


class Purger:
    """Deletes windows of log-in attempts that are over, and sessions idle for too long."""

    def __init__(
        self,
        store: Store,
        settings: AuthSettings,
        clock: Clock,
        sleep: Sleep,
        *,
        metrics: RetentionMetrics,
    ) -> None:
        self._store = store
        self._window = timedelta(seconds=settings.login_window_s)
        self._idle = timedelta(seconds=settings.session_idle_s)
        self._clock = clock
        self._sleep = sleep
        self._metrics = metrics

    async def run(self) -> None:
        """Purge now and then, until its task is cancelled."""
        while True:
            try:
                await self.purge()
            except (SQLAlchemyError, OSError) as error:
                log.warning("purge.postponed", error=type(error).__name__)
            await self._sleep(EVERY_S)

    async def purge(self) -> None:
        """Delete in batches, each for a bounded time; the next round goes on."""
        now = self._clock.now()
        await self._batches("login_attempts", lambda r: r.purge_attempts(now - self._window, BATCH))
        await self._batches("sessions", lambda r: r.purge_sessions(now - self._idle, BATCH))
        async with self._store.begin() as records:
            oldest = await records.oldest()
        for kind, at in oldest.items():
            self._metrics.oldest(kind, 0.0 if at is None else (now - at).total_seconds())

    async def _batches(self, kind: str, purge: Callable[[Records], Awaitable[int]]) -> None:
        until = self._clock.monotonic() + ROUND_S
        while self._clock.monotonic() < until:
            async with self._store.begin() as records:
                number = await purge(records)
            self._metrics.deleted(kind, number)
            if number < BATCH:
                return
