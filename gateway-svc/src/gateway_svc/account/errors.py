"""What can go wrong with an order that has to be paid for."""

from datetime import datetime

from resume_runtime.errors import ProblemError


def budget_exhausted(renewed_at: datetime) -> ProblemError:
    """The user's budget does not cover what the order may cost.

    402 and not 429: a client that waits a moment and asks again would be refused for hours.
    """
    return ProblemError(
        402,
        "budget_exhausted",
        "Budget used up",
        "What is left of your budget does not cover a model's work. It is renewed at "
        f"{renewed_at:%Y-%m-%dT%H:%M:%SZ}. The engines «auto» and «rules» work without.",
    )
