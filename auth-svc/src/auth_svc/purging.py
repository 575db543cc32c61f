"""Forgets what can have no effect any more."""

from datetime import timedelta

import structlog
from sqlalchemy.exc import SQLAlchemyError

from auth_svc.settings import AuthSettings
from auth_svc.store import Store
from resume_runtime.clock import Clock, Sleep

log = structlog.get_logger()

#: Seconds between two purges.
EVERY_S = 600.0


class Purger:
    """Deletes windows of log-in attempts that are over, and sessions idle for too long."""

    def __init__(self, store: Store, settings: AuthSettings, clock: Clock, sleep: Sleep) -> None:
        self._store = store
        self._window = timedelta(seconds=settings.login_window_s)
        self._idle = timedelta(seconds=settings.session_idle_s)
        self._clock = clock
        self._sleep = sleep

    async def run(self) -> None:
        """Purge now and then, until its task is cancelled."""
        while True:
            try:
                await self.purge()
            except (SQLAlchemyError, OSError) as error:
                log.warning("purge.postponed", error=type(error).__name__)
            await self._sleep(EVERY_S)

    async def purge(self) -> None:
        """Delete once."""
        now = self._clock.now()
        async with self._store.begin() as records:
            await records.purge(window_before=now - self._window, idle_before=now - self._idle)
