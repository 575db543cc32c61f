"""Bugs to plant: the simulation must turn red with each of them."""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from resume_messaging.core import build
from resume_messaging.core.gate import Gate
from resume_messaging.core.outcome import Settlement
from resume_messaging.core.ports import Bid, Look, Memo, MemoKey, PublishError
from resume_messaging.core.runner import StageRunner
from resume_messaging.core.work import SettledError, Work
from resume_messaging.sim.record import Parts
from resume_messaging.sim.store import MemoryMemoStore


class AckBeforeConfirm(StageRunner):
    """Acks whether or not the broker confirmed what follows."""

    async def _publish(self, work: Work, memo: Memo) -> None:
        try:
            await self._publisher.publish(build.events_and_next(work.delivery, memo))
        except PublishError:
            return


class MemoAfterPublish(StageRunner):
    """Stores the outcome only when it was told to everybody."""

    def __init__(self, **parts: Any) -> None:
        super().__init__(**parts)
        self._save = self._memory.save
        self._memory.save = _not_yet  # type: ignore[method-assign]

    async def _publish(self, work: Work, memo: Memo) -> None:
        await super()._publish(work, memo)
        await self._save(work, memo)


class RetryMemoAnyAttempt(StageRunner):
    """Takes the memo of a failed attempt for the outcome of the next one."""

    async def _usable(self, work: Work, look: Look) -> Memo | None:
        del work
        if look.stopped or look.erased:
            raise SettledError(Settlement.ACK)
        return look.memo


class GateLetsAllThrough(Gate):
    """Does not know half-open."""

    def _is_half_open(self, provider: str) -> bool:
        del provider
        return False


class ClaimNeverRefused(MemoryMemoStore):
    """Lets everybody pay who asks."""

    async def claim(self, key: MemoKey, bid: Bid) -> Look:
        """Always granted."""
        return replace(await super().claim(key, bid), claimed=True)


async def _not_yet(work: Work, memo: Memo) -> None:
    del work, memo


BUGS: Mapping[str, Parts] = MappingProxyType(
    {
        "ack-before-confirm": Parts(runner=AckBeforeConfirm),
        "memo-after-publish": Parts(runner=MemoAfterPublish),
        "retry-memo-any-attempt": Parts(runner=RetryMemoAnyAttempt),
        "gate-lets-all-through": Parts(gate=GateLetsAllThrough),
        "claim-never-refused": Parts(store=ClaimNeverRefused),
    }
)
