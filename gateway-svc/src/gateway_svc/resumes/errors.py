"""What can go wrong with a request about resumes."""

from collections.abc import Sequence

from resume_runtime.errors import ProblemError


def resume_not_found() -> ProblemError:
    """No such resume of this user; another user's looks the same."""
    return ProblemError(404, "resume_not_found", "Resume not found", "There is no such resume.")


def resume_not_ready() -> ProblemError:
    """The uploaded file has not been read, or could not be."""
    return ProblemError(
        409,
        "resume_not_ready",
        "Resume not ready",
        "This resume's file has not been read yet, or could not be read.",
        retryable=True,
        headers={"Retry-After": "2"},
    )


def resume_too_large(limit: int) -> ProblemError:
    """The document is beyond what a job carries."""
    return ProblemError(
        413,
        "resume_too_large",
        "Resume too large",
        f"A resume may have at most {limit // 1024} KiB.",
    )


def resume_invalid(problems: Sequence[str]) -> ProblemError:
    """The document is no usable JSON Resume; `errors` name paths, never values."""
    return ProblemError(
        422,
        "resume_invalid",
        "Resume invalid",
        "The document is no usable JSON Resume; see errors.",
        extra={"errors": list(problems)},
    )


def file_too_large(limit: int) -> ProblemError:
    """The uploaded file is too large."""
    return ProblemError(
        413, "file_too_large", "File too large", f"A file may have at most {limit >> 20} MiB."
    )


def file_empty() -> ProblemError:
    """The uploaded file has no content."""
    return ProblemError(422, "file_empty", "Empty file", "The file has no content.")


def version_conflict() -> ProblemError:
    """Somebody else, or another tab, wrote first."""
    return ProblemError(
        412,
        "version_conflict",
        "Changed meanwhile",
        "This resume was changed meanwhile. Read it again and repeat your change.",
    )
