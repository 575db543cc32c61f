"""From proposals to a delivered result: the last step before anything is stored.

Whatever proposed a change, a model, a rule or the person, it passes through `build_result`; nothing
may edit the document afterwards. After every decision of the person it runs again on the base.
"""

from collections.abc import Iterable, Sequence
from typing import Any, Final

from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel

from resume_core.changes import (
    HIDING,
    Change,
    ChangeOrigin,
    ChangeStatus,
    apply_changes,
)
from resume_core.coverage import SCORE_VERSION, Coverage, cover
from resume_core.gaps import Gap, find_gaps
from resume_core.gate import GATE_VERSION, Gate, blocking
from resume_core.jsonresume import to_json_resume
from resume_core.languages import DEFAULT_LANGUAGE, language_of
from resume_core.model import SECTIONS, Resume
from resume_core.posting import PostingView
from resume_core.requirements import Requirement
from resume_core.scores import Scores, score_tailored
from resume_core.settling import codes, settle
from resume_core.skills import SkillCatalog

__all__ = ["PostingView", "TailoredResult", "build_result"]

RESULT_LIMIT_BYTES: Final = 256 * 1024
MAX_PROPOSALS: Final = 80
_MAX_TEXT: Final = 2000
_MAX_REASON: Final = 300
_DECIDED: Final = frozenset({ChangeStatus.ACCEPTED, ChangeStatus.EDITED, ChangeStatus.REJECTED})


class _Shown(BaseModel):
    model_config = ConfigDict(frozen=True, alias_generator=to_camel, populate_by_name=True)


class PostingName(_Shown):
    """What the posting is called."""

    title: str
    company: str


class Blocked(_Shown):
    """A proposal that was kept out: what it aimed at and why, never what it said."""

    id: str
    kind: str
    section: str
    entry_id: str | None
    origin: ChangeOrigin
    codes: tuple[str, ...]


class CoverageSummary(_Shown):
    """Coverage in the posting's words before and after; the ceiling is the honest maximum."""

    before: float
    after: float
    ceiling: float
    matched: tuple[str, ...]
    missing: tuple[str, ...]
    score_version: str = SCORE_VERSION
    catalog_version: str


class TailoredResult(_Shown):
    """A tailored resume with everything needed to explain and to decide it again.

    `language` is that of its questions and explanations.
    """

    engine: str
    degraded: bool
    notes: tuple[str, ...]
    posting: PostingName
    resume: dict[str, Any]
    requirements: tuple[Requirement, ...]
    changes: tuple[Change, ...]
    blocked: tuple[Blocked, ...]
    coverage: CoverageSummary
    gaps: tuple[Gap, ...]
    scores: Scores
    language: str = DEFAULT_LANGUAGE
    gate_version: str = GATE_VERSION


def build_result(
    base: Resume,
    posting: PostingView,
    proposals: Sequence[Change],
    *,
    engine: str,
    catalog: SkillCatalog,
    degraded: bool = False,
    notes: Sequence[str] = (),
    language: str | None = None,
) -> TailoredResult:
    """Check each proposal alone, apply the true ones, check the whole, count and explain.

    A proposal that the gate blocks is kept by its codes alone; one that it flags stays proposed
    for the person, as does all hiding. Decisions the person has made already are kept. When the
    whole still fails, changes are left out until it passes; the base itself always does. Gaps are
    asked and scores explained in `language`, a code or a name, where we have it, else in English.

    Raises:
        ValueError: an entry of the base has no id, or two share one.
    """
    _require_ids(base)
    gate = Gate(base, posting, catalog)
    sorter = _Sorter(base, gate)
    for proposal in proposals[:MAX_PROPOSALS]:
        sorter.take(proposal)
    sorter.settle()
    spoken, _ = language_of(language)
    while True:
        result = _result(gate, sorter, (engine, degraded, tuple(notes)), spoken)
        size = len(result.model_dump_json(by_alias=True).encode())
        if size <= RESULT_LIMIT_BYTES or not sorter.changes:
            return result
        sorter.refuse(sorter.changes.pop(), ("result_too_large",))


