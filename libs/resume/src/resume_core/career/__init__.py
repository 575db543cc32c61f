"""Career paths: computed from titles, dates and stored postings; pay only as a page states it."""

from resume_core.career.build import CareerOrder, build_career
from resume_core.career.edit import WantedRole, edit_career
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
    "WantedRole",
    "build_career",
    "edit_career",
    "load_ladders",
]
