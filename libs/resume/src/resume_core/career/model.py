"""A career path as it is delivered, what it is counted over, and as a model drafts it."""

from enum import StrEnum
from typing import Final

from resume_core.grounding import Drafted, Sentence, Shown
from resume_core.letters.model import Versions
from resume_core.requirements import Requirement

CAREER_VERSION: Final = "2026.11-1"


class DemandPosting(Shown):
    """A stored posting of the user that requirements are counted over."""

    id: str
    title: str
    requirements: tuple[Requirement, ...] = ()


class PayFigure(Shown):
    """A pay range as a page states it; without source, date, region and sample it is no figure.

    `low` and `high` in `currency` a `period` ("year"); `date` as ISO, at its written precision.
    """

    role: str
    low: float
    high: float
    currency: str
    period: str
    region: str
    date: str
    sample_size: int
    url: str


class RoleKind(StrEnum):
    """How a role was found: a level up, a field beside, in the stored postings, by the person."""

    STEP_UP = "step_up"
    SIDEWAYS = "sideways"
    SEEN = "seen"
    OWN = "own"


class Counted(Shown):
    """A requirement counted: `count` of `of` postings ask for it, and which.

    `fact_ids` prove it; none when the resume does not show it.
    """

    skill: str
    count: int
    of: int
    posting_ids: tuple[str, ...]
    fact_ids: tuple[str, ...]


class NextRole(Shown):
    """A role to aim at; the requirements are counted over the postings that carry its title.

    With no such posting both lists are empty, and nothing is said. `reasons` are a model's, proved.
    """

    id: str
    title: str
    field: str
    level: int | None
    kind: RoleKind
    source: str
    posting_ids: tuple[str, ...]
    missing: tuple[Counted, ...]
    present: tuple[Counted, ...]
    pay: tuple[PayFigure, ...]
    reasons: tuple[Sentence, ...]


class Present(Shown):
    """Where the person stands, computed from titles and dates.

    `field` and `level` are None when no title is known here. `months` are those of all work, each
    month counted once; an entry that goes on counts up to `as_of`.
    """

    title: str
    field: str | None
    level: int | None
    months: int
    as_of: str
    fact_ids: tuple[str, ...]


class DraftReason(Drafted):
    """One role of the list, and why it suits the person."""

    role_id: str
    reason: str


class CareerDraft(Drafted):
    """The roles of the list, the best first; none is added to it."""

    roles: tuple[DraftReason, ...]


class CareerPath(Shown):
    """Next roles, what is missing and what is there, and pay where a page states it.

    `missing` and `present` are counted over all postings; `pay_dropped` counts the figures without
    source, date, region or sample size.
    """

    engine: str
    degraded: bool
    notes: tuple[str, ...]
    language: str
    current: Present
    roles: tuple[NextRole, ...]
    missing: tuple[Counted, ...]
    present: tuple[Counted, ...]
    postings: int
    pay: tuple[PayFigure, ...]
    pay_dropped: int
    ladder_source: str
    ladder_version: str
    dropped: int
    dropped_codes: tuple[str, ...]
    versions: Versions
