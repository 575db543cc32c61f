"""Career paths: computed from titles, dates and stored postings; pay only as a page states it."""

from resume_core.career.build import CareerOrder, build_career
from resume_core.career.ladders import Ladders, load_ladders
from resume_core.career.model import (
    CareerDraft,
    CareerPath,
    DemandPosting,
    DraftReason,
    PayFigure,
    RoleKind,
)

__all__ = [
    "CareerDraft",
    "CareerOrder",
    "CareerPath",
    "DemandPosting",
    "DraftReason",
    "Ladders",
    "PayFigure",
    "RoleKind",
    "build_career",
    "load_ladders",
]
