"""Access and refresh tokens, as Supabase Auth makes them.

Claims: https://supabase.com/docs/guides/auth/jwt-fields.
"""

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import jwt

from auth_svc.errors import AuthError
from auth_svc.keys import SigningKey
from auth_svc.store import User

AUDIENCE = "authenticated"


def new_refresh_token() -> tuple[str, bytes]:
    """An opaque token of 256 bits, and the hash under which it is stored."""
    token = secrets.token_urlsafe(32)
    return token, refresh_hash(token)


def refresh_hash(token: str) -> bytes:
    """The hash of a refresh token; it has entropy enough to need no salt."""
    return hashlib.sha256(token.encode()).digest()


def access_claims(
    user: User,
    session_id: UUID,
    *,
    issuer: str,
    now: datetime,
    method_at: datetime,
    lifetime_s: int,
) -> dict[str, Any]:
    """The claims of an access token; `method_at` is when the password was given."""
    return {
        "iss": issuer,
        "sub": str(user.id),
        "aud": AUDIENCE,
        "exp": int((now + timedelta(seconds=lifetime_s)).timestamp()),
        "iat": int(now.timestamp()),
        "email": user.email,
        "phone": "",
        "role": AUDIENCE,
        "aal": "aal1",
        "amr": [{"method": "password", "timestamp": int(method_at.timestamp())}],
        "session_id": str(session_id),
        "is_anonymous": False,
        "app_metadata": {"provider": "email", "providers": ["email"]},
        "user_metadata": {},
    }


def verify_access(token: str, keys: dict[str, SigningKey], *, issuer: str) -> dict[str, Any]:
    """The claims of one of our own access tokens.

    Raises:
        AuthError: `bad_jwt`, for whatever reason.
    """
    try:
        kid = jwt.get_unverified_header(token).get("kid", "")
        key = keys.get(kid)
        if key is None:
            raise jwt.InvalidKeyError
        claims: dict[str, Any] = jwt.decode(
            token,
            key.private_key.public_key(),
            algorithms=["ES256"],
            audience=AUDIENCE,
            issuer=issuer,
            options={"require": ["exp", "sub", "aud", "iss", "session_id"]},
        )
    except jwt.PyJWTError as error:
        raise AuthError(403, "bad_jwt", "Invalid token") from error
    return claims


def user_document(user: User) -> dict[str, Any]:
    """An account as clients of Supabase Auth know it."""
    created, updated = user.created_at.isoformat(), user.updated_at.isoformat()
    return {
        "id": str(user.id),
        "aud": AUDIENCE,
        "role": AUDIENCE,
        "email": user.email,
        "email_confirmed_at": created,
        "confirmed_at": created,
        "phone": "",
        "last_sign_in_at": user.last_sign_in_at.isoformat() if user.last_sign_in_at else None,
        "app_metadata": {"provider": "email", "providers": ["email"]},
        "user_metadata": {},
        "identities": [],
        "created_at": created,
        "updated_at": updated,
        "is_anonymous": False,
    }
