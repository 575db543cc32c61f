"""A model's changes to a resume in the agreed form."""

from typing import Final, Literal

from pydantic import BaseModel, ConfigDict

from tailor_svc import prompts
from tailor_svc.form import Form

MAX_CHANGES: Final = 12


class ProposedChange(BaseModel):
    """One change as the model writes it; every field is required by strict schemas."""

    model_config = ConfigDict(extra="forbid")
    kind: Literal["rewrite_highlight", "rewrite_summary", "add_keyword"]
    entry_id: str
    target_id: str
    after: str
    source_fact_ids: list[str]
    requirement_ids: list[str]
    reason: str


class ProposedChanges(BaseModel):
    """The model's whole answer."""

    model_config = ConfigDict(extra="forbid")
    changes: list[ProposedChange]


def _worth(answer: ProposedChanges) -> ProposedChanges | None:
    return ProposedChanges(changes=answer.changes[:MAX_CHANGES]) if answer.changes else None


CHANGES: Final = Form(prompts.TAILOR_RESUME, ProposedChanges, _worth)
