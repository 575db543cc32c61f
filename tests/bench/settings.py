"""Every number of the benchmark, fixed before it runs. `QUICK=1` is a smoke test, not a result."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Throughput:
    """Part c: jobs a second with providers that answer at once.

    Attributes:
        pairs: how often every contender has its turn; each turn is in fresh processes.
        warm_up: jobs before the clock starts.
        jobs: how many are timed; as many for those who are about as fast.
        few: how many for those who are several times slower.
    """

    pairs: int
    warm_up: int
    jobs: int
    few: int


@dataclass(frozen=True, slots=True)
class Tax:
    """Part a: what a job takes beyond its providers.

    Attributes:
        pairs: turns of every contender, each in fresh processes.
        warm_up: jobs before the clock starts.
        load: in a turn, for each arrival rate (jobs a second), how many jobs.
        provider_ms: how long each of the three scripted providers takes.
    """

    pairs: int
    warm_up: int
    load: tuple[tuple[int, int], ...]
    provider_ms: int = 200


@dataclass(frozen=True, slots=True)
class Slots:
    """Part b: how much of the provider's slots tailor-svc uses.

    Latencies are lognormal: median and 95th percentile of a model, ten times as fast.
    """

    pairs: int
    replicas: tuple[int, ...]
    jobs: int
    p50_ms: float = 800
    p95_ms: float = 4500
    seed: int = 20261128
    draws: int = 100
    limit: int = 10


@dataclass(frozen=True, slots=True)
class Edge:
    """Part d: reads and submits a second, by wrk."""

    pairs: int
    seconds: int
    connections: int = 32
    threads: int = 1
    users: int = 8
    start_rounds: int = 3
    idle_s: float = 5.0


@dataclass(frozen=True, slots=True)
class Call:
    """Part e: what the guard around one outbound call costs."""

    rounds: int
    calls: int


@dataclass(frozen=True, slots=True)
class Settings:
    """All parts."""

    name: str
    throughput: Throughput
    tax: Tax
    slots: Slots
    edge: Edge
    call: Call


FULL = Settings(
    "full",
    Throughput(pairs=5, warm_up=30, jobs=500, few=50),
    Tax(pairs=5, warm_up=10, load=((1, 3), (5, 12), (20, 50))),
    Slots(pairs=1, replicas=(1, 2, 4), jobs=100),
    Edge(pairs=5, seconds=2, start_rounds=2, idle_s=3.0),
    Call(rounds=15, calls=1000),
)
QUICK = Settings(
    "quick",
    Throughput(pairs=2, warm_up=20, jobs=400, few=40),
    Tax(pairs=1, warm_up=5, load=((5, 10), (20, 40))),
    Slots(pairs=1, replicas=(1, 4), jobs=80),
    Edge(pairs=2, seconds=1, start_rounds=1, idle_s=1.0),
    Call(rounds=5, calls=500),
)

#: Deliveries that a no-op stage has in hand at once, ours and the hand-written one alike.
PREFETCH = 100
#: Submissions that are under way at once while a burst is submitted.
SUBMITTERS = 50
#: Bytes of the first message, and what each step adds.
PAYLOAD, GROWTH = 4096, 1024
#: Seconds until a turn counts as failed.
TURN_S = 180.0


@dataclass(frozen=True, slots=True)
class Target:
    """What a figure should be."""

    name: str
    wanted: float
    at_least: bool
    unit: str

    def is_met(self, value: float) -> bool:
        """Whether `value` will do."""
        return value >= self.wanted if self.at_least else value <= self.wanted

    def verdict(self, value: float) -> str:
        """Met or missed, and by how much."""
        sign = "≥" if self.at_least else "≤"
        off = abs(value - self.wanted) / self.wanted * 100
        word = "met, with" if self.is_met(value) else "MISSED by"
        margin = " to spare" if self.is_met(value) else ""
        wanted = f"{sign} {self.wanted:g} {self.unit}".rstrip()
        return f"{wanted}: {word} {off:.0f} %{margin}"


TAX_P50 = Target("tax p50 at 20 jobs/s", 25, at_least=False, unit="ms")
TAX_P99 = Target("tax p99 at 20 jobs/s", 60, at_least=False, unit="ms")
UTILISATION = Target("slot utilisation", 95, at_least=True, unit="%")
OF_HANDWRITTEN = Target("jobs/s, share of hand-written", 0.4, at_least=True, unit="×")
OF_CELERY = Target("jobs/s, share of Celery", 1.0, at_least=True, unit="×")
READS = Target("status reads/s, share of a bare route", 0.4, at_least=True, unit="×")
SUBMITS = Target("submits/s, share of a bare route", 0.18, at_least=True, unit="×")
GUARDED_CALL = Target("a guarded call with metrics and logs", 50, at_least=False, unit="µs")
OF_TENACITY = Target("a guarded call, share of tenacity + purgatory", 1.0, at_least=False, unit="×")
