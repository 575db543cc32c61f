"""What an endpoint asks for: a signed-in user, and a place within the rate limits."""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Annotated

import structlog
from fastapi import Depends, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from gateway_svc.edge import EdgeDep
from gateway_svc.identity.errors import token_missing
from gateway_svc.identity.tokens import Principal
from gateway_svc.origin import Origin
from gateway_svc.ratelimit import Kind
from resume_runtime.correlation import current_correlation_id
from resume_runtime.errors import ProblemError

_bearer = HTTPBearer(auto_error=False, bearerFormat="JWT", description="An access token.")

Credentials = Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]


async def signed_in(credentials: Credentials, edge: EdgeDep) -> Principal:
    """The caller, by bearer token.

    Raises:
        ProblemError: 401 without a valid token, 503 when that cannot be told.
    """
    try:
        if credentials is None:
            raise token_missing()
        principal = await edge.verifier.verify(credentials.credentials)
    except ProblemError as error:
        if error.status == 401:
            edge.auth_failures.labels(error.code).inc()
        raise
    structlog.contextvars.bind_contextvars(user_id=str(principal.user_id))
    return principal


CurrentUser = Annotated[Principal, Depends(signed_in)]


def counted(kind: Kind) -> Callable[[CurrentUser, EdgeDep, Response], Awaitable[None]]:
    """A dependency that counts the request and puts the `RateLimit` headers on its answer."""

    async def count(user: CurrentUser, edge: EdgeDep, response: Response) -> None:
        response.headers.update(edge.limiter.take(user.user_id, kind))

    return count


def ordered(kind: Kind) -> Callable[[CurrentUser, EdgeDep, Response], AsyncIterator[None]]:
    """Like `counted`, for an order: it is not counted when its refusal was not for its input."""

    async def count(user: CurrentUser, edge: EdgeDep, response: Response) -> AsyncIterator[None]:
        response.headers.update(await edge.quotas.take(user.user_id, kind))
        try:
            yield
        except Exception as error:
            if not _is_about_input(error):
                edge.limiter.give_back(user.user_id, kind)
            raise

    return count


def _is_about_input(error: Exception) -> bool:
    """Whether a request was refused for what it says, and not by a budget or some trouble.

    What may be asked again as it is was not refused for what it says.
    """
    if isinstance(error, RequestValidationError):
        return True
    if not isinstance(error, ProblemError) or error.retryable:
        return False
    return error.status < 500 and error.status != 402


async def origin_of(request: Request) -> Origin:
    """The ids of this request."""
    return Origin(current_correlation_id(), getattr(request.state, "traceparent", None))


OriginDep = Annotated[Origin, Depends(origin_of)]
