"""`/api/tailor/results/{id}/changes`, and a whole document of the person's own."""

from uuid import UUID

from fastapi import APIRouter, Depends, Response

from gateway_svc.decisions.schemas import ChangeDecision, ChangeList
from gateway_svc.edge import Edge, EdgeDep
from gateway_svc.etags import IfMatch, etag, expected_version
from gateway_svc.identity.dependencies import CurrentUser, counted
from gateway_svc.jobs.products import PREFIXES
from gateway_svc.jobs.results import find_result, told
from gateway_svc.jobs.schemas import ResultDetail
from gateway_svc.ratelimit import Kind
from gateway_svc.resumes.documents import read_document
from gateway_svc.resumes.endpoints import Document
from resume_contracts.workflows import Workflow
from resume_core.gate import Violation

router = APIRouter(
    prefix=f"{PREFIXES[Workflow.TAILOR_RESUME]}/results/{{result_id}}", tags=["results"]
)

_WRITE = [Depends(counted(Kind.WRITES))]


@router.get("/changes", dependencies=[Depends(counted(Kind.READS))])
async def changes(
    result_id: UUID, user: CurrentUser, edge: EdgeDep, response: Response
) -> ChangeList:
    """Each change with its reason, sources and requirements, and how it stands."""
    return await _listed(edge, result_id, user.user_id, response)


@router.patch("/changes/{change_id}", dependencies=_WRITE)
async def decide(
    *,
    result_id: UUID,
    change_id: str,
    decision: ChangeDecision,
    user: CurrentUser,
    edge: EdgeDep,
    response: Response,
    if_match: IfMatch = None,
) -> ChangeList:
    """Accept, reject, edit or revert one change; all of them are checked again.

    To say again what stands already changes nothing. `reverted` takes back what was said before.
    """
    await edge.decider.decide(
        result_id,
        user.user_id,
        change_id,
        decision.decision,
        decision.text,
        expected=expected_version(if_match),
    )
    return await _listed(edge, result_id, user.user_id, response)


@router.put("", dependencies=_WRITE)
async def replace(
    *,
    result_id: UUID,
    document: Document,
    user: CurrentUser,
    edge: EdgeDep,
    response: Response,
    if_match: IfMatch = None,
) -> ResultDetail:
    """Take a JSON Resume as the person's own edit: what differs becomes decided changes.

    Lines, keywords, summary, headline, their order and what is left out may differ. The rest is
    edited in the base resume.
    """
    wanted = read_document(document)
    await edge.decider.replace(result_id, user.user_id, wanted, expected=expected_version(if_match))
    found = await find_result(edge, result_id, user.user_id, Workflow.TAILOR_RESUME)
    response.headers["ETag"] = etag(found.version)
    return ResultDetail(**told(found), document=found.document or {})


async def _listed(edge: Edge, result_id: UUID, user_id: UUID, response: Response) -> ChangeList:
    stored = await edge.decider.read(result_id, user_id)
    response.headers["ETag"] = etag(stored.version)
    return ChangeList(
        result_id=result_id,
        version=stored.version,
        items=list(stored.changes),
        unverified=[
            Violation.model_validate(v) for v in (stored.decided or {}).get("unverified", ())
        ],
    )
