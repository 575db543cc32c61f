"""How a process's part in the fleet's limits shows."""

from collections.abc import Iterable

from prometheus_client import CollectorRegistry, Counter, Gauge


class FleetMetrics:
    """Labels are bounded: `provider` by the policies given here."""

    def __init__(self, registry: CollectorRegistry, providers: Iterable[str]) -> None:
        label = ("provider",)
        self._shared = Gauge(
            "outbound_fleet_shared",
            "1: limits are leased from Valkey; 0: it is out of reach, the process has its share",
            registry=registry,
        )
        self._fallbacks = Counter(
            "outbound_fleet_fallbacks_total", "Times Valkey went out of reach", registry=registry
        )
        held = Gauge(
            "outbound_fleet_leases", "Leased slots this process holds", label, registry=registry
        )
        lost = Counter(
            "outbound_fleet_leases_lost_total",
            "Leases that were over before their call; the call goes on",
            label,
            registry=registry,
        )
        # Looked up once, and there at 0.
        self._held = {provider: held.labels(provider) for provider in providers}
        self._lost = {provider: lost.labels(provider) for provider in self._held}

    def shared(self) -> None:
        """Valkey is in reach."""
        self._shared.set(1)

    def fell_back(self) -> None:
        """It is not."""
        self._shared.set(0)
        self._fallbacks.inc()

    def leases(self, provider: str, held: int) -> None:
        """So many are held now."""
        self._held[provider].set(held)

    def lease_lost(self, provider: str) -> None:
        """Count it."""
        self._lost[provider].inc()
