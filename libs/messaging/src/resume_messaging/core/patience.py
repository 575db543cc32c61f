"""PostgreSQL or RabbitMQ failing is weather, not an outcome: the same is tried again."""

import random
from collections.abc import Awaitable, Callable
from typing import TypeVar

from resume_messaging.core.ports import PublishError, StoreUnavailableError
from resume_messaging.core.settings import RunnerSettings
from resume_messaging.core.signals import Signal, pause
from resume_runtime.clock import Clock, Sleep

T = TypeVar("T")

#: What a broker or a store that is away raises.
WEATHER = (PublishError, StoreUnavailableError)


class Patience:
    """Repeats an idempotent operation with growing, jittered pauses."""

    def __init__(
        self, *, clock: Clock, sleep: Sleep, rng: random.Random, settings: RunnerSettings
    ) -> None:
        self._clock = clock
        self._sleep = sleep
        self._rng = rng
        self._first_s = settings.backoff_first_s
        self._cap_s = settings.backoff_cap_s

    async def insist(
        self, operation: Callable[[], Awaitable[T]], *, until: float, signals: tuple[Signal, ...]
    ) -> T:
        """Try until it works, at least once.

        Args:
            operation: starts one try.
            until: monotonic time of giving up.
            signals: reasons to give up before.

        Raises:
            PublishError: gave up; so failed the last try.
            StoreUnavailableError: likewise.
        """
        tries = 0
        while True:
            try:
                return await operation()
            except WEATHER:
                left = until - self._clock.monotonic()
                if left <= 0 or any(signal.is_set for signal in signals):
                    raise
            await self.pause(tries, signals, at_most=left)
            tries += 1

    async def pause(self, tries: int, signals: tuple[Signal, ...], *, at_most: float) -> None:
        """Pause before the next try, after `tries` earlier pauses."""
        longest = min(self._first_s * 2.0 ** min(tries, 16), self._cap_s)
        seconds = self._rng.uniform(longest / 2, longest)
        await pause(self._sleep, max(0.0, min(seconds, at_most)), *signals)
