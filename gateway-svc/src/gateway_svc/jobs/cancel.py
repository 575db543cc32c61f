"""Cancelling: the fact and the word to all consumers in one transaction."""

from datetime import timedelta

from gateway_svc import outbox
from gateway_svc.database import Connection
from gateway_svc.edge import Edge
from gateway_svc.jobs.commit import commit_facts
from gateway_svc.jobs.errors import job_not_found
from gateway_svc.jobs.event_store import lock
from gateway_svc.jobs.model import JobRow
from gateway_svc.jobs.polling import JobKey
from resume_contracts.messages import JobCancelled, JobStopped
from resume_messaging.core.build import outgoing_notice

#: Commands of a stopped run may come this long after its deadline at most.
STOP_KEPT = timedelta(minutes=10)


async def cancel_job(edge: Edge, key: JobKey) -> bool:
    """Cancel a user's job; False when it was over already.

    Raises:
        ProblemError: 404 when the user has no such job.
    """
    async with edge.pool.acquire() as connection, connection.transaction():
        row = (await lock(connection, [key.job_id])).get(key.job_id)
        if row is None or row.user_id != key.user_id or row.workflow is not key.workflow:
            raise job_not_found()
        if row.is_over:
            return False
        event = JobCancelled(
            job_id=row.id,
            run=row.run,
            user_id=row.user_id,
            workflow=row.workflow,
            occurred_at=edge.clock.now(),
        )
        await commit_facts(connection, [event], new_id=edge.new_id, now=event.occurred_at)
        await stop_run(connection, row)
    return True


async def stop_run(connection: Connection, row: JobRow) -> None:
    """Tell every consumer, through the outbox, that this run is over."""
    notice = JobStopped(job_id=row.id, run=row.run, expires_at=row.deadline_at + STOP_KEPT)
    await outbox.add(connection, row.user_id, [outgoing_notice(notice)])
