"""`GET /api/auth/me`."""

from datetime import datetime
from uuid import UUID

from fastapi import APIRouter, Depends

from gateway_svc.identity.dependencies import CurrentUser, counted
from gateway_svc.ratelimit import Kind
from resume_runtime.schemas import ApiModel

router = APIRouter(prefix="/api/auth", tags=["identity"])


class Me(ApiModel):
    """Who the token is of."""

    user_id: UUID
    email: str | None = None
    session_id: UUID | None = None
    expires_at: datetime


@router.get("/me", dependencies=[Depends(counted(Kind.READS))])
async def me(user: CurrentUser) -> Me:
    """Who am I?"""
    return Me(
        user_id=user.user_id,
        email=user.email,
        session_id=user.session_id,
        expires_at=user.expires_at,
    )
