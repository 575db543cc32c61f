"""Reads of stored postings; each names the owner, so that another user's is not there."""

import asyncio
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import asyncpg

from gateway_svc.database import Connection, Pool
from gateway_svc.postings.errors import posting_not_found
from gateway_svc.postings.schemas import PostingSummary
from resume_contracts.facts import DEMAND_LIMIT, Asked, Posting, PostingDemand
from resume_core.requirements import Requirement, RequirementKind, extract_requirements
from resume_core.skills import SkillCatalog

#: Postings that a career path looks at, the newest first.
MAX_DEMAND = 60

_SUMMARY = "id, job_id, title, company, url, final_url, is_public, created_at"
_READ = f"""
    select {_SUMMARY}, posting, requirements from gateway.postings where id = $1 and user_id = $2
"""  # noqa: S608  the columns are constants
_LIST = f"""
    select {_SUMMARY} from gateway.postings
     where user_id = $1 and ($2::uuid is null or id < $2)
     order by id desc limit $3
"""  # noqa: S608  the columns are constants
_DEMAND = f"""
    select {_SUMMARY}, requirements, case when requirements is null then posting end as posting
      from gateway.postings where user_id = $1 order by id desc limit $2
"""  # noqa: S608  the columns are constants
_ASKED = """
    update gateway.postings set requirements = $2 where id = $1 and requirements is null
"""
_DELETE = "delete from gateway.postings where id = $1 and user_id = $2 returning 1"
#: A job that only read it has nothing else to show.
_UNREAD = """
    delete from gateway.results r using gateway.jobs j
     where r.job_id = j.id and j.posting_id = $1 and j.user_id = $2
       and j.workflow = 'capture_posting'
"""
_FORGET = "update gateway.jobs set posting_id = null where posting_id = $1 and user_id = $2"


class PostingStore:
    """A user's postings."""

    def __init__(self, pool: Pool, catalog: SkillCatalog) -> None:
        self._pool = pool
        self._catalog = catalog

    async def page(
        self, user_id: UUID, *, before: UUID | None, limit: int
    ) -> Sequence[PostingSummary]:
        """A user's postings, newest first."""
        records = await self._pool.fetch(_LIST, user_id, before, limit)
        return [summary(record) for record in records]

    async def read(
        self, posting_id: UUID, user_id: UUID
    ) -> tuple[PostingSummary, Posting, list[Requirement]]:
        """One posting with what it asks for.

        Raises:
            ProblemError: 404 when the user has no such posting.
        """
        record = await self._pool.fetchrow(_READ, posting_id, user_id)
        if record is None:
            raise posting_not_found()
        posting = Posting.model_validate(record["posting"])
        return summary(record), posting, await self._requirements(record)

    async def demand(self, user_id: UUID) -> tuple[PostingDemand, ...]:
        """What the user's postings ask for, newest first, as many as a job may carry."""
        demand: list[PostingDemand] = []
        size = 0
        for record in await self._pool.fetch(_DEMAND, user_id, MAX_DEMAND):
            one = PostingDemand(
                posting_id=record["id"],
                title=record["title"],
                company=record["company"],
                is_public=record["is_public"],
                requirements=tuple(map(_asked, await self._requirements(record))),
            )
            size += len(one.model_dump_json().encode())
            if size > DEMAND_LIMIT:
                break
            demand.append(one)
        return tuple(demand)

    async def delete(self, posting_id: UUID, user_id: UUID) -> None:
        """Delete a posting; jobs and results made for it stay and name it no more.

        Raises:
            ProblemError: 404 when the user has no such posting.
        """
        async with self._pool.acquire() as connection, connection.transaction():
            await connection.execute(_UNREAD, posting_id, user_id)
            await connection.execute(_FORGET, posting_id, user_id)
            if await connection.fetchval(_DELETE, posting_id, user_id) is None:
                raise posting_not_found()

    async def _requirements(self, record: asyncpg.Record) -> list[Requirement]:
        """What a posting asks for: worked out once, then kept as it was."""
        if record["requirements"] is None:
            posting = Posting.model_validate(record["posting"])
            title = posting.title.value if posting.title else ""
            found = await asyncio.to_thread(
                extract_requirements, title, posting.text, self._catalog
            )
            kept = [one.model_dump(mode="json", by_alias=True) for one in found]
            await self._pool.execute(_ASKED, record["id"], kept)
            return found
        return [Requirement.model_validate(one) for one in record["requirements"]]


async def posting_for_job(connection: Connection, user_id: UUID, posting_id: UUID) -> Posting:
    """A stored posting, for a job to start from.

    Raises:
        ProblemError: 404 when the user has no such posting.
    """
    record = await connection.fetchrow(_READ, posting_id, user_id)
    if record is None:
        raise posting_not_found()
    return Posting.model_validate(record["posting"])


def summary(record: asyncpg.Record) -> PostingSummary:
    """A posting without its text."""
    told: dict[str, Any] = {
        name: record[name]
        for name in ("id", "job_id", "title", "company", "url", "final_url", "is_public")
    }
    return PostingSummary(**told, frozen_at=record["created_at"])


def _asked(requirement: Requirement) -> Asked:
    return Asked(
        name=requirement.skill or requirement.text,
        kind=requirement.category,
        must=requirement.kind is RequirementKind.MUST,
    )
