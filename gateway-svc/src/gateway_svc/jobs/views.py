"""Renders a job for clients."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from gateway_svc.account.schemas import receipt
from gateway_svc.jobs import wording
from gateway_svc.jobs.products import PREFIXES, PRODUCTS
from gateway_svc.jobs.schemas import JobStatus, Links, StageNote
from gateway_svc.jobs.store import JobView
from resume_contracts.workflows import Workflow

#: Seconds after which a client should ask again.
RETRY_AFTER_S = 2


@dataclass(frozen=True, slots=True)
class Rendered:
    """A status with its entity tag.

    The tag is the row's version; while a provider is waited for it has a suffix, since the message
    then changes without the row.
    """

    status: JobStatus
    etag: str

    @property
    def is_over(self) -> bool:
        """Whether nothing more will come."""
        return self.status.stage is None


def job_path(workflow: Workflow, job_id: UUID) -> str:
    """The address of a job."""
    return f"{PREFIXES[workflow]}/job/{job_id}"


def render(view: JobView, now: datetime) -> Rendered:
    """The status of a job as it is read at `now`."""
    row = view.row
    wait = wording.waiting_for(row, view.engine, view.blocked, now)
    status = JobStatus(
        job_id=row.id,
        job_type=row.workflow,
        status=row.status,
        progress=row.progress,
        message=wording.message(row, wait, now),
        stage=wording.current_stage(row),
        run=row.run,
        version=row.version,
        notes=[
            StageNote(stage=stage, unavailable=note.unavailable, degraded=note.degraded)
            for stage in row.slip
            if (note := row.notes.get(stage)) and (note.unavailable is not None or note.degraded)
        ],
        posting_id=view.posting_id,
        resume_confirmed=view.resume_confirmed,
        result_id=view.result_id,
        result=view.result,
        error=row.error,
        receipt=None if view.spent is None else receipt(view.spent, view.charged),
        created_at=row.accepted_at,
        updated_at=row.updated_at,
        deadline_at=row.deadline_at,
        links=_links(view),
    )
    suffix = "" if wait is None else f"-{wait.state}-{int(wait.occurred_at.timestamp() * 1000)}"
    return Rendered(status, f'"{row.version}{suffix}"')


def _links(view: JobView) -> Links:
    path = job_path(view.row.workflow, view.row.id)
    product = PRODUCTS.get(view.row.workflow)
    return Links(
        self=path,
        events=f"{path}/events",
        cancel=f"{path}/cancel",
        result=f"{product.prefix}/results/{view.result_id}" if product and view.result_id else None,
    )
