"""JSON Resume documents on their way in: checked, and every entry with a stable id."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from gateway_svc.resumes.errors import resume_invalid, resume_too_large
from resume_contracts.facts import RESUME_LIMIT
from resume_core.ids import assign_ids
from resume_core.jsonresume import (
    ResumeInvalidError,
    json_size,
    parse_json_resume,
    to_json_resume,
)
from resume_core.model import Resume


def checked(
    data: dict[str, Any], *, previous: dict[str, Any] | None, new_id: Callable[[], UUID]
) -> dict[str, Any]:
    """A client's document as it is stored.

    Raises:
        ProblemError: 422 when it is no usable JSON Resume, 413 when it is too large.
    """
    resume = with_ids(read_document(data), previous=previous, new_id=new_id)
    if json_size(resume) > RESUME_LIMIT:
        raise resume_too_large(RESUME_LIMIT)
    return to_json_resume(resume)


def read_document(data: dict[str, Any]) -> Resume:
    """A client's document.

    Raises:
        ProblemError: 422 when it is no usable JSON Resume.
    """
    try:
        return parse_json_resume(data)
    except ResumeInvalidError as error:
        raise resume_invalid(error.problems) from error


def with_ids(
    resume: Resume, *, previous: dict[str, Any] | None, new_id: Callable[[], UUID]
) -> Resume:
    """The same with an id on every entry, kept from the previous version where it is the same."""
    before = None if previous is None else Resume.model_validate(previous)
    return assign_ids(resume, previous=before, new_id=lambda: str(new_id()))


def title_of(document: dict[str, Any]) -> str | None:
    """What a list shows: the person's name, else the label."""
    basics = document.get("basics") or {}
    return basics.get("name") or basics.get("label")
