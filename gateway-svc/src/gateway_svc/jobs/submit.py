"""Submitting: the one way by which an order becomes a job, once for each idempotency key."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from uuid import UUID

from fastapi import Response

from gateway_svc.database import Connection
from gateway_svc.edge import Edge
from gateway_svc.idempotency import IdempotentRequest
from gateway_svc.jobs.accept import Order
from gateway_svc.jobs.errors import posting_too_large
from gateway_svc.jobs.model import Status
from gateway_svc.jobs.polling import JobKey, read
from gateway_svc.jobs.schemas import Accepted
from gateway_svc.jobs.views import RETRY_AFTER_S, job_path
from gateway_svc.origin import Origin
from resume_contracts.facts import POSTING_LIMIT, Submission

#: Makes the order on the connection that accepts it.
Prepare = Callable[[Connection], Awaitable[Order]]


async def submit(
    edge: Edge,
    prepare: Prepare,
    keyed: IdempotentRequest | None,
    origin: Origin,
    *,
    is_writing: bool = False,
) -> tuple[UUID, bool]:
    """The job of this request, and whether it was there before.

    Args:
        edge: what the endpoint was given.
        prepare: makes the order.
        keyed: the request under its idempotency key, if it came with one.
        origin: where it came from.
        is_writing: `prepare` writes, so that all of it needs a transaction.

    Raises:
        ProblemError: what `prepare` raises; the deadline cannot be met (503), the key is taken
            (409, 422), the user was erased (403), or the budget does not cover it (402).
    """
    now = edge.clock.now()
    async with edge.pool.acquire() as connection:
        if keyed is None and not is_writing:
            # What writes is one statement, and needs no transaction around it.
            return await _accept(edge, connection, prepare, now, origin), False
        async with connection.transaction():
            made = await keyed.begin(connection, now) if keyed is not None else None
            if made is not None:
                return made, True
            job_id = await _accept(edge, connection, prepare, now, origin)
            if keyed is not None:
                await keyed.keep(connection, job_id, now)
    return job_id, False


async def _accept(
    edge: Edge, connection: Connection, prepare: Prepare, now: datetime, origin: Origin
) -> UUID:
    await edge.admission.check(connection, now)
    order = await prepare(connection)
    job_id = await edge.acceptor.accept(connection, order, now=now, origin=origin)
    edge.quotas.remember(order.user_id, order.workflow, job_id)
    return job_id


async def accepted(edge: Edge, key: JobKey, response: Response, *, replayed: bool) -> Accepted:
    """What a submission is answered with: where to poll, and the state of a job made before."""
    response.headers["Location"] = job_path(key.workflow, key.job_id)
    response.headers["Retry-After"] = str(RETRY_AFTER_S)
    if not replayed:
        return Accepted(job_id=key.job_id, status=Status.PENDING)
    response.headers["Idempotent-Replayed"] = "true"
    rendered = await read(edge, key)
    return Accepted(job_id=key.job_id, status=rendered.status.status)


def check_size(submission: Submission) -> None:
    """Refuse a pasted posting that is beyond what a job carries.

    Raises:
        ProblemError: 413.
    """
    if len((submission.job_text or "").encode()) > POSTING_LIMIT:
        raise posting_too_large(POSTING_LIMIT)
