"""Stored results of the tailor: list, read, export."""

from typing import Annotated, Any, Literal
from uuid import UUID

import orjson
from fastapi import APIRouter, Depends, Query, Response

from gateway_svc.edge import Edge, EdgeDep
from gateway_svc.identity.dependencies import CurrentUser, counted
from gateway_svc.jobs.errors import result_not_found
from gateway_svc.jobs.paging import cursor_of, parse_cursor
from gateway_svc.jobs.schemas import ResultDetail, ResultPage, ResultSummary
from gateway_svc.jobs.store import StoredResult
from gateway_svc.ratelimit import Kind
from resume_contracts.workflows import Workflow
from resume_core.jsonresume import to_json_resume
from resume_core.model import Resume
from resume_core.render import to_markdown

router = APIRouter(
    prefix="/api/tailor/results",
    tags=["results"],
    dependencies=[Depends(counted(Kind.READS))],
)


@router.get("")
async def results(
    user: CurrentUser,
    edge: EdgeDep,
    cursor: str | None = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
) -> ResultPage:
    """The caller's tailored resumes, newest first."""
    found = await edge.jobs.results(
        user.user_id, Workflow.TAILOR_RESUME, before=parse_cursor(cursor), limit=limit + 1
    )
    return ResultPage(
        items=[ResultSummary(**_summary(result)) for result in found[:limit]],
        next_cursor=cursor_of(found[limit - 1].id) if len(found) > limit else None,
    )


@router.get("/{result_id}")
async def result(result_id: UUID, user: CurrentUser, edge: EdgeDep) -> ResultDetail:
    """One tailored resume: the document, each change with its reason, coverage, gaps."""
    found = await _find(edge, result_id, user.user_id)
    return ResultDetail(**_summary(found), document=found.document or {})


@router.get("/{result_id}/export")
async def export(
    result_id: UUID,
    user: CurrentUser,
    edge: EdgeDep,
    format: Literal["json", "md"] = "json",  # noqa: A002  the query parameter's name
) -> Response:
    """The tailored resume as a file: plain JSON Resume, or Markdown."""
    found = await _find(edge, result_id, user.user_id)
    resume = Resume.model_validate((found.document or {})["resume"])
    headers = {"Content-Disposition": f'attachment; filename="resume.{format}"'}
    if format == "md":
        return Response(to_markdown(resume), media_type="text/markdown", headers=headers)
    body = orjson.dumps(to_json_resume(resume, strict=True), option=orjson.OPT_INDENT_2)
    return Response(body, media_type="application/json", headers=headers)


async def _find(edge: Edge, result_id: UUID, user_id: UUID) -> StoredResult:
    found = await edge.jobs.result(result_id, user_id, Workflow.TAILOR_RESUME)
    if found is None:
        raise result_not_found()
    return found


def _summary(result: StoredResult) -> dict[str, Any]:
    return {
        "id": result.id,
        "job_id": result.job_id,
        "product": result.product,
        "degraded": result.degraded,
        "superseded": result.superseded,
        "created_at": result.created_at,
    }
