"""The counters of what stages spend and spare."""

from prometheus_client import CollectorRegistry

from resume_contracts.messages import Usage
from resume_contracts.usage import spared
from resume_messaging.billing import MOST_MODELS, OTHER
from resume_messaging.metrics import PrometheusObserver

LINE = Usage(
    provider="openai",
    model="m",
    calls=2,
    input_tokens=10,
    cached_input_tokens=4,
    output_tokens=3,
    cost_usd=0.5,
)


def test_bill_is_counted_by_provider_and_model() -> None:
    registry = CollectorRegistry()
    observer = PrometheusObserver(registry)
    observer.billed((LINE, Usage(provider="firecrawl", calls=1, credits=5)))
    observer.billed(spared([LINE]))
    whose = {"provider": "openai", "model": "m"}
    assert registry.get_sample_value("ai_cost_usd_total", whose) == 0.5
    assert registry.get_sample_value("ai_saved_usd_total", whose) == 0.5
    assert registry.get_sample_value("ai_saved_tokens_total", whose) == 13
    assert registry.get_sample_value("ai_cached_answers_total", whose) == 2
    tokens = {
        kind: registry.get_sample_value("ai_tokens_total", whose | {"kind": kind})
        for kind in ("input", "cached_input", "output")
    }
    assert tokens == {"input": 10, "cached_input": 4, "output": 3}
    scraper = {"provider": "firecrawl", "model": ""}
    assert registry.get_sample_value("ai_credits_total", scraper) == 5
    assert registry.get_sample_value("ai_unpriced_calls_total", scraper) == 1


def test_models_are_few_whatever_providers_call_them() -> None:
    registry = CollectorRegistry()
    observer = PrometheusObserver(registry)
    for n in range(100):
        observer.billed([Usage(provider="p", model=f"m{n}", calls=1, cost_usd=1)])
    (cost,) = [m for m in registry.collect() if m.name == "ai_cost_usd"]
    samples = [s for s in cost.samples if s.name == "ai_cost_usd_total"]
    assert len(samples) == MOST_MODELS + 1
    other = {"provider": "p", "model": OTHER}
    assert registry.get_sample_value("ai_cost_usd_total", other) == 100 - MOST_MODELS
