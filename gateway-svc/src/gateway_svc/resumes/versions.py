"""`/api/resumes/{id}/versions`: what a resume said before."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Query

from gateway_svc.edge import EdgeDep
from gateway_svc.identity.dependencies import CurrentUser, counted
from gateway_svc.ratelimit import Kind
from gateway_svc.resumes.schemas import VersionDetail, VersionPage

router = APIRouter(
    prefix="/api/resumes/{resume_id}/versions",
    tags=["resumes"],
    dependencies=[Depends(counted(Kind.READS))],
)

#: The largest number that PostgreSQL counts versions to.
MAX_VERSION = 2**31 - 1


@router.get("")
async def versions(
    resume_id: UUID,
    user: CurrentUser,
    edge: EdgeDep,
    before: Annotated[int | None, Query(ge=1, le=MAX_VERSION)] = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
) -> VersionPage:
    """A resume's versions, newest first; `before` is the `nextBefore` of the page before."""
    found = await edge.versions.page(resume_id, user.user_id, before=before, limit=limit + 1)
    return VersionPage(
        items=found[:limit],
        next_before=found[limit - 1].version if len(found) > limit else None,
    )


@router.get("/{version}")
async def version(
    resume_id: UUID,
    version: Annotated[int, Path(ge=1, le=MAX_VERSION)],
    user: CurrentUser,
    edge: EdgeDep,
) -> VersionDetail:
    """One version as it was written, whatever became of the resume since."""
    return await edge.versions.read(resume_id, user.user_id, version)
