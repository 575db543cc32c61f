"""Stored results of a product: list, read, delete."""

from dataclasses import fields
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response

from gateway_svc.edge import Edge, EdgeDep
from gateway_svc.etags import etag
from gateway_svc.identity.dependencies import CurrentUser, counted
from gateway_svc.jobs.errors import result_not_found
from gateway_svc.jobs.paging import cursor_of, parse_cursor
from gateway_svc.jobs.products import Product
from gateway_svc.jobs.schemas import ResultDetail, ResultPage, ResultSummary
from gateway_svc.jobs.store import StoredResult
from gateway_svc.ratelimit import Kind
from resume_contracts.workflows import Workflow


def result_router(product: Product) -> APIRouter:
    """The endpoints of one product's results."""
    workflow = product.workflow
    router = APIRouter(prefix=f"{product.prefix}/results", tags=["results"])
    reads = [Depends(counted(Kind.READS))]

    @router.get("", dependencies=reads)
    async def results(
        user: CurrentUser,
        edge: EdgeDep,
        cursor: str | None = None,
        limit: Annotated[int, Query(ge=1, le=100)] = 20,
        posting_id: Annotated[UUID | None, Query(alias="postingId")] = None,
    ) -> ResultPage:
        """The caller's results, newest first; with `postingId` those for one stored posting."""
        found = await edge.jobs.results(
            user.user_id,
            workflow,
            before=parse_cursor(cursor),
            limit=limit + 1,
            posting_id=posting_id,
        )
        return ResultPage(
            items=[summary(result) for result in found[:limit]],
            next_cursor=cursor_of(found[limit - 1].id) if len(found) > limit else None,
        )

    @router.get("/{result_id}", dependencies=reads)
    async def result(
        result_id: UUID, user: CurrentUser, edge: EdgeDep, response: Response
    ) -> ResultDetail:
        """One result with its document as it stands; the `ETag` is its version."""
        found = await find_result(edge, result_id, user.user_id, workflow)
        response.headers["ETag"] = etag(found.version)
        return ResultDetail(**told(found), document=found.document or {})

    @router.delete("/{result_id}", status_code=204, dependencies=[Depends(counted(Kind.WRITES))])
    async def delete(result_id: UUID, user: CurrentUser, edge: EdgeDep) -> None:
        """Delete one result. Its job stays, without it."""
        if not await edge.jobs.delete_result(result_id, user.user_id, workflow):
            raise result_not_found()

    return router


async def find_result(
    edge: Edge, result_id: UUID, user_id: UUID, product: Workflow
) -> StoredResult:
    """A user's result.

    Raises:
        ProblemError: 404 when there is no such result.
    """
    found = await edge.jobs.result(result_id, user_id, product)
    if found is None:
        raise result_not_found()
    return found


def summary(result: StoredResult) -> ResultSummary:
    """A result without its document."""
    return ResultSummary(**told(result))


def told(result: StoredResult) -> dict[str, Any]:
    """Everything about a result but its document."""
    return {f.name: getattr(result, f.name) for f in fields(result) if f.name != "document"}
