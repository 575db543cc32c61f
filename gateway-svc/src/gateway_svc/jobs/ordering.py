"""`POST /api/{product}/{verb}-async` and its twin that waits, for every product."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Response

from gateway_svc.database import Connection
from gateway_svc.edge import Edge, EdgeDep
from gateway_svc.idempotency import IdempotencyKey, fingerprint, keyed_request
from gateway_svc.identity.dependencies import CurrentUser, OriginDep, counted, ordered
from gateway_svc.jobs.accept import Order
from gateway_svc.jobs.endpoints import status_response
from gateway_svc.jobs.packs import pack_for
from gateway_svc.jobs.polling import JobKey, wait_for_end
from gateway_svc.jobs.products import Product
from gateway_svc.jobs.schemas import Accepted, JobStatus, ProductRequest
from gateway_svc.jobs.submit import Prepare, accepted, check_size, submit
from gateway_svc.jobs.views import job_path
from gateway_svc.postings.store import posting_for_job
from gateway_svc.ratelimit import Kind
from gateway_svc.resumes.fact_store import facts_for_job
from gateway_svc.resumes.store import resume_for_job
from resume_contracts.facts import Facts


@dataclass(frozen=True, slots=True)
class Placed:
    """The job of an order, and whether it was there before."""

    key: JobKey
    replayed: bool


def product_router(product: Product) -> APIRouter:
    """The two endpoints at which a product is ordered."""
    router = APIRouter(
        prefix=product.prefix,
        tags=[product.workflow.value],
        dependencies=[Depends(counted(Kind.WRITES)), Depends(ordered(product.kind))],
    )
    at_once, waiting = f"/{product.verb}-async", f"/{product.verb}"

    @router.post(at_once, status_code=202, response_model_exclude_none=True)
    async def order(
        placed: Annotated[Placed, Depends(_placing(product, at_once))],
        edge: EdgeDep,
        response: Response,
    ) -> Accepted:
        """Accept a job. Poll its `Location`, or follow its stream."""
        return await accepted(edge, placed.key, response, replayed=placed.replayed)

    @router.post(waiting, response_model=JobStatus, responses={202: {"model": JobStatus}})
    async def order_and_wait(
        placed: Annotated[Placed, Depends(_placing(product, waiting))], edge: EdgeDep
    ) -> Response:
        """Accept a job and wait for its end, 120 s at most: 200 when it is over, else 202."""
        rendered = await wait_for_end(edge, placed.key, edge.wait_s)
        headers = {"Location": job_path(product.workflow, placed.key.job_id)}
        if placed.replayed:
            headers["Idempotent-Replayed"] = "true"
        code = 200 if rendered.is_over else 202
        return status_response(rendered, status_code=code, headers=headers)

    return router


def _placing(product: Product, path: str) -> Callable[..., Awaitable[Placed]]:
    """What takes a product's order at one address."""

    async def place(
        *,
        request: ProductRequest,
        user: CurrentUser,
        edge: EdgeDep,
        origin: OriginDep,
        idempotency_key: IdempotencyKey = None,
    ) -> Placed:
        prepare = await _prepared(edge, product, user.user_id, request)
        digest = fingerprint(request.model_dump(mode="json"))
        keyed = keyed_request(user.user_id, product.prefix + path, idempotency_key, digest)
        job_id, replayed = await submit(edge, prepare, keyed, origin)
        if replayed:
            edge.quotas.not_counted(user.user_id, product.workflow)
        return Placed(JobKey(job_id, user.user_id, product.workflow), replayed)

    # FastAPI reads the type from the annotation, and one written in a table cannot stand there.
    place.__annotations__["request"] = product.request
    return place


async def _prepared(
    edge: Edge, product: Product, user_id: UUID, request: ProductRequest
) -> Prepare:
    """What makes the order; whatever takes its time is done before the transaction begins.

    Raises:
        ProblemError: the posting is too large (413), or the tailored resume does not go with the
            order (`pack_for`). `Prepare` raises: the resume or the posting is not there (404), the
            resume is not read yet (409) or too large (413).
    """
    submission = request.submission()
    check_size(submission)
    pack = await pack_for(edge, user_id, request)
    if pack is not None:
        submission = pack.submission(submission)
    demand = await edge.postings.demand(user_id) if product.wants_demand else ()

    async def prepare(connection: Connection) -> Order:
        posting = None
        resume = await resume_for_job(connection, user_id, request.base_resume_id)
        confirmed = await facts_for_job(connection, user_id, resume.resume_id)
        if pack is not None:
            resume, confirmed = pack.resume, pack.confirmed
        if submission.posting_id is not None:
            posting = await posting_for_job(connection, user_id, submission.posting_id)
        facts = Facts(
            submission=submission,
            resume=resume,
            confirmed=confirmed,
            posting=posting,
            demand=demand,
            tailored=None if pack is None else pack.tailored,
        )
        return Order(user_id, product.workflow, resume.resume_id, facts)

    return prepare
