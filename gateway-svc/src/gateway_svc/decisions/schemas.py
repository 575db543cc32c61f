"""What the endpoints about changes take and give."""

from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from gateway_svc.jobs.schemas import Text
from resume_core.decisions import MAX_EDIT, DecidedChange, DecisionKind
from resume_core.gate import Violation
from resume_runtime.schemas import ApiModel


class ChangeDecision(ApiModel):
    """A decision about one change; `text` is what an edit says instead."""

    decision: DecisionKind
    text: Annotated[Text, StringConstraints(max_length=MAX_EDIT)] | None = None


class ChangeList(ApiModel):
    """The changes of a result as they stand at `version`, which is also the `ETag`.

    `unverified` is what the truth gate finds in the document as a whole: the person's own words
    that their base resume does not show.
    """

    result_id: UUID
    version: int = Field(ge=0)
    items: list[DecidedChange]
    unverified: list[Violation]
