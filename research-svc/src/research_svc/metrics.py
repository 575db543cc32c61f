"""What the shared cache does, in numbers and in money."""

from typing import Final

from prometheus_client import CollectorRegistry, Counter

_KINDS: Final = ("company", "salary")
#: fresh, stale; shared: another's call was waited for; miss: paid for; failed: no answer.
_READS: Final = ("fresh", "stale", "shared", "miss", "failed")
_REFRESHES: Final = ("stored", "failed", "elsewhere", "too_many")


class CacheMetrics:
    """Counters by kind of question."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._reads = Counter(
            "research_cache_reads_total",
            "Questions, by where their answer came from.",
            ("kind", "result"),
            registry=registry,
        )
        self._refreshes = Counter(
            "research_cache_refreshes_total",
            "Stale answers asked anew in the background, by what came of it.",
            ("kind", "result"),
            registry=registry,
        )
        self._saved = Counter(
            "research_cache_saved_usd_total",
            "What the answers served from the cache had cost.",
            ("kind",),
            registry=registry,
        )
        self._spent = Counter(
            "research_spent_usd_total",
            "What providers charged, for jobs and for refreshes.",
            ("kind", "for"),
            registry=registry,
        )
        for kind in _KINDS:
            self._saved.labels(kind)
            for result in _READS:
                self._reads.labels(kind, result)
            for result in _REFRESHES:
                self._refreshes.labels(kind, result)

    def read(self, kind: str, result: str, *, saved_usd: float | None = None) -> None:
        """A question was answered, or not."""
        self._reads.labels(kind, result).inc()
        self._saved.labels(kind).inc(saved_usd or 0.0)

    def refreshed(self, kind: str, result: str) -> None:
        """A refresh ended, or did not start."""
        self._refreshes.labels(kind, result).inc()

    def spent(self, kind: str, whom: str, usd: float) -> None:
        """A provider charged something, for a `job` or a `refresh`."""
        self._spent.labels(kind, whom).inc(usd)
