"""The one way a job's row changes after its acceptance: append facts, fold, update.

Projector, cancel, sweeper and redrive all come through here. Every writer holds the row's lock
first, so that `seq` tells for ever which fact was committed first.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from gateway_svc.database import Connection
from gateway_svc.jobs.model import JobRow
from gateway_svc.jobs.projection import admit, fold
from gateway_svc.jobs.rows import PROJECTED, row_from, row_values
from gateway_svc.postings import keeping
from resume_contracts.facts import FOUND, ParsedResume, Posting, ProductResult
from resume_contracts.messages import ExpireDue, JobEvent, StageSucceeded, order_key
from resume_contracts.workflows import Workflow

#: The jobs of an erased user are as good as gone: nothing is written to them any more.
_LOCK = f"""
    select {PROJECTED} from gateway.jobs j
     where id = any($1::uuid[])
       and not exists (select from gateway.erased e where e.user_id = j.user_id)
     order by id for update of j
"""  # noqa: S608  the columns are constants

#: Facts committed before are left out; the rest follow on from the job's version.
_APPEND = """
    insert into gateway.job_events
           (job_id, seq, message_id, user_id, run, kind, body, occurred_at)
    select e.job_id,
           j.version + row_number() over (partition by e.job_id order by e.place),
           e.message_id, j.user_id, e.run, e.kind, e.body, e.occurred_at
      from unnest($1::uuid[], $2::uuid[], $3::int[], $4::text[], $5::jsonb[], $6::timestamptz[])
           with ordinality as e (job_id, message_id, run, kind, body, occurred_at, place)
      join gateway.jobs j on j.id = e.job_id
     where not exists (select from gateway.job_events known where known.message_id = e.message_id)
    on conflict (message_id) do nothing
    returning message_id
"""

_UPDATE = """
    with changed as (
        update gateway.jobs j
           set run = c.run, slip = string_to_array(c.slip, ','), status = c.status,
               at_stage = c.at_stage, at_attempt = c.at_attempt, at_n = c.at_n,
               progress = c.progress, notes = c.notes, error = c.error, ended_by = c.ended_by,
               version = c.version, updated_at = c.updated_at, deadline_at = c.deadline_at
          from unnest($1::uuid[], $2::int[], $3::text[], $4::text[], $5::int[], $6::int[],
                      $7::int[], $8::int[], $9::jsonb[], $10::jsonb[], $11::uuid[], $12::bigint[],
                      $13::timestamptz[], $14::timestamptz[])
               as c (id, run, slip, status, at_stage, at_attempt, at_n, progress, notes, error,
                     ended_by, version, updated_at, deadline_at)
         where j.id = c.id
        returning j.id, j.version)
    select pg_notify('jobs', id || ':' || version) from changed
"""

_RESULTS = """
    insert into gateway.results
           (id, event_id, job_id, run, user_id, product, document, degraded, superseded, created_at)
    select * from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::int[], $5::uuid[], $6::text[],
                         $7::jsonb[], $8::bool[], $9::bool[], $10::timestamptz[])
"""


@dataclass(frozen=True, slots=True)
class Result:
    """What a run came to, as it was stored; `posting_id` if a posting came in the same append."""

    job: JobRow
    event: StageSucceeded
    superseded: bool
    posting_id: UUID | None


@dataclass(frozen=True, slots=True)
class Appended:
    """What one append did.

    Attributes:
        rows: every locked row after the fold, changed or not.
        ended: those whose run ended now.
        results: every result that came now, superseded ones too.
        unknown: jobs that are not there, or of an erased user: their facts are dropped.
        repeated: facts that were committed before.
        billed: the runs whose bill grew.
    """

    rows: dict[UUID, JobRow]
    ended: list[JobRow]
    results: list[Result]
    unknown: set[UUID]
    repeated: int
    billed: set[tuple[UUID, int]] = field(default_factory=set)


async def append(
    connection: Connection,
    incoming: Iterable[JobEvent | ExpireDue],
    *,
    new_id: Callable[[], UUID],
) -> Appended:
    """Append facts, fold them and update the rows, in the caller's transaction."""
    by_job: dict[UUID, list[JobEvent | ExpireDue]] = defaultdict(list)
    for event in incoming:
        by_job[event.job_id].append(event)
    before = await lock(connection, by_job)
    admitted = {job_id: _distinct(admit(row, by_job[job_id])) for job_id, row in before.items()}
    new = await _insert(connection, [event for events in admitted.values() for event in events])
    rows = dict(before)
    committed: list[StageSucceeded] = []
    billed: set[tuple[UUID, int]] = set()
    repeated = 0
    for job_id, events in admitted.items():
        fresh = [event for event in events if event.message_id in new]
        repeated += len(events) - len(fresh)
        rows[job_id] = fold(before[job_id], fresh)
        committed += (event for event in fresh if isinstance(event, StageSucceeded))
        billed |= {(job_id, event.run) for event in fresh if getattr(event, "usage", ())}
    postings = await keeping.keep(connection, _postings(committed, rows), new_id=new_id)
    results = [
        Result(
            job=rows[event.job_id],
            event=event,
            superseded=rows[event.job_id].ended_by != event.message_id,
            posting_id=postings.get(event.job_id),
        )
        for event in committed
        if event.is_last
    ]
    await _insert_results(connection, results, new_id)
    changed = [row for job_id, row in rows.items() if row is not before[job_id]]
    await update(connection, changed)
    ended = [row for row in changed if row.is_over and row.ended_by != before[row.id].ended_by]
    return Appended(rows, ended, results, by_job.keys() - before.keys(), repeated, billed)


