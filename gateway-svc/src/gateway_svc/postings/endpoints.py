"""`/api/jobs`: capture, list, read, delete postings."""

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response

from gateway_svc.database import Connection
from gateway_svc.edge import EdgeDep
from gateway_svc.idempotency import IdempotencyKey, fingerprint, keyed_request
from gateway_svc.identity.dependencies import CurrentUser, OriginDep, counted, ordered
from gateway_svc.jobs.accept import Order
from gateway_svc.jobs.paging import cursor_of, parse_cursor
from gateway_svc.jobs.polling import JobKey
from gateway_svc.jobs.results import summary
from gateway_svc.jobs.schemas import Accepted, CaptureRequest
from gateway_svc.jobs.store import StoredResult
from gateway_svc.jobs.submit import accepted, check_size, submit
from gateway_svc.postings.schemas import PostingDetail, PostingPage, ResumeUsed, StatedFields
from gateway_svc.ratelimit import Kind
from resume_contracts.facts import Facts
from resume_contracts.workflows import Workflow

#: What was made for a posting is listed up to this number.
MAX_RESULTS = 100

router = APIRouter(prefix="/api/jobs", tags=["postings"])

_READ = [Depends(counted(Kind.READS))]
_WRITE = [Depends(counted(Kind.WRITES))]


@router.post(
    "/",
    status_code=202,
    response_model_exclude_none=True,
    dependencies=[*_WRITE, Depends(ordered(Kind.POSTINGS))],
)
async def capture(
    *,
    request: CaptureRequest,
    user: CurrentUser,
    edge: EdgeDep,
    origin: OriginDep,
    response: Response,
    idempotency_key: IdempotencyKey = None,
) -> Accepted:
    """Have a posting read and kept by a job; poll its `Location`."""
    submission = request.submission()
    check_size(submission)

    async def prepare(_: Connection) -> Order:
        return Order(user.user_id, Workflow.CAPTURE_POSTING, None, Facts(submission=submission))

    digest = fingerprint(request.model_dump(mode="json"))
    keyed = keyed_request(user.user_id, "/api/jobs/", idempotency_key, digest)
    job_id, replayed = await submit(edge, prepare, keyed, origin)
    if replayed:
        edge.quotas.not_counted(user.user_id, Workflow.CAPTURE_POSTING)
    key = JobKey(job_id, user.user_id, Workflow.CAPTURE_POSTING)
    return await accepted(edge, key, response, replayed=replayed)


@router.get("/", dependencies=_READ)
async def list_postings(
    user: CurrentUser,
    edge: EdgeDep,
    cursor: str | None = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
) -> PostingPage:
    """The caller's postings, newest first."""
    found = await edge.postings.page(user.user_id, before=parse_cursor(cursor), limit=limit + 1)
    return PostingPage(
        items=list(found[:limit]),
        next_cursor=cursor_of(found[limit - 1].id) if len(found) > limit else None,
    )


@router.get("/{posting_id}", dependencies=_READ)
async def get(posting_id: UUID, user: CurrentUser, edge: EdgeDep) -> PostingDetail:
    """One posting as it was read, what it asks for, and what was made for it."""
    about, posting, requirements = await edge.postings.read(posting_id, user.user_id)
    results = await edge.jobs.results_for(user.user_id, posting_id, limit=MAX_RESULTS)
    return PostingDetail(
        **about.model_dump(by_alias=False),
        text=posting.text,
        language=posting.language,
        expired=posting.expired,
        route=posting.route,
        stated=StatedFields.of(posting),
        requirements=requirements,
        resumes=used(results),
        results=[summary(result) for result in results],
    )


def used(results: Sequence[StoredResult]) -> list[ResumeUsed]:
    """The versions of resumes that results were made from, each once."""
    made = dict.fromkeys((one.resume_id, one.resume_version) for one in results)
    return [
        ResumeUsed(resume_id=resume_id, version=version)
        for resume_id, version in made
        if resume_id is not None and version is not None
    ]


@router.delete("/{posting_id}", status_code=204, dependencies=_WRITE)
async def delete(posting_id: UUID, user: CurrentUser, edge: EdgeDep) -> None:
    """Delete a posting. Results made for it stay."""
    await edge.postings.delete(posting_id, user.user_id)
