"""What auth-svc decides: who may have which token."""

import re
import unicodedata
from datetime import timedelta
from typing import Any, Literal
from uuid import UUID

import jwt
import structlog
from prometheus_client import Counter

from auth_svc.errors import AuthError, bad_jwt, invalid_credentials
from auth_svc.keys import KeyRing
from auth_svc.limits import AttemptLimits
from auth_svc.passwords import Passwords
from auth_svc.schemas import AccountBody, SessionBody, SessionInfo, UserBody
from auth_svc.settings import AuthSettings
from auth_svc.store import Records, Session, Store, User
from auth_svc.tokens import AUDIENCE, RefreshTokens, access_claims, refresh_hash, user_body
from resume_runtime.clock import Clock
from resume_runtime.ids import IdFactory

log = structlog.get_logger()

#: Seconds in which a used refresh token may be shown again (a lost answer, two tabs): the answer
#: is the same successor, as long as that was not used itself. GoTrue's default.
REUSE = timedelta(seconds=10)

#: Which sessions a sign-out ends: this one, all others, or all.
Scope = Literal["global", "local", "others"]

_EMAIL = re.compile(r"[^\s@\x00-\x1f\x7f]+@[^\s@\x00-\x1f\x7f]+\.[^\s@.\x00-\x1f\x7f]+")


def normalised_email(email: str) -> str:
    """The form in which an email is stored and compared (NFKC, case folded, at most 254 bytes).

    Raises:
        AuthError: it cannot be an email address.
    """
    text = unicodedata.normalize("NFKC", email).strip().casefold()
    if not _EMAIL.fullmatch(text) or len(text.encode()) > 254:
        raise AuthError(
            400, "validation_failed", "Unable to validate email address: invalid format"
        )
    return text


