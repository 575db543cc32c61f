"""What can go wrong with a request about postings."""

from resume_runtime.errors import ProblemError


def posting_not_found() -> ProblemError:
    """No such posting of this user; another user's looks the same."""
    return ProblemError(404, "posting_not_found", "Posting not found", "There is no such posting.")
