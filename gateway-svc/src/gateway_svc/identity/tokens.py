"""Verifies access tokens, and remembers for at most a minute that it did."""

import hashlib
from collections import OrderedDict
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import jwt

from gateway_svc.identity.errors import keys_unavailable, token_invalid
from gateway_svc.identity.jwks import JwksCache, KeysUnavailableError
from gateway_svc.identity.revocations import Revocations
from resume_runtime.clock import Clock

MAX_TOKEN_BYTES = 8 * 1024
LEEWAY_S = 30
AUDIENCE = "authenticated"
ROLE = "authenticated"

#: A verified token is trusted this long without looking again; also the documented bound.
REMEMBER_S = 60.0
REMEMBERED = 10_000

_REQUIRED = ["exp", "iss", "aud", "sub"]


@dataclass(frozen=True, slots=True)
class Principal:
    """Who calls, as the token says. `email` may be None."""

    user_id: UUID
    session_id: UUID | None
    email: str | None
    expires_at: datetime


class TokenVerifier:
    """Checks signature, issuer, audience, time, role and revocation.

    The algorithm follows from the key: ES256 or RS256 for keys of the JWKS; HS256 only when a
    shared secret is configured, in a branch of its own, so that a public key is never taken for a
    secret.
    """

    def __init__(
        self,
        jwks: JwksCache,
        *,
        issuer: str,
        hs256_secret: str | None,
        revocations: Revocations,
        clock: Clock,
    ) -> None:
        self._jwks = jwks
        self._issuer = issuer
        self._secret = hs256_secret
        self._revocations = revocations
        self._clock = clock
        self._verified: OrderedDict[bytes, tuple[float, Principal]] = OrderedDict()

    async def verify(self, token: str) -> Principal:
        """Who the token is of.

        Raises:
            ProblemError: 401 when it is not valid, 503 when that cannot be told.
        """
        if len(token) > MAX_TOKEN_BYTES:
            raise token_invalid()
        digest = hashlib.sha256(token.encode()).digest()
        principal = self._recall(digest)
        if principal is None:
            principal = await self._check(token)
            self._remember(digest, principal)
        if self._revocations.is_revoked(principal.session_id, principal.user_id):
            raise token_invalid("The session was ended.")
        return principal

    def _recall(self, digest: bytes) -> Principal | None:
        found = self._verified.get(digest)
        if found is None:
            return None
        until, principal = found
        if self._clock.monotonic() >= until:
            del self._verified[digest]
            return None
        return principal

    def _remember(self, digest: bytes, principal: Principal) -> None:
        left = (principal.expires_at - self._clock.now()).total_seconds()
        until = self._clock.monotonic() + min(left, REMEMBER_S)
        self._verified[digest] = (until, principal)
        while len(self._verified) > REMEMBERED:
            self._verified.popitem(last=False)

    async def _check(self, token: str) -> Principal:
        try:
            header = jwt.get_unverified_header(token)
        except jwt.PyJWTError as error:
            raise token_invalid() from error
        if header.get("alg") == "HS256" and self._secret is not None:
            return self._decode(token, self._secret, "HS256")
        kid = header.get("kid")
        if not isinstance(kid, str):
            raise token_invalid()
        try:
            key = await self._jwks.find(kid)
        except KeysUnavailableError as error:
            raise keys_unavailable() from error
        if key is None:
            raise token_invalid()
        return self._decode(token, key.key, key.algorithm)

    def _decode(self, token: str, key: Any, algorithm: str) -> Principal:
        try:
            claims = jwt.decode(
                token,
                key,
                algorithms=[algorithm],
                audience=AUDIENCE,
                issuer=self._issuer,
                leeway=LEEWAY_S,
                options={"require": _REQUIRED},
            )
        except jwt.ExpiredSignatureError as error:
            raise token_invalid("The access token has expired.") from error
        except jwt.PyJWTError as error:
            raise token_invalid() from error
        return _principal(claims)


def _principal(claims: dict[str, Any]) -> Principal:
    if claims.get("role") != ROLE or claims.get("is_anonymous") is True:
        raise token_invalid()
    session = claims.get("session_id")
    email = claims.get("email")
    try:
        return Principal(
            user_id=UUID(claims["sub"]),
            session_id=None if session is None else UUID(session),
            email=email if isinstance(email, str) and email else None,
            expires_at=datetime.fromtimestamp(claims["exp"], UTC),
        )
    except (ValueError, TypeError, AttributeError) as error:
        raise token_invalid() from error
