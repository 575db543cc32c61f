"""All of auth-svc's SQL."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import Executable, Row, bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY, BYTEA, JSONB
from sqlalchemy.dialects.postgresql import UUID as UUID_TYPE
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from auth_svc.keys import SealedKey


@dataclass(frozen=True, slots=True)
class User:
    """An account."""

    id: UUID
    email: str
    password_hash: str
    created_at: datetime
    updated_at: datetime
    last_sign_in_at: datetime


@dataclass(frozen=True, slots=True)
class Session:
    """A sign-in that goes on until it is revoked or not refreshed for too long."""

    id: UUID
    user_id: UUID
    created_at: datetime
    refreshed_at: datetime
    revoked_at: datetime | None


@dataclass(frozen=True, slots=True)
class Attempts:
    """How often a subject tried since `since`."""

    subject: bytes
    attempts: int
    since: datetime


RowT = TypeVar("RowT")

_USER = "id, email, password_hash, created_at, updated_at, last_sign_in_at"
_SESSION = "s.id, s.user_id, s.created_at, s.refreshed_at, s.revoked_at"

_ADD_USER = text(
    f"""
    insert into auth.users ({_USER}) values (:id, :email, :hash, :now, :now, :now)
    on conflict (email) do nothing returning {_USER}
    """  # noqa: S608  the columns are constants
)
_USER_BY_EMAIL = text(
    f"select {_USER} from auth.users where email = :email"  # noqa: S608  the columns are constants
)
_USER_BY_ID = text(
    f"select {_USER} from auth.users where id = :id"  # noqa: S608  the columns are constants
)
_SIGNED_IN = text(
    f"""
    update auth.users set last_sign_in_at = greatest(last_sign_in_at, :now)
     where id = :id returning {_USER}
    """  # noqa: S608  the columns are constants
)
_ADD_SESSION = text(
    """
    insert into auth.sessions (id, user_id, created_at, refreshed_at)
    values (:id, :user, :now, :now)
    """
)
_SESSION_BY_ID = text(
    f"select {_SESSION} from auth.sessions s where id = :id"  # noqa: S608  the columns are constants
)
_SESSIONS_OF_USER = text(
    f"select {_SESSION} from auth.sessions s where user_id = :user order by created_at, id"  # noqa: S608  the columns are constants
)
_SESSION_OF_TOKEN = text(
    f"""
    select {_SESSION} from auth.sessions s
      join auth.refresh_tokens t on t.session_id = s.id
     where t.token_hash = :hash for update of s
    """  # noqa: S608  the columns are constants
)
_REFRESHED = text("update auth.sessions set refreshed_at = :now where id = :id")
_REVOKE_SESSION = text(
    "update auth.sessions set revoked_at = :now where id = :id and revoked_at is null"
)
_REVOKE_SESSIONS = text(
    """
    update auth.sessions set revoked_at = :now
     where user_id = :user and revoked_at is null and id is distinct from :except
    """
).bindparams(bindparam("except", type_=UUID_TYPE))
_UNANNOUNCED = text(
    f"""
    select {_SESSION} from auth.sessions s
     where revoked_at is not null and announced_at is null order by revoked_at limit :limit
    """  # noqa: S608  the columns are constants
)
_ANNOUNCED = text("update auth.sessions set announced_at = :now where id = any(:ids)").bindparams(
    bindparam("ids", type_=ARRAY(UUID_TYPE))
)
_ADD_TOKEN = text(
    """
    insert into auth.refresh_tokens (token_hash, session_id, user_id, created_at)
    values (:hash, :session, :user, :now)
    """
)
_TOKEN_USED_AT = text("select used_at from auth.refresh_tokens where token_hash = :hash")
_USE_TOKEN = text("update auth.refresh_tokens set used_at = :now where token_hash = :hash")
_LOCK_KEYS = text("select pg_advisory_xact_lock(hashtext('auth.signing_keys'))")
_KEYS = text(
    "select kid, sealed, public_jwk from auth.signing_keys order by created_at desc"
).columns(public_jwk=JSONB)
_ADD_KEY = text(
    """
    insert into auth.signing_keys (kid, sealed, public_jwk, created_at)
    values (:kid, :sealed, :jwk, :now)
    """
).bindparams(bindparam("jwk", type_=JSONB))
# In the order of the subjects, so that two of these never wait for each other in a circle.
_COUNT_ATTEMPTS = text(
    """
    insert into auth.login_attempts as a (subject, attempts, created_at)
    select subject, 1, :now from unnest(:subjects) as s (subject) order by subject
    on conflict (subject) do update
       set attempts = case when a.created_at > :since then a.attempts else 0 end + 1,
           created_at = case when a.created_at > :since then a.created_at
                             else excluded.created_at end
    returning subject, attempts, created_at
    """
).bindparams(bindparam("subjects", type_=ARRAY(BYTEA)))
_GIVE_BACK = text(
    """
    update auth.login_attempts set attempts = greatest(attempts - 1, 0)
     where subject in (select subject from auth.login_attempts where subject = any(:subjects)
                        order by subject for update)
    """
).bindparams(bindparam("subjects", type_=ARRAY(BYTEA)))
_PURGE_ATTEMPTS = text(
    """
    with due as (
        select subject from auth.login_attempts where created_at <= :before
         order by created_at limit :limit for update skip locked)
    delete from auth.login_attempts a using due where a.subject = due.subject returning 1
    """
)
_PURGE_SESSIONS = text(
    """
    with due as (
        select id from auth.sessions
         where refreshed_at <= :before and (revoked_at is null or announced_at is not null)
         order by refreshed_at limit :limit for update skip locked)
    delete from auth.sessions s using due where s.id = due.id returning 1
    """
)
_OLDEST = text(
    """
    select (select min(created_at) from auth.login_attempts) as login_attempts,
           (select min(refreshed_at) from auth.sessions) as sessions
    """
)


class Store:
    """One transaction a block: `async with store.begin() as records`."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    @asynccontextmanager
    async def begin(self) -> AsyncIterator["Records"]:
        """A transaction, committed when the block ends well."""
        async with self._engine.begin() as connection:
            yield Records(connection)

    async def ping(self) -> None:
        """Raise when PostgreSQL does not answer."""
        async with self._engine.connect() as connection:
            await connection.execute(text("select 1"))


