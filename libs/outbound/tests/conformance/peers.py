"""Other libraries' breakers, each set up as well as its own documentation lets it be.

They are compared, not depended upon: development tools only (requirements/dev.in).
"""

# ruff: noqa: ARG002  the base class has the signatures of what a library may lack

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import aiobreaker
import aioresilience
import circuitbreaker
import fluxgate
import fluxgate.permits
import fluxgate.retries
import fluxgate.trackers
import fluxgate.trippers
import fluxgate.windows
import pybreaker
import pyresilience
from hyx.circuitbreaker import consecutive_breaker
from purgatory import AsyncCircuitBreakerFactory

from .rig import Adapter, BadRequestError, Clocks, Factory, NotOfferedError, ProviderDownError, Spec


class _Peer:
    """What a library does not offer, unless its adapter says otherwise."""

    def __init__(self, _clocks: Clocks, _spec: Spec) -> None:
        pass

    def retry_after(self, error: BaseException) -> float:
        raise NotOfferedError

    def listen(self, listener: Callable[[], None]) -> None:
        raise NotOfferedError

    async def isolate(self) -> None:
        raise NotOfferedError

    async def reset(self) -> None:
        raise NotOfferedError


async def _run(factory: Factory) -> str:
    """The one function that decorators wrap."""
    return await factory()


class Purgatory(_Peer):
    def __init__(self, _clocks: Clocks, spec: Spec) -> None:
        self._factory = AsyncCircuitBreakerFactory(
            default_threshold=spec.threshold,
            default_ttl=spec.recovery,
            exclude=[BadRequestError],
        )

    async def call(self, factory: Factory) -> str:
        async with await self._factory.get_breaker("p"):
            return await factory()

    def listen(self, listener: Callable[[], None]) -> None:
        self._factory.add_listener(lambda *_event: listener())


class Aiobreaker(_Peer):
    def __init__(self, clocks: Clocks, spec: Spec) -> None:
        self._clocks = clocks
        self._breaker: Any = aiobreaker.CircuitBreaker(
            fail_max=spec.threshold,
            timeout_duration=timedelta(seconds=spec.recovery),
            exclude=[BadRequestError],
        )

    async def call(self, factory: Factory) -> str:
        result: str = await self._breaker.call_async(_run, factory)
        return result

    def retry_after(self, error: BaseException) -> float:
        reopens: Any = vars(error)["reopen_time"]
        return float((reopens - self._clocks.now().replace(tzinfo=None)).total_seconds())

    def listen(self, listener: Callable[[], None]) -> None:
        class Listener(aiobreaker.CircuitBreakerListener):  # type: ignore[misc]  # untyped
            def state_change(self, *_change: Any) -> None:
                listener()

        self._breaker.add_listener(Listener())

    async def isolate(self) -> None:
        self._breaker.open()

    async def reset(self) -> None:
        self._breaker.close()


class Pybreaker(_Peer):
    """Its own `call_async` is Tornado's; `calling()` is a context manager that does for asyncio."""

    def __init__(self, _clocks: Clocks, spec: Spec) -> None:
        self._breaker: Any = pybreaker.CircuitBreaker(
            fail_max=spec.threshold, reset_timeout=spec.recovery, exclude=[BadRequestError]
        )

    async def call(self, factory: Factory) -> str:
        with self._breaker.calling():
            return await factory()

    def listen(self, listener: Callable[[], None]) -> None:
        class Listener(pybreaker.CircuitBreakerListener):
            def state_change(self, *_change: Any) -> None:
                listener()

        self._breaker.add_listener(Listener())

    async def isolate(self) -> None:
        self._breaker.open()

    async def reset(self) -> None:
        self._breaker.close()


class Circuitbreaker(_Peer):
    def __init__(self, _clocks: Clocks, spec: Spec) -> None:
        self._breaker: Any = circuitbreaker.CircuitBreaker(
            failure_threshold=spec.threshold,
            recovery_timeout=spec.recovery,
            expected_exception=ProviderDownError,
            name="p",
        )
        self._call = self._breaker(_run)

    async def call(self, factory: Factory) -> str:
        result: str = await self._call(factory)
        return result

    def retry_after(self, error: BaseException) -> float:
        return float(vars(error)["_circuit_breaker"].open_remaining)

    async def reset(self) -> None:
        self._breaker.reset()


