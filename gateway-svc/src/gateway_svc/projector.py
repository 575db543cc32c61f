"""Folds what the consumers report into the job rows: a batch, a transaction, one ack."""

from collections.abc import Callable, Collection, Sequence
from uuid import UUID

import structlog
from prometheus_client import CollectorRegistry, Counter, Histogram
from pydantic import ValidationError

from gateway_svc.database import UNSTORABLE, Connection, Pool
from gateway_svc.jobs.commit import commit_facts
from gateway_svc.jobs.event_store import Appended
from resume_contracts.facts import FOUND, ParsedResume
from resume_contracts.messages import (
    Event,
    ProviderStateChanged,
    StageSucceeded,
    event_adapter,
)
from resume_contracts.workflows import STAGES
from resume_core.model import Resume
from resume_messaging.shells.batch import Raw
from resume_runtime.clock import Clock

log = structlog.get_logger()

#: A process's view of a provider: the latest one is kept, and whoever waits for it is told.
_PROVIDER = """
    with changed as (
        insert into gateway.provider_states (provider, process, state, until, occurred_at)
        select * from unnest($1::text[], $2::text[], $3::text[], $4::timestamptz[],
                             $5::timestamptz[])
        on conflict (provider, process) do update
           set state = excluded.state, until = excluded.until, occurred_at = excluded.occurred_at
         where provider_states.occurred_at <= excluded.occurred_at
        returning provider)
    select pg_notify('providers', provider) from (select distinct provider from changed) p
"""


class Projector:
    """Handles one batch at a time; safe to repeat and to run several times at once."""

    def __init__(
        self,
        pool: Pool,
        *,
        new_id: Callable[[], UUID],
        clock: Clock,
        registry: CollectorRegistry,
    ) -> None:
        self._pool = pool
        self._new_id = new_id
        self._clock = clock
        self._events = Counter(
            "projector_events_total", "Events by what became of them.", ("fate",), registry=registry
        )
        self._batch = Histogram(
            "projector_batch_events",
            "Events in one transaction.",
            buckets=(1, 2, 5, 10, 20, 50, 100, 200),
            registry=registry,
        )
        self._seconds = Histogram(
            "projector_batch_seconds",
            "Time of one transaction.",
            buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5),
            registry=registry,
        )

    async def handle(self, batch: Sequence[Raw]) -> Collection[Raw]:
        """Fold a batch in one transaction; returns those that can never be handled.

        Raises:
            Exception: of the database; nothing was done, and the batch is handed in again.
        """
        events: list[Event] = []
        dead: list[Raw] = []
        for raw in batch:
            try:
                events.append(decode(raw.body))
            except UndecodableEventError as error:
                log.error("event.undecodable", reason=str(error), size=len(raw.body))
                dead.append(raw)
        start = self._clock.monotonic()
        try:
            async with self._pool.acquire() as connection, connection.transaction():
                appended = await self._fold(connection, events)
        except UNSTORABLE as error:
            if len(batch) > 1:
                # Found by halves, so that one fact holds up no other job's.
                middle = len(batch) // 2
                return [*await self.handle(batch[:middle]), *await self.handle(batch[middle:])]
            log.error("event.unstorable", error=type(error).__name__, size=len(batch[0].body))
            events, appended, dead = [], Appended({}, [], [], set(), 0), list(batch)
        self._seconds.observe(self._clock.monotonic() - start)
        self._count(events, appended, dead)
        return dead

    async def _fold(self, connection: Connection, events: Sequence[Event]) -> Appended:
        states = [event for event in events if isinstance(event, ProviderStateChanged)]
        facts = [event for event in events if not isinstance(event, ProviderStateChanged)]
        if states:
            await _store_states(connection, states)
        return await commit_facts(connection, facts, new_id=self._new_id, now=self._clock.now())

    def _count(self, events: Sequence[Event], appended: Appended, dead: Collection[Raw]) -> None:
        unknown = sum(getattr(event, "job_id", None) in appended.unknown for event in events)
        superseded = sum(result.superseded for result in appended.results)
        self._batch.observe(len(events))
        for fate, count in (
            ("undecodable", len(dead)),
            ("unknown_job", unknown),
            ("repeated", appended.repeated),
            ("superseded", superseded),
            ("folded", len(events) - unknown - appended.repeated - superseded),
        ):
            self._events.labels(fate).inc(count)


class UndecodableEventError(Exception):
    """A body that no attempt can fold. Its text is a code and nothing of the body."""


def decode(body: bytes) -> Event:
    """One event.

    Raises:
        UndecodableEventError: it is none of ours, or its result is not what its workflow promises.
    """
    try:
        event = event_adapter.validate_json(body)
        if isinstance(event, StageSucceeded) and (event.is_last or event.result is not None):
            if event.stage not in FOUND:
                raise UndecodableEventError("unknown_stage")
            result = FOUND[event.stage].type.model_validate(event.result)
            if isinstance(result, ParsedResume):
                Resume.model_validate(result.document)
    except ValidationError:
        # Without its cause: a validation error quotes what it refused.
        raise UndecodableEventError("invalid_event") from None
    stage = getattr(event, "stage", "")
    if stage and stage not in STAGES:
        raise UndecodableEventError("unknown_stage")
    return event


async def _store_states(connection: Connection, states: Sequence[ProviderStateChanged]) -> None:
    latest: dict[tuple[str, str], ProviderStateChanged] = {}
    for state in sorted(states, key=lambda state: state.occurred_at):
        latest[state.provider, state.process] = state
    rows = [latest[key] for key in sorted(latest)]
    await connection.execute(
        _PROVIDER,
        [state.provider for state in rows],
        [state.process for state in rows],
        [state.state.value for state in rows],
        [state.until for state in rows],
        [state.occurred_at for state in rows],
    )
