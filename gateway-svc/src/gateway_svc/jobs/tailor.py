"""`POST /api/tailor/tailor-async` and its twin that waits."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Header, Response

from gateway_svc.database import Connection
from gateway_svc.edge import Edge, EdgeDep
from gateway_svc.idempotency import IdempotentRequest, fingerprint, parse_key
from gateway_svc.identity.dependencies import CurrentUser, OriginDep, counted
from gateway_svc.jobs.accept import Order
from gateway_svc.jobs.endpoints import status_response
from gateway_svc.jobs.errors import posting_too_large
from gateway_svc.jobs.model import Status
from gateway_svc.jobs.polling import JobKey, read, wait_for_end
from gateway_svc.jobs.schemas import Accepted, JobStatus, TailorRequest
from gateway_svc.jobs.views import RETRY_AFTER_S, job_path
from gateway_svc.origin import Origin
from gateway_svc.ratelimit import Kind
from gateway_svc.resumes.store import resume_for_job
from resume_contracts.facts import POSTING_LIMIT, Facts
from resume_contracts.workflows import Workflow

router = APIRouter(prefix="/api/tailor", tags=[Workflow.TAILOR_RESUME.value])

IdempotencyKey = Annotated[str | None, Header(max_length=300)]

_COUNTED = [Depends(counted(Kind.WRITES)), Depends(counted(Kind.TAILOR))]


@router.post(
    "/tailor-async",
    status_code=202,
    response_model_exclude_none=True,
    dependencies=_COUNTED,
)
async def tailor_async(
    *,
    request: TailorRequest,
    user: CurrentUser,
    edge: EdgeDep,
    origin: OriginDep,
    response: Response,
    idempotency_key: IdempotencyKey = None,
) -> Accepted:
    """Accept a job. Poll its `Location`, or follow its stream."""
    keyed = keyed_request(user.user_id, "/api/tailor/tailor-async", idempotency_key, request)
    job_id, replayed = await submit(edge, user.user_id, request, keyed, origin)
    response.headers["Location"] = job_path(Workflow.TAILOR_RESUME, job_id)
    response.headers["Retry-After"] = str(RETRY_AFTER_S)
    if replayed:
        response.headers["Idempotent-Replayed"] = "true"
        rendered = await read(edge, JobKey(job_id, user.user_id, Workflow.TAILOR_RESUME))
        return Accepted(job_id=job_id, status=rendered.status.status)
    return Accepted(job_id=job_id, status=Status.PENDING)


@router.post(
    "/tailor",
    response_model=JobStatus,
    responses={202: {"model": JobStatus}},
    dependencies=_COUNTED,
)
async def tailor(
    *,
    request: TailorRequest,
    user: CurrentUser,
    edge: EdgeDep,
    origin: OriginDep,
    idempotency_key: IdempotencyKey = None,
) -> Response:
    """Accept a job and wait for its end, 120 s at most: 200 when it is over, else 202."""
    keyed = keyed_request(user.user_id, "/api/tailor/tailor", idempotency_key, request)
    job_id, replayed = await submit(edge, user.user_id, request, keyed, origin)
    key = JobKey(job_id, user.user_id, Workflow.TAILOR_RESUME)
    rendered = await wait_for_end(edge, key, edge.wait_s)
    headers = {"Location": job_path(Workflow.TAILOR_RESUME, job_id)}
    if replayed:
        headers["Idempotent-Replayed"] = "true"
    return status_response(rendered, status_code=200 if rendered.is_over else 202, headers=headers)


def keyed_request(
    user_id: UUID, path: str, header: str | None, request: TailorRequest
) -> IdempotentRequest | None:
    """The request under its idempotency key; None when it came without one."""
    if header is None:
        return None
    body = request.model_dump(mode="json")
    return IdempotentRequest(user_id, path, parse_key(header), fingerprint(body))


async def submit(
    edge: Edge,
    user_id: UUID,
    request: TailorRequest,
    keyed: IdempotentRequest | None,
    origin: Origin,
) -> tuple[UUID, bool]:
    """The job of this request, and whether it was there before.

    Raises:
        ProblemError: the resume is not there (404), not read yet (409) or too large, the posting
            is too large (413), the deadline cannot be met (503), or the key is taken (409, 422).
    """
    if len((request.job_text or "").encode()) > POSTING_LIMIT:
        raise posting_too_large(POSTING_LIMIT)
    now = edge.clock.now()
    async with edge.pool.acquire() as connection:
        if keyed is None:
            # What writes is one statement, and needs no transaction around it.
            return await _accept(edge, connection, user_id, request, now, origin), False
        async with connection.transaction():
            made = await keyed.begin(connection, now)
            if made is not None:
                return made, True
            job_id = await _accept(edge, connection, user_id, request, now, origin)
            await keyed.keep(connection, job_id, now)
    return job_id, False


async def _accept(  # noqa: PLR0917  what `submit` has in hand
    edge: Edge,
    connection: Connection,
    user_id: UUID,
    request: TailorRequest,
    now: datetime,
    origin: Origin,
) -> UUID:
    await edge.admission.check(connection, now)
    resume = await resume_for_job(connection, user_id, request.base_resume_id)
    order = Order(
        user_id=user_id,
        workflow=Workflow.TAILOR_RESUME,
        resume_id=resume.resume_id,
        facts=Facts(submission=request.submission(), resume=resume),
    )
    return await edge.acceptor.accept(connection, order, now=now, origin=origin)
