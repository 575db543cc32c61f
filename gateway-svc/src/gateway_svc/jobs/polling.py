"""Waiting for a job: one read, long polls, and streams share it."""

from collections.abc import AsyncIterator, Collection
from dataclasses import dataclass
from uuid import UUID

import structlog
from fastapi.sse import KEEPALIVE_COMMENT, format_sse_event

from gateway_svc.database import UNREACHABLE
from gateway_svc.edge import Edge
from gateway_svc.identity.tokens import Principal
from gateway_svc.jobs.errors import job_not_found
from gateway_svc.jobs.store import JobView
from gateway_svc.jobs.views import Rendered, render
from gateway_svc.jobs.watch import Watch
from gateway_svc.jobs.wording import current_provider
from resume_contracts.workflows import Workflow
from resume_runtime.errors import ProblemError

log = structlog.get_logger()

#: Milliseconds after which a stream that broke off should be opened again.
RECONNECT_MS = 2000


@dataclass(frozen=True, slots=True)
class JobKey:
    """Whose job, of which product."""

    job_id: UUID
    user_id: UUID
    workflow: Workflow


async def read(edge: Edge, key: JobKey, *, known: int = 0) -> Rendered:
    """The job as it is now; without its result when the reader knows that version.

    Raises:
        ProblemError: 404 when the user has no such job.
    """
    view = await _view(edge, key, known)
    return render(view, edge.clock.now())


async def wait_for_change(
    edge: Edge, key: JobKey, known: Collection[str], wait_s: float
) -> Rendered:
    """The job as soon as its entity tag is not one of `known`, or when the time is up.

    A client that knows none waits for a change from now on.
    """
    with edge.watcher.watching(key.job_id) as watch:
        until = edge.clock.monotonic() + wait_s
        while True:
            rendered = await _watched(edge, key, watch)
            left = until - edge.clock.monotonic()
            known = known or {rendered.etag}
            is_changed = rendered.etag not in known
            if is_changed or rendered.is_over or left <= 0 or edge.watcher.is_closing:
                return rendered
            await watch.wait(left)


async def wait_for_end(edge: Edge, key: JobKey, wait_s: float) -> Rendered:
    """The job when it is over, or when the time is up."""
    with edge.watcher.watching(key.job_id) as watch:
        until = edge.clock.monotonic() + wait_s
        while True:
            rendered = await _watched(edge, key, watch)
            left = until - edge.clock.monotonic()
            if rendered.is_over or left <= 0 or edge.watcher.is_closing:
                return rendered
            await watch.wait(left)


async def stream(
    edge: Edge, key: JobKey, principal: Principal, *, last_event_id: int
) -> AsyncIterator[bytes]:
    """Server-sent events: the whole status on every change, a snapshot first.

    Ends with the job, with the token or session, or when this process stops. Each event's id is
    the row's version; a client that has the present one already gets no snapshot.
    """
    yield format_sse_event(retry=RECONNECT_MS)
    sent: str | None = None
    with edge.watcher.watching(key.job_id) as watch:
        while True:
            try:
                rendered = await _watched(edge, key, watch)
            except (ProblemError, *UNREACHABLE) as error:
                log.warning("stream.interrupted", error=type(error).__name__)
                yield format_sse_event(retry=edge.retry_ms())
                return
            is_known = sent is None and rendered.etag == f'"{last_event_id}"'
            if rendered.etag != sent and (rendered.is_over or not is_known):
                yield _event(rendered)
            sent = rendered.etag
            if rendered.is_over:
                return
            while not await watch.wait(_patience(edge, principal)):
                if _is_ending(edge, principal):
                    break
                yield KEEPALIVE_COMMENT
            if _is_ending(edge, principal):
                yield format_sse_event(retry=edge.retry_ms())
                return


def _patience(edge: Edge, principal: Principal) -> float:
    token_left = (principal.expires_at - edge.clock.now()).total_seconds()
    return max(0.0, min(edge.heartbeat_s, token_left))


def _is_ending(edge: Edge, principal: Principal) -> bool:
    return (
        edge.watcher.is_closing
        or edge.clock.now() >= principal.expires_at
        or edge.revocations.is_revoked(principal.session_id, principal.user_id)
    )


def _event(rendered: Rendered) -> bytes:
    body = rendered.status.model_dump_json(by_alias=True, exclude_none=True)
    return format_sse_event(data_str=body, id=str(rendered.status.version))


async def _view(edge: Edge, key: JobKey, known: int) -> JobView:
    view = await edge.jobs.read(key.job_id, key.user_id, key.workflow, known=known)
    if view is None:
        raise job_not_found()
    return view


async def _watched(edge: Edge, key: JobKey, watch: Watch) -> Rendered:
    view = await _view(edge, key, 0)
    watch.version = view.row.version
    watch.provider = current_provider(view.row, view.engine)
    return render(view, edge.clock.now())
