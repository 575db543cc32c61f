"""The only SQL about resumes."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg
import orjson

from gateway_svc.database import Connection, Pool
from gateway_svc.jobs.errors import user_erased
from gateway_svc.resumes.documents import title_of, with_ids
from gateway_svc.resumes.errors import (
    resume_not_found,
    resume_not_ready,
    resume_too_large,
    version_conflict,
)
from gateway_svc.resumes.schemas import ReadReport, ResumeDetail, ResumeState, ResumeSummary
from resume_contracts.facts import RESUME_LIMIT, BaseResume, ParsedResume
from resume_core.jsonresume import to_json_resume
from resume_core.model import Resume

_SUMMARY = "r.id, r.name, r.state, r.version, r.file_name, r.created_at, r.updated_at"

_INSERT = """
    insert into gateway.resumes
           (id, user_id, name, state, version, file_key, file_name, file_size, created_at,
            updated_at)
    select $1, $2, $3, $4, $5, $6, $7, $8, $9, $9
     where not exists (select from gateway.erased where user_id = $2)
    returning 1
"""
_INSERT_VERSION = """
    insert into gateway.resume_versions
           (resume_id, version, user_id, source, document, report, created_at)
    values ($1, $2, $3, $4, $5, $6, $7)
"""
_READ = f"""
    select {_SUMMARY}, v.document, v.report
      from gateway.resumes r
      left join gateway.resume_versions v on v.resume_id = r.id and v.version = r.version
     where r.id = $1 and r.user_id = $2
"""  # noqa: S608  the columns are constants
_LIST = f"""
    select {_SUMMARY} from gateway.resumes r
     where r.user_id = $1 and ($2::uuid is null or r.id < $2)
     order by r.id desc limit $3
"""  # noqa: S608  the columns are constants
_LOCK = """
    select r.version, r.state, r.user_id, v.document
      from gateway.resumes r
      left join gateway.resume_versions v on v.resume_id = r.id and v.version = r.version
     where r.id = $1 for update of r
"""
_ADVANCE = """
    update gateway.resumes set name = $2, state = $3, version = $4, updated_at = $5 where id = $1
"""
_CONFIRM = """
    update gateway.resumes set state = 'confirmed', updated_at = $3
     where id = $1 and user_id = $2 and state in ('unconfirmed', 'confirmed')
       and ($4::int is null or version = $4)
    returning 1
"""
_FAIL = """
    update gateway.resumes r set state = 'failed', updated_at = j.updated_at
      from gateway.jobs j
     where j.id = any($1::uuid[]) and j.workflow = 'parse_resume' and j.status <> 'completed'
       and r.id = j.resume_id and r.state = 'parsing'
"""
#: What a job read of the file is a copy of it, and goes with it.
_DELETE = """
    with resume as (
        delete from gateway.resumes where id = $1 and user_id = $2 returning id, file_key),
    read as (
        delete from gateway.results r using gateway.jobs j, resume
         where r.job_id = j.id and j.user_id = $2 and j.workflow = 'parse_resume'
           and j.resume_id = resume.id)
    select id, file_key from resume
"""
_UNOWNED = "delete from gateway.results where event_id = $1"


@dataclass(frozen=True, slots=True)
class UploadedFile:
    """A stored file: its key, the name its owner gave it, its size in bytes."""

    key: str
    name: str
    size: int


class ResumeStore:
    """A user's resumes; every statement names the owner."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def read(self, resume_id: UUID, user_id: UUID) -> ResumeDetail:
        """One resume with its present version.

        Raises:
            ProblemError: 404 when the user has no such resume.
        """
        record = await self._pool.fetchrow(_READ, resume_id, user_id)
        if record is None:
            raise resume_not_found()
        report = None
        if record["report"] is not None:
            # Once confirmed it is the truth itself: where it was read says nothing more of it.
            is_confirmed = record["state"] == ResumeState.CONFIRMED
            evidence = dict.fromkeys(("text", "fields")) if is_confirmed else {}
            report = ReadReport.model_validate(record["report"] | evidence)
        return ResumeDetail(**_summary(record), document=record["document"], report=report)

    async def page(
        self, user_id: UUID, *, before: UUID | None, limit: int
    ) -> Sequence[ResumeSummary]:
        """A user's resumes, newest first."""
        records = await self._pool.fetch(_LIST, user_id, before, limit)
        return [ResumeSummary(**_summary(record)) for record in records]

    async def replace(
        self,
        resume_id: UUID,
        user_id: UUID,
        make: Callable[[dict[str, Any] | None], dict[str, Any]],
        *,
        expected: int | None,
        now: datetime,
    ) -> None:
        """Write the next version, made from the present document, as its owner's own.

        Raises:
            ProblemError: 404 when there is no such resume, 412 when its version is not `expected`.
        """
        async with self._pool.acquire() as connection, connection.transaction():
            record = await connection.fetchrow(_LOCK, resume_id)
            if record is None or record["user_id"] != user_id:
                raise resume_not_found()
            if expected is not None and record["version"] != expected:
                raise version_conflict()
            document = make(record["document"])
            await _add_version(
                connection,
                resume_id,
                user_id,
                record["version"] + 1,
                document,
                state=ResumeState.CONFIRMED,
                source="edit",
                report=None,
                now=now,
            )

    async def confirm(
        self, resume_id: UUID, user_id: UUID, now: datetime, *, expected: int | None
    ) -> None:
        """Mark a resume as right; confirming twice is fine.

        Raises:
            ProblemError: 404 when there is no such resume, 409 when it has not been read, 412
                when its version is not `expected`.
        """
        if not await self._pool.fetchval(_CONFIRM, resume_id, user_id, now, expected):
            found = await self.read(resume_id, user_id)
            raise resume_not_ready() if found.document is None else version_conflict()

    async def delete(self, resume_id: UUID, user_id: UUID) -> str | None:
        """Delete a resume with all versions; returns the key of its file, if it has one.

        Raises:
            ProblemError: 404 when the user has no such resume.
        """
        record = await self._pool.fetchrow(_DELETE, resume_id, user_id)
        if record is None:
            raise resume_not_found()
        key: str | None = record["file_key"]
        return key


