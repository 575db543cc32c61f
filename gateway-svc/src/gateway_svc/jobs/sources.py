"""`GET /api/{product}/results/{id}/sources`: what the ids that a result cites stand for."""

from uuid import UUID

from fastapi import APIRouter, Depends

from gateway_svc.database import Pool
from gateway_svc.edge import EdgeDep
from gateway_svc.identity.dependencies import CurrentUser, counted
from gateway_svc.jobs.errors import result_not_found
from gateway_svc.jobs.products import Product
from gateway_svc.jobs.source_store import Origins, origins_of
from gateway_svc.ratelimit import Kind
from resume_contracts.workflows import Workflow
from resume_core.facts import Fact, collect_facts, with_confirmed
from resume_core.model import Resume
from resume_runtime.schemas import ApiModel


class SourceList(ApiModel):
    """The statements that a result was made from, as they were then.

    Those of the resume and what was confirmed beside it, and of the tailored resume that a letter
    or interview pack goes with.
    """

    items: list[Fact]


def source_router(product: Product) -> APIRouter:
    """The endpoint at which one product's results are traced to what the person said."""
    router = APIRouter(prefix=f"{product.prefix}/results", tags=["results"])

    @router.get("/{result_id}/sources", dependencies=[Depends(counted(Kind.READS))])
    async def sources(result_id: UUID, user: CurrentUser, edge: EdgeDep) -> SourceList:
        """Every statement that `sourceFactIds`, `evidence` and `grounds` may name, by its id."""
        return await _sources(edge.pool, result_id, user.user_id, product.workflow)

    return router


async def _sources(pool: Pool, result_id: UUID, user_id: UUID, product: Workflow) -> SourceList:
    origins = await origins_of(pool, result_id, user_id, product)
    if origins is None:
        raise result_not_found()
    return SourceList(items=_statements(origins))


def _statements(origins: Origins) -> list[Fact]:
    facts: dict[str, Fact] = {}
    for document in filter(None, (origins.resume, origins.tailored)):
        resume = with_confirmed(Resume.model_validate(document), origins.confirmed)
        for fact in collect_facts(resume):
            facts.setdefault(fact.id, fact)
    return list(facts.values())
