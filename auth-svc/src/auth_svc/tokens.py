"""Access and refresh tokens, as Supabase Auth makes them.

Claims: https://supabase.com/docs/guides/auth/jwt-fields.
"""

import base64
import hashlib
import hmac
import secrets
from datetime import datetime
from typing import Any

from auth_svc.keys import derive_key
from auth_svc.schemas import EMAIL_PROVIDER, Identity, UserBody
from auth_svc.store import Session, User

AUDIENCE = "authenticated"


class RefreshTokens:
    """Opaque tokens of 256 bits.

    Each follows from the one it replaces by a secret key, so that a client whose answer was lost
    can be given the same successor again, although only hashes are stored.
    """

    def __init__(self, secret: str) -> None:
        self._key = derive_key(secret, "refresh-tokens")

    def first(self) -> str:
        """The first token of a session."""
        return secrets.token_urlsafe(32)

    def successor(self, token: str) -> str:
        """The token that replaces this one."""
        digest = hmac.digest(self._key, token.encode(), "sha256")
        return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def refresh_hash(token: str) -> bytes:
    """The hash of a refresh token; it has entropy enough to need no salt."""
    return hashlib.sha256(token.encode()).digest()


def access_claims(
    user: User, session: Session, *, issuer: str, now: datetime, lifetime_s: int
) -> dict[str, Any]:
    """The claims of an access token."""
    issued_at = int(now.timestamp())
    return {
        "iss": issuer,
        "sub": str(user.id),
        "aud": AUDIENCE,
        "exp": issued_at + lifetime_s,
        "iat": issued_at,
        "email": user.email,
        "phone": "",
        "role": AUDIENCE,
        "aal": "aal1",
        "amr": [{"method": "password", "timestamp": int(session.created_at.timestamp())}],
        "session_id": str(session.id),
        "is_anonymous": False,
        "app_metadata": EMAIL_PROVIDER,
        "user_metadata": {},
    }


def user_body(user: User) -> UserBody:
    """An account as clients of Supabase Auth know it."""
    identity = Identity(
        identity_id=user.id,
        id=user.id,
        user_id=user.id,
        identity_data={
            "sub": str(user.id),
            "email": user.email,
            "email_verified": False,
            "phone_verified": False,
        },
        email=user.email,
        created_at=user.created_at,
        updated_at=user.updated_at,
        last_sign_in_at=user.last_sign_in_at,
    )
    return UserBody(
        id=user.id,
        email=user.email,
        email_confirmed_at=user.created_at,
        confirmed_at=user.created_at,
        identities=[identity],
        created_at=user.created_at,
        updated_at=user.updated_at,
        last_sign_in_at=user.last_sign_in_at,
    )