class _Sorter:
    """Sorts proposals into the changes of the result and the blocked ones."""

    def __init__(self, base: Resume, gate: Gate) -> None:
        self._base = base
        self._gate = gate
        self._slots: set[tuple[str, ...]] = set()
        self.changes: list[Change] = []
        self.blocked: list[Blocked] = []

    def take(self, proposal: Change) -> None:
        """Check one proposal alone and give it its status."""
        change = self._trusted(proposal)
        if change.slot in self._slots:
            self.refuse(change, ("change_conflict",))
            return
        if len(change.text) > _MAX_TEXT:
            self.refuse(change, ("text_grown",))
            return
        violations = self._gate.check_change(change)
        wrong = codes(blocking(violations))
        if wrong:
            self.refuse(change, wrong)
            return
        if self._idle(change):
            return
        self._slots.add(change.slot)
        self.changes.append(_with_status(change, codes(violations)))

    def _trusted(self, change: Change) -> Change:
        """The change with `before` and lengths of our own making, whatever the proposer wrote."""
        before: str | tuple[str, ...] | None = change.before
        if change.target_id is not None:
            before = self._text_of(change.target_id)
        elif isinstance(before, str):
            before = {
                "rewrite_summary": self._base.basics.summary,
                "set_label": self._base.basics.label,
                "hide_entry": self._text_of(change.entry_id or ""),
            }.get(change.kind.value)
        reason = " ".join(change.reason.split())[:_MAX_REASON]
        return change.model_copy(update={"before": before, "reason": reason})

    def _text_of(self, fact_id: str) -> str | None:
        fact = self._gate.facts.get(fact_id)
        return fact.text if fact else None

    def _idle(self, change: Change) -> bool:
        agreed = change.model_copy(update={"status": ChangeStatus.ACCEPTED})
        return apply_changes(self._base, [agreed]) == self._base

    def refuse(self, change: Change, wrong: tuple[str, ...]) -> None:
        """Keep a proposal out of the result."""
        self.blocked.append(
            Blocked(
                id=change.id,
                kind=change.kind.value,
                section=change.section,
                entry_id=change.entry_id,
                origin=change.origin,
                codes=wrong,
            )
        )

    def settle(self) -> None:
        """Leave changes out until the document as a whole passes."""
        kept, refused = settle(self._gate, self.changes)
        for change in self.changes:
            if change.id in refused:
                self.refuse(change, refused[change.id])
        self.changes = kept


def _with_status(change: Change, flags: tuple[str, ...]) -> Change:
    if change.status in _DECIDED:
        return change.model_copy(update={"flags": flags})
    wait = bool(flags) or change.kind in HIDING
    status = ChangeStatus.PROPOSED if wait else ChangeStatus.APPLIED
    return change.model_copy(update={"flags": flags, "status": status})


def _require_ids(base: Resume) -> None:
    for section in SECTIONS:
        ids = [e.id for e in getattr(base, section)]
        if not all(ids) or len(set(ids)) != len(ids):
            raise ValueError(
                f"the entries of {section} need ids of their own; use assign_ids first"
            )


def _result(
    gate: Gate,
    sorter: _Sorter,
    made_by: tuple[str, bool, tuple[str, ...]],
    language: str,
) -> TailoredResult:
    engine, degraded, notes = made_by
    base, posting, catalog = gate.base, gate.posting, gate.catalog
    tailored = apply_changes(base, sorter.changes)
    agreed = agreed_skills(sorter.changes)
    before, after = gate.coverage, cover(tailored, gate.requirements, catalog)
    return TailoredResult(
        engine=engine,
        degraded=degraded,
        notes=notes,
        posting=PostingName(title=posting.title, company=posting.company),
        resume=to_json_resume(tailored),
        requirements=tuple(gate.requirements),
        changes=tuple(sorter.changes),
        blocked=tuple(sorter.blocked),
        coverage=summarise(before, after, catalog, agreed=agreed),
        gaps=tuple(find_gaps(base, gate.requirements, before, language)),
        scores=score_tailored(
            (base, tailored),
            gate.requirements,
            (before, after),
            catalog.version,
            agreed=agreed,
            language=language,
        ),
        language=language,
    )


def agreed_skills(changes: Iterable[Change]) -> bool:
    """Whether the person agreed that their words name a skill that the base itself does not."""
    return any(c.in_force and "skill_inferred" in c.flags for c in changes)


def summarise(
    before: Coverage, after: Coverage, catalog: SkillCatalog, *, agreed: bool
) -> CoverageSummary:
    """Two coverages as a result shows them; `agreed` as `agreed_skills` says it."""
    ceiling = max(before.with_aliases, after.literal) if agreed else before.with_aliases
    return CoverageSummary(
        before=before.literal,
        after=after.literal,
        ceiling=ceiling,
        matched=tuple(m.requirement_id for m in after.matched if m.literal),
        missing=after.missing,
        catalog_version=catalog.version,
    )
