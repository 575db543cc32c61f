"""Uploaded files and their rows, compared: files that nobody owns go, missing ones are told."""

from datetime import timedelta
from typing import Final
from uuid import UUID

import structlog
from obstore.exceptions import BaseError
from prometheus_client import CollectorRegistry, Gauge

from gateway_svc.database import Pool
from gateway_svc.resumes.files import ResumeFiles, StoredFile
from resume_runtime.clock import Clock
from resume_runtime.retention import RetentionMetrics

log = structlog.get_logger()

#: A file is stored before its row: a younger one may still get it.
GRACE: Final = timedelta(hours=1)
#: Seconds between two comparisons.
EVERY_S: Final = 3600.0
#: Rows whose files are looked for at once.
ROWS: Final = 200

_OWNED = "select file_key from gateway.resumes where id = any($1::uuid[]) and file_key is not null"
_KNOWN = """
    select distinct u.user_id from unnest($1::uuid[]) as u (user_id)
     where exists (select from gateway.resumes r where r.user_id = u.user_id)
        or exists (select from gateway.jobs j where j.user_id = u.user_id)
        or exists (select from gateway.erased e where e.user_id = u.user_id)
"""
_ROWS = """
    select id, file_key from gateway.resumes
     where id > $1 and file_key is not null order by id limit $2
"""


class FileSweep:
    """Looks through the whole storage, a page at a time; several at once find the same."""

    def __init__(
        self,
        pool: Pool,
        files: ResumeFiles,
        *,
        clock: Clock,
        metrics: RetentionMetrics,
        registry: CollectorRegistry,
    ) -> None:
        self._pool = pool
        self._files = files
        self._clock = clock
        self._metrics = metrics
        self._due = 0.0
        self._missing = Gauge(
            "uploaded_files_missing", "Resumes whose file is not there.", registry=registry
        )
        self._strange = Gauge(
            "uploaded_files_of_unknown_users", "Files that nobody here owns.", registry=registry
        )

    async def round(self) -> None:
        """Compare when it is time again; storage that is away is looked through next time."""
        if self._clock.monotonic() < self._due:
            return
        try:
            await self.remove_orphans()
            await self.tell_missing()
        except (BaseError, OSError) as error:
            log.warning("files.not_compared", error=type(error).__name__)
        else:
            self._due = self._clock.monotonic() + EVERY_S

    async def remove_orphans(self) -> int:
        """Delete files without a row; returns how many.

        Those of users whom this database does not know stay, and are counted in a gauge: more
        likely than that they were left behind is that the storage is another system's.
        """
        removed = strange = 0
        async for page in self._files.pages():
            orphans, unknown = await self._orphans(page)
            for key in orphans:
                await self._files.delete(key)
            removed += len(orphans)
            strange += len(unknown)
        self._metrics.deleted("orphaned_files", removed)
        self._strange.set(strange)
        if removed or strange:
            log.info("files.orphans", removed=removed, of_unknown_users=strange)
        return removed

    async def tell_missing(self) -> int:
        """Log rows whose file is gone, and count them in a gauge."""
        missing, after = 0, UUID(int=0)
        while rows := await self._pool.fetch(_ROWS, after, ROWS):
            for row in rows:
                is_there = await self._files.exists(row["file_key"])
                if not is_there and await self._is_owned(row["id"]):
                    missing += 1
                    log.error("files.missing", resume_id=str(row["id"]))
            after = rows[-1]["id"]
        self._missing.set(missing)
        return missing

    async def _orphans(self, page: list[StoredFile]) -> tuple[list[str], list[str]]:
        """Old enough and without a row: of users who are known, and of others."""
        latest = self._clock.now() - GRACE
        old = {file.key: owner for file in page if file.at <= latest and (owner := file.owner)}
        if not old:
            return [], []
        resumes = [resume_id for _, resume_id in old.values()]
        owned = {record["file_key"] for record in await self._pool.fetch(_OWNED, resumes)}
        orphans = {key: user_id for key, (user_id, _) in old.items() if key not in owned}
        users = await self._pool.fetch(_KNOWN, list(orphans.values())) if orphans else []
        known = {record["user_id"] for record in users}
        return (
            [key for key, user_id in orphans.items() if user_id in known],
            [key for key, user_id in orphans.items() if user_id not in known],
        )

    async def _is_owned(self, resume_id: UUID) -> bool:
        """Whether the row still has its file: it may have been deleted while it was looked for."""
        return bool(await self._pool.fetch(_OWNED, [resume_id]))
