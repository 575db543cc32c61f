"""Committing facts with all that follows from them: the one call of every writer."""

from collections.abc import Callable, Iterable
from datetime import datetime
from uuid import UUID

import structlog

from gateway_svc.account.settling import settle
from gateway_svc.database import Connection
from gateway_svc.jobs.event_store import Appended, append
from gateway_svc.jobs.model import JobRow
from gateway_svc.resumes.store import mark_unread, store_parsed
from resume_contracts.facts import ParsedResume
from resume_contracts.messages import ExpireDue, JobEvent
from resume_contracts.workflows import Workflow

log = structlog.get_logger()


async def commit_facts(
    connection: Connection,
    facts: Iterable[JobEvent | ExpireDue],
    *,
    new_id: Callable[[], UUID],
    now: datetime,
) -> Appended:
    """Append and fold facts in the caller's transaction, and give resumes what was read of them.

    A resume whose reading ended otherwise is marked as failed. What a run cost is charged when it
    is over.
    """
    appended = await append(connection, facts, new_id=new_id)
    parsed = [
        (ParsedResume.model_validate(result.event.result), result)
        for result in appended.results
        if result.job.workflow is Workflow.PARSE_RESUME
    ]
    # Rows are always locked in the order of their ids.
    for resume, result in sorted(parsed, key=lambda each: each[0].resume_id):
        await store_parsed(
            connection,
            resume,
            result.event.message_id,
            is_superseded=result.superseded,
            now=now,
            new_id=new_id,
        )
    unread = [row.id for row in appended.ended if row.workflow is Workflow.PARSE_RESUME]
    if unread:
        await mark_unread(connection, unread)
    await settle(connection, appended, now=now)
    for row in appended.ended:
        _log_end(row)
    return appended


def _log_end(row: JobRow) -> None:
    log.info(
        "job.ended",
        job_id=str(row.id),
        user_id=str(row.user_id),
        workflow=row.workflow.value,
        run=row.run,
        status=row.status.value,
        code=None if row.error is None else row.error.code.value,
        seconds=round((row.updated_at - row.accepted_at).total_seconds(), 3),
    )
