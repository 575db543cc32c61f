"""`GET /api/account/export`: everything we hold of an account, as one archive.

It is made while it is sent, from one snapshot of the database. Whoever goes away ends it. Nothing
is sent before all that can be refused was asked, so that a refusal is a problem and no torn file.
"""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, aclosing, asynccontextmanager
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from fastapi import Response
from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from gateway_svc.account.contents import NOT_EXPORTED, SECTIONS, as_json, rows
from gateway_svc.account.zipping import Member, Pieces, Written, safe_name, zipped
from gateway_svc.database import Connection, Pool
from gateway_svc.jobs.errors import user_erased
from gateway_svc.resumes.files import ResumeFiles
from resume_runtime.clock import Clock
from resume_runtime.errors import ProblemError

MEDIA_TYPE: Final = "application/zip"
RETRY_AFTER_S: Final = 30

_ERASED = "select exists (select from gateway.erased where user_id = $1)"
_FILES = """
    select id, file_key, file_name from gateway.resumes
     where user_id = $1 and file_key is not null order by id
"""

README: Final = """\
Everything this service holds of your account, as of the date in manifest.json.

  profile.json                         your account and where you signed in
  resumes/<id>/resume.json             a resume's name, state and version
  resumes/<id>/versions/<n>.json       each version, as JSON Resume (https://jsonresume.org)
  resumes/<id>/versions/<n>.about.json when and how it came, and what was read of its file
  resumes/<id>/facts/                  what you confirmed beside it
  resumes/<id>/file/                   the file you uploaded, as you uploaded it
  postings/<id>.json, .txt             postings as they were read, with what they were read from
  results/<product>/<id>/document.md   what was made for you, to be read
  results/<product>/<id>/document.json the same with where each line comes from
  results/<product>/<id>/about.json    when, by which job, and from what it was made
  results/<product>/<id>/delivered.json, decisions.json   before your decisions, and the decisions
  jobs/<kind>/<id>.json                each order: what it began with, its history, what it cost
  usage/<month>.json                   calls, tokens and cost
  usage/budget.json                    limits, and what each job reserved and cost (micro-USD)
  manifest.json                        every file with its size and SHA-256, and what is left out
"""


class ExpiredError(Exception):
    """The account was erased, or its session ended, while its archive was sent."""


class Exporter:
    """Makes archives, a few at a time, on connections of their own."""

    def __init__(
        self, pool: Pool, files: ResumeFiles, clock: Clock, *, at_once: int, timeout_s: float
    ) -> None:
        self._pool = pool
        self._files = files
        self._clock = clock
        self._free = at_once
        self._timeout_s = timeout_s

    @asynccontextmanager
    async def open(
        self, user_id: UUID, profile: dict[str, Any], is_over: Callable[[], bool]
    ) -> AsyncIterator[Pieces]:
        """An archive in pieces; `is_over` is asked before each file.

        Raises:
            ProblemError: 503 when too many are sent, 403 when the account was erased.
            TimeoutError: it took too long to send; `ExpiredError`: `is_over` said so.
        """
        if self._free <= 0:
            raise exports_busy()
        self._free -= 1
        try:
            async with asyncio.timeout(self._timeout_s), self._snapshot() as connection:
                if await connection.fetchval(_ERASED, user_id):
                    raise user_erased()
                archive = _Archive(connection, self._files, user_id, self._clock.now(), is_over)
                async with aclosing(archive.pieces(profile)) as pieces:
                    yield pieces
        finally:
            self._free += 1

    @asynccontextmanager
    async def _snapshot(self) -> AsyncIterator[Connection]:
        async with (
            self._pool.acquire() as connection,
            connection.transaction(isolation="repeatable_read", readonly=True),
        ):
            yield connection


class _Archive:
    """One archive: what goes into it, and what was not there."""

    def __init__(
        self,
        connection: Connection,
        files: ResumeFiles,
        user_id: UUID,
        now: datetime,
        is_over: Callable[[], bool],
    ) -> None:
        self._connection = connection
        self._files = files
        self._user_id = user_id
        self._now = now
        self._is_over = is_over
        self._missing: list[str] = []

    def pieces(self, profile: dict[str, Any]) -> Pieces:
        """The archive's bytes."""
        return zipped(self._members(profile), self._now, last=self._manifest)

    async def _members(self, profile: dict[str, Any]) -> AsyncGenerator[Member, None]:
        yield Member("README.txt", README.encode())
        yield Member("profile.json", as_json(profile))
        for section in SECTIONS:
            async with aclosing(rows(self._connection, section.statement, self._user_id)) as found:
                async for row in found:
                    self._check()
                    for member in section.files(row):
                        yield member
        async with aclosing(rows(self._connection, _FILES, self._user_id)) as found:
            async for row in found:
                self._check()
                path = f"resumes/{row['id']}/file/{safe_name(row['file_name'])}"
                if await self._files.exists(row["file_key"]):
                    yield Member(path, self._files.read(row["file_key"]), is_packed=True)
                else:
                    self._missing.append(path)

    def _check(self) -> None:
        if self._is_over():
            raise ExpiredError

    def _manifest(self, written: Sequence[Written]) -> Member:
        told = {
            "userId": str(self._user_id),
            "exportedAt": self._now.isoformat(),
            "files": [
                {"path": one.path, "size": one.size, "sha256": one.sha256} for one in written
            ],
            "missing": self._missing,
            "notExported": [
                {"what": table, "because": reason} for table, reason in NOT_EXPORTED.items()
            ],
        }
        return Member("manifest.json", as_json(told))


class ArchiveResponse(Response):
    """Sends an archive that is opened when the answer begins, and closed however it ends."""

    def __init__(self, opened: AbstractAsyncContextManager[Pieces], name: str) -> None:
        super().__init__()
        self._opened = opened
        self._told = {
            "Content-Disposition": f'attachment; filename="{name}"',
            "Cache-Control": "no-store",
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Open, send, close."""
        async with self._opened as pieces:
            sent = StreamingResponse(pieces, media_type=MEDIA_TYPE, headers=self._told)
            await sent(scope, receive, send)


def exports_busy() -> ProblemError:
    """As many archives are sent as may be at once."""
    return ProblemError(
        503,
        "export_busy",
        "Too many exports",
        "More archives are asked for than can be made at once. Please ask again.",
        retryable=True,
        headers={"Retry-After": str(RETRY_AFTER_S)},
    )
