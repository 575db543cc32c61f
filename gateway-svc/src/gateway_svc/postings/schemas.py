"""What the posting endpoints give."""

from datetime import datetime
from uuid import UUID

from gateway_svc.jobs.schemas import ResultSummary
from resume_contracts.facts import Field, Posting, Source
from resume_core.requirements import Requirement
from resume_runtime.schemas import ApiModel


class PostingSummary(ApiModel):
    """A stored posting without its text. `isPublic`: it was had by its address."""

    id: UUID
    job_id: UUID
    title: str | None = None
    company: str | None = None
    url: str | None = None
    final_url: str | None = None
    is_public: bool
    frozen_at: datetime


class Evidence(ApiModel):
    """One field as it was stated: where it was read, and the span of `text`."""

    value: str
    source: Source
    span: tuple[int, int] | None = None

    @classmethod
    def of(cls, field: Field | None) -> "Evidence | None":
        """The field of a posting, if it was stated."""
        return (
            None if field is None else cls(value=field.value, source=field.source, span=field.span)
        )


class StatedFields(ApiModel):
    """What the posting states beside its text; nothing is guessed, `salary` least of all."""

    title: Evidence | None = None
    company: Evidence | None = None
    location: Evidence | None = None
    employment_type: Evidence | None = None
    salary: Evidence | None = None
    date_posted: Evidence | None = None
    valid_through: Evidence | None = None

    @classmethod
    def of(cls, posting: Posting) -> "StatedFields":
        """The stated fields of a posting."""
        return cls(**{name: Evidence.of(getattr(posting, name)) for name in cls.model_fields})


class ResumeUsed(ApiModel):
    """A version of a resume that something was made from."""

    resume_id: UUID
    version: int


class PostingDetail(PostingSummary):
    """A stored posting, what it asks for, and what was made for it, newest first.

    `resumes` are the versions that went into it.
    """

    text: str
    language: str | None = None
    expired: bool
    route: Source
    stated: StatedFields
    requirements: list[Requirement]
    resumes: list[ResumeUsed]
    results: list[ResultSummary]


class PostingPage(ApiModel):
    """One page of postings, newest first."""

    items: list[PostingSummary]
    next_cursor: str | None = None
