"""What can go wrong with a person's own edit, beside what can with a decision."""

from collections.abc import Sequence

from resume_runtime.errors import ProblemError


def part_unknown(paths: Sequence[str]) -> ProblemError:
    """The edit names a question or role that is not there, or one twice."""
    return ProblemError(
        422,
        "part_unknown",
        "No such part",
        "The result has no such question or role, or it is named twice. See errors.",
        extra={"errors": [f"{path}: not there, or twice" for path in paths]},
    )


def edit_too_long(limit: int) -> ProblemError:
    """More sentences of the person's own than are checked at once."""
    return ProblemError(
        422,
        "edit_too_long",
        "Edit too long",
        f"An edit may have at most {limit} sentences of your own.",
    )