async def lock(connection: Connection, job_ids: Collection[UUID]) -> dict[UUID, JobRow]:
    """The rows that exist, locked in the order of their ids until the transaction ends."""
    records = await connection.fetch(_LOCK, list(job_ids))
    return {record["id"]: row_from(record) for record in records}


async def update(connection: Connection, rows: Sequence[JobRow]) -> None:
    """Write folded rows back and notify; never an insert, so that nothing late comes to life."""
    if rows:
        await connection.execute(_UPDATE, *zip(*map(row_values, rows), strict=True))


def stored_body(event: JobEvent) -> dict[str, object]:
    """The fact as the history keeps it; a result stands in `results` alone."""
    return event.model_dump(mode="json", exclude={"result"})


def result_document(result: Result) -> dict[str, Any]:
    """A result as it is stored and shown."""
    if result.job.workflow is Workflow.PARSE_RESUME:
        parsed = ParsedResume.model_validate(result.event.result)
        return {
            "resumeId": str(parsed.resume_id),
            "format": parsed.format,
            "doubts": list(parsed.doubts),
            "characters": parsed.characters,
            "pages": parsed.pages,
            "engine": parsed.engine.value,
            "notes": list(parsed.notes),
            "confidenceVersion": parsed.confidence_version,
            "fields": [field.model_dump(mode="json") for field in parsed.fields],
            "document": parsed.document,
        }
    if result.job.workflow is Workflow.CAPTURE_POSTING:
        return {"postingId": str(result.posting_id)}
    return ProductResult.model_validate(result.event.result).document


def _postings(
    committed: Iterable[StageSucceeded], rows: Mapping[UUID, JobRow]
) -> list[keeping.Found]:
    """The postings that were read, the later runs' last."""
    return [
        keeping.Found(
            job_id=event.job_id,
            user_id=rows[event.job_id].user_id,
            posting=Posting.model_validate(event.result),
            at=event.occurred_at,
            is_current=event.run == rows[event.job_id].run,
        )
        for event in sorted(committed, key=order_key)
        if event.result is not None and FOUND[event.stage].type is Posting
    ]


def _distinct(events: Iterable[JobEvent]) -> list[JobEvent]:
    first: dict[UUID, JobEvent] = {}
    for event in events:
        first.setdefault(event.message_id, event)
    return list(first.values())


async def _insert(connection: Connection, events: Sequence[JobEvent]) -> set[UUID]:
    if not events:
        return set()
    records = await connection.fetch(
        _APPEND,
        [event.job_id for event in events],
        [event.message_id for event in events],
        [event.run for event in events],
        [event.kind.value for event in events],
        [stored_body(event) for event in events],
        [event.occurred_at for event in events],
    )
    return {record["message_id"] for record in records}


async def _insert_results(
    connection: Connection, results: Sequence[Result], new_id: Callable[[], UUID]
) -> None:
    if not results:
        return
    events = [result.event for result in results]
    await connection.execute(
        _RESULTS,
        [new_id() for _ in events],
        [event.message_id for event in events],
        [event.job_id for event in events],
        [event.run for event in events],
        [result.job.user_id for result in results],
        [result.job.workflow.value for result in results],
        [result_document(result) for result in results],
        [event.degraded for event in events],
        [result.superseded for result in results],
        [event.occurred_at for event in events],
    )
