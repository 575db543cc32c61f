"""What the job endpoints take and give."""

from datetime import datetime
from typing import Annotated, Any, Self
from urllib.parse import urlsplit
from uuid import UUID

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from gateway_svc.account.schemas import Receipt
from gateway_svc.jobs.model import Status
from resume_contracts.errors import JobError
from resume_contracts.facts import Options, Submission
from resume_contracts.workflows import Engine, Workflow
from resume_core.text import visible
from resume_runtime.schemas import ApiModel

_MAX_URL = 2048


def storable(value: str) -> str:
    """A text that PostgreSQL can keep."""
    # Neither PostgreSQL's text nor its jsonb has this character.
    if "\x00" in value:
        raise ValueError("must not contain NUL characters")
    return value


def _readable(value: str) -> str:
    """A text with something to see in it."""
    if not visible(value).strip():
        raise ValueError("must not be empty")
    return storable(value)


Text = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1), AfterValidator(_readable)
]
Line = Annotated[Text, StringConstraints(max_length=200)]


def _http_url(value: str) -> str:
    try:
        parts = urlsplit(value)
        port = parts.port
    except ValueError as error:
        raise ValueError("must be a web address") from error
    if parts.scheme not in {"http", "https"} or not parts.hostname or port == 0:
        raise ValueError("must be an http or https address")
    if parts.username is not None or parts.password is not None:
        raise ValueError("must not contain credentials")
    return value


HttpUrl = Annotated[
    Text,
    StringConstraints(max_length=_MAX_URL),
    AfterValidator(_http_url),
]


#: A language tag as in BCP 47: a language, then script, region and variants.
Language = Annotated[
    str, StringConstraints(pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$", max_length=35)
]
#: A name of ours for one of a few ways to write or to lay out.
Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{0,39}$")]


class JobOptions(ApiModel):
    """What the user may choose."""

    engine: Engine = Engine.AUTO
    language: Language | None = None
    tone: Name | None = None
    template: Name | None = None


class _Request(ApiModel):
    """What every submission can be turned into."""

    def submission(self) -> Submission:
        """The same in the contract's words."""
        given = self.model_dump(by_alias=False)
        return Submission(
            **{name: given[name] for name in _SUBMITTED & given.keys()},
            options=Options(**given.get("options", {})),
        )


class CaptureRequest(_Request):
    """A posting to read and to keep: its address or its text."""

    job_url: HttpUrl | None = None
    job_text: Text | None = None
    company: Line | None = None

    @model_validator(mode="after")
    def _one_posting(self) -> Self:
        if (self.job_url is None) == (self.job_text is None):
            raise ValueError("give either jobUrl or jobText")
        return self


class ProductRequest(_Request):
    """A resume to work from."""

    base_resume_id: UUID
    options: JobOptions = Field(default_factory=JobOptions)


class PostingRequest(ProductRequest):
    """A resume and a posting: its address, its text or a stored one, exactly one of them."""

    job_url: HttpUrl | None = None
    job_text: Text | None = None
    posting_id: UUID | None = None
    company: Line | None = None

    @model_validator(mode="after")
    def _one_posting(self) -> Self:
        given = (self.job_url, self.job_text, self.posting_id)
        if sum(one is not None for one in given) != 1 and not self._has_posting():
            raise ValueError("give one of jobUrl, jobText and postingId")
        return self

    def _has_posting(self) -> bool:
        """Whether the posting is known without being given."""
        return False


class PackRequest(PostingRequest):
    """The same; or a tailored resume, which says what posting and company it is for.

    What is made goes with `tailoredId`: it speaks of that document as it was decided by then, of
    the version of `baseResumeId` that was tailored, and of the posting it was tailored to.
    """

    tailored_id: UUID | None = None

    @model_validator(mode="after")
    def _tailored_alone(self) -> Self:
        given = (self.job_url, self.job_text, self.company)
        if self.tailored_id is not None and any(one is not None for one in given):
            raise ValueError("tailoredId says which posting and company: give no others")
        return self

    def _has_posting(self) -> bool:
        return self.tailored_id is not None


_SUBMITTED = frozenset({"job_url", "job_text", "posting_id", "company"})


class Accepted(ApiModel):
    """A job was accepted."""

    job_id: UUID
    status: Status
    resume_id: UUID | None = None


class Links(ApiModel):
    """Where a job can be asked about."""

    self: str
    events: str
    cancel: str
    result: str | None = None


class StageNote(ApiModel):
    """What a finished stage left to say."""

    stage: str
    unavailable: str | None = None
    degraded: bool = False


class JobStatus(ApiModel):
    """A job as it is now. `result` is there once it is completed, `error` once it failed.

    `postingId` is the stored posting it works on; `resumeConfirmed` is false while nobody has said
    that what was read from the resume's file is right.
    `receipt` says what it cost once it is over.
    """

    job_id: UUID
    job_type: Workflow
    status: Status
    progress: int = Field(ge=0, le=100)
    message: str
    stage: str | None = None
    run: int
    version: int
    notes: list[StageNote]
    posting_id: UUID | None = None
    resume_confirmed: bool | None = None
    result_id: UUID | None = None
    result: dict[str, Any] | None = None
    error: JobError | None = None
    receipt: Receipt | None = None
    created_at: datetime
    updated_at: datetime
    deadline_at: datetime
    links: Links


class JobPage(ApiModel):
    """One page of jobs, newest first; `nextCursor` when there are more."""

    items: list[JobStatus]
    next_cursor: str | None = None


class Ticket(ApiModel):
    """A one-use key to one job's stream, for a client that cannot send headers."""

    ticket: str
    expires_at: datetime
    url: str


class ResultSummary(ApiModel):
    """A stored result. `superseded`: the job had ended before it came, e.g. by cancellation.

    It was made from one version of a resume, which its owner had confirmed by then or had not, for
    a stored posting; a letter or interview pack may go with a tailored resume, `tailoredId`.
    `version` counts what its owner has decided about it since.
    """

    id: UUID
    job_id: UUID
    product: Workflow
    resume_id: UUID | None = None
    resume_version: int | None = None
    resume_confirmed: bool | None = None
    posting_id: UUID | None = None
    tailored_id: UUID | None = None
    version: int
    degraded: bool
    superseded: bool
    created_at: datetime


class ResultDetail(ResultSummary):
    """A stored result with its document."""

    document: dict[str, Any]


class ResultPage(ApiModel):
    """One page of results, newest first."""

    items: list[ResultSummary]
    next_cursor: str | None = None
