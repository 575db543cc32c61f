"""The only SQL about confirmed facts: what a person knows to be true beside a resume."""

from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg

from gateway_svc.database import Connection, Pool
from gateway_svc.jobs.errors import user_erased
from gateway_svc.resumes.errors import (
    entry_not_found,
    fact_not_found,
    facts_full,
    resume_not_found,
)
from gateway_svc.resumes.schemas import FactRequest, StoredFact
from resume_contracts.facts import CONFIRMED_LIMIT, ConfirmedFact

_COLUMNS = "id, name, statement, detail, entry_id, requirement_id, created_at"
_LIST = f"""
    select {_COLUMNS} from gateway.confirmed_facts
     where resume_id = $1 and user_id = $2 order by id
"""  # noqa: S608  the columns are constants
#: The lock makes one fact after the other count against the limit.
_RESUME = """
    select r.id, v.document
      from gateway.resumes r
      left join gateway.resume_versions v on v.resume_id = r.id and v.version = r.version
     where r.id = $1 and r.user_id = $2 for update of r
"""
_OWNED = "select 1 from gateway.resumes where id = $1 and user_id = $2"
_INSERT = """
    insert into gateway.confirmed_facts
           (id, resume_id, user_id, name, statement, detail, entry_id, requirement_id, created_at)
    select $1, $2, $3, $4, $5, $6, $7, $8, $9
     where not exists (select from gateway.erased where user_id = $3)
    returning 1
"""
_DELETE = """
    delete from gateway.confirmed_facts where id = $1 and resume_id = $2 and user_id = $3
    returning 1
"""


class FactStore:
    """The confirmed facts of a user's resumes."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def all(self, resume_id: UUID, user_id: UUID) -> list[StoredFact]:
        """A resume's facts, oldest first.

        Raises:
            ProblemError: 404 when the user has no such resume.
        """
        if await self._pool.fetchval(_OWNED, resume_id, user_id) is None:
            raise resume_not_found()
        return [_stored(r) for r in await self._pool.fetch(_LIST, resume_id, user_id)]

    async def delete(self, fact_id: UUID, resume_id: UUID, user_id: UUID) -> None:
        """Take a fact back; jobs accepted before keep it.

        Raises:
            ProblemError: 404 when there is no such fact.
        """
        if await self._pool.fetchval(_DELETE, fact_id, resume_id, user_id) is None:
            raise fact_not_found()


async def add_fact(
    connection: Connection, resume_id: UUID, user_id: UUID, fact: StoredFact
) -> None:
    """Add a fact to a resume, in the caller's transaction.

    Raises:
        ProblemError: 404 when there is no such resume, 422 when it has no such entry, 409 when it
            has as many facts as a job can carry, 403 when the user was erased.
    """
    resume = await connection.fetchrow(_RESUME, resume_id, user_id)
    if resume is None:
        raise resume_not_found()
    if fact.entry_id is not None and fact.entry_id not in _entries(resume["document"]):
        raise entry_not_found()
    before = await facts_for_job(connection, user_id, resume_id)
    size = sum(len(one.model_dump_json().encode()) for one in (*before, _confirmed(fact)))
    if size > CONFIRMED_LIMIT:
        raise facts_full()
    given = fact.model_dump(by_alias=False, include=set(FactRequest.model_fields))
    values = [given[name] for name in FactRequest.model_fields]
    if not await connection.fetchval(
        _INSERT, fact.id, resume_id, user_id, *values, fact.created_at
    ):
        raise user_erased()


async def facts_for_job(
    connection: Connection, user_id: UUID, resume_id: UUID
) -> tuple[ConfirmedFact, ...]:
    """What a job may take for true beside the resume."""
    records = await connection.fetch(_LIST, resume_id, user_id)
    return tuple(_confirmed(_stored(record)) for record in records)


def new_fact(fact_id: UUID, request: FactRequest, now: datetime) -> StoredFact:
    """A fact as it will be stored."""
    return StoredFact(id=fact_id, created_at=now, **request.model_dump(by_alias=False))


def _stored(record: asyncpg.Record) -> StoredFact:
    return StoredFact(**dict(record))


def _confirmed(fact: StoredFact) -> ConfirmedFact:
    return ConfirmedFact(**fact.model_dump(by_alias=False, exclude={"created_at"}))


def _entries(document: dict[str, Any] | None) -> set[str]:
    """The ids of a document's entries."""
    sections = [section for section in (document or {}).values() if isinstance(section, list)]
    entries = [entry for section in sections for entry in section if isinstance(entry, dict)]
    return {str(entry["id"]) for entry in entries if "id" in entry}
