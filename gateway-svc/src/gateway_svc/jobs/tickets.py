"""One-use tickets for streams, kept as digests."""

import hashlib
from datetime import datetime
from uuid import UUID

from gateway_svc.edge import Edge
from gateway_svc.identity.errors import token_invalid
from gateway_svc.identity.tokens import Principal
from gateway_svc.jobs.errors import ticket_refused

_ISSUE = """
    insert into gateway.tickets
           (digest, user_id, session_id, job_id, token_expires_at, expires_at)
    values ($1, $2, $3, $4, $5, $6)
"""
_REDEEM = """
    delete from gateway.tickets where digest = $1
    returning user_id, session_id, job_id, token_expires_at, expires_at
"""


async def issue(edge: Edge, principal: Principal, job_id: UUID) -> tuple[str, datetime]:
    """A new ticket and its end."""
    secret = edge.new_secret()
    expires_at = edge.clock.now() + edge.ticket_life
    await edge.pool.execute(
        _ISSUE,
        _digest(secret),
        principal.user_id,
        principal.session_id,
        job_id,
        principal.expires_at,
        expires_at,
    )
    return secret, expires_at


async def redeem(edge: Edge, secret: str, job_id: UUID) -> Principal:
    """Who the ticket was made for; it is gone afterwards.

    Raises:
        ProblemError: 401 when it is unknown, used, too old, or for another job or an ended session.
    """
    record = await edge.pool.fetchrow(_REDEEM, _digest(secret))
    if record is None or record["job_id"] != job_id or record["expires_at"] <= edge.clock.now():
        raise ticket_refused()
    if edge.revocations.is_revoked(record["session_id"], record["user_id"]):
        raise token_invalid("The session was ended.")
    return Principal(
        user_id=record["user_id"],
        session_id=record["session_id"],
        email=None,
        expires_at=record["token_expires_at"],
    )


def _digest(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()