class Hyx(_Peer):
    def __init__(self, _clocks: Clocks, spec: Spec) -> None:
        self._call: Any = consecutive_breaker(
            exceptions=(ProviderDownError,),
            failure_threshold=spec.threshold,
            recovery_time_secs=spec.recovery,
            recovery_threshold=1,
        )(_run)

    async def call(self, factory: Factory) -> str:
        result: str = await self._call(factory)
        return result


class Aioresilience(_Peer):
    def __init__(self, _clocks: Clocks, spec: Spec) -> None:
        self._breaker: Any = aioresilience.CircuitBreaker(
            name="p",
            config=aioresilience.CircuitConfig(
                failure_threshold=spec.threshold,
                recovery_timeout=spec.recovery,
                success_threshold=1,
                half_open_max_calls=1,
                failure_exceptions=(ProviderDownError,),
            ),
        )

    async def call(self, factory: Factory) -> str:
        result: str = await self._breaker.call(_run, factory)
        return result

    def listen(self, listener: Callable[[], None]) -> None:
        async def heard(_event: Any) -> None:
            listener()

        self._breaker.events.add_handler("*", heard)


class Pyresilience(_Peer):
    def __init__(self, _clocks: Clocks, spec: Spec) -> None:
        self._listeners: list[Any] = [lambda _event: self._heard()]
        self._heard: Callable[[], None] = lambda: None
        self._call: Any = pyresilience.resilient(
            circuit_breaker=pyresilience.CircuitBreakerConfig(
                failure_threshold=spec.threshold,
                recovery_timeout=spec.recovery,
                success_threshold=1,
                error_types=(ProviderDownError,),
                ignore_on=(BadRequestError,),
            ),
            listeners=self._listeners,
        )(_run)

    async def call(self, factory: Factory) -> str:
        result: str = await self._call(factory)
        return result

    def listen(self, listener: Callable[[], None]) -> None:
        self._heard = listener


class Fluxgate(_Peer):
    """Its window is of time, its rule a rate: half of at least as many calls as our threshold."""

    def __init__(self, clocks: Clocks, spec: Spec) -> None:
        class Window(fluxgate.windows.TimeWindow):
            def record(self, record: fluxgate.metric.Record) -> None:
                # Its default factory keeps the machine's clock, which no patch reaches.
                object.__setattr__(record, "timestamp", clocks.now().timestamp())
                super().record(record)

        trippers = fluxgate.trippers
        self._heard: Callable[[], None] = lambda: None
        self._breaker = fluxgate.AsyncCircuitBreaker(
            window=Window(int(spec.window)),
            tracker=fluxgate.trackers.TypeOf(ProviderDownError),
            tripper=(
                trippers.Closed() & trippers.MinRequests(spec.threshold) & trippers.FailureRate(0.5)
            )
            | (trippers.HalfOpened() & trippers.FailureRate(0.5)),
            retry=fluxgate.retries.Cooldown(spec.recovery),
            permit=fluxgate.permits.All(),
            max_half_open_calls=1,
            listeners=[lambda _signal: self._heard()],
        )

    async def call(self, factory: Factory) -> str:
        return await self._breaker.call(_run, factory)

    def listen(self, listener: Callable[[], None]) -> None:
        self._heard = listener

    async def isolate(self) -> None:
        await self._breaker.force_open()

    async def reset(self) -> None:
        await self._breaker.reset()


@dataclass(frozen=True, slots=True)
class Library:
    """A distribution on PyPI, its newest release when this was written, and its licence."""

    name: str
    version: str
    released: str
    licence: str
    build: Callable[[Clocks, Spec], Adapter]


LIBRARIES = (
    Library("purgatory", "3.0.1", "2024-11", "MIT", Purgatory),
    Library("aiobreaker", "1.2.0", "2021-05", "BSD-3-Clause", Aiobreaker),
    Library("pybreaker", "1.4.1", "2025-09", "BSD-3-Clause", Pybreaker),
    Library("circuitbreaker", "2.1.3", "2025-03", "BSD-3-Clause", Circuitbreaker),
    Library("hyx", "0.0.2", "2023-02", "Apache-2.0", Hyx),
    Library("aioresilience", "0.2.1", "2025-11", "MIT", Aioresilience),
    Library("pyresilience", "0.4.1", "2026-10", "MIT", Pyresilience),
    Library("fluxgate", "0.9.4", "2026-06", "MIT", Fluxgate),
)
