"""What the identity service keeps of an account."""

from typing import Any, Final

import httpx2

from gateway_svc.identity.errors import account_unavailable, token_invalid
from gateway_svc.identity.tokens import Principal

TIMEOUT: Final = httpx2.Timeout(10.0, connect=3.0, pool=3.0)


async def profile(
    http: httpx2.AsyncClient, auth_url: str | None, caller: Principal, token: str
) -> dict[str, Any]:
    """The account and its sign-ins, asked with the caller's own token.

    Of an account at a Supabase project we have what its token says.

    Raises:
        ProblemError: 401 when the session was ended, 503 when the service does not answer.
    """
    if auth_url is None:
        return {"user": {"id": str(caller.user_id), "email": caller.email}}
    headers = {"Authorization": f"Bearer {token}"}
    try:
        answer = await http.get(f"{auth_url}/private/account", headers=headers, timeout=TIMEOUT)
    except httpx2.HTTPError as error:
        raise account_unavailable() from error
    if answer.status_code == 403:
        raise token_invalid("The session was ended.")
    if answer.status_code != 200:
        raise account_unavailable()
    told: dict[str, Any] = answer.json()
    return told
