"""The playbook's metrics 4 to 8, as an observer."""

from collections.abc import Iterable

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from resume_outbound.availability import ProviderState, StateKind
from resume_outbound.verdict import Ending

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


class OutboundMetrics:
    """Labels are bounded: `provider` by the policies given here, `kind` by the closed set."""

    def __init__(self, registry: CollectorRegistry, providers: Iterable[str]) -> None:
        label = ("provider",)
        self._duration = Histogram(
            "ai_call_duration_seconds",
            "Duration of one attempt at an outbound call",
            label,
            buckets=_BUCKETS,
            registry=registry,
        )
        self._errors = Counter(
            "ai_call_errors_total",
            "Attempts that failed, were rate limited or refused",
            ("provider", "kind"),
            registry=registry,
        )
        self._active = Gauge("ai_call_active", "Attempts under way", label, registry=registry)
        self._state = Gauge(
            "circuit_breaker_state",
            "0 closed, 1 half-open, 2 open",
            label,
            registry=registry,
        )
        self._trips = Counter(
            "circuit_breaker_trips_total", "Times a circuit opened", label, registry=registry
        )
        for provider in providers:
            self._declare(provider)

    def attempt_started(self, provider: str) -> None:
        """Count it as under way."""
        self._active.labels(provider).inc()

    def attempt_finished(self, provider: str, seconds: float, ending: Ending) -> None:
        """Record its duration, and its kind when it failed."""
        self._active.labels(provider).dec()
        self._duration.labels(provider).observe(seconds)
        if ending in _FAILED:
            self._errors.labels(provider, ending).inc()

    def state_changed(self, state: ProviderState) -> None:
        """Set the gauge."""
        self._state.labels(state.provider).set(STATE_VALUES[state.kind])

    def tripped(self, provider: str) -> None:
        """Count it."""
        self._trips.labels(provider).inc()

    def _declare(self, provider: str) -> None:
        """Make the series exist at 0, so that a first error shows as a rate."""
        self._duration.labels(provider)
        self._active.labels(provider)
        self._state.labels(provider)
        self._trips.labels(provider)
        for kind in _FAILED:
            self._errors.labels(provider, kind)
