"""The playbook's metrics 4 to 8 and what our own layer adds, as an observer."""

from collections.abc import Iterable
from typing import get_args

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from resume_outbound.availability import ProviderState, StateKind
from resume_outbound.verdict import CallEnding, Ending, Waste

#: Value of `circuit_breaker_state`. A pause (429) leaves the circuit closed.
STATE_VALUES: dict[StateKind, int] = {"closed": 0, "paused": 0, "half_open": 1, "open": 2}

_FAILED: tuple[Ending, ...] = (
    "timeout",
    "connect",
    "status",
    "contract",
    "rate_limited",
    "refused",
)
_BUCKETS = (0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 30, 45, 60, 90, 120)


class _Families:
    """The metrics themselves; labels are `provider` and closed sets."""

    def __init__(self, registry: CollectorRegistry) -> None:
        def counter(name: str, text: str, *labels: str) -> Counter:
            return Counter(name, text, ("provider", *labels), registry=registry)

        label = ("provider",)
        self.duration = Histogram(
            "ai_call_duration_seconds",
            "Duration of one attempt at an outbound call",
            label,
            buckets=_BUCKETS,
            registry=registry,
        )
        self.active = Gauge("ai_call_active", "Attempts under way", label, registry=registry)
        self.state = Gauge(
            "circuit_breaker_state", "0 closed, 1 half-open, 2 open", label, registry=registry
        )
        self.errors = counter(
            "ai_call_errors_total", "Attempts that failed, were rate limited or refused", "kind"
        )
        self.trips = counter("circuit_breaker_trips_total", "Times a circuit opened")
        self.calls = counter("outbound_calls_total", "Calls, with all their attempts", "ending")
        self.wasted = counter(
            "outbound_wasted_attempts_total",
            "Attempts that may have been paid for and gave nothing",
            "cause",
        )
        self.retries = counter("outbound_retries_total", "Attempts after a call's first")
        self.denied = counter(
            "outbound_retries_denied_total", "Calls ended because the retry budget was spent"
        )
        self.pauses = counter("outbound_pauses_total", "Times a 429 paused all callers")
        self.probes = counter("outbound_probes_total", "Probes of a half-open circuit")


class _Series:
    """One provider's series. They exist at 0, so that a first error shows as a rate."""

    def __init__(self, families: _Families, provider: str) -> None:
        self.duration = families.duration.labels(provider)
        self.active = families.active.labels(provider)
        self.state = families.state.labels(provider)
        self.trips = families.trips.labels(provider)
        self.retries = families.retries.labels(provider)
        self.denied = families.denied.labels(provider)
        self.pauses = families.pauses.labels(provider)
        self.probes = families.probes.labels(provider)
        self.errors = {kind: families.errors.labels(provider, kind) for kind in _FAILED}
        self.calls = {e: families.calls.labels(provider, e) for e in get_args(CallEnding)}
        self.wasted = {c: families.wasted.labels(provider, c) for c in get_args(Waste)}


class OutboundMetrics:
    """Labels are bounded: `provider` by the policies given here, the others by closed sets."""

    def __init__(self, registry: CollectorRegistry, providers: Iterable[str]) -> None:
        families = _Families(registry)
        # Looked up once: `labels()` takes a lock and builds a key each time.
        self._of = {provider: _Series(families, provider) for provider in providers}

    def attempt_started(self, provider: str) -> None:
        """Count it as under way."""
        self._of[provider].active.inc()

    def attempt_finished(self, provider: str, seconds: float, ending: Ending) -> None:
        """Record its duration, and its kind when it failed."""
        series = self._of[provider]
        series.active.dec()
        series.duration.observe(seconds)
        if ending in _FAILED:
            series.errors[ending].inc()

    def attempt_wasted(self, provider: str, cause: Waste) -> None:
        """Count it by its cause."""
        self._of[provider].wasted[cause].inc()

    def call_finished(self, provider: str, ending: CallEnding) -> None:
        """Count it by its ending."""
        self._of[provider].calls[ending].inc()

    def retried(self, provider: str) -> None:
        """Count it."""
        self._of[provider].retries.inc()

    def retry_denied(self, provider: str) -> None:
        """Count it."""
        self._of[provider].denied.inc()

    def paused(self, provider: str) -> None:
        """Count it."""
        self._of[provider].pauses.inc()

    def probed(self, provider: str) -> None:
        """Count it."""
        self._of[provider].probes.inc()

    def state_changed(self, state: ProviderState) -> None:
        """Set the gauge."""
        self._of[state.provider].state.set(STATE_VALUES[state.kind])

    def tripped(self, provider: str) -> None:
        """Count it."""
        self._of[provider].trips.inc()
