"""The protocol that all products share: status, stream, ticket, cancel, list."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Header, Query, Response
from fastapi.responses import StreamingResponse

from gateway_svc.edge import EdgeDep
from gateway_svc.etags import version_number
from gateway_svc.identity.dependencies import Credentials, CurrentUser, counted, signed_in
from gateway_svc.identity.tokens import Principal
from gateway_svc.jobs import tickets
from gateway_svc.jobs.cancel import cancel_job
from gateway_svc.jobs.model import Status
from gateway_svc.jobs.paging import cursor_of, parse_cursor
from gateway_svc.jobs.polling import JobKey, read, stream, wait_for_change
from gateway_svc.jobs.products import PREFIXES
from gateway_svc.jobs.schemas import JobPage, JobStatus, Ticket
from gateway_svc.jobs.views import RETRY_AFTER_S, Rendered, job_path, render
from gateway_svc.ratelimit import Kind
from resume_contracts.workflows import Workflow

#: The longest that a status request may wait, in seconds.
MAX_WAIT_S = 30

#: The longest version that PostgreSQL could count to.

_SSE = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}

IfNoneMatch = Annotated[str | None, Header()]
LastEventId = Annotated[str | None, Header(alias="Last-Event-ID")]
Wait = Annotated[int, Query(ge=0, le=MAX_WAIT_S, description="Seconds to wait for a change.")]


def job_router(workflow: Workflow) -> APIRouter:
    """The endpoints of one product's jobs."""
    router = APIRouter(prefix=PREFIXES[workflow], tags=[workflow.value])
    _add_reads(router, workflow)
    _add_stream(router, workflow)
    _add_cancel(router, workflow)
    return router


def status_response(
    rendered: Rendered, *, status_code: int = 200, headers: dict[str, str] | None = None
) -> Response:
    """A status with its entity tag, and when to ask again."""
    tags = {"ETag": rendered.etag, "Cache-Control": "private, no-cache", **(headers or {})}
    if not rendered.is_over:
        tags["Retry-After"] = str(RETRY_AFTER_S)
    if status_code == 304:
        return Response(status_code=304, headers=tags)
    return Response(
        rendered.status.model_dump_json(by_alias=True, exclude_none=True),
        status_code=status_code,
        headers=tags,
        media_type="application/json",
    )


def _add_reads(router: APIRouter, workflow: Workflow) -> None:
    @router.get("/job/{job_id}", response_model=JobStatus, responses={304: {}})
    async def job_status(
        job_id: UUID,
        user: CurrentUser,
        edge: EdgeDep,
        if_none_match: IfNoneMatch = None,
        wait: Wait = 0,
    ) -> Response:
        """The job as it is now, or on its next change within `wait` seconds."""
        limits = edge.limiter.take(user.user_id, Kind.STATUS)
        key = JobKey(job_id, user.user_id, workflow)
        known = _tags(if_none_match)
        if wait:
            rendered = await wait_for_change(edge, key, known, wait)
        else:
            rendered = await read(edge, key, known=_version_of(known))
        if rendered.etag in known:
            edge.limiter.give_back(user.user_id, Kind.STATUS)
            return status_response(rendered, status_code=304, headers=limits)
        return status_response(rendered, headers=limits)

    @router.get("/jobs", dependencies=[Depends(counted(Kind.READS))])
    async def jobs(
        user: CurrentUser,
        edge: EdgeDep,
        status: Status | None = None,
        cursor: str | None = None,
        limit: Annotated[int, Query(ge=1, le=100)] = 20,
    ) -> JobPage:
        """The caller's jobs, newest first, without their results."""
        views = await edge.jobs.jobs(
            user.user_id, workflow, status=status, before=parse_cursor(cursor), limit=limit + 1
        )
        now = edge.clock.now()
        return JobPage(
            items=[render(view, now).status for view in views[:limit]],
            next_cursor=cursor_of(views[limit - 1].row.id) if len(views) > limit else None,
        )


def _add_stream(router: APIRouter, workflow: Workflow) -> None:
    @router.get(
        "/job/{job_id}/events",
        response_class=StreamingResponse,
        responses={200: {"content": {"text/event-stream": {}}}, 204: {}},
    )
    async def events(
        job_id: UUID,
        edge: EdgeDep,
        credentials: Credentials,
        ticket: str | None = None,
        last_event_id: LastEventId = None,
    ) -> Response:
        """Server-sent events, each the whole status; ends with the job or the token."""
        principal = await _streamer(edge, credentials, ticket, job_id)
        edge.limiter.take(principal.user_id, Kind.STATUS)
        key = JobKey(job_id, principal.user_id, workflow)
        known = version_number(last_event_id or "") or 0
        rendered = await read(edge, key, known=known)
        if rendered.is_over and rendered.status.version == known:
            # Tells a browser's EventSource not to connect again.
            return Response(status_code=204)
        return StreamingResponse(
            stream(edge, key, principal, last_event_id=known),
            media_type="text/event-stream",
            headers=_SSE,
        )

    @router.post(
        "/job/{job_id}/ticket", status_code=201, dependencies=[Depends(counted(Kind.WRITES))]
    )
    async def ticket(job_id: UUID, user: CurrentUser, edge: EdgeDep) -> Ticket:
        """A one-use ticket for the stream, valid for 60 s."""
        await read(edge, JobKey(job_id, user.user_id, workflow))
        secret, expires_at = await tickets.issue(edge, user, job_id)
        url = f"{job_path(workflow, job_id)}/events?ticket={secret}"
        return Ticket(ticket=secret, expires_at=expires_at, url=url)


def _add_cancel(router: APIRouter, workflow: Workflow) -> None:
    @router.post(
        "/job/{job_id}/cancel",
        status_code=202,
        response_model=JobStatus,
        responses={200: {"model": JobStatus}},
    )
    async def cancel(job_id: UUID, user: CurrentUser, edge: EdgeDep) -> Response:
        """Stop the job: no paid call starts any more. A finished job stays as it is (200)."""
        limits = edge.limiter.take(user.user_id, Kind.WRITES)
        key = JobKey(job_id, user.user_id, workflow)
        changed = await cancel_job(edge, key)
        rendered = await read(edge, key)
        return status_response(rendered, status_code=202 if changed else 200, headers=limits)


async def _streamer(
    edge: EdgeDep, credentials: Credentials, ticket: str | None, job_id: UUID
) -> Principal:
    if ticket is None:
        return await signed_in(credentials, edge)
    return await tickets.redeem(edge, ticket, job_id)


def _tags(header: str | None) -> list[str]:
    """The entity tags of `If-None-Match`; weak ones compare like strong ones (RFC 9110, 13.1.2)."""
    return [tag.strip().removeprefix("W/") for tag in (header or "").split(",") if tag.strip()]


def _version_of(tags: list[str]) -> int:
    """The version that a client with one plain tag has; 0 when that cannot be told."""
    return (version_number(tags[0].strip('"')) or 0) if len(tags) == 1 else 0
