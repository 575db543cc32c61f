"""Folds facts about a job into its row: pure, and indifferent to the order of delivery.

Within a run every field that a non-terminal fact touches is a maximum (position, progress, time)
or keyed by stage, so any permutation, duplication or batch split gives the same row. Only the
terminal facts have an order: the first one committed ends the run, later ones are superseded.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from uuid import UUID

from gateway_svc.jobs.model import START, JobRow, Note, Position, Status
from resume_contracts.errors import ErrorCode, JobError
from resume_contracts.messages import (
    EventKind,
    ExpireDue,
    JobAccepted,
    JobCancelled,
    JobEvent,
    JobExpired,
    JobRedriven,
    StageFailed,
    StageSucceeded,
    ends_run,
)
from resume_contracts.workflows import STAGES

#: What a person reads when the deadline passed.
DEADLINE = JobError(
    code=ErrorCode.DEADLINE_EXCEEDED,
    message="This took longer than allowed and was stopped. Please try again.",
    retryable=True,
)

#: `n` of a stage that is done; everything before counts as under way.
_SUCCEEDED = 3


def new_row(event: JobAccepted) -> JobRow:
    """The row of a job that was just accepted, that fact folded in."""
    blank = JobRow(
        id=event.job_id,
        user_id=event.user_id,
        workflow=event.workflow,
        slip=event.slip,
        accepted_at=event.occurred_at,
        updated_at=event.occurred_at,
        deadline_at=event.deadline,
    )
    return fold(blank, [event])


def fold(row: JobRow, events: Sequence[JobEvent]) -> JobRow:
    """Apply facts in the order of their commitment; each one must be new to the row.

    Returns:
        The row after them. `version` grows by one for each distinct fact.
    """
    for event in _distinct(events):
        row = _apply(row, event)
    return row


def admit(row: JobRow, incoming: Sequence[JobEvent | ExpireDue]) -> list[JobEvent]:
    """Turn each `ExpireDue` into `JobExpired`, or drop it when the run is over by then."""
    admitted: list[JobEvent] = []
    over = row.is_over
    for event in incoming:
        if isinstance(event, ExpireDue):
            if event.run == row.run and not over:
                admitted.append(expiry(row, event))
                over = True
        else:
            admitted.append(event)
            over = over or (event.run == row.run and ends_run(event))
    return admitted


def expiry(row: JobRow, due: ExpireDue) -> JobExpired:
    """The fact that the run of `row` passed its deadline."""
    return JobExpired(
        job_id=row.id,
        run=row.run,
        user_id=row.user_id,
        workflow=row.workflow,
        occurred_at=due.occurred_at,
    )


def progress_at(slip: Sequence[str], position: Position) -> int:
    """Percent done at a position: done stages by weight, one under way counts for a third."""
    stage, _, n = position
    if stage < 0:
        return 0
    weights = [STAGES[name].weight for name in slip]
    done = 3 * sum(weights[:stage])
    here = sum(weights[stage : stage + 1]) * (3 if n == _SUCCEEDED else 1)
    return min(99, 100 * (done + here) // (3 * sum(weights)))


def _distinct(events: Iterable[JobEvent]) -> Iterable[JobEvent]:
    first: dict[UUID, JobEvent] = {}
    for event in events:
        first.setdefault(event.message_id, event)
    return first.values()


def _apply(row: JobRow, event: JobEvent) -> JobRow:
    row = replace(row, version=row.version + 1, updated_at=max(row.updated_at, event.occurred_at))
    if event.run < row.run:
        return row
    if event.run > row.run:
        row = _next_run(row, event.run)
    if isinstance(event, JobAccepted | JobRedriven):
        return replace(row, slip=event.slip, deadline_at=event.deadline)
    if ends_run(event):
        return row if row.is_over else _end(_advance(row, event), event)
    return _advance(row, event)


def _next_run(row: JobRow, run: int) -> JobRow:
    return replace(
        row,
        run=run,
        status=Status.PENDING,
        position=START,
        progress=0,
        notes={},
        error=None,
        ended_by=None,
    )


def _advance(row: JobRow, event: JobEvent) -> JobRow:
    here: Position = (event.stage_index, event.attempt, event.n)
    row = replace(
        row,
        position=max(row.position, here),
        progress=max(row.progress, progress_at(row.slip, here)),
    )
    if row.status is Status.PENDING and row.position > START:
        row = replace(row, status=Status.PROCESSING)
    if isinstance(event, StageSucceeded):
        row = _with_note(row, event)
    return row


def _with_note(row: JobRow, event: StageSucceeded) -> JobRow:
    known = row.notes.get(event.stage)
    if known is not None and known.attempt >= event.attempt:
        return row
    note = Note(attempt=event.attempt, unavailable=event.unavailable, degraded=event.degraded)
    return replace(row, notes={**row.notes, event.stage: note})


def _end(row: JobRow, event: JobEvent) -> JobRow:
    row = replace(row, ended_by=event.message_id)
    if isinstance(event, StageSucceeded):
        return replace(row, status=Status.COMPLETED, progress=100)
    if isinstance(event, JobCancelled):
        return replace(row, status=Status.CANCELLED)
    if isinstance(event, StageFailed):
        return replace(row, status=Status.FAILED, error=event.error)
    if event.kind in {EventKind.STAGE_EXPIRED, EventKind.JOB_EXPIRED}:
        return replace(row, status=Status.FAILED, error=DEADLINE)
    raise AssertionError(f"{event.kind} ends no run")
