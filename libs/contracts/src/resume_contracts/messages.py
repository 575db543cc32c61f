"""Commands, events and control notices.

A **command** asks one owner to do a stage. An **event** is a fact about a job, in the past tense.
A **notice** goes to every process. The `message_id` of each is a digest of what it is about, so
the same fact has the same id however often it is sent.
"""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, Literal
from uuid import UUID, uuid5

from pydantic import AwareDatetime, Field, TypeAdapter

from resume_contracts.base import Contract
from resume_contracts.errors import JobError
from resume_contracts.facts import Facts
from resume_contracts.workflows import STAGES, Engine, Workflow, provider_of, queue_of

#: Namespace of every deterministic id; never changes.
NAMESPACE = UUID("6a1f3b0e-6f2c-5d57-9d0c-5b8f2a3c9e11")

#: Deliveries of one stage in one run, the first included.
MAX_ATTEMPTS = 3
#: Paid calls of one stage in one run, over all its attempts.
MAX_CALLS = 6


def fact_id(  # noqa: PLR0917  the six parts of a fact's identity, in their fixed order
    job_id: UUID, run: int, stage: str, attempt: int, kind: str, n: int = 0
) -> UUID:
    """`uuid5(job, run, stage, attempt, kind, n)`: one id for one fact."""
    return uuid5(NAMESPACE, f"{job_id}/{run}/{stage}/{attempt}/{kind}/{n}")


class Command(Contract):
    """Do the stage `slip[stage_index]` of one run of a job.

    `deadline` is the job's; `stage_deadline` is set for an optional stage by whoever publishes it.
    `calls_left` counts the paid calls this stage may still start in this run.
    `budget_left_micro_usd` is what the run may still spend; None: there is no budget.
    """

    job_id: UUID
    run: int = Field(ge=1)
    user_id: UUID
    workflow: Workflow
    slip: tuple[str, ...]
    stage_index: int = Field(ge=0)
    attempt: int = Field(default=1, ge=1)
    calls_left: int = Field(default=MAX_CALLS, ge=0)
    budget_left_micro_usd: int | None = Field(default=None, ge=0)
    accepted_at: AwareDatetime
    deadline: AwareDatetime
    stage_deadline: AwareDatetime | None = None
    facts: Facts

    @property
    def stage(self) -> str:
        """The stage asked for."""
        return self.slip[self.stage_index]

    @property
    def is_last(self) -> bool:
        """Whether the job is complete when this stage is done."""
        return self.stage_index == len(self.slip) - 1

    @property
    def engine(self) -> Engine:
        """The engine the user chose."""
        return self.facts.submission.options.engine

    @property
    def queue(self) -> str:
        """The queue this command goes to; also its routing key without the version."""
        return queue_of(self.stage, self.engine)

    @property
    def provider(self) -> str | None:
        """The provider this delivery cannot do without."""
        return provider_of(self.stage, self.engine)

    @property
    def is_optional(self) -> bool:
        """Whether the job goes on without this stage."""
        return STAGES[self.stage].optional_s is not None

    @property
    def message_id(self) -> UUID:
        """The deterministic id of this command."""
        return fact_id(self.job_id, self.run, self.stage, self.attempt, "command")


class Usage(Contract):
    """What a stage cost. `cost_usd` is None when the price is unknown.

    `cached_input_tokens` are those of the input tokens that the provider had in its cache.
    `credits` is how providers count that do not sell tokens. `cached_answers` were had before and
    used again, so that nobody was called; `saved_*` is what that spared, as far as it is known.
    """

    provider: str
    model: str | None = None
    calls: int = 0
    input_tokens: int = 0
    cached_input_tokens: int = 0
    output_tokens: int = 0
    credits: int = 0
    cost_usd: float | None = None
    cached_answers: int = 0
    saved_tokens: int = 0
    saved_usd: float = 0.0


