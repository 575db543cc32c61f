"""The outbox: what must be published is written in the transaction that made it so."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from gateway_svc.database import Connection, Pool
from resume_messaging.core.ports import Outgoing

#: Notified in the transaction that adds rows.
CHANNEL = "outbox"

#: A message that could not be published waits this long at most before the next try.
LONGEST_PAUSE_S = 10

_ADD = """
    with added as (
        insert into gateway.outbox
               (message_id, user_id, exchange, routing_key, kind, correlation_id, headers, body)
        select m.message_id, $1, m.exchange, m.routing_key, m.kind, m.correlation_id, m.headers,
               m.body
          from unnest($2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::jsonb[],
                      $8::bytea[])
               as m (message_id, exchange, routing_key, kind, correlation_id, headers, body)
        returning 1)
    select pg_notify('outbox', '') from added limit 1
"""

_CLAIM = """
    with due as (
        select id from gateway.outbox
         where leased_until is null or leased_until <= now()
         order by id limit $1 for update skip locked)
    update gateway.outbox o
       set leased_by = $2, leased_until = now() + $3::interval, attempts = attempts + 1
      from due where o.id = due.id
    returning o.id, o.message_id, o.exchange, o.routing_key, o.kind, o.correlation_id, o.headers,
              o.body, o.attempts
"""

_DELETE = "delete from gateway.outbox where id = any($1::bigint[]) and leased_by = $2"

_POSTPONE = """
    update gateway.outbox
       set leased_until = now() + least($3, power(2, attempts - 1)) * interval '1 second'
     where id = any($1::bigint[]) and leased_by = $2
"""

_BACKLOG = """
    select count(*) as depth,
           coalesce(extract(epoch from now() - min(created_at)), 0)::float8 as oldest_s
      from gateway.outbox
"""


async def add(connection: Connection, user_id: UUID | None, messages: Sequence[Outgoing]) -> None:
    """Add messages in the caller's transaction, in order."""
    await connection.execute(
        _ADD,
        user_id,
        [message.message_id for message in messages],
        [message.exchange for message in messages],
        [message.routing_key for message in messages],
        [message.kind for message in messages],
        [message.correlation_id for message in messages],
        [dict(message.headers) for message in messages],
        [message.body for message in messages],
    )


class OutboxStore:
    """Claims rows with a lease; whoever holds the lease alone may delete or postpone them."""

    def __init__(self, pool: Pool, *, owner: str, lease: timedelta) -> None:
        self._pool = pool
        self._owner = owner
        self._lease = lease

    async def claim(self, limit: int) -> dict[int, Outgoing]:
        """Lease the oldest rows that nobody holds."""
        records = await self._pool.fetch(_CLAIM, limit, self._owner, self._lease)
        return {
            record["id"]: Outgoing(
                exchange=record["exchange"],
                routing_key=record["routing_key"],
                body=record["body"],
                message_id=record["message_id"],
                correlation_id=record["correlation_id"],
                kind=record["kind"],
                headers=record["headers"],
            )
            for record in sorted(records, key=lambda record: record["id"])
        }

    async def delete(self, ids: Sequence[int]) -> None:
        """Delete what was published."""
        await self._pool.execute(_DELETE, list(ids), self._owner)

    async def postpone(self, ids: Sequence[int]) -> None:
        """Keep what was not published; its lease ends after a pause that grows with each try."""
        await self._pool.execute(_POSTPONE, list(ids), self._owner, LONGEST_PAUSE_S)

    async def backlog(self) -> tuple[int, float]:
        """How many rows wait, and the age of the oldest in seconds."""
        record = await self._pool.fetchrow(_BACKLOG)
        return (record["depth"], record["oldest_s"]) if record else (0, 0.0)
