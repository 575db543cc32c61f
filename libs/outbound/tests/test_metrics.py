import pytest
from prometheus_client import CollectorRegistry

from resume_outbound.availability import ProviderState, StateKind
from resume_outbound.metrics import OutboundMetrics

CATALOGUE = {
    "ai_call_duration_seconds",
    "ai_call_errors",
    "ai_call_active",
    "circuit_breaker_state",
    "circuit_breaker_trips",
    "outbound_calls",
    "outbound_pauses",
    "outbound_probes",
    "outbound_retries",
    "outbound_retries_denied",
    "outbound_wasted_attempts",
}


def value(registry: CollectorRegistry, name: str, **labels: str) -> float | None:
    return registry.get_sample_value(name, {"provider": "openai", **labels})


def test_metrics_are_the_catalogue_and_exist_at_zero() -> None:
    registry = CollectorRegistry()
    OutboundMetrics(registry, ["openai"])
    assert {metric.name for metric in registry.collect()} == CATALOGUE
    assert value(registry, "ai_call_errors_total", kind="timeout") == 0
    assert value(registry, "circuit_breaker_trips_total") == 0


def test_metrics_count_attempts_and_errors_by_kind() -> None:
    registry = CollectorRegistry()
    metrics = OutboundMetrics(registry, ["openai"])
    for ending in ("ok", "neutral", "rate_limited"):
        metrics.attempt_started("openai")
        assert value(registry, "ai_call_active") == 1
        metrics.attempt_finished("openai", 2.0, ending)
    assert value(registry, "ai_call_active") == 0
    assert value(registry, "ai_call_duration_seconds_count") == 3
    assert value(registry, "ai_call_errors_total", kind="rate_limited") == 1
    assert value(registry, "ai_call_errors_total", kind="neutral") is None


@pytest.mark.parametrize(
    ("kind", "expected"), [("closed", 0), ("paused", 0), ("half_open", 1), ("open", 2)]
)
def test_metrics_show_the_circuit(kind: StateKind, expected: int) -> None:
    registry = CollectorRegistry()
    OutboundMetrics(registry, ["openai"]).state_changed(ProviderState("openai", kind))
    assert value(registry, "circuit_breaker_state") == expected


def test_metrics_count_calls_and_what_became_of_them() -> None:
    registry = CollectorRegistry()
    metrics = OutboundMetrics(registry, ["openai"])
    assert value(registry, "outbound_calls_total", ending="waiting") == 0
    assert value(registry, "outbound_wasted_attempts_total", cause="cancelled") == 0
    metrics.call_finished("openai", "waiting")
    metrics.attempt_wasted("openai", "cancelled")
    metrics.retried("openai")
    metrics.retry_denied("openai")
    metrics.paused("openai")
    metrics.probed("openai")
    metrics.tripped("openai")
    assert value(registry, "outbound_calls_total", ending="waiting") == 1
    assert value(registry, "outbound_wasted_attempts_total", cause="cancelled") == 1
    for name in ("retries", "retries_denied", "pauses", "probes"):
        assert value(registry, f"outbound_{name}_total") == 1
    assert value(registry, "circuit_breaker_trips_total") == 1
