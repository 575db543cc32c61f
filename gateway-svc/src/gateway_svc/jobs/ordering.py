"""`POST /api/{product}/{verb}-async` and its twin that waits, for every product."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Depends, Response

from gateway_svc.database import Connection
from gateway_svc.edge import Edge, EdgeDep
from gateway_svc.idempotency import IdempotencyKey, fingerprint, keyed_request
from gateway_svc.identity.dependencies import CurrentUser, OriginDep, counted
from gateway_svc.jobs.accept import Order
from gateway_svc.jobs.endpoints import status_response
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


def product_router(product: Product) -> APIRouter:
    """The two endpoints at which a product is ordered."""
    router = APIRouter(
        prefix=product.prefix,
        tags=[product.workflow.value],
        dependencies=[Depends(counted(Kind.WRITES)), Depends(counted(product.kind))],
    )
    _add_async(router, product)
    _add_waiting(router, product)
    return router


def _add_async(router: APIRouter, product: Product) -> None:
    path = f"/{product.verb}-async"

    async def order(
        *,
        request: ProductRequest,
        user: CurrentUser,
        edge: EdgeDep,
        origin: OriginDep,
        response: Response,
        idempotency_key: IdempotencyKey = None,
    ) -> Accepted:
        """Accept a job. Poll its `Location`, or follow its stream."""
        prepare = await _prepared(edge, product, user.user_id, request)
        digest = fingerprint(request.model_dump(mode="json"))
        keyed = keyed_request(user.user_id, product.prefix + path, idempotency_key, digest)
        job_id, replayed = await submit(edge, prepare, keyed, origin)
        key = JobKey(job_id, user.user_id, product.workflow)
        return await accepted(edge, key, response, replayed=replayed)

    router.post(path, status_code=202, response_model_exclude_none=True)(_takes(order, product))


def _add_waiting(router: APIRouter, product: Product) -> None:
    path = f"/{product.verb}"

    async def order_and_wait(
        *,
        request: ProductRequest,
        user: CurrentUser,
        edge: EdgeDep,
        origin: OriginDep,
        idempotency_key: IdempotencyKey = None,
    ) -> Response:
        """Accept a job and wait for its end, 120 s at most: 200 when it is over, else 202."""
        prepare = await _prepared(edge, product, user.user_id, request)
        digest = fingerprint(request.model_dump(mode="json"))
        keyed = keyed_request(user.user_id, product.prefix + path, idempotency_key, digest)
        job_id, replayed = await submit(edge, prepare, keyed, origin)
        key = JobKey(job_id, user.user_id, product.workflow)
        rendered = await wait_for_end(edge, key, edge.wait_s)
        headers = {"Location": job_path(product.workflow, job_id)}
        if replayed:
            headers["Idempotent-Replayed"] = "true"
        code = 200 if rendered.is_over else 202
        return status_response(rendered, status_code=code, headers=headers)

    router.post(path, response_model=JobStatus, responses={202: {"model": JobStatus}})(
        _takes(order_and_wait, product)
    )


def _takes(endpoint: Any, product: Product) -> Any:
    """The endpoint with the product's own request as its body.

    FastAPI reads the type from the annotation, and one written in a table cannot stand there.
    """
    endpoint.__annotations__["request"] = product.request
    return endpoint


async def _prepared(
    edge: Edge, product: Product, user_id: UUID, request: ProductRequest
) -> Prepare:
    """What makes the order; whatever takes its time is done before the transaction begins.

    Raises:
        ProblemError: the posting is too large (413). `Prepare` raises: the resume or the posting
            is not there (404), the resume is not read yet (409) or too large (413).
    """
    submission = request.submission()
    check_size(submission)
    demand = await edge.postings.demand(user_id) if product.wants_demand else ()

    async def prepare(connection: Connection) -> Order:
        posting = None
        resume = await resume_for_job(connection, user_id, request.base_resume_id)
        if submission.posting_id is not None:
            posting = await posting_for_job(connection, user_id, submission.posting_id)
        facts = Facts(
            submission=submission,
            resume=resume,
            confirmed=await facts_for_job(connection, user_id, resume.resume_id),
            posting=posting,
            demand=demand,
        )
        return Order(user_id, product.workflow, resume.resume_id, facts)

    return prepare
