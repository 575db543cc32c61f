"""Single flight across replicas: one caller asks while the others wait for what it stores."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import Final, Protocol
from uuid import UUID

import structlog

from resume_messaging.core.ports import StoreUnavailableError
from resume_runtime.clock import Clock, Sleep

log = structlog.get_logger()

#: Seconds between two looks at what another replica is doing.
POLL_S: Final = 0.5
#: A flight's lease goes on this long after its deadline, for storing the answer.
LEASE_MARGIN_S: Final = 5.0


@dataclass(frozen=True, slots=True)
class Flight:
    """Somebody's attempt to answer a question."""

    token: UUID
    has_failed: bool


class Flights(Protocol):
    """Who answers what, across replicas. Every method may raise `StoreUnavailableError`."""

    async def take_off(
        self,
        key: bytes,
        token: UUID,
        *,
        now: datetime,
        until: datetime,
        failed_before: datetime | None,
    ) -> bool:
        """Be the only one to answer until `until`; False when somebody else is, or has failed.

        Only failures after `failed_before` count; none when it is not given. Who comes again with
        the token of the flight under way has it.
        """

    async def look(self, key: bytes, now: datetime) -> Flight | None:
        """The flight under way or failed; None when nobody answers."""

    async def land(self, key: bytes, token: UUID) -> None:
        """It is over: its answer is stored, or somebody else may try."""

    async def fail(self, key: bytes, token: UUID, now: datetime) -> None:
        """It is over without an answer: who waited for it gives up."""


class Turn(Enum):
    """What waiting for one's turn came to."""

    #: Nobody else asks: ask, and end the flight.
    MINE = "mine"
    #: Another's flight is over: look for its answer.
    LANDED = "landed"
    #: The flight that was waited for failed.
    FAILED = "failed"
    #: Another's flight is still under way, and there is no more time to wait.
    LATE = "late"


class SingleFlight:
    """Takes turns at questions. A token is the caller's alone."""

    def __init__(self, flights: Flights, clock: Clock, sleep: Sleep) -> None:
        self._flights = flights
        self._clock = clock
        self._sleep = sleep

    async def turn(self, key: bytes, token: UUID, *, deadline: float, wait_until: float) -> Turn:
        """Take off, or wait until the flight under way is over, at most until `wait_until`.

        Both times are monotonic; one's own flight is given up for dead after `deadline`.
        """
        if await self.take_off(key, token, deadline=deadline):
            return Turn.MINE
        flight, awaited = await self._flights.look(key, self._clock.now()), None
        while flight is not None and not flight.has_failed:
            awaited = flight.token
            if self._clock.monotonic() + POLL_S > wait_until:
                return Turn.LATE
            await self._sleep(POLL_S)
            flight = await self._flights.look(key, self._clock.now())
        has_failed = flight is not None and flight.token == awaited
        return Turn.FAILED if has_failed else Turn.LANDED

    async def take_off(
        self, key: bytes, token: UUID, *, deadline: float, failed_before: datetime | None = None
    ) -> bool:
        """Be the only one to ask, unless somebody else is."""
        now, left = self._clock.now(), deadline - self._clock.monotonic()
        until = now + timedelta(seconds=max(left, 0.0) + LEASE_MARGIN_S)
        return await self._flights.take_off(
            key, token, now=now, until=until, failed_before=failed_before
        )

    async def end(self, key: bytes, token: UUID, *, has_failed: bool = False) -> None:
        """End one's flight. When the store is away its lease ends by itself."""
        try:
            if has_failed:
                await self._flights.fail(key, token, self._clock.now())
            else:
                await self._flights.land(key, token)
        except StoreUnavailableError as error:
            log.warning("flight.not_ended", error=str(error))
