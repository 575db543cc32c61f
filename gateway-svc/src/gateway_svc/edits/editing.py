"""Editing a letter, an interview pack or a career path: read, check off the event loop, append."""

import asyncio
from collections.abc import Callable
from typing import Any, Final
from uuid import UUID

import orjson

from gateway_svc.decisions.errors import identity_fixed, result_changed, result_full
from gateway_svc.edits.errors import edit_too_long, part_unknown
from gateway_svc.edits.folding import Wanted, folded
from gateway_svc.edits.schemas import EditRecord
from gateway_svc.edits.store import Editable, EditStore
from gateway_svc.jobs.errors import result_not_found
from resume_contracts.workflows import Workflow
from resume_core.decisions import EditRefusedError
from resume_core.own_words import MAX_SENTENCES
from resume_core.skills import SkillCatalog
from resume_core.tailoring import RESULT_LIMIT_BYTES
from resume_runtime.clock import Clock
from resume_runtime.errors import ProblemError

#: Others may edit the same result meanwhile; each time one of them has got on.
_TRIES: Final = 5
_Outcome = dict[str, Any] | None


class Editor:
    """Takes edits. One is checked at a time: threads share one interpreter."""

    def __init__(self, store: EditStore, catalog: SkillCatalog, clock: Clock) -> None:
        self._store = store
        self._catalog = catalog
        self._clock = clock
        self._computing = asyncio.Lock()

    async def read(self, result_id: UUID, user_id: UUID, product: Workflow) -> Editable:
        """A result with what it was made from.

        Raises:
            ProblemError: 404 when there is no such result.
        """
        stored = await self._store.read(result_id, user_id, product)
        if stored is None:
            raise result_not_found()
        return stored

    async def history(self, result_id: UUID, user_id: UUID, product: Workflow) -> list[EditRecord]:
        """What made the versions of a result, the newest first; the same error."""
        await self.read(result_id, user_id, product)
        return await self._store.history(result_id, user_id)

    async def edit(
        self,
        result_id: UUID,
        user_id: UUID,
        product: Workflow,
        wanted: Wanted,
        *,
        expected: int | None,
    ) -> None:
        """Have the document say what the person wants; what it says already changes nothing.

        Raises:
            ProblemError: no such result (404), an edit that is not possible or contradicts the
                base (422), a version other than `expected` (412), or too large (413).
        """
        sent = wanted.model_dump(mode="json", by_alias=True, exclude_none=True)

        def outcome(stored: Editable) -> _Outcome:
            try:
                return folded(stored, wanted, self._catalog)
            except EditRefusedError as error:
                raise _refused(error, stored.resume_id) from None

        await self._write((result_id, user_id, product), sent, outcome, expected)

    async def revert(
        self, result_id: UUID, user_id: UUID, product: Workflow, *, expected: int | None
    ) -> None:
        """Have the document be as it was delivered; the same errors."""
        await self._write((result_id, user_id, product), None, lambda _: None, expected)

    async def _write(
        self,
        of: tuple[UUID, UUID, Workflow],
        sent: dict[str, Any] | None,
        outcome: Callable[[Editable], _Outcome],
        expected: int | None,
    ) -> None:
        for _ in range(_TRIES):
            stored = await self.read(*of)
            async with self._computing:
                decided = await asyncio.to_thread(outcome, stored)
            if decided == stored.decided:
                return
            if expected is not None and stored.version != expected:
                raise result_changed()
            if len(orjson.dumps({**stored.document, **(decided or {})})) > RESULT_LIMIT_BYTES:
                raise result_full(RESULT_LIMIT_BYTES)
            at = (of[0], of[1], stored.version)
            if await self._store.write(at, sent, decided, self._clock.now()):
                return
        raise result_changed()


def _refused(error: EditRefusedError, resume_id: UUID | None) -> ProblemError:
    match error.code:
        case "identity_fixed":
            return identity_fixed(error.paths, resume_id)
        case "part_unknown":
            return part_unknown(error.paths)
        case _:
            return edit_too_long(MAX_SENTENCES)
