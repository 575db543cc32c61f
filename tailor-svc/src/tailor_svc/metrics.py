"""What the cache of models' answers does, in numbers; the bills say what it spares."""

from collections.abc import Iterable
from typing import Final

from prometheus_client import CollectorRegistry, Counter

#: hit; shared: another job's call was waited for; miss: the model was asked; late: it was, though
#: another job asked the same; unavailable: it was, since the cache cannot be reached.
RESULTS: Final = ("hit", "shared", "miss", "late", "unavailable")


class AnswerMetrics:
    """Reads by endpoint (as the settings name them) and result."""

    def __init__(self, registry: CollectorRegistry, endpoints: Iterable[str]) -> None:
        self._reads = Counter(
            "ai_cache_reads_total",
            "Questions, by where their answer came from.",
            ("provider", "result"),
            registry=registry,
        )
        for endpoint in endpoints:
            for result in RESULTS:
                self._reads.labels(endpoint, result)

    def read(self, endpoint: str, result: str) -> None:
        """A question was looked up."""
        self._reads.labels(endpoint, result).inc()