class Identities:
    """Sign-up, the grants and sign-out over their store."""

    def __init__(
        self,
        store: Store,
        passwords: Passwords,
        limits: AttemptLimits,
        keys: KeyRing,
        refresh_tokens: RefreshTokens,
        *,
        settings: AuthSettings,
        clock: Clock,
        new_id: IdFactory,
        failures: Counter,
    ) -> None:
        self._store = store
        self._passwords = passwords
        self._limits = limits
        self._keys = keys
        self._refresh_tokens = refresh_tokens
        self._settings = settings
        self._clock = clock
        self._new_id = new_id
        self._failures = failures

    def jwks(self) -> dict[str, Any]:
        """The public keys."""
        return self._keys.jwks()

    async def sign_up(self, email: str, password: str, address: str) -> SessionBody:
        """Make an account and sign it in.

        Raises:
            AuthError: `validation_failed`, `weak_password`, `user_already_exists` or 429.
        """
        email = normalised_email(email)
        await self._limits.take_sign_up(address)
        hashed = await self._passwords.hash(password)
        async with self._store.begin() as records:
            user = await records.add_user(self._new_id(), email, hashed, self._clock.now())
            if user is None:
                raise AuthError(422, "user_already_exists", "User already registered")
            body = await self._open_session(records, user)
        log.info("auth.signed_up", user_id=str(user.id))
        return body

    async def by_password(self, email: str, password: str, address: str) -> SessionBody:
        """Sign in.

        Raises:
            AuthError: `invalid_credentials`, whatever was wrong, or 429.
        """
        email = normalised_email(email)
        try:
            counted = await self._limits.take_login(email, address)
        except AuthError:
            self._failures.labels("rate_limited").inc()
            raise
        # No transaction is held over the hashing: it takes tens of milliseconds.
        async with self._store.begin() as records:
            user = await records.user_by_email(email)
        matches = await self._passwords.matches(user.password_hash if user else None, password)
        async with self._store.begin() as records:
            if user is not None and matches:
                user = await records.signed_in(user.id, self._clock.now())
            if user is None or not matches:
                self._failures.labels("invalid_credentials").inc()
                raise invalid_credentials()
            body = await self._open_session(records, user)
        await self._limits.give_back(counted)
        return body

    async def by_refresh_token(self, token: str) -> SessionBody:
        """Exchange a refresh token for a new pair. One that was used before ends its session.

        Raises:
            AuthError: `refresh_token_not_found`, `refresh_token_already_used`, `session_expired`.
        """
        hashed, successor = refresh_hash(token), self._refresh_tokens.successor(token)
        async with self._store.begin() as records:
            session = await records.lock_session_of(hashed)
            # Read after the lock, so that of two at once the later one is later.
            now = self._clock.now()
            if session is None or session.revoked_at is not None:
                raise self._refused("refresh_token_not_found", "Refresh Token Not Found")
            if now - session.refreshed_at > timedelta(seconds=self._settings.session_idle_s):
                raise self._refused("session_expired", "Session Expired (Inactivity)")
            used_at = await records.refresh_token_used_at(hashed)
            user = await records.user(session.user_id)
            if user is not None:
                if used_at is None:
                    await records.use_refresh_token(hashed, now)
                    await records.refreshed(session.id, now)
                    await records.add_refresh_token(refresh_hash(successor), session, now)
                    return self._body(user, session, successor)
                is_unused = await records.refresh_token_used_at(refresh_hash(successor)) is None
                if is_unused and now - used_at <= REUSE:
                    return self._body(user, session, successor)
            await records.revoke_session(session.id, now)
        log.warning("auth.refresh_token_reused", session_id=str(session.id))
        raise self._refused("refresh_token_already_used", "Already Used")

    async def sign_out(self, access_token: str, scope: Scope) -> None:
        """End sessions of the token's account; edges are told of each."""
        claims = self._verified(access_token)
        session_id, user_id = UUID(claims["session_id"]), UUID(claims["sub"])
        now = self._clock.now()
        async with self._store.begin() as records:
            if scope == "local":
                await records.revoke_session(session_id, now)
            else:
                keep = session_id if scope == "others" else None
                await records.revoke_sessions(user_id, now, keep=keep)
        log.info("auth.signed_out", user_id=str(user_id), scope=scope)

    async def user(self, access_token: str) -> UserBody:
        """The account of a token whose session goes on.

        Raises:
            AuthError: `bad_jwt` or `session_not_found`.
        """
        async with self._store.begin() as records:
            return user_body(await self._owner(records, access_token))

    async def account(self, access_token: str) -> AccountBody:
        """The account of a token whose session goes on, with all its sessions.

        Raises:
            AuthError: `bad_jwt` or `session_not_found`.
        """
        async with self._store.begin() as records:
            user = await self._owner(records, access_token)
            sessions = await records.sessions_of(user.id)
        told = [SessionInfo.model_validate(s, from_attributes=True) for s in sessions]
        return AccountBody(user=user_body(user), sessions=told)

    async def _owner(self, records: Records, access_token: str) -> User:
        claims = self._verified(access_token)
        session = await records.session(UUID(claims["session_id"]))
        user = await records.user(UUID(claims["sub"]))
        if user is None or session is None or session.revoked_at is not None:
            raise AuthError(
                403, "session_not_found", "Session from session_id claim in JWT does not exist"
            )
        return user

    def _verified(self, token: str) -> dict[str, Any]:
        try:
            return self._keys.verify(
                token,
                issuer=self._settings.auth_issuer,
                audience=AUDIENCE,
                now=self._clock.now(),
            )
        except jwt.PyJWTError as error:
            self._failures.labels("bad_jwt").inc()
            raise bad_jwt() from error

    def _refused(self, code: str, reason: str) -> AuthError:
        self._failures.labels(code).inc()
        return AuthError(400, code, f"Invalid Refresh Token: {reason}")

    async def _open_session(self, records: Records, user: User) -> SessionBody:
        now, token = self._clock.now(), self._refresh_tokens.first()
        session = await records.add_session(self._new_id(), user.id, now)
        await records.add_refresh_token(refresh_hash(token), session, now)
        return self._body(user, session, token)

    def _body(self, user: User, session: Session, refresh_token: str) -> SessionBody:
        claims = access_claims(
            user,
            session,
            issuer=self._settings.auth_issuer,
            now=self._clock.now(),
            lifetime_s=self._settings.access_token_s,
        )
        return SessionBody(
            access_token=self._keys.sign(claims),
            expires_in=self._settings.access_token_s,
            expires_at=claims["exp"],
            refresh_token=refresh_token,
            user=user_body(user),
        )
