"""What must be true at the end of every history."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from resume_contracts.messages import MAX_CALLS
from resume_messaging.sim.history import History
from resume_messaging.sim.provider import Call
from resume_messaging.sim.record import Run

#: An id may be published this often beyond once and once for each trouble.
SLACK = 6


def violations(history: History) -> list[str]:
    """Everything that is wrong with a history; empty when all is well."""
    return [
        *history.record.errors,
        *_lost(history),
        *_unaccounted(history),
        *_contradictions(history),
        *_repetitions(history),
        *_calls(history),
        *_leftovers(history),
    ]


def _lost(history: History) -> Iterator[str]:
    record = history.record
    for job_id, run in record.deadlines:
        if (job_id, run) not in record.terminal and (job_id, run) not in record.cancelled:
            yield f"lost: run {run} of {job_id} has no end"


def _unaccounted(history: History) -> Iterator[str]:
    """Every distinct id is ready, delayed, held, acked or dead, and none appeared from nowhere."""
    broker = history.world.broker
    places = set(broker.acked)
    for queue in broker.queues.values():
        places.update(message.message_id for message in queue.ready)
        places.update(message.message_id for message in queue.held())
    published = set(broker.published)
    if places != published:
        yield f"unaccounted: {len(published - places)} vanished, {len(places - published)} appeared"
    for queue in broker.queues.values():
        service = queue.name.partition(".")[0]
        deaths = sum(name.startswith(service) for name in history.record.died)
        # Two make a suspect of it, two more end its starts.
        is_buried = queue.name.endswith(".dead") and queue.ready
        if is_buried and not history.poison and deaths < 4:
            yield f"dead letters: {len(queue.ready)} in {queue.name}"


def _contradictions(history: History) -> Iterator[str]:
    for conflict in history.record.conflicts:
        yield f"one id, two contents: {conflict}"
    if history.record.crowds:
        yield f"half-open: more than one passed, at {history.record.crowds[0]:.1f} s"


def _repetitions(history: History) -> Iterator[str]:
    allowed = 1 + SLACK + history.record.troubles + history.chaos.faults
    for message_id, copies in history.record.copies.items():
        if copies > allowed:
            yield f"published {copies} times: {message_id}"


def _calls(history: History) -> Iterator[str]:
    late: Counter[Run] = Counter()
    done: Counter[tuple[Run, str]] = Counter()
    paid: Counter[tuple[Run, str]] = Counter()
    for call in history.openai.ledger:
        run = (call.job_id, call.run)
        if call.started >= history.record.deadlines[run]:
            yield f"called after the deadline: {call.request_id} at {call.started:.1f} s"
        late[run] += call.started > history.record.cancelled.get(run, float("inf"))
        if not _is_lost(history, call):
            paid[run, call.stage] += call.result != "rate_limited"
            done[run, call.stage] += call.result == "done"
    yield from _above(late, 1, "called after the cancel")
    yield from _above(paid, MAX_CALLS, "paid")
    yield from _above(done, 1, "paid twice without a crash")


def _above(counts: Mapping[Any, int], limit: int, what: str) -> Iterator[str]:
    for subject, count in counts.items():
        if count > limit:
            yield f"{what}, {count} times: {subject}"


def _is_lost(history: History, call: Call) -> bool:
    """Whether its process died with it, or nobody wanted its result any more."""
    if call.is_saved:
        return False
    run = (call.job_id, call.run)
    return call.process in history.record.died or run in history.record.cancelled


def _leftovers(history: History) -> Iterator[str]:
    if not history.world.is_quiet():
        yield "not quiet: messages are in queues or in hand"
        return
    for process in history.world.processes.values():
        if not process.is_alive:
            continue
        if process.gate.holding("openai") or process.in_hand or process.stops.watched:
            yield f"left over in {process.name}"
        if len(process.stops) > len(history.record.cancelled):
            yield f"stops grow in {process.name}"
