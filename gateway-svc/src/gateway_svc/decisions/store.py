"""The only SQL about decisions: a history that only grows, and what it comes to."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg

from gateway_svc.database import Pool
from resume_contracts.facts import BaseResume, ConfirmedFact, Posting
from resume_contracts.workflows import Workflow
from resume_core.changes import Change
from resume_core.decisions import DecidedChange, Decision, as_delivered

_READ = """
    select r.version, r.document, r.decided, j.resume_id, p.id as posting_id, p.posting,
           j.facts -> 'resume' as resume, j.facts -> 'confirmed' as confirmed,
           (select jsonb_agg(d.decisions order by d.version) from gateway.result_decisions d
             where d.result_id = r.id) as history
      from gateway.results r
      join gateway.jobs j on j.id = r.job_id
      left join gateway.postings p on p.id = j.posting_id
     where r.id = $1 and r.user_id = $2 and r.product = $3
"""
#: Nothing is written unless the version is still the one that was decided about.
_APPEND = """
    with moved as (
        update gateway.results set version = version + 1, decided = $4
         where id = $1 and user_id = $2 and version = $3
           and not exists (select from gateway.erased where user_id = $2)
        returning version)
    insert into gateway.result_decisions (result_id, version, user_id, decisions, decided_at)
    select $1, version, $2, $5, $6 from moved
    returning version
"""


@dataclass(frozen=True, slots=True)
class StoredChanges:
    """A tailored resume and all that was decided about it.

    Attributes:
        version: how many times something was decided.
        document: the result as it was delivered.
        decided: what the decisions come to; None before the first one.
        resume: what was tailored, as it was then.
        confirmed: what the person had confirmed beside it.
        posting_id: None, as `posting`, when it was deleted.
        history: every decision, oldest first.
    """

    version: int
    document: dict[str, Any]
    decided: dict[str, Any] | None
    resume_id: UUID | None
    resume: BaseResume
    confirmed: tuple[ConfirmedFact, ...]
    posting_id: UUID | None
    posting: Posting | None
    history: tuple[Decision, ...]

    @property
    def changes(self) -> tuple[DecidedChange, ...]:
        """The changes as they stand."""
        if self.decided is not None:
            return tuple(map(DecidedChange.model_validate, self.decided["changes"]))
        return as_delivered(map(Change.model_validate, self.document["changes"]))


class DecisionStore:
    """Decisions about a user's tailored resumes; every statement names the owner."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def read(self, result_id: UUID, user_id: UUID) -> StoredChanges | None:
        """A tailored resume with its decisions; None when the user has none such."""
        product = Workflow.TAILOR_RESUME.value
        record = await self._pool.fetchrow(_READ, result_id, user_id, product)
        return None if record is None else _stored(record)

    async def append(
        self,
        result_id: UUID,
        user_id: UUID,
        decisions: Sequence[Decision],
        decided: dict[str, Any],
        *,
        version: int,
        now: datetime,
    ) -> bool:
        """Write what was decided about `version`; False when that is not the version any more."""
        batch = [d.model_dump(mode="json", by_alias=True, exclude_none=True) for d in decisions]
        return await append(self._pool, (result_id, user_id, version), batch, decided, now)


async def append(
    pool: Pool,
    at: tuple[UUID, UUID, int],
    entry: list[dict[str, Any]] | dict[str, Any],
    outcome: dict[str, Any] | None,
    now: datetime,
) -> bool:
    """Write an entry of a result's history, and what the result is after it.

    `at` is the result, its owner and the version that was seen; False when that is not the
    version any more.
    """
    result_id, user_id, version = at
    written = await pool.fetchval(_APPEND, result_id, user_id, version, outcome, entry, now)
    return written is not None


def _stored(record: asyncpg.Record) -> StoredChanges:
    posting = record["posting"]
    return StoredChanges(
        version=record["version"],
        document=record["document"],
        decided=record["decided"],
        resume_id=record["resume_id"],
        resume=BaseResume.model_validate(record["resume"]),
        confirmed=tuple(map(ConfirmedFact.model_validate, record["confirmed"] or ())),
        posting_id=record["posting_id"],
        posting=None if posting is None else Posting.model_validate(posting),
        history=tuple(
            Decision.model_validate(decision)
            for batch in record["history"] or ()
            for decision in batch
        ),
    )