class EventKind(StrEnum):
    """The facts there are. The rank within one attempt is the order of `RANK`."""

    JOB_ACCEPTED = "job.accepted"
    STAGE_STARTED = "stage.started"
    STAGE_RETRYING = "stage.retrying"
    STAGE_SUCCEEDED = "stage.succeeded"
    STAGE_FAILED = "stage.failed"
    STAGE_EXPIRED = "stage.expired"
    JOB_EXPIRED = "job.expired"
    JOB_CANCELLED = "job.cancelled"
    JOB_REDRIVEN = "job.redriven"


class _JobEvent(Contract):
    job_id: UUID
    run: int = Field(ge=1)
    user_id: UUID
    workflow: Workflow
    occurred_at: AwareDatetime

    #: Order within a run: (stage_index, attempt, n); job-level facts stand before every stage.
    stage: str = ""
    stage_index: int = -1
    attempt: int = 0
    n: int = 0

    @property
    def message_id(self) -> UUID:
        """The deterministic id of this fact."""
        kind: str = getattr(self, "kind")  # noqa: B009  every subclass declares its literal
        return fact_id(self.job_id, self.run, self.stage, self.attempt, kind, self.n)


class JobAccepted(_JobEvent):
    """A job was accepted; its first run begins."""

    kind: Literal[EventKind.JOB_ACCEPTED] = EventKind.JOB_ACCEPTED
    slip: tuple[str, ...]
    deadline: AwareDatetime


class JobRedriven(_JobEvent):
    """An operator started the job anew; `run` is the new run."""

    kind: Literal[EventKind.JOB_REDRIVEN] = EventKind.JOB_REDRIVEN
    slip: tuple[str, ...]
    deadline: AwareDatetime


class StageStarted(_JobEvent):
    """A consumer began a stage."""

    kind: Literal[EventKind.STAGE_STARTED] = EventKind.STAGE_STARTED
    n: int = 1


class StageRetrying(_JobEvent):
    """A stage failed in a way that trying again may mend; the next attempt is on its way."""

    kind: Literal[EventKind.STAGE_RETRYING] = EventKind.STAGE_RETRYING
    n: int = 2
    delay_s: float
    error: JobError
    usage: tuple[Usage, ...] = ()


class StageSucceeded(_JobEvent):
    """A stage is done; `result` is there when it was the last one, or the gateway keeps it.

    `unavailable` tells why an optional stage found nothing.
    """

    kind: Literal[EventKind.STAGE_SUCCEEDED] = EventKind.STAGE_SUCCEEDED
    n: int = 3
    is_last: bool
    degraded: bool = False
    unavailable: str | None = None
    result: dict[str, Any] | None = None
    usage: tuple[Usage, ...] = ()


class StageFailed(_JobEvent):
    """A stage the job needs failed for good: the run is over."""

    kind: Literal[EventKind.STAGE_FAILED] = EventKind.STAGE_FAILED
    n: int = 4
    error: JobError
    usage: tuple[Usage, ...] = ()


class StageExpired(_JobEvent):
    """The job's deadline passed while a stage had it: the run is over."""

    kind: Literal[EventKind.STAGE_EXPIRED] = EventKind.STAGE_EXPIRED
    n: int = 5
    usage: tuple[Usage, ...] = ()


class JobExpired(_JobEvent):
    """The sweeper found the run past its deadline and nothing came of it: the run is over."""

    kind: Literal[EventKind.JOB_EXPIRED] = EventKind.JOB_EXPIRED


class JobCancelled(_JobEvent):
    """The user cancelled the job: the run is over."""

    kind: Literal[EventKind.JOB_CANCELLED] = EventKind.JOB_CANCELLED


JobEvent = Annotated[
    JobAccepted
    | JobRedriven
    | StageStarted
    | StageRetrying
    | StageSucceeded
    | StageFailed
    | StageExpired
    | JobExpired
    | JobCancelled,
    Field(discriminator="kind"),
]

