"""How much one connection, and all of them together, may carry and for how long."""

from dataclasses import dataclass

from resume_runtime.clock import Clock, Sleep

MEBIBYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class ProxyLimits:
    """Caps of a `GuardProxy`. Bytes count both ways, as on the wire; times are seconds.

    `process_bytes` is for all connections together within `window` seconds. `idle` is without a
    byte either way, `total` a connection's whole life, `connect` one attempt to reach an address.
    """

    max_connections: int = 64
    connection_bytes: int = 32 * MEBIBYTE
    process_bytes: int = 512 * MEBIBYTE
    window: float = 60.0
    idle: float = 15.0
    total: float = 60.0
    connect: float = 5.0


class OverBudgetError(Exception):
    """A byte cap was reached: the connection ends in the middle."""


class Budget:
    """The bytes of all connections within one window of time."""

    def __init__(self, limits: ProxyLimits, clock: Clock) -> None:
        self._limits = limits
        self._clock = clock
        self._since = clock.monotonic()
        self._spent = 0

    def spend(self, count: int) -> None:
        """Count bytes.

        Raises:
            OverBudgetError: this window's are used up.
        """
        self._roll()
        self._spent += count
        if self._spent > self._limits.process_bytes:
            raise OverBudgetError

    def is_spent(self) -> bool:
        """Whether a new connection has nothing to spend."""
        self._roll()
        return self._spent >= self._limits.process_bytes

    def _roll(self) -> None:
        now = self._clock.monotonic()
        if now - self._since >= self._limits.window:
            self._since, self._spent = now, 0


class Meter:
    """One connection's bytes and time."""

    def __init__(self, limits: ProxyLimits, budget: Budget, clock: Clock, sleep: Sleep) -> None:
        self._limits = limits
        self._budget = budget
        self._clock = clock
        self._sleep = sleep
        self._carried = 0
        self._started = self._moved = clock.monotonic()

    def add(self, count: int) -> None:
        """Count bytes that came from either side; the connection is not idle.

        Raises:
            OverBudgetError: the connection's or the process's cap is reached.
        """
        self._moved = self._clock.monotonic()
        self._carried += count
        if self._carried > self._limits.connection_bytes:
            raise OverBudgetError
        self._budget.spend(count)

    async def expire(self) -> None:
        """Return when the connection was idle for too long, or lived too long."""
        while (left := self._left()) > 0:
            await self._sleep(left)

    def _left(self) -> float:
        now = self._clock.monotonic()
        idle = self._moved + self._limits.idle
        return min(idle, self._started + self._limits.total) - now
