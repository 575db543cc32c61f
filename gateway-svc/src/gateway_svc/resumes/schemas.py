"""What the resume endpoints give."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from resume_runtime.schemas import ApiModel


class ResumeState(StrEnum):
    """`parsing` until the file was read, then `unconfirmed` until its owner confirms or edits."""

    PARSING = "parsing"
    UNCONFIRMED = "unconfirmed"
    CONFIRMED = "confirmed"
    FAILED = "failed"


class ResumeSummary(ApiModel):
    """A resume without its document."""

    id: UUID
    name: str | None = None
    state: ResumeState
    version: int
    file_name: str | None = None
    created_at: datetime
    updated_at: datetime


class ResumeDetail(ResumeSummary):
    """A resume with its present version: JSON Resume with entry ids.

    `report` tells what was doubtful when a file was read.
    """

    document: dict[str, Any] | None = None
    report: dict[str, Any] | None = None


class ResumePage(ApiModel):
    """One page of resumes, newest first."""

    items: list[ResumeSummary]
    next_cursor: str | None = None
