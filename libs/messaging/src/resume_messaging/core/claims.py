"""The right to pay for a stage: taken before its handler runs, extended while it does."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import structlog

from resume_messaging.core.ports import Bid, Look, MemoStore, StoreUnavailableError
from resume_messaging.core.settings import RunnerSettings
from resume_messaging.core.work import Work
from resume_runtime.clock import Clock, Sleep

log = structlog.get_logger()


class Claim:
    """One delivery's claim on one stage. Its owner's name is the delivery's alone.

    Short and extended often, so that the work of a process that died is taken over soon. Set
    `is_spent` when an outcome was stored, which ends it.
    """

    def __init__(
        self,
        store: MemoStore,
        work: Work,
        *,
        clock: Clock,
        sleep: Sleep,
        settings: RunnerSettings,
    ) -> None:
        self._store = store
        self._key = work.key
        self._command = work.command
        self._owner = work.owner
        self._clock = clock
        self._sleep = sleep
        self._ttl_s = settings.claim_s
        self._beat_s = settings.claim_s / 4
        self._until = clock.monotonic()
        self._is_asked_for = False
        self.is_spent = False

    @property
    def is_live(self) -> bool:
        """Whether nobody else can have taken it over yet."""
        return self._clock.monotonic() < self._until

    async def take(self) -> Look:
        """Look, and take or extend it unless there is an outcome, or another's live claim.

        Raises:
            StoreUnavailableError: nobody knows.
        """
        now, started = self._clock.now(), self._clock.monotonic()
        self._is_asked_for = True
        look = await self._store.claim(
            self._key,
            Bid(
                run=self._command.run,
                attempt=self._command.attempt,
                user_id=self._command.user_id,
                owner=self._owner,
                until=now + timedelta(seconds=self._ttl_s),
                now=now,
            ),
        )
        self._is_asked_for = look.claimed
        self._until = started + self._ttl_s if look.claimed else started
        return look

    @asynccontextmanager
    async def kept(self) -> AsyncIterator[None]:
        """Extend it again and again while the body runs."""
        beats = asyncio.create_task(self._beat())
        try:
            yield
        finally:
            # Waited for: a beat that lands after the outcome would claim the stage anew.
            beats.cancel()
            await asyncio.wait({beats})

    async def end(self) -> None:
        """Give it back unless an outcome ended it. When the store is away it runs out by itself."""
        if self.is_spent or not self._is_asked_for:
            return
        try:
            await self._store.release(self._key, owner=self._owner)
        except StoreUnavailableError as error:
            log.warning("claim.not_released", stage=self._key.stage, error=str(error))

    async def _beat(self) -> None:
        while True:
            await self._sleep(self._beat_s)
            try:
                if not (await self.take()).claimed:
                    return
            except StoreUnavailableError as error:
                log.warning("claim.not_extended", stage=self._key.stage, error=str(error))