async def insert_document(
    connection: Connection,
    resume_id: UUID,
    user_id: UUID,
    document: dict[str, Any],
    *,
    now: datetime,
) -> None:
    """A new resume from a document, confirmed since its owner wrote it.

    Raises:
        ProblemError: 403 when the user was erased.
    """
    await _insert(connection, resume_id, user_id, name=title_of(document), version=1, now=now)
    await connection.execute(_INSERT_VERSION, resume_id, 1, user_id, "json", document, None, now)


async def insert_upload(
    connection: Connection, resume_id: UUID, user_id: UUID, file: UploadedFile, *, now: datetime
) -> None:
    """A new resume whose file is still to be read.

    Raises:
        ProblemError: 403 when the user was erased.
    """
    await _insert(connection, resume_id, user_id, file=file, now=now)


async def resume_for_job(connection: Connection, user_id: UUID, resume_id: UUID) -> BaseResume:
    """The present version, for a job to start from.

    Raises:
        ProblemError: 404 when there is no such resume, 409 when its file has not been read, 413
            when what was read of it is more than a job carries.
    """
    record = await connection.fetchrow(_READ, resume_id, user_id)
    if record is None:
        raise resume_not_found()
    if record["document"] is None:
        raise resume_not_ready()
    if len(orjson.dumps(record["document"])) > RESUME_LIMIT:
        raise resume_too_large(RESUME_LIMIT)
    return BaseResume(
        resume_id=resume_id,
        version=record["version"],
        document=record["document"],
        confirmed=record["state"] == ResumeState.CONFIRMED,
    )


async def store_parsed(
    connection: Connection,
    parsed: ParsedResume,
    event_id: UUID,
    *,
    is_superseded: bool,
    now: datetime,
    new_id: Callable[[], UUID],
) -> None:
    """Write what was read from a file (and told by that fact) as the next version, unconfirmed.

    Of a resume that was deleted meanwhile nothing stays. One that its owner has written meanwhile,
    or whose reading had ended otherwise, stays as it is.
    """
    record = await connection.fetchrow(_LOCK, parsed.resume_id)
    if record is None:
        await connection.execute(_UNOWNED, event_id)
        return
    if is_superseded or record["state"] == ResumeState.CONFIRMED:
        return
    resume = with_ids(
        Resume.model_validate(parsed.document), previous=record["document"], new_id=new_id
    )
    report = parsed.model_dump(mode="json", exclude={"resume_id", "document"})
    await _add_version(
        connection,
        parsed.resume_id,
        record["user_id"],
        record["version"] + 1,
        to_json_resume(resume),
        state=ResumeState.UNCONFIRMED,
        source="upload",
        report=report,
        now=now,
    )


async def mark_unread(connection: Connection, job_ids: Sequence[UUID]) -> None:
    """Mark the resumes of those jobs that read a file and did not succeed as failed."""
    await connection.execute(_FAIL, list(job_ids))


async def _insert(
    connection: Connection,
    resume_id: UUID,
    user_id: UUID,
    *,
    name: str | None = None,
    version: int = 0,
    file: UploadedFile | None = None,
    now: datetime,
) -> None:
    state = ResumeState.CONFIRMED if file is None else ResumeState.PARSING
    columns = (None, None, None) if file is None else (file.key, file.name, file.size)
    if not await connection.fetchval(
        _INSERT, resume_id, user_id, name, state.value, version, *columns, now
    ):
        raise user_erased()


async def _add_version(
    connection: Connection,
    resume_id: UUID,
    user_id: UUID,
    version: int,
    document: dict[str, Any],
    *,
    state: ResumeState,
    source: str,
    report: dict[str, Any] | None,
    now: datetime,
) -> None:
    await connection.execute(
        _INSERT_VERSION, resume_id, version, user_id, source, document, report, now
    )
    await connection.execute(_ADVANCE, resume_id, title_of(document), state.value, version, now)


def _summary(record: asyncpg.Record) -> dict[str, Any]:
    return {
        name: record[name]
        for name in ("id", "name", "state", "version", "file_name", "created_at", "updated_at")
    }
