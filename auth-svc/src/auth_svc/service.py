"""What auth-svc decides: who may have which token."""

import hashlib
import unicodedata
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from prometheus_client import Counter

from auth_svc.errors import AuthError, invalid_credentials
from auth_svc.keys import KeySealer, SealedKey, SigningKey
from auth_svc.passwords import Passwords
from auth_svc.settings import AuthSettings
from auth_svc.store import Records, Store, User
from auth_svc.tokens import (
    access_claims,
    new_refresh_token,
    refresh_hash,
    user_document,
    verify_access,
)
from resume_runtime.clock import Clock
from resume_runtime.ids import IdFactory

#: Seconds in which a used refresh token may be used again (a lost answer, two tabs); GoTrue's 10.
REUSE_S = 10.0

Revoked = Callable[[UUID, UUID], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Keys:
    """The keys of the process: the newest signs, all verify."""

    sealed: tuple[SealedKey, ...]
    by_id: dict[str, SigningKey]

    @property
    def signing(self) -> SigningKey:
        """The key that signs."""
        return self.by_id[self.sealed[0].kid]

    def jwks(self) -> dict[str, Any]:
        """The public parts, as a JWK set."""
        return {"keys": [key.public_jwk for key in self.sealed]}


async def load_keys(store: Store, sealer: KeySealer) -> Keys:
    """Read the signing keys; make the first one when there is none."""
    async with store.begin() as records:
        await records.lock_keys()
        sealed = await records.signing_keys()
        if not sealed:
            sealed = [sealer.generate()]
            await records.add_key(sealed[0])
    return Keys(tuple(sealed), {key.kid: sealer.unseal(key) for key in sealed})


def normalised_email(email: str) -> str:
    """The form in which an email is stored and compared.

    Raises:
        AuthError: it cannot be an email address.
    """
    text = unicodedata.normalize("NFKC", email).strip().casefold()
    local, at, domain = text.rpartition("@")
    if not at or not local or "." not in domain.strip(".") or len(text) > 254 or " " in text:
        raise AuthError(
            400, "validation_failed", "Unable to validate email address: invalid format"
        )
    return text


class Identities:
    """The grants over their store. `on_revoked` is told (session, user) after a commit."""

    def __init__(
        self,
        store: Store,
        passwords: Passwords,
        keys: Keys,
        *,
        settings: AuthSettings,
        clock: Clock,
        new_id: IdFactory,
        failures: Counter,
        on_revoked: Revoked,
    ) -> None:
        self._store = store
        self._passwords = passwords
        self._keys = keys
        self._settings = settings
        self._clock = clock
        self._new_id = new_id
        self._failures = failures
        self._on_revoked = on_revoked

    def jwks(self) -> dict[str, Any]:
        """The public keys."""
        return self._keys.jwks()

    async def sign_up(self, email: str, password: str) -> dict[str, Any]:
        """Make an account and sign it in (emails are not confirmed in this form)."""
        email = normalised_email(email)
        hashed = await self._passwords.hash(password)
        async with self._store.begin() as records:
            user = await records.add_user(self._new_id(), email, hashed)
            if user is None:
                raise AuthError(422, "user_already_exists", "User already registered")
            return await self._open_session(records, user)

    async def by_password(self, email: str, password: str, address: str) -> dict[str, Any]:
        """Sign in. Failures are counted per email and address, for all replicas together."""
        email = normalised_email(email)
        subject = hashlib.sha256(f"{email}\n{address}".encode()).digest()
        async with self._store.begin() as records:
            await self._check_rate(records, subject)
            user = await records.user_by_email(email)
        # No transaction is held over the hashing: it takes tens of milliseconds.
        if not await self._passwords.matches(user.password_hash if user else None, password):
            now = self._clock.now()
            async with self._store.begin() as records:
                await records.add_failed_login(subject, now, self._since(now))
            self._failures.labels("invalid_credentials").inc()
            raise invalid_credentials()
        if user is None:
            raise invalid_credentials()
        async with self._store.begin() as records:
            await records.clear_failed_logins(subject)
            return await self._open_session(records, user)

    async def by_refresh_token(self, token: str) -> dict[str, Any]:
        """Exchange a refresh token. One that comes back too late ends its session."""
        hashed, now = refresh_hash(token), self._clock.now()
        async with self._store.begin() as records:
            stored = await records.take_refresh_token(hashed)
            if stored is None or stored.revoked_at is not None:
                self._failures.labels("refresh_token").inc()
                raise AuthError(
                    400, "refresh_token_not_found", "Invalid Refresh Token: Refresh Token Not Found"
                )
            is_reused = stored.used_at is not None and (
                now - stored.used_at > timedelta(seconds=REUSE_S)
            )
            if is_reused:
                await records.revoke_session(stored.session_id, now)
            else:
                await records.use_refresh_token(hashed, now)
                user = await records.user(stored.user_id)
                if user is not None:
                    return await self._tokens(records, user, stored.session_id)
        self._failures.labels("refresh_token_reused").inc()
        await self._on_revoked(stored.session_id, stored.user_id)
        raise AuthError(400, "refresh_token_already_used", "Invalid Refresh Token: Already Used")

    async def sign_out(self, access_token: str) -> None:
        """End the token's session everywhere."""
        claims = self._verified(access_token)
        session_id, user_id = UUID(claims["session_id"]), UUID(claims["sub"])
        async with self._store.begin() as records:
            await records.revoke_session(session_id, self._clock.now())
        await self._on_revoked(session_id, user_id)

    async def user(self, access_token: str) -> dict[str, Any]:
        """The account of a token whose session lives."""
        claims = self._verified(access_token)
        async with self._store.begin() as records:
            user = await records.user_by_session(UUID(claims["sub"]), UUID(claims["session_id"]))
        if user is None:
            raise AuthError(
                403, "session_not_found", "Session from session_id claim does not exist"
            )
        return user_document(user)

    def _verified(self, token: str) -> dict[str, Any]:
        try:
            return verify_access(token, self._keys.by_id, issuer=self._settings.auth_issuer)
        except AuthError:
            self._failures.labels("bad_jwt").inc()
            raise

    def _since(self, now: datetime) -> datetime:
        return now - timedelta(seconds=self._settings.login_window_s)

    async def _check_rate(self, records: Records, subject: bytes) -> None:
        now = self._clock.now()
        failed, oldest = await records.failed_logins(subject, self._since(now))
        if failed < self._settings.login_attempts or oldest is None:
            return
        self._failures.labels("rate_limited").inc()
        wait = self._settings.login_window_s - (now - oldest).total_seconds()
        raise AuthError(
            429,
            "over_request_rate_limit",
            "Too many failed log-ins, try again later",
            headers={"Retry-After": str(max(1, int(wait) + 1))},
        )

    async def _open_session(self, records: Records, user: User) -> dict[str, Any]:
        session_id = self._new_id()
        await records.add_session(session_id, user.id, self._clock.now())
        return await self._tokens(records, user, session_id)

    async def _tokens(self, records: Records, user: User, session_id: UUID) -> dict[str, Any]:
        token, hashed = new_refresh_token()
        await records.add_refresh_token(hashed, session_id, user.id)
        now = self._clock.now()
        claims = access_claims(
            user,
            session_id,
            issuer=self._settings.auth_issuer,
            now=now,
            method_at=user.last_sign_in_at or now,
            lifetime_s=self._settings.access_token_s,
        )
        return {
            "access_token": self._keys.signing.sign(claims),
            "token_type": "bearer",
            "expires_in": self._settings.access_token_s,
            "expires_at": claims["exp"],
            "refresh_token": token,
            "user": user_document(user),
        }
