"""A tailored resume as a file."""

from uuid import UUID

from fastapi import APIRouter, Depends, Response

from gateway_svc.documents import FILES, AskedDep
from gateway_svc.edge import EdgeDep
from gateway_svc.identity.dependencies import CurrentUser, counted
from gateway_svc.jobs.products import PREFIXES
from gateway_svc.jobs.results import find_result
from gateway_svc.ratelimit import Kind
from resume_contracts.workflows import Workflow
from resume_core.model import Resume

router = APIRouter(prefix=f"{PREFIXES[Workflow.TAILOR_RESUME]}/results", tags=["results"])


@router.get(
    "/{result_id}/export",
    dependencies=[Depends(counted(Kind.READS))],
    response_class=Response,
    responses=FILES,
)
async def export(result_id: UUID, user: CurrentUser, edge: EdgeDep, asked: AskedDep) -> Response:
    """The tailored resume as a file: PDF, DOCX, plain JSON Resume, or Markdown."""
    found = await find_result(edge, result_id, user.user_id, Workflow.TAILOR_RESUME)
    resume = Resume.model_validate((found.document or {})["resume"])
    return await edge.documents.resume_file(resume, asked)
