"""`Idempotency-Key`: the same request made twice makes one thing."""

import hashlib
import json
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Any
from uuid import UUID

from fastapi import Header

from gateway_svc.database import Connection, Pool
from resume_runtime.errors import ProblemError

KEPT = timedelta(hours=24)

IdempotencyKey = Annotated[str | None, Header(max_length=300)]

#: Bare, or quoted as a structured-field string; visible ASCII.
_KEY = re.compile(r'"?([\x21\x23-\x7e]{1,255})"?')

_FIND = """
    select fingerprint, target_id from gateway.idempotency_keys
     where user_id = $1 and path = $2 and key = $3 and expires_at > $4
"""
_KEEP = """
    insert into gateway.idempotency_keys (user_id, path, key, fingerprint, target_id, expires_at)
    values ($1, $2, $3, $4, $5, $6)
    on conflict (user_id, path, key) do update
       set fingerprint = excluded.fingerprint, target_id = excluded.target_id,
           expires_at = excluded.expires_at
     where gateway.idempotency_keys.expires_at <= $7
    returning 1
"""
_GUARD = "select pg_try_advisory_xact_lock(hashtextextended($1, 0))"


@dataclass(frozen=True, slots=True)
class IdempotentRequest:
    """One keyed request: who made it where, and a digest of what it asks for."""

    user_id: UUID
    path: str
    key: str
    fingerprint: bytes

    async def find(self, connection: Connection | Pool, now: datetime) -> UUID | None:
        """What this request made before, if it did.

        Raises:
            ProblemError: 422 when the key came with another body.
        """
        record = await connection.fetchrow(_FIND, self.user_id, self.path, self.key, now)
        if record is None:
            return None
        if record["fingerprint"] != self.fingerprint:
            raise ProblemError(
                422,
                "idempotency_key_reused",
                "Idempotency key reused",
                "This Idempotency-Key was used with another request.",
            )
        return UUID(str(record["target_id"]))

    async def begin(self, connection: Connection, now: datetime) -> UUID | None:
        """Within the transaction that makes the thing: what was made before, else None.

        Raises:
            ProblemError: 409 while another request with this key is being accepted, 422 when the
                key came with another body.
        """
        if not await connection.fetchval(_GUARD, f"{self.user_id}/{self.path}/{self.key}"):
            raise ProblemError(
                409,
                "request_in_progress",
                "Request in progress",
                "A request with this Idempotency-Key is still being accepted.",
                retryable=True,
                headers={"Retry-After": "1"},
            )
        return await self.find(connection, now)

    async def keep(self, connection: Connection, target_id: UUID, now: datetime) -> None:
        """Remember what was made, in the same transaction."""
        await connection.execute(
            _KEEP,
            self.user_id,
            self.path,
            self.key,
            self.fingerprint,
            target_id,
            now + KEPT,
            now,
        )


def keyed_request(
    user_id: UUID, path: str, header: str | None, digest: bytes
) -> IdempotentRequest | None:
    """The request under its idempotency key; None when it came without one."""
    return None if header is None else IdempotentRequest(user_id, path, parse_key(header), digest)


def parse_key(header: str) -> str:
    """The key of a header, quoted or bare.

    Raises:
        ProblemError: 422 for anything else.
    """
    match = _KEY.fullmatch(header.strip())
    if match is None:
        raise ProblemError(
            422,
            "idempotency_key_invalid",
            "Invalid Idempotency-Key",
            "An Idempotency-Key has 1 to 255 visible ASCII characters.",
        )
    return match.group(1)


def fingerprint(body: Any) -> bytes:
    """SHA-256 of the canonical JSON of a request."""
    # Not orjson: it refuses half a surrogate pair and large numbers, which JSON can say.
    return hashlib.sha256(json.dumps(body, sort_keys=True).encode()).digest()
