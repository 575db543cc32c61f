"""What the runner asks of the memo store, and how long it insists."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import TypeVar

import structlog

from resume_contracts.usage import spared
from resume_messaging.core.outcome import Settlement
from resume_messaging.core.patience import Patience
from resume_messaging.core.ports import Look, Memo, MemoStore, StoreUnavailableError
from resume_messaging.core.signals import Signal
from resume_messaging.core.work import SettledError, Work
from resume_runtime.clock import Clock

log = structlog.get_logger()

T = TypeVar("T")


class Memory:
    """A process's memory of its stages.

    Args:
        closing: raised when the process stops; ends every insisting before a paid call.
        linger_s: how long an outcome is kept and stored anew, at least.
    """

    def __init__(
        self,
        memos: MemoStore,
        *,
        patience: Patience,
        clock: Clock,
        closing: Signal,
        linger_s: float,
    ) -> None:
        self._memos = memos
        self._patience = patience
        self._clock = clock
        self._closing = closing
        self._linger_s = linger_s

    def last_moment(self, work: Work) -> float:
        """Until when an outcome is stored and published again and again, monotonic."""
        return max(work.deadline, self._clock.monotonic() + self._linger_s)

    async def before(self, work: Work, operation: Callable[[], Awaitable[T]]) -> T:
        """Do something that must work before anything is paid for, or wait until it does."""
        signals = (work.stop, self._closing)
        return await self._patience.insist(operation, until=work.deadline, signals=signals)

    async def look(self, work: Work) -> Look:
        """What there is before anything is paid for."""
        return await self.before(work, lambda: self._look(work))

    async def usable(self, work: Work, look: Look) -> Memo | None:
        """The stage's stored outcome, if this delivery may use what was seen.

        Raises:
            SettledError: nobody wants it any more: the run is stopped, the user erased, or a later
                attempt was here before.
        """
        command = work.command
        if look.stopped or look.erased:
            raise SettledError(Settlement.ACK)
        memo = look.memo
        if memo is None or memo.run > command.run:
            return None
        if memo.run < command.run:
            return await self._adopt(work, memo)
        if memo.kind == "retry":
            if memo.attempt > command.attempt:
                raise SettledError(Settlement.ACK)
            if memo.attempt < command.attempt:
                return None
        return memo

    async def save(self, work: Work, memo: Memo) -> None:
        """Store an outcome however long it takes: it may have been paid for.

        Raises:
            SettledError: the user is erased; nothing of theirs is stored or sent.
        """
        kept = await self._patience.insist(
            lambda: self._memos.save(work.key, memo, user_id=work.command.user_id),
            until=self.last_moment(work),
            signals=(),
        )
        if not kept:
            raise SettledError(Settlement.ACK)

    async def stored(self, work: Work) -> Memo | None:
        """The outcome that counts, when another delivery may have stored one before."""
        look = await self._patience.insist(
            lambda: self._look(work), until=self.last_moment(work), signals=()
        )
        return look.memo

    async def count_start(self, work: Work) -> int:
        """Count the start of a suspect, once per delivery; 0: it was not counted now.

        Tried once: repeated, it could count one start twice and bury the innocent.
        """
        if work.is_counted:
            return 0
        work.is_counted = True
        try:
            return await self._memos.count_start(work.delivery.message_id)
        except StoreUnavailableError as error:
            log.warning("suspect.not_counted", stage=work.command.stage, error=str(error))
            return 0

    async def _look(self, work: Work) -> Look:
        command = work.command
        return await self._memos.look(work.key, run=command.run, user_id=command.user_id)

    async def _adopt(self, work: Work, memo: Memo) -> Memo | None:
        """Take over what an earlier run found: stored for this run, with this run's times."""
        if memo.kind != "done" or memo.degraded:
            return None
        now = self._clock.now()
        adopted = replace(
            memo,
            run=work.command.run,
            attempt=work.command.attempt,
            started_at=now,
            finished_at=now,
            # Paid for by the earlier run, and on its bill.
            usage=spared(memo.usage),
            calls_used=0,
        )
        await self.save(work, adopted)
        return await self.stored(work) or adopted