#: Events that end a run when they are the first of their kind to be committed.
TERMINAL: frozenset[EventKind] = frozenset(
    {
        EventKind.STAGE_FAILED,
        EventKind.STAGE_EXPIRED,
        EventKind.JOB_EXPIRED,
        EventKind.JOB_CANCELLED,
    }
)


class ProviderStateKind(StrEnum):
    """Whether a provider may be called."""

    CLOSED = "closed"
    OPEN = "open"
    HALF_OPEN = "half_open"
    PAUSED = "paused"


class ProviderStateChanged(Contract):
    """A process saw a provider break, pause or recover. `until` is when it may be tried again."""

    kind: Literal["provider.state_changed"] = "provider.state_changed"
    provider: str
    state: ProviderStateKind
    until: AwareDatetime | None = None
    process: str
    occurred_at: AwareDatetime

    @property
    def message_id(self) -> UUID:
        """The deterministic id of this fact."""
        return uuid5(
            NAMESPACE, f"{self.process}/{self.provider}/{self.state}/{self.occurred_at.isoformat()}"
        )


class ExpireDue(Contract):
    """The sweeper asks for the end of a run past its deadline, behind what is queued."""

    kind: Literal["job.expire_due"] = "job.expire_due"
    job_id: UUID
    run: int
    occurred_at: AwareDatetime

    @property
    def message_id(self) -> UUID:
        """The deterministic id of this request."""
        return fact_id(self.job_id, self.run, "", 0, self.kind)


Event = Annotated[
    JobAccepted
    | JobRedriven
    | StageStarted
    | StageRetrying
    | StageSucceeded
    | StageFailed
    | StageExpired
    | JobExpired
    | JobCancelled
    | ProviderStateChanged
    | ExpireDue,
    Field(discriminator="kind"),
]


class JobStopped(Contract):
    """No stage of this run may start a call any more (cancelled, or over for another reason)."""

    kind: Literal["job.stopped"] = "job.stopped"
    job_id: UUID
    run: int
    expires_at: AwareDatetime

    @property
    def message_id(self) -> UUID:
        """The deterministic id of this notice."""
        return fact_id(self.job_id, self.run, "", 0, self.kind)


class SessionRevoked(Contract):
    """A session's tokens are no longer to be honoured."""

    kind: Literal["session.revoked"] = "session.revoked"
    session_id: UUID
    user_id: UUID
    occurred_at: AwareDatetime

    @property
    def message_id(self) -> UUID:
        """The deterministic id of this notice."""
        return uuid5(NAMESPACE, f"{self.kind}/{self.session_id}")


class UserErased(Contract):
    """A user asked to be forgotten: nothing of theirs may be written from now on."""

    kind: Literal["user.erased"] = "user.erased"
    user_id: UUID
    occurred_at: AwareDatetime

    @property
    def message_id(self) -> UUID:
        """The deterministic id of this notice."""
        return uuid5(NAMESPACE, f"{self.kind}/{self.user_id}")


Notice = Annotated[JobStopped | SessionRevoked | UserErased, Field(discriminator="kind")]

job_event_adapter: TypeAdapter[JobEvent] = TypeAdapter(JobEvent)
event_adapter: TypeAdapter[Event] = TypeAdapter(Event)
notice_adapter: TypeAdapter[Notice] = TypeAdapter(Notice)


def ends_run(event: JobEvent) -> bool:
    """Whether this fact ends its run."""
    if isinstance(event, StageSucceeded):
        return event.is_last
    return event.kind in TERMINAL


def order_key(event: JobEvent) -> tuple[int, int, int, int]:
    """Events order by (run, stage, attempt, n)."""
    return (event.run, event.stage_index, event.attempt, event.n)


def expires_after(deadline: datetime, now: datetime) -> bool:
    """Whether `deadline` has passed at `now`."""
    return now >= deadline
