"""The only SQL about own edits: a result with what it was made from, and its history."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import asyncpg

from gateway_svc.database import Pool
from gateway_svc.decisions.store import append
from gateway_svc.edits.schemas import EditRecord
from resume_contracts.facts import ConfirmedFact
from resume_contracts.workflows import Workflow

_READ = """
    select r.version, r.document, r.decided, r.created_at, j.resume_id,
           coalesce(j.facts #> '{tailored,document}', j.facts #> '{resume,document}') as base,
           j.facts -> 'confirmed' as confirmed, p.posting ->> 'text' as posting_text
      from gateway.results r
      join gateway.jobs j on j.id = r.job_id
      left join gateway.postings p on p.id = j.posting_id
     where r.id = $1 and r.user_id = $2 and r.product = $3
"""
_HISTORY = """
    select version, decided_at, decisions from gateway.result_decisions
     where result_id = $1 and user_id = $2 order by version desc limit $3
"""
#: What is written of an edit that is taken back.
_REVERTED: Final = "reverted"
#: Versions that are listed, the newest ones.
MAX_HISTORY: Final = 100


@dataclass(frozen=True, slots=True)
class Editable:
    """A result, and what its sentences are checked against.

    Attributes:
        version: how many times it was edited.
        document: as it was delivered.
        decided: what the last edit changed; None when it stands as it was delivered.
        base: the resume that it speaks of, as it was then.
        posting_text: "" when the posting was deleted, or there was none.
    """

    version: int
    document: Mapping[str, Any]
    decided: Mapping[str, Any] | None
    created_at: datetime
    resume_id: UUID | None
    base: Mapping[str, Any]
    confirmed: tuple[ConfirmedFact, ...]
    posting_text: str

    @property
    def standing(self) -> dict[str, Any]:
        """The document as it is now."""
        return {**self.document, **(self.decided or {})}


class EditStore:
    """A user's edits of results; every statement names the owner."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def read(self, result_id: UUID, user_id: UUID, product: Workflow) -> Editable | None:
        """A result to edit; None when the user has none such."""
        record = await self._pool.fetchrow(_READ, result_id, user_id, product.value)
        return None if record is None else _editable(record)

    async def write(
        self,
        at: tuple[UUID, UUID, int],
        edit: dict[str, Any] | None,
        outcome: dict[str, Any] | None,
        now: datetime,
    ) -> bool:
        """Write an edit, None to take all back; False when the version is not that any more."""
        entry = {_REVERTED: True} if edit is None else edit
        return await append(self._pool, at, entry, outcome, now)

    async def history(self, result_id: UUID, user_id: UUID) -> list[EditRecord]:
        """What made the versions of a result, the newest first."""
        records = await self._pool.fetch(_HISTORY, result_id, user_id, MAX_HISTORY)
        return [_recorded(record) for record in records]


def _recorded(record: asyncpg.Record) -> EditRecord:
    edit = record["decisions"]
    return EditRecord(
        version=record["version"],
        edited_at=record["decided_at"],
        edit=None if _REVERTED in edit else edit,
    )


def _editable(record: asyncpg.Record) -> Editable:
    return Editable(
        version=record["version"],
        document=record["document"],
        decided=record["decided"],
        created_at=record["created_at"],
        resume_id=record["resume_id"],
        base=record["base"],
        confirmed=tuple(map(ConfirmedFact.model_validate, record["confirmed"] or ())),
        posting_text=record["posting_text"] or "",
    )
