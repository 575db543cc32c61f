"""What the endpoints about a person's own edits take and give."""

from datetime import datetime
from typing import Annotated, Any, Self

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from gateway_svc.jobs.schemas import Line, Text, storable
from resume_core.decisions import MAX_EDIT
from resume_runtime.schemas import ApiModel

_Paragraph = Annotated[Text, StringConstraints(max_length=MAX_EDIT)]
_Question = Annotated[Text, StringConstraints(max_length=400)]
#: May be empty, which takes away what stood there.
_Prose = Annotated[str, StringConstraints(max_length=2 * MAX_EDIT), AfterValidator(storable)]
_Id = Annotated[str, StringConstraints(max_length=64)]


class LetterEdit(ApiModel):
    """A letter as the person wants it; greeting and closing stay where none is given."""

    paragraphs: list[_Paragraph] = Field(min_length=1, max_length=20)
    greeting: Line | None = None
    closing: Line | None = None


class QuestionEdit(ApiModel):
    """A question of the pack by its `id`, or a new one; what is not given stays as it is."""

    id: _Id | None = None
    question: _Question | None = None
    answer: _Prose | None = None

    @model_validator(mode="after")
    def _is_some_question(self) -> Self:
        if self.id is None and self.question is None:
            raise ValueError("give an id or a question")
        return self


class InterviewEdit(ApiModel):
    """The questions in the order wanted; those not listed are left out."""

    questions: list[QuestionEdit] = Field(max_length=60)
    questions_to_ask: list[_Question] | None = Field(default=None, max_length=30)


class RoleEdit(ApiModel):
    """A role of the path by its `id`, or a new one by its `title`."""

    id: _Id | None = None
    title: Line | None = None
    reasons: _Prose | None = None

    @model_validator(mode="after")
    def _is_one_role(self) -> Self:
        if (self.id is None) == (self.title is None):
            raise ValueError("give an id or a title")
        return self


class CareerEdit(ApiModel):
    """The roles in the order wanted; those not listed are left out."""

    roles: list[RoleEdit] = Field(max_length=40)


class EditRecord(ApiModel):
    """What made a version: the edit as it was sent, none when it was taken back."""

    version: int
    edited_at: datetime
    edit: dict[str, Any] | None


class EditList(ApiModel):
    """The versions of a result, the newest first; version 0 is the delivered one."""

    items: list[EditRecord]
