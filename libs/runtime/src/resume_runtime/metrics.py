"""HTTP, database and security metrics of the playbook's catalogue (6.1: 1-3, 12-15)."""

from collections.abc import Callable, Iterator, Mapping

from prometheus_client import CollectorRegistry, Counter, Histogram
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from starlette.routing import Match
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from resume_runtime.clock import Clock

#: Seconds; wide, because a waiting twin may take two minutes.
HTTP_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120)

#: Seconds, up to the time limit of a statement.
QUERY_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)


class MetricsMiddleware:
    """Counts and times requests by route template, so that labels stay bounded."""

    def __init__(self, app: ASGIApp, *, registry: CollectorRegistry, clock: Clock) -> None:
        self._app = app
        self._clock = clock
        labels = ("method", "route", "status")
        self._requests = Counter(
            "http_requests_total", "Requests answered.", labels, registry=registry
        )
        self._errors = Counter(
            "http_errors_total", "Requests answered with 5xx.", labels, registry=registry
        )
        self._seconds = Histogram(
            "http_request_duration_seconds",
            "Time to the last byte.",
            ("method", "route"),
            buckets=HTTP_BUCKETS,
            registry=registry,
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        status = 500
        start = self._clock.monotonic()

        async def watched(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, watched)
        finally:
            route = route_template(scope)
            method = scope["method"] if scope["method"] in _METHODS else "other"
            self._requests.labels(method, route, str(status)).inc()
            if status >= 500:
                self._errors.labels(method, route, str(status)).inc()
            self._seconds.labels(method, route).observe(self._clock.monotonic() - start)


_METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}


def route_template(scope: Scope) -> str:
    """The path template that a request matched; one label for all that matched none."""
    route = scope.get("route")
    if route is not None:
        return str(getattr(route, "path", "other"))
    application = scope.get("app")
    for candidate in getattr(application, "routes", ()):
        if candidate.matches(scope)[0] is Match.FULL:
            return str(getattr(candidate, "path", "other"))
    return "unmatched"


class PoolCollector(Collector):
    """`db_pool_active`, `db_pool_size`, `db_pool_overflow` of the process's pools, when scraped.

    Args:
        pools: by name, the connections in use and the pool's size (without its overflow).
    """

    def __init__(self, pools: Callable[[], Mapping[str, tuple[int, int]]]) -> None:
        self._pools = pools

    def collect(self) -> Iterator[Metric]:
        """One sample a pool and metric."""
        active = GaugeMetricFamily("db_pool_active", "Connections in use.", labels=["pool"])
        size = GaugeMetricFamily("db_pool_size", "Connections a pool keeps.", labels=["pool"])
        overflow = GaugeMetricFamily(
            "db_pool_overflow", "Connections in use beyond a pool's size.", labels=["pool"]
        )
        for name, (used, most) in self._pools().items():
            active.add_metric([name], used)
            size.add_metric([name], most)
            overflow.add_metric([name], max(0, used - most))
        yield from (active, size, overflow)


def query_seconds(registry: CollectorRegistry) -> Histogram:
    """`db_query_duration_seconds` by pool."""
    return Histogram(
        "db_query_duration_seconds",
        "Time of a statement.",
        ("pool",),
        buckets=QUERY_BUCKETS,
        registry=registry,
    )


def auth_failures(registry: CollectorRegistry) -> Counter:
    """`auth_failures_total` by reason (a closed set of the caller's)."""
    return Counter("auth_failures_total", "Refused credentials.", ("reason",), registry=registry)
