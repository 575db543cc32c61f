"""What can go wrong with a request about jobs; each is a problem with a stable code."""

from resume_runtime.errors import ProblemError


def job_not_found() -> ProblemError:
    """No such job of this user; another user's looks the same."""
    return ProblemError(404, "job_not_found", "Job not found", "There is no such job.")


def result_not_found() -> ProblemError:
    """No such result of this user."""
    return ProblemError(404, "result_not_found", "Result not found", "There is no such result.")


def user_erased() -> ProblemError:
    """The account asked to be forgotten; nothing of it may be written."""
    return ProblemError(
        403, "user_erased", "Account erased", "This account was erased and takes no new work."
    )


def overloaded(retry_after_s: int) -> ProblemError:
    """The job would miss its deadline; refusing now is better than failing later."""
    return ProblemError(
        503,
        "overloaded",
        "Too busy",
        "There is more work waiting than can be done in time. Please try again later.",
        retryable=True,
        headers={"Retry-After": str(retry_after_s)},
    )


def posting_too_large(limit: int) -> ProblemError:
    """The pasted posting is beyond what a job carries."""
    return ProblemError(
        413,
        "posting_too_large",
        "Posting too large",
        f"The text of the posting may have at most {limit // 1024} KiB.",
    )


def tailored_mismatch(why: str) -> ProblemError:
    """The tailored resume does not go with what the order says."""
    return ProblemError(409, "tailored_mismatch", "Not of one pack", why)


def tailored_too_large(limit: int) -> ProblemError:
    """The tailored resume is beyond what a job carries."""
    return ProblemError(
        413,
        "tailored_too_large",
        "Tailored resume too large",
        f"A tailored resume that something goes with may have at most {limit // 1024} KiB.",
    )


def ticket_refused() -> ProblemError:
    """The ticket is unknown, used, too old, or for another job."""
    return ProblemError(
        401,
        "ticket_invalid",
        "Ticket refused",
        "The ticket was used before, is too old, or is for another job.",
        headers={"WWW-Authenticate": "Bearer"},
    )


def cursor_invalid() -> ProblemError:
    """The page cursor is not one of ours."""
    return ProblemError(422, "cursor_invalid", "Invalid cursor", "The cursor is not valid.")