class Records:
    """The statements of one transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def _execute(self, statement: Executable, **parameters: Any) -> Sequence[Row[Any]]:
        result = await self._connection.execute(statement, parameters)
        return result.all() if result.returns_rows else ()

    async def add_user(
        self, user_id: UUID, email: str, password_hash: str, now: datetime
    ) -> User | None:
        """Add an account; None when the email is taken."""
        found = await self._execute(_ADD_USER, id=user_id, email=email, hash=password_hash, now=now)
        return _one(User, found)

    async def user_by_email(self, email: str) -> User | None:
        """An account by its normalised email."""
        return _one(User, await self._execute(_USER_BY_EMAIL, email=email))

    async def user(self, user_id: UUID) -> User | None:
        """An account by id."""
        return _one(User, await self._execute(_USER_BY_ID, id=user_id))

    async def signed_in(self, user_id: UUID, now: datetime) -> User | None:
        """Note a sign-in; the account as it is now."""
        return _one(User, await self._execute(_SIGNED_IN, id=user_id, now=now))

    async def add_session(self, session_id: UUID, user_id: UUID, now: datetime) -> Session:
        """Open a session."""
        await self._execute(_ADD_SESSION, id=session_id, user=user_id, now=now)
        return Session(session_id, user_id, now, now, None)

    async def session(self, session_id: UUID) -> Session | None:
        """A session by id, revoked or not."""
        return _one(Session, await self._execute(_SESSION_BY_ID, id=session_id))

    async def sessions_of(self, user_id: UUID) -> list[Session]:
        """All sessions of an account, oldest first."""
        rows = await self._execute(_SESSIONS_OF_USER, user=user_id)
        return [Session(*tuple(row)) for row in rows]

    async def lock_session_of(self, token_hash: bytes) -> Session | None:
        """The session of a refresh token, locked until the transaction ends."""
        return _one(Session, await self._execute(_SESSION_OF_TOKEN, hash=token_hash))

    async def refreshed(self, session_id: UUID, now: datetime) -> None:
        """Note that a session goes on."""
        await self._execute(_REFRESHED, id=session_id, now=now)

    async def revoke_session(self, session_id: UUID, now: datetime) -> None:
        """End a session; its refresh tokens are worth nothing from now on."""
        await self._execute(_REVOKE_SESSION, id=session_id, now=now)

    async def revoke_sessions(
        self, user_id: UUID, now: datetime, *, keep: UUID | None = None
    ) -> None:
        """End all sessions of an account, but for one."""
        await self._execute(_REVOKE_SESSIONS, user=user_id, now=now, **{"except": keep})

    async def unannounced(self, limit: int) -> list[Session]:
        """Revoked sessions of which the edges have not been told, oldest first."""
        return [Session(*tuple(row)) for row in await self._execute(_UNANNOUNCED, limit=limit)]

    async def announced(self, session_ids: Sequence[UUID], now: datetime) -> None:
        """Note that the edges were told."""
        await self._execute(_ANNOUNCED, ids=list(session_ids), now=now)

    async def add_refresh_token(self, token_hash: bytes, session: Session, now: datetime) -> None:
        """Store a refresh token by its hash."""
        await self._execute(
            _ADD_TOKEN, hash=token_hash, session=session.id, user=session.user_id, now=now
        )

    async def refresh_token_used_at(self, token_hash: bytes) -> datetime | None:
        """When a refresh token was used; None when it was not, or is not there."""
        rows = await self._execute(_TOKEN_USED_AT, hash=token_hash)
        return rows[0].used_at if rows else None

    async def use_refresh_token(self, token_hash: bytes, now: datetime) -> None:
        """Mark a refresh token as used."""
        await self._execute(_USE_TOKEN, hash=token_hash, now=now)

    async def lock_keys(self) -> None:
        """Let only one process make the first key."""
        await self._execute(_LOCK_KEYS)

    async def signing_keys(self) -> list[SealedKey]:
        """All keys, newest first."""
        rows = await self._execute(_KEYS)
        return [SealedKey(row.kid, bytes(row.sealed), row.public_jwk) for row in rows]

    async def add_key(self, key: SealedKey, now: datetime) -> None:
        """Store a new signing key."""
        await self._execute(_ADD_KEY, kid=key.kid, sealed=key.sealed, jwk=key.public_jwk, now=now)

    async def count_attempts(
        self, subjects: Sequence[bytes], now: datetime, since: datetime
    ) -> list[Attempts]:
        """Count one attempt of each subject; a window that began before `since` starts anew."""
        rows = await self._execute(_COUNT_ATTEMPTS, subjects=list(subjects), now=now, since=since)
        return [Attempts(bytes(row.subject), row.attempts, row.created_at) for row in rows]

    async def give_back_attempts(self, subjects: Sequence[bytes]) -> None:
        """Count one attempt of each subject less."""
        await self._execute(_GIVE_BACK, subjects=list(subjects))

    async def purge_attempts(self, before: datetime, limit: int) -> int:
        """Forget some attempts of windows that began before; returns how many."""
        return len(await self._execute(_PURGE_ATTEMPTS, before=before, limit=limit))

    async def purge_sessions(self, before: datetime, limit: int) -> int:
        """Forget some sessions not refreshed since, with their tokens; returns how many."""
        return len(await self._execute(_PURGE_SESSIONS, before=before, limit=limit))

    async def oldest(self) -> dict[str, datetime | None]:
        """When the oldest window began, and the oldest session was refreshed."""
        (row,) = await self._execute(_OLDEST)
        return {"login_attempts": row.login_attempts, "sessions": row.sessions}


def _one(kind: Callable[..., RowT], rows: Sequence[Row[Any]]) -> RowT | None:
    return kind(*rows[0]) if rows else None
