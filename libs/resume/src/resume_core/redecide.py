"""A stored result decided again: document, changes, coverage and scores after the decisions."""

from collections.abc import Iterable
from typing import Any

from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel

from resume_core.changes import Change
from resume_core.coverage import cover
from resume_core.decisions import DecidedChange, Decision, apply_decisions
from resume_core.gate import GATE_VERSION, Gate, Violation, blocking
from resume_core.jsonresume import to_json_resume
from resume_core.languages import DEFAULT_LANGUAGE
from resume_core.model import Resume
from resume_core.posting import PostingView
from resume_core.requirements import Requirement
from resume_core.scores import Scores, score_tailored
from resume_core.skills import SkillCatalog
from resume_core.tailoring import CoverageSummary, agreed_skills, summarise


class DecidedResult(BaseModel):
    """What of a result the decisions change.

    `unverified` is what the gate finds in the document: the person's own words that their base
    resume does not show. They are in the document, and in no score.
    """

    model_config = ConfigDict(frozen=True, alias_generator=to_camel, populate_by_name=True)

    resume: dict[str, Any]
    changes: tuple[DecidedChange, ...]
    unverified: tuple[Violation, ...]
    coverage: CoverageSummary
    scores: Scores
    gate_version: str = GATE_VERSION


def gate_of(
    base: Resume, posting: PostingView, catalog: SkillCatalog, requirements: Iterable[Requirement]
) -> Gate:
    """A gate by the requirements of a stored result, whatever would be read of the posting now."""
    gate = Gate(base, posting, catalog)
    gate.requirements = list(requirements)
    return gate


def redecide(
    gate: Gate,
    delivered: Iterable[Change],
    decisions: Iterable[Decision],
    *,
    language: str = DEFAULT_LANGUAGE,
) -> DecidedResult:
    """Fold the decisions over a result's changes, with the gate of its base and posting.

    Scores are explained in `language`, the result's.
    """
    decided = apply_decisions(gate, list(delivered), decisions)
    agreed = agreed_skills(decided.changes)
    after = cover(decided.verified, gate.requirements, gate.catalog)
    return DecidedResult(
        resume=to_json_resume(decided.resume),
        changes=decided.changes,
        unverified=tuple(blocking(decided.violations)),
        coverage=summarise(gate.coverage, after, gate.catalog, agreed=agreed),
        scores=score_tailored(
            (gate.base, decided.resume),
            gate.requirements,
            (gate.coverage, after),
            gate.catalog.version,
            agreed=agreed,
            language=language,
        ),
    )
