"""`GET /api/{product}/results/{id}/sources`: what the ids that a result cites stand for."""

from uuid import UUID

from fastapi import APIRouter, Depends

from gateway_svc.edge import Edge, EdgeDep
from gateway_svc.identity.dependencies import CurrentUser, counted
from gateway_svc.jobs.products import Product
from gateway_svc.jobs.results import find_result
from gateway_svc.jobs.store import StoredResult
from gateway_svc.ratelimit import Kind
from resume_core.facts import Fact, collect_facts, with_confirmed
from resume_core.model import Resume
from resume_runtime.errors import ProblemError
from resume_runtime.schemas import ApiModel


class SourceList(ApiModel):
    """The statements of the version that a result was made from, and the resume's confirmed facts.

    Empty when that resume was deleted.
    """

    items: list[Fact]


def source_router(product: Product) -> APIRouter:
    """The endpoint at which one product's results are traced to what the person said."""
    router = APIRouter(prefix=f"{product.prefix}/results", tags=["results"])

    @router.get("/{result_id}/sources", dependencies=[Depends(counted(Kind.READS))])
    async def sources(result_id: UUID, user: CurrentUser, edge: EdgeDep) -> SourceList:
        """Every statement that `sourceFactIds`, `evidence` and `grounds` may name, by its id."""
        found = await find_result(edge, result_id, user.user_id, product.workflow)
        return SourceList(items=await _statements(edge, found, user.user_id))

    return router


async def _statements(edge: Edge, result: StoredResult, user_id: UUID) -> list[Fact]:
    if result.resume_id is None or result.resume_version is None:
        return []
    try:
        base = await edge.versions.read(result.resume_id, user_id, result.resume_version)
        facts = await edge.facts.all(result.resume_id, user_id)
    except ProblemError as problem:
        if problem.status != 404:
            raise
        return []
    return collect_facts(with_confirmed(Resume.model_validate(base.document), facts))
