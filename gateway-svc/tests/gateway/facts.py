"""Facts about a made-up job, for the tests."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from resume_contracts.errors import ErrorCode, JobError
from resume_contracts.messages import (
    ExpireDue,
    JobAccepted,
    JobCancelled,
    JobExpired,
    JobRedriven,
    StageFailed,
    StageRetrying,
    StageStarted,
    StageSucceeded,
    Usage,
)
from resume_contracts.workflows import Workflow, slip

JOB = UUID("01900000-0000-7000-8000-000000000001")
USER = UUID("01900000-0000-7000-8000-0000000000aa")
SLIP = slip(Workflow.TAILOR_RESUME)
NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
ERROR = JobError(code=ErrorCode.PROVIDER_UNAVAILABLE, message="Try later.", retryable=True)


def at(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


class Facts:
    """Builds the facts of one job."""

    def __init__(
        self,
        job_id: UUID = JOB,
        user_id: UUID = USER,
        workflow: Workflow = Workflow.TAILOR_RESUME,
    ) -> None:
        self.job_id = job_id
        self.user_id = user_id
        self.workflow = workflow
        self.slip = slip(workflow)

    def accepted(self) -> JobAccepted:
        return JobAccepted(
            job_id=self.job_id,
            run=1,
            user_id=self.user_id,
            workflow=self.workflow,
            occurred_at=NOW,
            slip=self.slip,
            deadline=at(420),
        )

    def redriven(self, run: int) -> JobRedriven:
        return JobRedriven(
            job_id=self.job_id,
            run=run,
            user_id=self.user_id,
            workflow=self.workflow,
            occurred_at=at(1000 * run),
            slip=self.slip,
            deadline=at(1000 * run + 420),
        )

    def started(self, stage: int, attempt: int = 1, run: int = 1) -> StageStarted:
        return StageStarted(
            job_id=self.job_id,
            run=run,
            user_id=self.user_id,
            workflow=self.workflow,
            occurred_at=at(stage * 10 + attempt),
            stage=self.slip[stage],
            stage_index=stage,
            attempt=attempt,
        )

    def retrying(
        self, stage: int, attempt: int = 1, run: int = 1, *, usage: tuple[Usage, ...] = ()
    ) -> StageRetrying:
        return StageRetrying(
            job_id=self.job_id,
            run=run,
            user_id=self.user_id,
            workflow=self.workflow,
            occurred_at=at(stage * 10 + attempt + 0.5),
            stage=self.slip[stage],
            stage_index=stage,
            attempt=attempt,
            delay_s=5,
            error=ERROR,
            usage=usage,
        )

    def succeeded(
        self,
        stage: int,
        attempt: int = 1,
        run: int = 1,
        *,
        unavailable: str | None = None,
        degraded: bool = False,
        result: dict[str, object] | None = None,
        usage: tuple[Usage, ...] = (),
    ) -> StageSucceeded:
        is_last = stage == len(self.slip) - 1
        return StageSucceeded(
            job_id=self.job_id,
            run=run,
            user_id=self.user_id,
            workflow=self.workflow,
            occurred_at=at(stage * 10 + attempt + 0.7),
            stage=self.slip[stage],
            stage_index=stage,
            attempt=attempt,
            is_last=is_last,
            unavailable=unavailable,
            degraded=degraded,
            result=result or ({"document": {"attempt": attempt}} if is_last else None),
            usage=usage,
        )

    def found(self, stage: int, fact: dict[str, object]) -> StageSucceeded:
        """A stage is done whose fact is kept."""
        return self.succeeded(stage).model_copy(update={"result": fact})

    def failed(
        self, stage: int, attempt: int = 1, run: int = 1, *, usage: tuple[Usage, ...] = ()
    ) -> StageFailed:
        return StageFailed(
            job_id=self.job_id,
            run=run,
            user_id=self.user_id,
            workflow=self.workflow,
            occurred_at=at(stage * 10 + attempt + 0.9),
            stage=self.slip[stage],
            stage_index=stage,
            attempt=attempt,
            error=ERROR,
            usage=usage,
        )

    def expired(self, run: int = 1) -> JobExpired:
        return JobExpired(
            job_id=self.job_id,
            run=run,
            user_id=self.user_id,
            workflow=self.workflow,
            occurred_at=at(420),
        )

    def cancelled(self, run: int = 1) -> JobCancelled:
        return JobCancelled(
            job_id=self.job_id,
            run=run,
            user_id=self.user_id,
            workflow=self.workflow,
            occurred_at=at(7),
        )

    def expire_due(self, run: int = 1) -> ExpireDue:
        return ExpireDue(job_id=self.job_id, run=run, occurred_at=at(421))
