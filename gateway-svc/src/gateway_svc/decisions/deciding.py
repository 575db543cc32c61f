"""Deciding about a tailored resume: read, fold and check off the event loop, append."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import orjson

from gateway_svc.decisions.errors import (
    change_not_found,
    edit_not_text,
    edit_unsupported,
    identity_fixed,
    result_changed,
    result_full,
)
from gateway_svc.decisions.store import DecisionStore, StoredChanges
from gateway_svc.jobs.errors import result_not_found
from resume_core.changes import Change
from resume_core.decisions import (
    Decision,
    DecisionKind,
    EditRefusedError,
    UnknownChangeError,
    decide,
    stand,
)
from resume_core.facts import with_confirmed
from resume_core.gate import Gate
from resume_core.jsonresume import to_json_resume
from resume_core.languages import DEFAULT_LANGUAGE
from resume_core.model import Resume
from resume_core.own_edit import own_edit, parts_of
from resume_core.posting import PostingView
from resume_core.redecide import gate_of, redecide
from resume_core.requirements import Requirement
from resume_core.skills import SkillCatalog
from resume_core.tailoring import RESULT_LIMIT_BYTES
from resume_runtime.clock import Clock

#: Others may decide about the same result meanwhile; each time one of them has got on.
_TRIES: Final = 5


@dataclass(frozen=True, slots=True)
class _Decidable:
    """A stored result as the library reads it."""

    stored: StoredChanges
    gate: Gate
    delivered: tuple[Change, ...]


#: What is newly decided; nothing when it stands already.
_Choose = Callable[[_Decidable], Sequence[Decision]]


class Decider:
    """Takes decisions. One is computed at a time: threads share one interpreter."""

    def __init__(self, store: DecisionStore, catalog: SkillCatalog, clock: Clock) -> None:
        self._store = store
        self._catalog = catalog
        self._clock = clock
        self._computing = asyncio.Lock()

    async def read(self, result_id: UUID, user_id: UUID) -> StoredChanges:
        """A tailored resume with its decisions.

        Raises:
            ProblemError: 404 when there is no such result.
        """
        stored = await self._store.read(result_id, user_id)
        if stored is None:
            raise result_not_found()
        return stored

    async def decide(
        self,
        result_id: UUID,
        user_id: UUID,
        change_id: str,
        kind: DecisionKind,
        text: str | None,
        *,
        expected: int | None,
    ) -> None:
        """Decide about one change; to say again what stands already changes nothing.

        Raises:
            ProblemError: no such result or change (404), an edit without words (422), a version
                other than `expected` (412), or a result that grows too large (413).
        """

        def choose(result: _Decidable) -> Sequence[Decision]:
            standing = stand(result.delivered, result.stored.history)
            try:
                decision = decide(standing, change_id, kind, text)
            except UnknownChangeError:
                raise change_not_found() from None
            except EditRefusedError:
                raise edit_not_text() from None
            last = next(s.decision for s in standing if s.change.id == change_id)
            return () if decision == last else (decision,)

        await self._append(result_id, user_id, choose, expected)

    async def replace(
        self, result_id: UUID, user_id: UUID, wanted: Resume, *, expected: int | None
    ) -> None:
        """Decide so that the document is `wanted`, the person's own.

        Raises:
            ProblemError: no such result (404), a document that changes who the person is or that
                no changes lead to (422), a version other than `expected` (412), or a result that
                grows too large (413).
        """

        def choose(result: _Decidable) -> Sequence[Decision]:
            base, history = result.gate.base, result.stored.history
            try:
                return own_edit(base, result.delivered, history, wanted)
            except EditRefusedError as error:
                raise identity_fixed(error.paths, result.stored.resume_id) from None

        await self._append(result_id, user_id, choose, expected, wanted)

    async def _append(
        self,
        result_id: UUID,
        user_id: UUID,
        choose: _Choose,
        expected: int | None,
        wanted: Resume | None = None,
    ) -> None:
        for _ in range(_TRIES):
            stored = await self.read(result_id, user_id)
            async with self._computing:
                decisions, decided = await asyncio.to_thread(
                    _fold, stored, choose, self._catalog, wanted
                )
            if not decisions:
                return
            if expected is not None and stored.version != expected:
                raise result_changed()
            now = self._clock.now()
            if await self._store.append(
                result_id, user_id, decisions, decided, version=stored.version, now=now
            ):
                return
        raise result_changed()


def _fold(
    stored: StoredChanges, choose: _Choose, catalog: SkillCatalog, wanted: Resume | None
) -> tuple[Sequence[Decision], dict[str, Any]]:
    """The new decisions, and what all of them come to."""
    result = _decidable(stored, catalog)
    decisions = choose(result)
    if not decisions:
        return (), {}
    history = [*stored.history, *decisions]
    # Results of earlier versions do not say; theirs were explained in English.
    language = stored.document.get("language", DEFAULT_LANGUAGE)
    came = redecide(result.gate, result.delivered, history, language=language)
    if wanted is not None and came.resume != to_json_resume(parts_of(wanted, result.gate.base)):
        raise edit_unsupported()
    decided = came.model_dump(mode="json", by_alias=True)
    if len(orjson.dumps(decided)) > RESULT_LIMIT_BYTES:
        raise result_full(RESULT_LIMIT_BYTES)
    return decisions, decided


def _decidable(stored: StoredChanges, catalog: SkillCatalog) -> _Decidable:
    document, read = stored.document, stored.posting
    named = document["posting"]
    posting = PostingView(
        title=named["title"], company=named["company"], text="" if read is None else read.text
    )
    requirements = [Requirement.model_validate(r) for r in document["requirements"]]
    base = with_confirmed(Resume.model_validate(stored.resume.document), stored.confirmed)
    return _Decidable(
        stored,
        gate_of(base, posting, catalog, requirements),
        tuple(Change.model_validate(c) for c in document["changes"]),
    )
