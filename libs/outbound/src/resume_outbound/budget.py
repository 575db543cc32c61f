"""A provider's retry budget: retries are a small part of the calls, so that they feed no outage."""

from collections import deque
from collections.abc import Callable

#: Retries that are always allowed in a minute: a tenth of few calls would be none.
FLOOR = 10
#: Retries for each call beyond that.
RATIO = 0.1
WINDOW_S = 60


class RetryBudget:
    """`max(FLOOR, RATIO * calls)` retries in a sliding minute.

    Calls and retries are counted by whole seconds, so memory is bounded whatever the rate; the
    window is therefore between 60 and 61 s long. `clock` returns monotonic seconds.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._seconds: deque[list[int]] = deque()  # [second, calls, retries], oldest first
        self._calls = 0
        self._retries = 0

    @property
    def left(self) -> int:
        """Retries that may start now."""
        self._forget(int(self._clock()))
        return max(0, max(FLOOR, int(self._calls * RATIO)) - self._retries)

    def count_call(self) -> None:
        """A call begins: it earns its part of a retry."""
        self._now()[1] += 1
        self._calls += 1

    def spend(self) -> bool:
        """Take one retry; False: none is left."""
        if not self.left:
            return False
        self._now()[2] += 1
        self._retries += 1
        return True

    def _now(self) -> list[int]:
        second = int(self._clock())
        if not self._seconds or self._seconds[-1][0] != second:
            self._forget(second)
            self._seconds.append([second, 0, 0])
        return self._seconds[-1]

    def _forget(self, second: int) -> None:
        while self._seconds and self._seconds[0][0] < second - WINDOW_S:
            _, calls, retries = self._seconds.popleft()
            self._calls -= calls
            self._retries -= retries
