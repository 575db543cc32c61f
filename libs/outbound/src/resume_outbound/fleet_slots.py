"""One provider's slots, leased from the fleet; out of its reach, this process's share."""

import asyncio
import random
from collections.abc import Sequence
from contextlib import suppress
from itertools import count
from typing import Protocol

from resume_outbound.bulkhead import ASK_AGAIN_S, Bulkhead
from resume_outbound.errors import ConcurrencyLimitError
from resume_outbound.fleet_metrics import FleetMetrics
from resume_outbound.fleet_scripts import LEASE_S
from resume_outbound.policy import Policy
from resume_outbound.timing import ElapsedError, within
from resume_runtime.clock import Clock, Sleep

#: Who waits asks again after a time of this range even when nobody said that a slot is free: who
#: was killed says nothing.
POLL_S = (0.2, 0.5)


class Lessor(Protocol):
    """Where leases come from."""

    @property
    def is_shared(self) -> bool:
        """Whether it is in reach; else the process has its share."""

    async def acquire(self, policy: Policy, lease: str) -> bool | None:
        """Ask for a lease: granted, or not just now; None: it went out of reach."""

    def release(self, provider: str, lease: str) -> None:
        """Give one back, or what may have been granted; nothing is waited for."""


class FleetSlots:
    """The slots of one provider in this process.

    While the fleet is out of reach nobody here knows what the others have under way. So for as
    long as an attempt may take, this process replaces only calls it had, up to its share; then the
    whole share is its own. Calls beyond that are let finish: they are paid for.
    """

    def __init__(
        self,
        policy: Policy,
        share: int,
        lessor: Lessor,
        *,
        member: str,
        clock: Clock,
        sleep: Sleep,
        rng: random.Random,
        metrics: FleetMetrics,
    ) -> None:
        """`share` may be 0 when there are more replicas than slots."""
        self._policy = policy
        self._share = share
        self._lessor = lessor
        self._member = member
        self._clock = clock
        self._sleep = sleep
        self._rng = rng
        self._metrics = metrics
        # One caller at a time asks the fleet: the one with the oldest deadline.
        self._turn = Bulkhead(policy.name, 1, sleep)
        self._numbers = count(1)
        self._running: dict[str, bool] = {}  # by id: whether it is or was a lease
        self._woken = asyncio.Event()
        self._cap, self._capped_until = share, clock.monotonic()
        self._undone = set[asyncio.Task[None]]()

    @property
    def running(self) -> Sequence[str]:
        """The ids of what is under way here."""
        return tuple(self._running)

    @property
    def allowance(self) -> int:
        """How many calls may run here while the fleet is out of reach."""
        settled = self._clock.monotonic() >= self._capped_until
        return self._share if settled else self._cap

    def slot(self, *, deadline: float, wait: float) -> "_LeasedSlot":
        """See `fleet.Slots`."""
        return _LeasedSlot(self, deadline, wait)

    async def acquire(self, deadline: float, wait: float) -> str:
        """Take a slot; `release` what is returned. See `slot`."""
        began = self._clock.monotonic()
        await self._turn.acquire(deadline, wait)
        try:
            taken = await self._try()
            if taken is None:
                left = wait - (self._clock.monotonic() - began)
                taken = await within(left, self._wait, self._sleep)
        except ElapsedError:
            raise ConcurrencyLimitError(self._policy.name, ASK_AGAIN_S) from None
        finally:
            self._turn.release()
        return taken

    def release(self, lease: str) -> None:
        """Give the slot back."""
        leased = self._running.pop(lease)
        self._count()
        if leased:
            self._lessor.release(self._policy.name, lease)
        self.wake()

    def wake(self) -> None:
        """Somebody gave a slot back, or the fleet came or went: who waits asks again."""
        self._woken.set()

    def lost(self) -> None:
        """The fleet is out of reach from now on."""
        if self._share < self._policy.max_concurrent:  # else nobody else has any
            self._cap = min(self._share, len(self._running))
            self._capped_until = self._clock.monotonic() + max(self._policy.timeout, LEASE_S)
        self.wake()

    def renewed(self, asked: Sequence[str], unknown: Sequence[str]) -> None:
        """`asked` are leases now; the fleet did not know `unknown` of them before."""
        for lease in asked:
            if lease in self._running:
                if self._running[lease] and lease in unknown:
                    self._metrics.lease_lost(self._policy.name)
                self._running[lease] = True
            elif lease in unknown:  # it ended while it was renewed
                self._lessor.release(self._policy.name, lease)
        self._count()

    async def _wait(self) -> str:
        while True:
            self._woken.clear()
            taken = await self._try()
            if taken is not None:
                return taken
            with suppress(ElapsedError):
                await within(self._rng.uniform(*POLL_S), self._woken.wait, self._sleep)

    async def _try(self) -> str | None:
        lease = f"{self._member}:{next(self._numbers)}"
        if self._lessor.is_shared:
            granted = await self._ask(lease)
            if granted is not None:
                return self._take(lease, leased=True) if granted else None
        if len(self._running) < self.allowance:
            return self._take(lease, leased=False)
        return None

    def _take(self, lease: str, *, leased: bool) -> str:
        self._running[lease] = leased
        self._count()
        return lease

    async def _ask(self, lease: str) -> bool | None:
        asking = asyncio.ensure_future(self._lessor.acquire(self._policy, lease))
        try:
            return await asyncio.shield(asking)
        except asyncio.CancelledError:
            undo = asyncio.create_task(self._undo(asking, lease))
            self._undone.add(undo)
            undo.add_done_callback(self._undone.discard)
            raise

    async def _undo(self, asking: "asyncio.Future[bool | None]", lease: str) -> None:
        """Give back what was granted to somebody who had stopped waiting."""
        if await asking:
            self._lessor.release(self._policy.name, lease)

    def _count(self) -> None:
        self._metrics.leases(self._policy.name, sum(self._running.values()))


class _LeasedSlot:
    """`acquire` and `release` around a body, without the cost of a generator."""

    __slots__ = ("_deadline", "_lease", "_slots", "_wait")

    def __init__(self, slots: FleetSlots, deadline: float, wait: float) -> None:
        self._slots = slots
        self._deadline = deadline
        self._wait = wait
        self._lease = ""

    async def __aenter__(self) -> None:
        self._lease = await self._slots.acquire(self._deadline, self._wait)

    async def __aexit__(self, *_error: object) -> None:
        self._slots.release(self._lease)
