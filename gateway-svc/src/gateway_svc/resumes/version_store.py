"""The only SQL about former versions of resumes."""

from uuid import UUID

from gateway_svc.database import Pool
from gateway_svc.resumes.errors import resume_not_found, version_not_found
from gateway_svc.resumes.schemas import VersionDetail, VersionSummary

_LIST = """
    select version, source, created_at from gateway.resume_versions
     where resume_id = $1 and user_id = $2 and ($3::int is null or version < $3)
     order by version desc limit $4
"""
_READ = """
    select version, source, created_at, document, report from gateway.resume_versions
     where resume_id = $1 and user_id = $2 and version = $3
"""
_OWNED = "select 1 from gateway.resumes where id = $1 and user_id = $2"


class VersionStore:
    """The versions of a user's resumes; none is ever rewritten."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def page(
        self, resume_id: UUID, user_id: UUID, *, before: int | None, limit: int
    ) -> list[VersionSummary]:
        """A resume's versions, newest first.

        Raises:
            ProblemError: 404 when the user has no such resume.
        """
        if await self._pool.fetchval(_OWNED, resume_id, user_id) is None:
            raise resume_not_found()
        records = await self._pool.fetch(_LIST, resume_id, user_id, before, limit)
        return [VersionSummary(**dict(record)) for record in records]

    async def read(self, resume_id: UUID, user_id: UUID, version: int) -> VersionDetail:
        """One version with its document.

        Raises:
            ProblemError: 404 when there is no such resume, or it has no such version.
        """
        record = await self._pool.fetchrow(_READ, resume_id, user_id, version)
        if record is None:
            raise version_not_found()
        return VersionDetail(**dict(record))
