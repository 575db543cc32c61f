"""`PUT /api/{product}/results/{id}` and what belongs to it, for what is written in sentences."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Depends, Response

from gateway_svc.edge import Edge, EdgeDep
from gateway_svc.edits.folding import EDITS
from gateway_svc.edits.schemas import EditList, LetterEdit
from gateway_svc.etags import IfMatch, etag, expected_version
from gateway_svc.identity.dependencies import CurrentUser, counted
from gateway_svc.jobs.products import Product
from gateway_svc.jobs.results import find_result, told
from gateway_svc.jobs.schemas import ResultDetail
from gateway_svc.ratelimit import Kind
from resume_contracts.workflows import Workflow

_WRITE = [Depends(counted(Kind.WRITES))]


def edit_router(product: Product) -> APIRouter:
    """The endpoints at which a person edits what was made for them."""
    workflow = product.workflow
    router = APIRouter(prefix=f"{product.prefix}/results/{{result_id}}", tags=["results"])

    async def edit(
        *,
        result_id: UUID,
        wanted: LetterEdit,
        user: CurrentUser,
        edge: EdgeDep,
        response: Response,
        if_match: IfMatch = None,
    ) -> ResultDetail:
        """Take the person's own words; each sentence that was not delivered is checked and marked.

        `own` sentences stay whatever the check says, with its codes in `unverified`; those that
        were delivered keep their grounds. What contradicts who the person is in their base resume
        is refused.
        """
        expected = expected_version(if_match)
        await edge.editor.edit(result_id, user.user_id, workflow, wanted, expected=expected)
        return await _detail(edge, result_id, user.user_id, workflow, response)

    # FastAPI reads the type from the annotation, and one written in a table cannot stand there.
    edit.__annotations__["wanted"] = EDITS[workflow]
    router.put("", dependencies=_WRITE)(edit)

    @router.delete("/edit", dependencies=_WRITE)
    async def revert(
        result_id: UUID,
        user: CurrentUser,
        edge: EdgeDep,
        response: Response,
        if_match: IfMatch = None,
    ) -> ResultDetail:
        """Take all edits back: the document is the delivered one again."""
        expected = expected_version(if_match)
        await edge.editor.revert(result_id, user.user_id, workflow, expected=expected)
        return await _detail(edge, result_id, user.user_id, workflow, response)

    @router.get("/edits", dependencies=[Depends(counted(Kind.READS))])
    async def history(result_id: UUID, user: CurrentUser, edge: EdgeDep) -> EditList:
        """What made each version, the newest first (the last 100)."""
        return EditList(items=await edge.editor.history(result_id, user.user_id, workflow))

    return router


async def _detail(
    edge: Edge, result_id: UUID, user_id: UUID, workflow: Workflow, response: Response
) -> ResultDetail:
    found = await find_result(edge, result_id, user_id, workflow)
    response.headers["ETag"] = etag(found.version)
    document: dict[str, Any] = found.document or {}
    return ResultDetail(**told(found), document=document)
