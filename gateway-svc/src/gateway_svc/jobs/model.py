"""The job row as the fold sees it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from resume_contracts.errors import JobError
from resume_contracts.workflows import Workflow


class Status(StrEnum):
    """What clients see of a job; clients must take an unknown one for unfinished."""

    PENDING = "pending"
    PROCESSING = "processing"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"


class Note(BaseModel):
    """What a finished stage left to say: why it found nothing, or that it took a lesser route."""

    model_config = ConfigDict(frozen=True)

    attempt: int
    unavailable: str | None = None
    degraded: bool = False


#: (stage index, attempt, n) of the furthest fact of the run.
Position = tuple[int, int, int]

#: Before any stage.
START: Position = (-1, 0, 0)


@dataclass(frozen=True, slots=True)
class JobRow:
    """The projected part of `gateway.jobs`.

    `ended_by` is the message id of the fact that ended the current run. `version` counts the
    facts committed for the job, whatever they changed.
    """

    id: UUID
    user_id: UUID
    workflow: Workflow
    slip: tuple[str, ...]
    accepted_at: datetime
    updated_at: datetime
    deadline_at: datetime
    run: int = 1
    status: Status = Status.PENDING
    position: Position = START
    progress: int = 0
    notes: Mapping[str, Note] = field(default_factory=dict)
    error: JobError | None = None
    ended_by: UUID | None = None
    version: int = 0

    @property
    def is_over(self) -> bool:
        """Whether the current run has ended."""
        return self.ended_by is not None

    @property
    def is_degraded(self) -> bool:
        """Whether any stage took a lesser route."""
        return any(note.degraded for note in self.notes.values())
