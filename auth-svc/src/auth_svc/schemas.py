"""The bodies of Supabase Auth's wire format; its names are snake_case."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

Role = Literal["authenticated"]
EMAIL_PROVIDER: dict[str, Any] = {"provider": "email", "providers": ["email"]}


class _Read(BaseModel):
    # Clients of Supabase send more than we know (`data`, `gotrue_meta_security`, …).
    model_config = ConfigDict(extra="ignore", frozen=True)


class Credentials(_Read):
    """What sign-up and the password grant take. The password's own rules come later."""

    email: str = Field(max_length=320)
    password: str = Field(max_length=1024)


class TokenRequest(_Read):
    """What the token endpoint takes, by grant."""

    email: str | None = Field(default=None, max_length=320)
    password: str | None = Field(default=None, max_length=1024)
    refresh_token: str | None = Field(default=None, max_length=512)


class Identity(BaseModel):
    """How an account signs in; here always by email."""

    identity_id: UUID
    id: UUID
    user_id: UUID
    identity_data: dict[str, Any]
    provider: Literal["email"] = "email"
    email: str
    created_at: datetime
    updated_at: datetime
    last_sign_in_at: datetime


class UserBody(BaseModel):
    """An account. Emails count as confirmed, as with GoTrue's autoconfirm."""

    id: UUID
    aud: Role = "authenticated"
    role: Role = "authenticated"
    email: str
    email_confirmed_at: datetime
    confirmed_at: datetime
    phone: Literal[""] = ""
    last_sign_in_at: datetime
    app_metadata: dict[str, Any] = EMAIL_PROVIDER
    user_metadata: dict[str, Any] = Field(default_factory=dict)
    identities: list[Identity]
    created_at: datetime
    updated_at: datetime
    is_anonymous: Literal[False] = False


class SessionInfo(BaseModel):
    """A sign-in; `revoked_at` when it was ended."""

    id: UUID
    created_at: datetime
    refreshed_at: datetime
    revoked_at: datetime | None


class AccountBody(BaseModel):
    """An account with its sign-ins, for its owner's export."""

    user: UserBody
    sessions: list[SessionInfo]


class SessionBody(BaseModel):
    """What every grant answers; `expires_in` in seconds, `expires_at` in Unix time."""

    access_token: str
    token_type: Literal["bearer"] = "bearer"  # noqa: S105  RFC 6750's name of the scheme
    expires_in: int
    expires_at: int
    refresh_token: str
    user: UserBody
