"""What the resume endpoints give."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import StringConstraints, model_validator

from gateway_svc.jobs.schemas import Line, Text
from resume_contracts.workflows import Engine
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


class ReadDoubt(ApiModel):
    """What was guessed; `alternative` is what another reading has there."""

    path: str
    reason: str
    confidence: float
    alternative: str | None = None


class ReadField(ApiModel):
    """Where a field stands in the report's `text`: ranges of characters, line and page from 1.

    `confidence` is 0 to 1, from the `rule` that found it; no span: the text does not have it.
    """

    path: str
    spans: tuple[tuple[int, int], ...] = ()
    line: int | None = None
    page: int | None = None
    confidence: float
    rule: str


class ReadReport(ApiModel):
    """How a file was read. `text` and `fields` are there until the resume is confirmed.

    `engine`: rules, or model where a model's reading was compared with theirs.
    """

    format: str
    doubts: tuple[ReadDoubt, ...] = ()
    characters: int = 0
    pages: int | None = None
    engine: Engine = Engine.RULES
    notes: tuple[str, ...] = ()
    confidence_version: str | None = None
    text: str | None = None
    fields: tuple[ReadField, ...] | None = None


class ResumeDetail(ResumeSummary):
    """A resume with its present version: JSON Resume with entry ids.

    `report` tells what was doubtful when a file was read.
    """

    document: dict[str, Any] | None = None
    report: ReadReport | None = None


class ResumePage(ApiModel):
    """One page of resumes, newest first."""

    items: list[ResumeSummary]
    next_cursor: str | None = None


class VersionSummary(ApiModel):
    """A version without its document; `source` is json, upload or edit."""

    version: int
    source: str
    created_at: datetime


class VersionDetail(VersionSummary):
    """A version as it was written."""

    document: dict[str, Any]
    report: ReadReport | None = None


class VersionPage(ApiModel):
    """One page of versions, newest first; `nextBefore` when there are more."""

    items: list[VersionSummary]
    next_before: int | None = None


Statement = Annotated[Text, StringConstraints(max_length=500)]


class FactRequest(ApiModel):
    """A fact to confirm: a skill's `name`, or a `statement`, or both.

    `entryId` is the entry of the resume it belongs to, `requirementId` the gap it answers.
    """

    name: Line | None = None
    statement: Statement | None = None
    detail: Statement | None = None
    entry_id: Line | None = None
    requirement_id: Line | None = None

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if self.name is None and self.statement is None:
            raise ValueError("give a name or a statement")
        return self


class StoredFact(FactRequest):
    """A confirmed fact."""

    id: UUID
    created_at: datetime


class FactList(ApiModel):
    """A resume's confirmed facts, oldest first."""

    items: list[StoredFact]
