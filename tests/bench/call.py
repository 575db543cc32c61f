"""What the guard around one outbound call costs, beside a bare `await` and tenacity + purgatory."""

import asyncio
import logging
import random
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from purgatory import AsyncCircuitBreakerFactory
from tenacity import AsyncRetrying, stop_after_attempt, wait_random_exponential
from tests.bench.settings import GUARDED_CALL, OF_TENACITY, Call
from tests.bench.statistics import Spread, paired_ratios, spread

from resume_outbound import NullObserver, Observer, Outbound, OutboundMetrics, playbook_policies
from resume_runtime.clock import SystemClock, system_sleep

PROVIDER = "openai"
BARE, THEIRS, OURS = "bare await", "tenacity + purgatory", "ours"
LIKE_OURS = f"{THEIRS}, semaphore, timeout"
WITH, AT_DEBUG = ", metrics and logs", ", metrics and logs at DEBUG"

OneCall = Callable[[], Awaitable[int]]


@dataclass(slots=True)
class Row:
    """One contender's microseconds a call, round by round."""

    name: str
    call: OneCall
    level: int
    us: list[float] = field(default_factory=list)


class _Nowhere(logging.Handler):
    """Formats a record as a real handler does, and drops it."""

    def emit(self, record: logging.LogRecord) -> None:
        self.format(record)


async def provider() -> int:
    """Answer in the next turn of the event loop."""
    await asyncio.sleep(0)
    return 1


async def measure(settings: Call, say: Callable[[str], None]) -> list[Row]:
    """Everybody in turn, round by round; the first round only warms up."""
    logger, handler = logging.getLogger("resume_outbound"), _Nowhere()
    level, propagates = logger.level, logger.propagate
    logger.addHandler(handler)
    logger.propagate = False
    rows = _contenders()
    try:
        for round_ in range(settings.rounds + 1):
            for row in rows:
                logger.setLevel(row.level)
                us = await _time(row.call, settings.calls)
                if round_:
                    row.us.append(us)
    finally:
        logger.removeHandler(handler)
        logger.setLevel(level)
        logger.propagate = propagates
    say(f"{settings.rounds} rounds of {settings.calls} calls each")
    return rows


async def _time(call: OneCall, calls: int) -> float:
    began = time.perf_counter()
    for _ in range(calls):
        await call()
    return (time.perf_counter() - began) / calls * 1e6


def _contenders() -> list[Row]:
    info, debug = logging.INFO, logging.DEBUG
    return [
        Row(BARE, provider, info),
        Row(THEIRS, _theirs(), info),
        Row(THEIRS + WITH, _theirs(_Metrics()), info),
        Row(LIKE_OURS, _theirs(has_limits=True), info),
        Row(OURS, _ours(NullObserver()), logging.WARNING),
        Row(OURS + WITH, _ours(_our_metrics()), info),
        Row(OURS + AT_DEBUG, _ours(_our_metrics()), debug),
    ]


def _our_metrics() -> Observer:
    return OutboundMetrics(CollectorRegistry(), [PROVIDER])


def _ours(observer: Observer) -> OneCall:
    clock = SystemClock()
    outbound = Outbound(
        {PROVIDER: playbook_policies()[PROVIDER]},
        clock=clock,
        sleep=system_sleep,
        rng=random.Random(1),
        observer=observer,
    )

    async def call() -> int:
        return await outbound.call(PROVIDER, provider, deadline=clock.monotonic() + 300)

    return call


class _Metrics:
    """What one writes around a call by hand."""

    def __init__(self) -> None:
        registry, label = CollectorRegistry(), ("provider",)
        self._seconds = Histogram("call_seconds", "Duration", label, registry=registry)
        self._active = Gauge("call_active", "Under way", label, registry=registry)
        self._calls = Counter("calls", "Calls", ("provider", "ending"), registry=registry)
        self._logger = logging.getLogger("resume_outbound.bench")

    async def around(self, call: OneCall) -> int:
        """Count and time it."""
        began, ending = time.perf_counter(), "failed"
        self._active.labels(PROVIDER).inc()
        try:
            result = await call()
            ending = "ok"
        finally:
            seconds = time.perf_counter() - began
            self._active.labels(PROVIDER).dec()
            self._seconds.labels(PROVIDER).observe(seconds)
            self._calls.labels(PROVIDER, ending).inc()
            self._logger.debug("call", extra={"provider": PROVIDER, "seconds": seconds})
        return result


def _theirs(metrics: _Metrics | None = None, *, has_limits: bool = False) -> OneCall:
    """Retries outside, the breaker inside, as both documentations have it."""
    policy = playbook_policies()[PROVIDER]
    breakers = AsyncCircuitBreakerFactory(
        default_threshold=policy.threshold, default_ttl=policy.recovery
    )
    slots = asyncio.Semaphore(policy.max_concurrent)
    retrying = AsyncRetrying(
        stop=stop_after_attempt(policy.retries + 1),
        wait=wait_random_exponential(max=10),
        reraise=True,
    )

    async def guarded() -> int:
        async with await breakers.get_breaker(PROVIDER):
            return await provider()

    async def limited() -> int:
        async with slots, asyncio.timeout(policy.timeout):
            return await guarded()

    attempt = limited if has_limits else guarded

    async def call() -> int:
        return await retrying(attempt)

    if metrics is None:
        return call
    around = metrics.around

    async def measured() -> int:
        return await around(call)

    return measured


def _beyond(rows: Sequence[Row]) -> dict[str, list[float]]:
    """Microseconds beyond the bare `await` of the same round."""
    bare = rows[0].us
    return {row.name: [a - b for a, b in zip(row.us, bare, strict=True)] for row in rows[1:]}


def _ratio(beyond: dict[str, list[float]], name: str) -> Spread:
    return paired_ratios(beyond[name], beyond[THEIRS])


def table(rows: Sequence[Row]) -> tuple[Sequence[str], Sequence[Sequence[str]]]:
    """Heads and cells."""
    beyond = _beyond(rows)
    body = [[BARE, f"({spread(rows[0].us).show(1)})", ""]]
    body += [[n, spread(us).show(1), _ratio(beyond, n).show(2)] for n, us in beyond.items()]
    return ("", "µs a call", f"× {THEIRS}"), body


def verdicts(rows: Sequence[Row]) -> Sequence[str]:
    """The targets."""
    beyond = _beyond(rows)
    cost, ratio = spread(beyond[OURS + WITH]).median, _ratio(beyond, OURS).median
    return (
        f"{GUARDED_CALL.name} {GUARDED_CALL.verdict(cost)}",
        f"{OF_TENACITY.name} {OF_TENACITY.verdict(ratio)}",
    )


def data(rows: Sequence[Row]) -> Any:
    """Every round."""
    return {row.name: row.us for row in rows}
