"""A tailored resume as a file."""

from typing import Literal
from uuid import UUID

import orjson
from fastapi import APIRouter, Depends, Response

from gateway_svc.edge import EdgeDep
from gateway_svc.identity.dependencies import CurrentUser, counted
from gateway_svc.jobs.products import PREFIXES
from gateway_svc.jobs.results import find_result
from gateway_svc.ratelimit import Kind
from resume_contracts.workflows import Workflow
from resume_core.jsonresume import to_json_resume
from resume_core.model import Resume
from resume_core.render import to_markdown

router = APIRouter(prefix=f"{PREFIXES[Workflow.TAILOR_RESUME]}/results", tags=["results"])


@router.get("/{result_id}/export", dependencies=[Depends(counted(Kind.READS))])
async def export(
    result_id: UUID,
    user: CurrentUser,
    edge: EdgeDep,
    format: Literal["json", "md"] = "json",  # noqa: A002  the query parameter's name
) -> Response:
    """The tailored resume as a file: plain JSON Resume, or Markdown."""
    found = await find_result(edge, result_id, user.user_id, Workflow.TAILOR_RESUME)
    resume = Resume.model_validate((found.document or {})["resume"])
    headers = {"Content-Disposition": f'attachment; filename="resume.{format}"'}
    if format == "md":
        return Response(to_markdown(resume), media_type="text/markdown", headers=headers)
    body = orjson.dumps(to_json_resume(resume, strict=True), option=orjson.OPT_INDENT_2)
    return Response(body, media_type="application/json", headers=headers)
