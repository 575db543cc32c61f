"""The results of every product as files."""

from uuid import UUID

from fastapi import APIRouter, Depends, Response

from gateway_svc.documents import FILES, Asked, AskedDep
from gateway_svc.edge import Edge, EdgeDep
from gateway_svc.identity.dependencies import CurrentUser, counted
from gateway_svc.jobs.products import Product
from gateway_svc.jobs.results import find_result
from gateway_svc.ratelimit import Kind
from resume_contracts.workflows import Workflow
from resume_core.career import CareerPath
from resume_core.handouts import career_handout, interview_handout
from resume_core.interview import InterviewPrep
from resume_core.letters import CoverLetter
from resume_core.model import Resume
from resume_documents import printed


def export_router(product: Product) -> APIRouter:
    """Where one product's results are had as files."""
    router = APIRouter(prefix=f"{product.prefix}/results", tags=["results"])

    @router.get(
        "/{result_id}/export",
        dependencies=[Depends(counted(Kind.READS))],
        response_class=Response,
        responses=FILES,
    )
    async def export(
        result_id: UUID, user: CurrentUser, edge: EdgeDep, asked: AskedDep
    ) -> Response:
        """The result as it stands, as a file: PDF, DOCX, Markdown, plain text or JSON.

        JSON of a tailored resume is JSON Resume; of anything else, the document's parts by name.
        """
        return await _file(edge, product.workflow, (result_id, user.user_id), asked)

    return router


async def _file(edge: Edge, product: Workflow, of: tuple[UUID, UUID], asked: Asked) -> Response:
    if product is Workflow.COVER_LETTER:
        stored = await edge.editor.read(*of, product)
        letter = CoverLetter.model_validate(stored.standing)
        written = stored.created_at.date().isoformat()
        paper = printed(letter, Resume.model_validate(stored.base), written)
        return await edge.documents.letter_file(paper, asked, letter.language)
    document = (await find_result(edge, *of, product)).document or {}
    match product:
        case Workflow.INTERVIEW_PREP:
            pack = InterviewPrep.model_validate(document)
            return await edge.documents.handout_file(interview_handout(pack), asked, pack.language)
        case Workflow.CAREER_PATH:
            path = CareerPath.model_validate(document)
            return await edge.documents.handout_file(career_handout(path), asked, path.language)
        case _:
            resume = Resume.model_validate(document["resume"])
            return await edge.documents.resume_file(resume, asked)
