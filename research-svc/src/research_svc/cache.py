"""The shared cache: one paid answer for everybody who asks the same, across replicas.

Fresh answers are served; stale ones too, and are asked anew in the background; else one caller asks
while the others wait for what it stores.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Generic, TypeVar
from uuid import UUID

import structlog

from research_svc.freshness import Freshness, State
from research_svc.metrics import CacheMetrics
from research_svc.ports import Answer, Asking, Entry, Flights, Researcher, Shelf
from research_svc.refresher import Refresher
from resume_contracts.messages import Usage
from resume_messaging.core.ports import CallsExhaustedError, StoreUnavailableError
from resume_outbound.errors import DeadlineTooCloseError
from resume_runtime.clock import Clock, Sleep
from resume_runtime.ids import IdFactory

log = structlog.get_logger()

Q = TypeVar("Q")
A = TypeVar("A")

#: Seconds between two looks at what another replica is doing.
POLL_S: Final = 0.5
#: A waiter gives up this long before its deadline, to say so in time.
MARGIN_S: Final = 1.0
#: A flight's lease goes on this long after its deadline, for storing the answer.
LEASE_MARGIN_S: Final = 5.0
REFRESH_S: Final = 60.0
#: A refresh that failed is not tried again for this long, however often the answer is asked for.
REFRESH_PAUSE: Final = timedelta(minutes=10)


class NoAnswerError(Exception):
    """The call that was waited for failed or took too long, or the provider named no sources."""


@dataclass(frozen=True, slots=True)
class CacheParts:
    """What all caches of a process share."""

    flights: Flights
    refresher: Refresher
    metrics: CacheMetrics
    clock: Clock
    sleep: Sleep
    new_id: IdFactory


class SharedCache(Generic[Q, A]):
    """Answers to one `kind` of question, from the shelf or from the researcher."""

    def __init__(
        self,
        kind: str,
        researcher: Researcher[Q, A],
        shelf: Shelf[Q, A],
        freshness: Freshness,
        parts: CacheParts,
    ) -> None:
        self._kind = kind
        self._researcher = researcher
        self._shelf = shelf
        self._freshness = freshness
        self._parts = parts

    async def get(self, question: Q, asking: Asking) -> Entry[A]:
        """The answer; `asking` pays only when nobody's can be used.

        Raises:
            NoAnswerError: another's call was waited for in vain, or the provider did not search.
            OutboundError: the provider cannot answer.
            CallsExhaustedError: no paid call is left.
            StoreUnavailableError: the shelf cannot be read; nothing was paid for.
        """
        try:
            entry, result = await self._get(question, asking)
        except Exception:
            self._parts.metrics.read(self._kind, "failed")
            raise
        saved = None if result == "miss" else entry.cost_usd
        self._parts.metrics.read(self._kind, result, saved_usd=saved)
        return entry

    async def _get(self, question: Q, asking: Asking) -> tuple[Entry[A], str]:
        entry = await self._shelf.read(question)
        match self._state(entry):
            case State.FRESH if entry is not None:
                return entry, "fresh"
            case State.STALE if entry is not None:
                self._refresh(question)
                return entry, "stale"
        return await self._ask_or_wait(question, asking)

    async def _ask_or_wait(self, question: Q, asking: Asking) -> tuple[Entry[A], str]:
        key, token, clock = self._shelf.key(question), self._parts.new_id(), self._parts.clock
        awaited: UUID | None = None
        while True:
            if await self._take_off(key, token, asking.deadline, failed_before=None):
                entry = await self._read_fresh(question, key, token)
                if entry is not None:
                    return entry, "shared"
                return await self._fly(question, key, token, asking), "miss"
            flight = await self._parts.flights.look(key, clock.now())
            while flight is not None and not flight.has_failed:
                awaited = flight.token
                if clock.monotonic() + POLL_S > asking.deadline - MARGIN_S:
                    raise NoAnswerError("another call came to nothing in time")
                await self._parts.sleep(POLL_S)
                flight = await self._parts.flights.look(key, clock.now())
            if flight is not None and flight.token == awaited:
                raise NoAnswerError("another call came to nothing in time")
            entry = await self._shelf.read(question)
            if entry is not None and self._state(entry) is State.FRESH:
                return entry, "shared"

    async def _read_fresh(self, question: Q, key: bytes, token: UUID) -> Entry[A] | None:
        """What was stored between the first look and the take-off; then the flight is over."""
        entry = await self._shelf.read(question)
        if entry is None or self._state(entry) is not State.FRESH:
            return None
        await self._end(key, token)
        return entry

    async def _fly(self, question: Q, key: bytes, token: UUID, asking: Asking) -> Entry[A]:
        """Ask, store, and end the flight whatever happens."""
        answer = await self._ask(question, key, token, asking, "job")
        if not answer.is_sound:
            await self._end(key, token, has_failed=True)
            raise NoAnswerError("the provider named no sources")
        entry = self._entry(answer, asking.bill)
        try:
            await self._write(question, entry)
        except StoreUnavailableError as error:
            # It is paid for, so this job has it; who waits may try to have it stored.
            log.warning("research.not_stored", kind=self._kind, error=str(error))
        await self._end(key, token)
        return entry

    def _refresh(self, question: Q) -> None:
        key = self._shelf.key(question)
        if not self._parts.refresher.start(key, lambda: self._refly(question, key)):
            self._parts.metrics.refreshed(self._kind, "too_many")

    async def _refly(self, question: Q, key: bytes) -> None:
        parts, token = self._parts, self._parts.new_id()
        numbers = iter(range(1, 1_000_000))
        deadline = parts.clock.monotonic() + REFRESH_S
        asking = Asking(deadline, lambda: f"refresh/{token}/{next(numbers)}")
        failed_before = parts.clock.now() - REFRESH_PAUSE
        if not await self._take_off(key, token, deadline, failed_before=failed_before):
            parts.metrics.refreshed(self._kind, "elsewhere")
            return
        if await self._read_fresh(question, key, token) is not None:
            parts.metrics.refreshed(self._kind, "elsewhere")
            return
        try:
            answer = await self._ask(question, key, token, asking, "refresh")
        except Exception:
            parts.metrics.refreshed(self._kind, "failed")
            raise
        if not answer.is_known:
            # What was known is better than nothing, until it expires.
            parts.metrics.refreshed(self._kind, "failed")
            await self._end(key, token, has_failed=True)
            return
        await self._write(question, self._entry(answer, asking.bill))
        await self._end(key, token)
        parts.metrics.refreshed(self._kind, "stored")

    async def _ask(
        self, question: Q, key: bytes, token: UUID, asking: Asking, whom: str
    ) -> Answer[A]:
        """Ask; a flight that comes to nothing is over."""
        try:
            return await self._researcher.ask(question, asking)
        except (DeadlineTooCloseError, CallsExhaustedError):
            await self._end(key, token)  # only this caller's trouble: who waits may take over
            raise
        except Exception:
            await self._end(key, token, has_failed=True)
            raise
        except BaseException:
            await self._end(key, token)  # cancelled: as above
            raise
        finally:
            self._parts.metrics.spent(self._kind, whom, _cost(asking.bill) or 0.0)

    async def _write(self, question: Q, entry: Entry[A]) -> None:
        longest = self._freshness.fresh + self._freshness.stale
        await self._shelf.write(question, entry, drop_before=entry.at - longest)

    def _entry(self, answer: Answer[A], bill: list[Usage]) -> Entry[A]:
        return Entry(answer.value, answer.is_known, _cost(bill), self._parts.clock.now())

    def _state(self, entry: Entry[A] | None) -> State:
        if entry is None:
            return State.EXPIRED
        return self._freshness.state(self._parts.clock.now() - entry.at, is_known=entry.is_known)

    async def _take_off(
        self, key: bytes, token: UUID, deadline: float, *, failed_before: datetime | None
    ) -> bool:
        now, left = self._parts.clock.now(), deadline - self._parts.clock.monotonic()
        until = now + timedelta(seconds=max(left, 0.0) + LEASE_MARGIN_S)
        return await self._parts.flights.take_off(
            key, token, now=now, until=until, failed_before=failed_before
        )

    async def _end(self, key: bytes, token: UUID, *, has_failed: bool = False) -> None:
        flights = self._parts.flights
        try:
            if has_failed:
                await flights.fail(key, token, self._parts.clock.now())
            else:
                await flights.land(key, token)
        except StoreUnavailableError as error:
            # What the flight came to matters more; its lease ends by itself.
            log.warning("research.flight_not_ended", kind=self._kind, error=str(error))


def _cost(bill: list[Usage]) -> float | None:
    """What a bill comes to; None when no price is known."""
    known = [usage.cost_usd for usage in bill if usage.cost_usd is not None]
    return sum(known) if known else None
