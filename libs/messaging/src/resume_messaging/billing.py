"""What stages spend and spare, as counters by provider and model."""

from collections.abc import Iterable
from typing import Final

from prometheus_client import CollectorRegistry, Counter

from resume_contracts.messages import Usage

#: Models are named by the settings, but some providers answer with a name of their own choosing.
MOST_MODELS: Final = 20
OTHER: Final = "other"

_WHOSE: Final = ("provider", "model")


class BillMetrics:
    """Counters of the bills of a process's stages; at most `MOST_MODELS` pairs of labels."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._seen: set[tuple[str, str]] = set()
        self._tokens = Counter(
            "ai_tokens_total",
            "Tokens that were paid for; cached_input is a part of input.",
            (*_WHOSE, "kind"),
            registry=registry,
        )
        self._cost = Counter(
            "ai_cost_usd_total", "Cost, where the price is known.", _WHOSE, registry=registry
        )
        self._unpriced = Counter(
            "ai_unpriced_calls_total", "Calls of unknown price.", _WHOSE, registry=registry
        )
        self._credits = Counter(
            "ai_credits_total", "Credits of who sells no tokens.", _WHOSE, registry=registry
        )
        self._cached = Counter(
            "ai_cached_answers_total",
            "Answers had before and used again, so that nobody was called.",
            _WHOSE,
            registry=registry,
        )
        self._saved_tokens = Counter(
            "ai_saved_tokens_total", "Tokens that this spared.", _WHOSE, registry=registry
        )
        self._saved_usd = Counter(
            "ai_saved_usd_total", "Money that this spared.", _WHOSE, registry=registry
        )

    def add(self, usage: Iterable[Usage]) -> None:
        """Count one stage's bill."""
        for line in usage:
            whose = self._labels(line)
            self._tokens.labels(*whose, "input").inc(line.input_tokens)
            self._tokens.labels(*whose, "cached_input").inc(line.cached_input_tokens)
            self._tokens.labels(*whose, "output").inc(line.output_tokens)
            self._cost.labels(*whose).inc(line.cost_usd or 0.0)
            self._unpriced.labels(*whose).inc(line.calls if line.cost_usd is None else 0)
            self._credits.labels(*whose).inc(line.credits)
            self._cached.labels(*whose).inc(line.cached_answers)
            self._saved_tokens.labels(*whose).inc(line.saved_tokens)
            self._saved_usd.labels(*whose).inc(line.saved_usd)

    def _labels(self, line: Usage) -> tuple[str, str]:
        whose = (line.provider, line.model or "")
        if whose not in self._seen:
            if len(self._seen) >= MOST_MODELS:
                return (line.provider, OTHER)
            self._seen.add(whose)
        return whose
