"""The kept answers on PostgreSQL: a user's own, found by `user_id`."""

from datetime import datetime
from typing import Final
from uuid import UUID

from pydantic import ValidationError

from resume_contracts.messages import Usage
from resume_messaging.shells.flights import PostgresFlights
from resume_messaging.shells.storage import connection
from resume_runtime.database import Pool
from tailor_svc.form import A, Form
from tailor_svc.ports import Answered

#: Bytes of one answer; a letter, or a dozen changes of some lines each, have a tenth of it.
LONGEST: Final = 64 * 1024

_READ = """
    select answer, usage from tailor.answers
     where user_id = $1 and digest = $2 and expires_at > $3
"""
_WRITE = """
    insert into tailor.answers as a (user_id, digest, answer, usage, created_at, expires_at)
    select $1, $2, $3, $4, $5, $6
     where not exists (select from tailor.erased where user_id = $1)
    on conflict (user_id, digest) do update
       set answer = excluded.answer, usage = excluded.usage, created_at = excluded.created_at,
           expires_at = excluded.expires_at
     where a.created_at <= excluded.created_at
    returning 1
"""
#: A statement that was under way while its user was erased may have written: it is found here.
_PURGE = """
    delete from tailor.answers a
     where a.expires_at <= $1 or exists (select from tailor.erased e where e.user_id = a.user_id)
"""


class PostgresAnswers:
    """`Answers`, and a `UserStore`."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._flights = PostgresFlights(pool, "tailor")

    async def read(
        self, user_id: UUID, digest: bytes, form: Form[A], now: datetime
    ) -> Answered[A] | None:
        """Read the row, unless its time is over or it is of a form of another version."""
        async with connection(self._pool) as c:
            row = await c.fetchrow(_READ, user_id, digest, now)
        if row is None:
            return None
        try:
            answer = form.answer.model_validate_json(row["answer"], strict=True)
            return Answered(answer, Usage.model_validate(row["usage"]))
        except ValidationError:
            return None

    async def write(
        self, user_id: UUID, digest: bytes, answer: Answered[A], *, now: datetime, until: datetime
    ) -> bool:
        """Insert or renew the row."""
        # Bytes, not jsonb: a model may write a NUL, which jsonb does not take.
        body = answer.answer.model_dump_json().encode()
        if len(body) > LONGEST:
            return False
        usage = answer.usage.model_dump(mode="json")
        async with connection(self._pool) as c:
            kept = await c.fetchval(_WRITE, user_id, digest, body, usage, now, until)
        return kept is not None

    async def erase(self, user_id: UUID) -> None:
        """Delete a user's answers; `erased` has the user by now, so that none comes after."""
        async with connection(self._pool) as c:
            await c.execute("delete from tailor.answers where user_id = $1", user_id)

    async def purge(self, now: datetime) -> None:
        """Delete what is past its time, or of an erased user."""
        async with connection(self._pool) as c:
            await c.execute(_PURGE, now)
        await self._flights.purge(now)
