"""`/api/resumes`: write, upload, list, read, replace, confirm, delete."""

import hashlib
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Body, Depends, File, Form, Query, Response, UploadFile

from gateway_svc.documents import FILES, AskedDep
from gateway_svc.edge import EdgeDep
from gateway_svc.etags import IfMatch, etag, expected_version
from gateway_svc.idempotency import IdempotencyKey, fingerprint, keyed_request
from gateway_svc.identity.dependencies import CurrentUser, OriginDep, counted, ordered
from gateway_svc.jobs.paging import cursor_of, parse_cursor
from gateway_svc.jobs.polling import JobKey
from gateway_svc.jobs.schemas import Accepted
from gateway_svc.jobs.submit import accepted
from gateway_svc.ratelimit import Kind
from gateway_svc.resumes.documents import checked
from gateway_svc.resumes.errors import file_empty, file_too_large, resume_not_ready
from gateway_svc.resumes.schemas import ResumeDetail, ResumePage
from gateway_svc.resumes.store import insert_document
from gateway_svc.resumes.uploads import UPLOAD_LIMIT, ReceivedFile, accept_upload, file_name
from resume_contracts.workflows import Engine, Workflow
from resume_core.model import Resume

router = APIRouter(prefix="/api/resumes", tags=["resumes"])

Document = Annotated[dict[str, Any], Body(description="A JSON Resume 1.x document.")]

_READ = [Depends(counted(Kind.READS))]
_WRITE = [Depends(counted(Kind.WRITES))]


@router.post("/", status_code=201, dependencies=_WRITE)
async def create(
    document: Document,
    user: CurrentUser,
    edge: EdgeDep,
    response: Response,
    idempotency_key: IdempotencyKey = None,
) -> ResumeDetail:
    """Store a JSON Resume; every entry gets a stable id."""
    stored = checked(document, previous=None, new_id=edge.new_id)
    keyed = keyed_request(user.user_id, "/api/resumes/", idempotency_key, fingerprint(document))
    now = edge.clock.now()
    async with edge.pool.acquire() as connection, connection.transaction():
        made = await keyed.begin(connection, now) if keyed is not None else None
        resume_id = made or edge.new_id()
        if made is None:
            await insert_document(connection, resume_id, user.user_id, stored, now=now)
            if keyed is not None:
                await keyed.keep(connection, resume_id, now)
    if made is not None:
        response.headers["Idempotent-Replayed"] = "true"
    response.headers["Location"] = f"/api/resumes/{resume_id}"
    return await edge.resumes.read(resume_id, user.user_id)


@router.post(
    "/upload",
    status_code=202,
    dependencies=[*_WRITE, Depends(ordered(Kind.UPLOADS))],
)
async def upload(
    *,
    file: Annotated[UploadFile, File(description="PDF, DOCX, TXT, Markdown or JSON; ≤ 5 MiB.")],
    user: CurrentUser,
    edge: EdgeDep,
    origin: OriginDep,
    response: Response,
    engine: Annotated[
        Literal["auto", "rules"], Form(description="`rules`: no model is shown the file's text.")
    ] = "auto",
    idempotency_key: IdempotencyKey = None,
) -> Accepted:
    """Store a file and have it read by a job; poll its `Location`."""
    data = await file.read(UPLOAD_LIMIT + 1)
    if len(data) > UPLOAD_LIMIT:
        raise file_too_large(UPLOAD_LIMIT)
    if not data:
        raise file_empty()
    name = file_name(file.filename)
    digest = fingerprint([name, hashlib.sha256(data).hexdigest(), engine])
    keyed = keyed_request(user.user_id, "/api/resumes/upload", idempotency_key, digest)
    job_id = await keyed.find(edge.pool, edge.clock.now()) if keyed is not None else None
    replayed = job_id is not None
    if job_id is None:
        received = ReceivedFile(name, data, Engine(engine))
        job_id, replayed = await accept_upload(
            edge, user.user_id, received, keyed=keyed, origin=origin
        )
    if replayed:
        edge.quotas.not_counted(user.user_id, Workflow.PARSE_RESUME)
    key = JobKey(job_id, user.user_id, Workflow.PARSE_RESUME)
    answer = await accepted(edge, key, response, replayed=replayed)
    return answer.model_copy(update={"resume_id": await edge.jobs.resume_of(job_id, user.user_id)})


@router.get("/", dependencies=_READ)
async def list_resumes(
    user: CurrentUser,
    edge: EdgeDep,
    cursor: str | None = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
) -> ResumePage:
    """The caller's resumes, newest first."""
    found = await edge.resumes.page(user.user_id, before=parse_cursor(cursor), limit=limit + 1)
    return ResumePage(
        items=list(found[:limit]),
        next_cursor=cursor_of(found[limit - 1].id) if len(found) > limit else None,
    )


@router.get("/{resume_id}", dependencies=_READ)
async def get(
    resume_id: UUID, user: CurrentUser, edge: EdgeDep, response: Response
) -> ResumeDetail:
    """One resume with its present version; the `ETag` is that version."""
    found = await edge.resumes.read(resume_id, user.user_id)
    response.headers["ETag"] = etag(found.version)
    return found


@router.get("/{resume_id}/export", dependencies=_READ, response_class=Response, responses=FILES)
async def export(resume_id: UUID, user: CurrentUser, edge: EdgeDep, asked: AskedDep) -> Response:
    """The resume as a file: PDF, DOCX, plain JSON Resume, or Markdown."""
    found = await edge.resumes.read(resume_id, user.user_id)
    if found.document is None:
        raise resume_not_ready()
    return await edge.documents.resume_file(Resume.model_validate(found.document), asked)


@router.put("/{resume_id}", dependencies=_WRITE)
async def replace(
    *,
    resume_id: UUID,
    document: Document,
    user: CurrentUser,
    edge: EdgeDep,
    response: Response,
    if_match: IfMatch = None,
) -> ResumeDetail:
    """Write the next version; `If-Match` guards against another tab."""
    expected = expected_version(if_match)
    await edge.resumes.replace(
        resume_id,
        user.user_id,
        lambda previous: checked(document, previous=previous, new_id=edge.new_id),
        expected=expected,
        now=edge.clock.now(),
    )
    return await get(resume_id, user, edge, response)


@router.post("/{resume_id}/confirm", dependencies=_WRITE)
async def confirm(
    resume_id: UUID,
    user: CurrentUser,
    edge: EdgeDep,
    response: Response,
    if_match: IfMatch = None,
) -> ResumeDetail:
    """Confirm that what was read from the file is right: jobs then take it for the truth.

    `If-Match` makes sure that it is the version that was looked at.
    """
    expected = expected_version(if_match)
    await edge.resumes.confirm(resume_id, user.user_id, edge.clock.now(), expected=expected)
    return await get(resume_id, user, edge, response)


@router.delete("/{resume_id}", status_code=204, dependencies=_WRITE)
async def delete(resume_id: UUID, user: CurrentUser, edge: EdgeDep) -> None:
    """Delete a resume, all its versions and its file. Results made from it stay."""
    key = await edge.resumes.delete(resume_id, user.user_id)
    if key is not None:
        await edge.files.delete(key)
