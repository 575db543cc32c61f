"""The five parts: what each measures, in words and in calls."""

from collections.abc import AsyncIterator, Callable

from tests.bench import call, edge, idle, slots, tax, throughput
from tests.bench.report import Section
from tests.bench.settings import Settings
from tests.bench.site import open_site

Say = Callable[[str], None]
Part = Callable[[Settings, Say], AsyncIterator[Section]]

TAX = """\
From the call that submits a job until a LISTENer hears of the commit that completed it, less what \
its providers took: three scripted ones of {ms} ms each, one a stage; for the whole product, what \
the sandbox's ledger says of the job. Arrivals are open-loop with exponential gaps, the same for \
everybody. `orchestration alone` is the real gateway (api, relay, projector) with the real stage \
shells, runner and memos around handlers that only await; `whole product` is everything as it is. \
Over few jobs the p99 is the slowest or the second slowest of them."""

SLOTS = """\
The tailor's queue is filled first, then that many processes of tailor-svc start and work it off, \
each with its share of the fleet's {limit} calls (`REPLICAS`). The model takes lognormal times, \
median {p50:.0f} ms and 95th percentile {p95:.0f} ms: a real one's, ten times as fast. Used \
time and the most calls at once are the sandbox's ledger's, while more jobs were waiting than the \
processes had in hand. A share is rounded down, so 4 processes may take 8 of 10."""

THROUGHPUT = """\
A burst of jobs with three stages and providers that answer at once; messages of 4 KB that grow by \
1 KB a stage. From the first submit to the last commit that completes a job. CPU is that of \
everything: workers, broker, database, Redis and whoever submits. What each row keeps when \
something dies is in its last column; they are not the same."""

EDGE = """\
wrk, {connections} connections, {seconds} s each, one process either side. The bare route checks \
the same tokens, remembers them alike, and answers a status of the same form from memory; both \
ratios are to it. A read is of a job that waits, a submit is the whole transaction; behind the \
edge nothing is at work."""

IDLE = """\
The whole native stack with nothing to do: PSS of each process and its children, and the time from \
the command until every process is ready, once with empty data folders and once more."""


CALL = """\
One call of a provider that answers in the next turn of the event loop, {calls} in a row, \
everybody in turn, {rounds} rounds; microseconds a call beyond the bare `await`. Ours has slots, \
a time limit, deadline, breaker and retry budget each time; tenacity + purgatory has retry and \
breaker, \
and in a row of its own also a semaphore and `asyncio.timeout`. Metrics are the same histogram, \
gauge and counter; logs are at INFO, where a good call says nothing, and for ours also at DEBUG."""


async def measure_tax(settings: Settings, say: Say) -> AsyncIterator[Section]:
    """Part a."""
    async with open_site() as site:
        rows = await tax.measure(site, settings.tax, say)
    yield Section(
        "Orchestration tax",
        TAX.format(ms=settings.tax.provider_ms),
        *tax.table(rows),
        tax.verdicts(rows),
        tax.data(rows),
        tax.others(rows),
    )


async def measure_slots(settings: Settings, say: Say) -> AsyncIterator[Section]:
    """Part b."""
    async with open_site() as site:
        rows = await slots.measure(site, settings.slots, say)
    fixed = settings.slots
    yield Section(
        "Slot utilisation",
        SLOTS.format(limit=fixed.limit, p50=fixed.p50_ms, p95=fixed.p95_ms),
        *slots.table(rows),
        slots.verdicts(rows),
        slots.data(rows),
        slots.others(rows),
    )


async def measure_throughput(settings: Settings, say: Say) -> AsyncIterator[Section]:
    """Part c."""
    async with open_site() as site:
        rows = await throughput.measure(site, settings.throughput, say)
    others, data = throughput.others(rows), throughput.data(rows)
    verdicts = throughput.verdicts(rows)
    heads, body = throughput.table(rows)
    yield Section("Jobs a second", THROUGHPUT, heads, body, verdicts, data, others)
    heads, body = throughput.cost_table(rows)
    yield Section("Where a job's CPU goes", "CPU milliseconds a job.", heads, body, (), None)


async def measure_edge(settings: Settings, say: Say) -> AsyncIterator[Section]:
    """Part d."""
    stack = await idle.measure(settings.edge, say)
    heads, body = idle.table(stack)
    yield Section("The idle stack", IDLE, heads, body, idle.verdicts(stack), idle.data(stack))
    async with open_site() as site:
        rows = await edge.measure(site, settings.edge, say)
    fixed = settings.edge
    yield Section(
        "The edge",
        EDGE.format(connections=fixed.connections, seconds=fixed.seconds),
        *edge.table(rows),
        edge.verdicts(rows),
        edge.data(rows),
        edge.others(rows),
    )


async def measure_call(settings: Settings, say: Say) -> AsyncIterator[Section]:
    """Part e."""
    rows = await call.measure(settings.call, say)
    yield Section(
        "A guarded call",
        CALL.format(calls=settings.call.calls, rounds=settings.call.rounds),
        *call.table(rows),
        call.verdicts(rows),
        call.data(rows),
    )


PARTS: dict[str, Part] = {
    "tax": measure_tax,
    "slots": measure_slots,
    "throughput": measure_throughput,
    "edge": measure_edge,
    "call": measure_call,
}
