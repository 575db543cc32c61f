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


def version_not_found() -> ProblemError:
    """The resume has no such version."""
    return ProblemError(
        404, "version_not_found", "Version not found", "The resume has no such version."
    )


def fact_not_found() -> ProblemError:
    """The resume has no such confirmed fact."""
    return ProblemError(404, "fact_not_found", "Fact not found", "There is no such confirmed fact.")


def entry_not_found() -> ProblemError:
    """A fact was to belong to an entry that the resume does not have."""
    return ProblemError(
        422, "entry_not_found", "Entry not found", "The resume has no entry with this id."
    )


def facts_full() -> ProblemError:
    """More facts than a job carries."""
    return ProblemError(
        409,
        "facts_full",
        "Too many facts",
        "This resume has as many confirmed facts as a job can carry. Delete some, or write them "
        "into the resume.",
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
