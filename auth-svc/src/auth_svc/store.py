"""All of auth-svc's SQL."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine
from sqlalchemy.sql.expression import bindparam

from auth_svc.keys import SealedKey


@dataclass(frozen=True, slots=True)
class User:
    """An account."""

    id: UUID
    email: str
    password_hash: str
    created_at: datetime
    updated_at: datetime
    last_sign_in_at: datetime | None


@dataclass(frozen=True, slots=True)
class RefreshToken:
    """A stored refresh token with the state of its session."""

    session_id: UUID
    user_id: UUID
    used_at: datetime | None
    revoked_at: datetime | None


_USER = "id, email, password_hash, created_at, updated_at, last_sign_in_at"


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

    async def add_user(self, user_id: UUID, email: str, password_hash: str) -> User | None:
        """Add an account; None when the email is taken."""
        result = await self._connection.execute(
            text(
                "insert into auth.users (id, email, password_hash) values (:id, :email, :hash) "  # noqa: S608  constant columns
                f"on conflict (email) do nothing returning {_USER}"
            ),
            {"id": user_id, "email": email, "hash": password_hash},
        )
        row = result.one_or_none()
        return User(*row) if row is not None else None

    async def user_by_email(self, email: str) -> User | None:
        """An account by its normalised email."""
        query = text(f"select {_USER} from auth.users where email = :email")  # noqa: S608  constant columns
        row = (await self._connection.execute(query, {"email": email})).one_or_none()
        return User(*row) if row is not None else None

    async def user_by_session(self, user_id: UUID, session_id: UUID) -> User | None:
        """An account by a session of it that is not revoked."""
        query = text(
            f"select {_USER} from auth.users where id = :user and exists (select from "  # noqa: S608  constant columns
            "auth.sessions where id = :session and user_id = :user and revoked_at is null)"
        )
        found = await self._connection.execute(query, {"user": user_id, "session": session_id})
        row = found.one_or_none()
        return User(*row) if row is not None else None

    async def user(self, user_id: UUID) -> User | None:
        """An account by id."""
        query = text(f"select {_USER} from auth.users where id = :id")  # noqa: S608  constant columns
        row = (await self._connection.execute(query, {"id": user_id})).one_or_none()
        return User(*row) if row is not None else None

    async def add_session(self, session_id: UUID, user_id: UUID, now: datetime) -> None:
        """Open a session and note the sign-in."""
        await self._connection.execute(
            text("insert into auth.sessions (id, user_id) values (:id, :user)"),
            {"id": session_id, "user": user_id},
        )
        await self._connection.execute(
            text("update auth.users set last_sign_in_at = :now where id = :user"),
            {"now": now, "user": user_id},
        )

    async def revoke_session(self, session_id: UUID, now: datetime) -> None:
        """End a session; its refresh tokens are worth nothing from now on."""
        await self._connection.execute(
            text("update auth.sessions set revoked_at = coalesce(revoked_at, :now) where id = :id"),
            {"id": session_id, "now": now},
        )

    async def add_refresh_token(self, token_hash: bytes, session_id: UUID, user_id: UUID) -> None:
        """Store a refresh token by its hash."""
        await self._connection.execute(
            text(
                "insert into auth.refresh_tokens (token_hash, session_id, user_id) "
                "values (:hash, :session, :user)"
            ),
            {"hash": token_hash, "session": session_id, "user": user_id},
        )

    async def take_refresh_token(self, token_hash: bytes) -> RefreshToken | None:
        """A refresh token by its hash, locked until the transaction ends."""
        row = (
            await self._connection.execute(
                text(
                    "select t.session_id, t.user_id, t.used_at, s.revoked_at "
                    "from auth.refresh_tokens t join auth.sessions s on s.id = t.session_id "
                    "where t.token_hash = :hash for update"
                ),
                {"hash": token_hash},
            )
        ).one_or_none()
        return RefreshToken(*row) if row is not None else None

    async def use_refresh_token(self, token_hash: bytes, now: datetime) -> None:
        """Mark a refresh token as used."""
        await self._connection.execute(
            text("update auth.refresh_tokens set used_at = :now where token_hash = :hash"),
            {"hash": token_hash, "now": now},
        )

    async def signing_keys(self) -> list[SealedKey]:
        """All keys that still verify, newest first; the first one signs."""
        rows = await self._connection.execute(
            text(
                "select kid, sealed, public_jwk from auth.signing_keys "
                "where retired_at is null order by created_at desc"
            ).columns(public_jwk=JSONB)
        )
        return [SealedKey(row.kid, bytes(row.sealed), row.public_jwk) for row in rows]

    async def lock_keys(self) -> None:
        """Let only one process make the first key."""
        await self._connection.execute(text("select pg_advisory_xact_lock(7020261125)"))

    async def add_key(self, key: SealedKey) -> None:
        """Store a new signing key."""
        await self._connection.execute(
            text(
                "insert into auth.signing_keys (kid, sealed, public_jwk) "
                "values (:kid, :sealed, :jwk)"
            ).bindparams(bindparam("jwk", type_=JSONB)),
            {"kid": key.kid, "sealed": key.sealed, "jwk": key.public_jwk},
        )

    async def failed_logins(self, subject: bytes, since: datetime) -> tuple[int, datetime | None]:
        """How many failed log-ins since then, and the oldest of them."""
        row = (
            await self._connection.execute(
                text(
                    "select count(*), min(at) from auth.login_attempts "
                    "where subject = :subject and at > :since"
                ),
                {"subject": subject, "since": since},
            )
        ).one()
        return row[0], row[1]

    async def add_failed_login(self, subject: bytes, now: datetime, since: datetime) -> None:
        """Note a failed log-in; forget those that no longer count."""
        await self._connection.execute(
            text("insert into auth.login_attempts (subject, at) values (:subject, :now)"),
            {"subject": subject, "now": now},
        )
        await self._connection.execute(
            text("delete from auth.login_attempts where at <= :since"), {"since": since}
        )

    async def clear_failed_logins(self, subject: bytes) -> None:
        """Forget the failed log-ins after a good one."""
        await self._connection.execute(
            text("delete from auth.login_attempts where subject = :subject"), {"subject": subject}
        )
