"""The kept answers on PostgreSQL: a user's own, found by `user_id`."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from pydantic import ValidationError

from resume_contracts.messages import Usage
from resume_messaging.shells.expiring import flight_kind
from resume_messaging.shells.storage import connection
from resume_runtime.database import Pool
from resume_runtime.retention import Kind
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
    with over as (
        select user_id, digest from tailor.answers where expires_at <= $1
         order by expires_at limit $2 for update skip locked),
    missed as (
        select a.user_id, a.digest from tailor.answers a join tailor.erased using (user_id)
         limit $2 for update of a skip locked),
    gone as (
        delete from tailor.answers a using (table over union table missed) due
         where (a.user_id, a.digest) = (due.user_id, due.digest) returning 1)
    select count(*) as deleted from gone
"""

#: How long an answer is kept is written on it (`AI_CACHE_TTL_S`).
KINDS: Final = (
    Kind("answers", timedelta(0), _PURGE, oldest="select min(created_at) from tailor.answers"),
    flight_kind("tailor"),
)


class PostgresAnswers:
    """`Answers`, and a `UserStore`."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

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
