"""What can go wrong with a decision about a tailored resume."""

from collections.abc import Sequence
from uuid import UUID

from resume_runtime.errors import ProblemError


def change_not_found() -> ProblemError:
    """The result has no such change."""
    return ProblemError(
        404, "change_not_found", "Change not found", "The result has no such change."
    )


def result_changed() -> ProblemError:
    """Another tab decided first."""
    return ProblemError(
        412,
        "version_conflict",
        "Changed meanwhile",
        "This result was changed meanwhile. Read it again and repeat your decision.",
    )


def edit_not_text() -> ProblemError:
    """An edit without a text, or of a change that says nothing."""
    return ProblemError(
        422,
        "edit_not_text",
        "Not a text",
        "An edit needs a text, and orders and hidings have none: accept or reject those, or send"
        " the whole document.",
    )


def identity_fixed(paths: Sequence[str], resume_id: UUID | None) -> ProblemError:
    """The edit changes who the person is or was; `errors` name places, never values."""
    where = "" if resume_id is None else f" (/api/resumes/{resume_id})"
    return ProblemError(
        422,
        "identity_fixed",
        "Edit the base resume",
        "Employers, titles, dates, schools, degrees, contact details and the company applied to"
        f" are those it was made from: edit the base resume{where} and order again. See errors.",
        extra={"errors": [f"{path}: as in the base resume" for path in paths]},
    )


def edit_unsupported() -> ProblemError:
    """The document cannot come about by changes of the base, e.g. it says a line twice."""
    return ProblemError(
        422,
        "edit_unsupported",
        "Edit not possible",
        "The document says a line twice, or brings back what the truth gate keeps out.",
    )


def result_full(limit: int) -> ProblemError:
    """The result with all that was written to it is beyond what is kept."""
    return ProblemError(
        413,
        "result_too_large",
        "Result too large",
        f"A result with its decisions may have at most {limit // 1024} KiB.",
    )
