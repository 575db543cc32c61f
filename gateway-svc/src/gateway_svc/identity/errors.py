"""Refusals of the edge's doorkeeper."""

from resume_runtime.errors import ProblemError

#: Seconds after which a client may try again when keys cannot be fetched.
RETRY_AFTER_S = 5


def token_missing() -> ProblemError:
    """No credentials at all."""
    return ProblemError(
        401,
        "token_missing",
        "Not signed in",
        "This needs an access token: `Authorization: Bearer …`.",
        headers={"WWW-Authenticate": "Bearer"},
    )


def token_invalid(detail: str = "The access token is not valid.") -> ProblemError:
    """A token that is not ours, too old, revoked, or for somebody else."""
    return ProblemError(
        401,
        "token_invalid",
        "Not signed in",
        detail,
        headers={"WWW-Authenticate": 'Bearer error="invalid_token"'},
    )


def keys_unavailable() -> ProblemError:
    """The signing keys cannot be fetched, and none are stored that are fresh enough."""
    return ProblemError(
        503,
        "identity_unavailable",
        "Sign-in cannot be checked",
        "The keys of the identity service cannot be fetched just now.",
        retryable=True,
        headers={"Retry-After": str(RETRY_AFTER_S)},
    )


def account_unavailable() -> ProblemError:
    """The identity service does not tell what it keeps of an account."""
    return ProblemError(
        503,
        "identity_unavailable",
        "Account cannot be read",
        "The identity service does not answer just now.",
        retryable=True,
        headers={"Retry-After": str(RETRY_AFTER_S)},
    )
