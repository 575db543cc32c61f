"""What every breaker is asked through: an adapter, one clock, and a few words for the cases."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from resume_outbound.testing import ManualTime

Factory = Callable[[], Awaitable[str]]


class ProviderDownError(ConnectionError):
    """What a failing provider raises."""


class BadRequestError(Exception):
    """What is the caller's fault: every breaker is told that it does not count."""


class NotOfferedError(Exception):
    """The library has no such thing."""


@dataclass(frozen=True, slots=True)
class Spec:
    """What every breaker is built with, as far as it can take it. All times are seconds."""

    threshold: int = 3
    window: float = 60
    recovery: float = 30
    timeout: float = 200
    lease: float = 210


class Clocks(ManualTime):
    """Both clocks; the time of day can be set, as NTP or an operator does."""

    def __init__(self) -> None:
        super().__init__()
        self.stepped = timedelta()

    def now(self) -> datetime:
        """Aware UTC."""
        return super().now() + self.stepped

    def step(self, seconds: float) -> None:
        """Set the time of day; the monotonic clock does not notice."""
        self.stepped += timedelta(seconds=seconds)


class Adapter(Protocol):
    """One breaker of one library."""

    async def call(self, factory: Factory) -> str:
        """Call through the breaker."""

    def retry_after(self, error: BaseException) -> float:
        """Seconds that a rejection says to wait."""

    def listen(self, listener: Callable[[], None]) -> None:
        """Call `listener` at every change of state."""

    async def isolate(self) -> None:
        """Open by hand, for as long as it takes."""

    async def reset(self) -> None:
        """Close by hand."""


class Pending:
    """A call whose end the case decides."""

    def __init__(self, adapter: Adapter, *, deaf: bool = False) -> None:
        self.entered = False
        self._deaf = deaf
        self._end: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self.task = asyncio.ensure_future(adapter.call(self._attempt))

    async def _attempt(self) -> str:
        self.entered = True
        while True:
            try:
                return await asyncio.shield(self._end)
            except asyncio.CancelledError:
                if not self._deaf:
                    raise

    @property
    def rejected(self) -> bool:
        """Whether it ended without the provider being called."""
        return self.task.done() and not self.entered

    async def end(self, error: Exception | None = None) -> BaseException | None:
        """Let the provider answer; what the caller got instead of the answer."""
        if not self._end.done():
            if error is None:
                self._end.set_result("fine")
            else:
                self._end.set_exception(error)
                self._end.exception()  # nobody may be waiting any more
        results = await asyncio.gather(self.task, return_exceptions=True)
        return results[0] if isinstance(results[0], BaseException) else None

    async def cancel(self) -> None:
        """Give up as a stopping process does."""
        self.task.cancel()
        await asyncio.gather(self.task, return_exceptions=True)


class Rig:
    """A breaker under test."""

    def __init__(self, adapter: Adapter, clocks: Clocks, spec: Spec) -> None:
        self.adapter = adapter
        self.clocks = clocks
        self.spec = spec
        self._pending: list[Pending] = []

    async def begin(self, *, deaf: bool = False) -> Pending:
        """Start a call that hangs; `deaf` to cancellation, too."""
        pending = Pending(self.adapter, deaf=deaf)
        self._pending.append(pending)
        await self.clocks.advance(0)
        return pending

    async def attempt(self, error: Exception | None = None) -> Pending:
        """A call that ends at once."""
        pending = await self.begin()
        if not pending.task.done():
            await pending.end(error)
        return pending

    async def fail(self, times: int = 1) -> None:
        """So many calls find the provider down."""
        for _ in range(times):
            await self.attempt(ProviderDownError())

    async def rejects(self) -> bool:
        """Whether a call is turned away; a call that is not succeeds."""
        return (await self.attempt()).rejected

    async def half_open(self) -> None:
        """Open it and let its time pass."""
        await self.fail(self.spec.threshold)
        await self.clocks.advance(self.spec.recovery + 0.1)

    async def close(self) -> None:
        """End what still hangs."""
        for pending in self._pending:
            pending.task.cancel()
            await pending.end()
