"""Between `gateway.jobs` and `JobRow`."""

from typing import Any

import asyncpg

from gateway_svc.jobs.model import JobRow, Note, Status
from resume_contracts.errors import JobError
from resume_contracts.workflows import Workflow

#: The columns the fold reads; the submission stays where it is.
PROJECTED = """id, user_id, workflow, slip, accepted_at, updated_at, deadline_at, run, status,
    at_stage, at_attempt, at_n, progress, notes, error, ended_by, version"""


def row_from(record: asyncpg.Record) -> JobRow:
    """The row of a record that has the `PROJECTED` columns."""
    error = record["error"]
    return JobRow(
        id=record["id"],
        user_id=record["user_id"],
        workflow=Workflow(record["workflow"]),
        slip=tuple(record["slip"]),
        accepted_at=record["accepted_at"],
        updated_at=record["updated_at"],
        deadline_at=record["deadline_at"],
        run=record["run"],
        status=Status(record["status"]),
        position=(record["at_stage"], record["at_attempt"], record["at_n"]),
        progress=record["progress"],
        notes={stage: Note.model_validate(note) for stage, note in record["notes"].items()},
        error=None if error is None else JobError.model_validate(error),
        ended_by=record["ended_by"],
        version=record["version"],
    )


def row_values(row: JobRow) -> tuple[Any, ...]:
    """The values of the columns that the fold may change, the id first.

    The slip is joined by commas: PostgreSQL's `unnest` would flatten an array of arrays.
    """
    return (
        row.id,
        row.run,
        ",".join(row.slip),
        row.status.value,
        *row.position,
        row.progress,
        notes_json(row),
        None if row.error is None else row.error.model_dump(mode="json"),
        row.ended_by,
        row.version,
        row.updated_at,
        row.deadline_at,
    )


def notes_json(row: JobRow) -> dict[str, Any]:
    """The notes as they are stored."""
    return {stage: note.model_dump() for stage, note in row.notes.items()}
