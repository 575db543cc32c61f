"""The messaging core's metrics (playbook 6.1: 10 and 11, and what the gate and the memos do)."""

from collections.abc import Iterable
from functools import partial

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from resume_contracts.messages import Usage
from resume_messaging.billing import BillMetrics
from resume_messaging.core.gate import Gate

#: Seconds; a stage ends with its job's deadline of some minutes at the latest.
STAGE_BUCKETS = (0.01, 0.05, 0.1, 0.5, 1, 2.5, 5, 10, 20, 30, 60, 90, 120, 300)


class PrometheusObserver:
    """`Observer` that counts and measures."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._registry = registry
        self._running = Gauge(
            "job_stages_running", "Handlers at work.", ("stage",), registry=registry
        )
        self._seconds = Histogram(
            "job_processing_duration_seconds",
            "Time a stage's handler took, by what it came to.",
            ("stage", "outcome"),
            buckets=STAGE_BUCKETS,
            registry=registry,
        )
        self._failures = Counter(
            "job_failures_total", "Stages failed for good.", ("stage", "code"), registry=registry
        )
        self._held = Histogram(
            "gate_held_seconds",
            "Time deliveries waited for a provider, by how the waiting ended.",
            ("provider", "verdict"),
            buckets=STAGE_BUCKETS,
            registry=registry,
        )
        self._recalled = Counter(
            "memo_hits_total", "Stored outcomes published again.", ("stage",), registry=registry
        )
        self._wasted = Counter(
            "paid_calls_wasted_total",
            "Paid calls whose result nobody wanted any more.",
            ("stage",),
            registry=registry,
        )
        self._bills = BillMetrics(registry)
        self._requeued = Counter(
            "deliveries_requeued_total", "Deliveries given back.", ("stage",), registry=registry
        )

    def watch(self, gate: Gate, providers: Iterable[str]) -> None:
        """Measure how many deliveries wait at the gate for each provider."""
        holding = Gauge(
            "gate_holding", "Deliveries held, unacked.", ("provider",), registry=self._registry
        )
        for provider in providers:
            holding.labels(provider).set_function(partial(gate.holding, provider))

    def started(self, stage: str) -> None:
        """A handler starts."""
        self._running.labels(stage).inc()

    def finished(self, stage: str, outcome: str, seconds: float) -> None:
        """A handler ended."""
        self._running.labels(stage).dec()
        self._seconds.labels(stage, outcome).observe(seconds)

    def failed(self, stage: str, code: str) -> None:
        """A stage failed for good."""
        self._failures.labels(stage, code).inc()

    def held(self, provider: str, verdict: str, seconds: float) -> None:
        """A delivery left the gate."""
        self._held.labels(provider, verdict).observe(seconds)

    def recalled(self, stage: str) -> None:
        """A stored outcome was published again."""
        self._recalled.labels(stage).inc()

    def wasted(self, stage: str, calls: int) -> None:
        """Paid calls were for nothing."""
        self._wasted.labels(stage).inc(calls)

    def billed(self, usage: Iterable[Usage]) -> None:
        """A stage's bill."""
        self._bills.add(usage)

    def requeued(self, stage: str) -> None:
        """A delivery went back to its queue."""
        self._requeued.labels(stage).inc()
