"""The shared cache: one paid answer for everybody who asks the same, across replicas.

Fresh answers are served; stale ones too, and are asked anew in the background; else one caller asks
while the others wait for what it stores.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final, Generic, TypeVar
from uuid import UUID

import structlog

from research_svc.freshness import Freshness, State
from research_svc.metrics import CacheMetrics
from research_svc.perplexity_wire import PROVIDER
from research_svc.ports import Answer, Asking, Entry, Researcher, Shelf
from research_svc.refresher import Refresher
from resume_contracts.messages import Usage
from resume_messaging.core.attempt import nobodys
from resume_messaging.core.flights import Flights, SingleFlight, Turn
from resume_messaging.core.ports import CallsExhaustedError, StoreUnavailableError
from resume_outbound.errors import DeadlineTooCloseError
from resume_runtime.clock import Clock, Sleep
from resume_runtime.ids import IdFactory

log = structlog.get_logger()

Q = TypeVar("Q")
A = TypeVar("A")

#: A waiter gives up this long before its deadline, to say so in time.
MARGIN_S: Final = 1.0
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
        self._flights = SingleFlight(parts.flights, parts.clock, parts.sleep)

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
        if result != "miss":
            asking.bill.append(_served(entry))
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
        key, token = self._shelf.key(question), self._parts.new_id()
        wait_until = asking.deadline - MARGIN_S
        while True:
            turn = await self._flights.turn(
                key, token, deadline=asking.deadline, wait_until=wait_until
            )
            if turn is Turn.MINE:
                entry = await self._read_fresh(question, key, token)
                if entry is not None:
                    return entry, "shared"
                return await self._fly(question, key, token, asking), "miss"
            if turn is not Turn.LANDED:
                raise NoAnswerError("another call came to nothing in time")
            entry = await self._shelf.read(question)
            if entry is not None and self._state(entry) is State.FRESH:
                return entry, "shared"

    async def _read_fresh(self, question: Q, key: bytes, token: UUID) -> Entry[A] | None:
        """What was stored between the first look and the take-off; then the flight is over."""
        entry = await self._shelf.read(question)
        if entry is None or self._state(entry) is not State.FRESH:
            return None
        await self._flights.end(key, token)
        return entry

    async def _fly(self, question: Q, key: bytes, token: UUID, asking: Asking) -> Entry[A]:
        """Ask, store, and end the flight whatever happens."""
        answer = await self._ask(question, key, token, asking, "job")
        if not answer.is_sound:
            await self._flights.end(key, token, has_failed=True)
            raise NoAnswerError("the provider named no sources")
        entry = self._entry(answer, asking.bill)
        try:
            await self._shelf.write(question, entry)
        except StoreUnavailableError as error:
            # It is paid for, so this job has it; who waits may try to have it stored.
            log.warning("research.not_stored", kind=self._kind, error=str(error))
        await self._flights.end(key, token)
        return entry

    def _refresh(self, question: Q) -> None:
        key = self._shelf.key(question)
        if not self._parts.refresher.start(key, lambda: self._refly(question, key)):
            self._parts.metrics.refreshed(self._kind, "too_many")

    async def _refly(self, question: Q, key: bytes) -> None:
        parts, token = self._parts, self._parts.new_id()
        deadline = parts.clock.monotonic() + REFRESH_S
        asking = Asking(deadline, nobodys(f"refresh/{token}"))
        failed_before = parts.clock.now() - REFRESH_PAUSE
        if not await self._flights.take_off(
            key, token, deadline=deadline, failed_before=failed_before
        ):
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
            await self._flights.end(key, token, has_failed=True)
            return
        await self._shelf.write(question, self._entry(answer, asking.bill))
        await self._flights.end(key, token)
        parts.metrics.refreshed(self._kind, "stored")

    async def _ask(
        self, question: Q, key: bytes, token: UUID, asking: Asking, whom: str
    ) -> Answer[A]:
        """Ask; a flight that comes to nothing is over."""
        try:
            return await self._researcher.ask(question, asking)
        except (DeadlineTooCloseError, CallsExhaustedError):
            await self._flights.end(
                key, token
            )  # only this caller's trouble: who waits may take over
            raise
        except Exception:
            await self._flights.end(key, token, has_failed=True)
            raise
        except BaseException:
            await self._flights.end(key, token)  # cancelled: as above
            raise
        finally:
            self._parts.metrics.spent(self._kind, whom, _cost(asking.bill) or 0.0)

    def _entry(self, answer: Answer[A], bill: list[Usage]) -> Entry[A]:
        return Entry(answer.value, answer.is_known, _cost(bill), self._parts.clock.now())

    def _state(self, entry: Entry[A] | None) -> State:
        if entry is None:
            return State.EXPIRED
        return self._freshness.state(self._parts.clock.now() - entry.at, is_known=entry.is_known)


def _served(entry: Entry[A]) -> Usage:
    """The line of a bill for an answer that somebody had paid for before."""
    return Usage(provider=PROVIDER, cost_usd=0.0, cached_answers=1, saved_usd=entry.cost_usd or 0.0)


def _cost(bill: list[Usage]) -> float | None:
    """What a bill comes to; None when no price is known."""
    known = [usage.cost_usd for usage in bill if usage.cost_usd is not None]
    return sum(known) if known else None
