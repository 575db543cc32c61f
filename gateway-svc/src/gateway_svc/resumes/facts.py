"""`/api/resumes/{id}/facts`: what the person confirms beside the document."""

from uuid import UUID

from fastapi import APIRouter, Depends, Response

from gateway_svc.edge import EdgeDep
from gateway_svc.idempotency import IdempotencyKey, fingerprint, keyed_request
from gateway_svc.identity.dependencies import CurrentUser, counted
from gateway_svc.ratelimit import Kind
from gateway_svc.resumes.errors import fact_not_found
from gateway_svc.resumes.fact_store import add_fact, new_fact
from gateway_svc.resumes.schemas import FactList, FactRequest, StoredFact

router = APIRouter(prefix="/api/resumes/{resume_id}/facts", tags=["resumes"])

_WRITE = [Depends(counted(Kind.WRITES))]


@router.post("", status_code=201, dependencies=_WRITE)
async def add(
    *,
    resume_id: UUID,
    request: FactRequest,
    user: CurrentUser,
    edge: EdgeDep,
    response: Response,
    idempotency_key: IdempotencyKey = None,
) -> StoredFact:
    """Confirm a fact, as the answer to a gap or of one's own accord. Later jobs may say it."""
    path = f"/api/resumes/{resume_id}/facts"
    digest = fingerprint(request.model_dump(mode="json"))
    keyed = keyed_request(user.user_id, path, idempotency_key, digest)
    now = edge.clock.now()
    fact = new_fact(edge.new_id(), request, now)
    async with edge.pool.acquire() as connection, connection.transaction():
        made = await keyed.begin(connection, now) if keyed is not None else None
        if made is None:
            await add_fact(connection, resume_id, user.user_id, fact)
            if keyed is not None:
                await keyed.keep(connection, fact.id, now)
    if made is None:
        return fact
    response.headers["Idempotent-Replayed"] = "true"
    known = await edge.facts.all(resume_id, user.user_id)
    found = next((one for one in known if one.id == made), None)
    if found is None:
        raise fact_not_found()
    return found


@router.get("", dependencies=[Depends(counted(Kind.READS))])
async def list_facts(resume_id: UUID, user: CurrentUser, edge: EdgeDep) -> FactList:
    """What was confirmed beside this resume, oldest first."""
    return FactList(items=await edge.facts.all(resume_id, user.user_id))


@router.delete("/{fact_id}", status_code=204, dependencies=_WRITE)
async def delete(resume_id: UUID, fact_id: UUID, user: CurrentUser, edge: EdgeDep) -> None:
    """Take a fact back; jobs accepted before keep it."""
    await edge.facts.delete(fact_id, resume_id, user.user_id)
