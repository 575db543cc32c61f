"""The Valkey server: how it is reached, and what it must be."""

from collections.abc import Awaitable
from typing import Any, Final

from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import AuthenticationError, NoPermissionError, RedisError, ResponseError

from resume_outbound.errors import FleetMisconfiguredError

#: A server that needs longer to answer is treated as one that is away.
ANSWER_S: Final = 1.0
#: What a server that is away raises.
AWAY: Final = (RedisError, OSError)
_POLICY: Final = "noeviction"


def create_client(url: str) -> "Redis":
    """A client for `valkey://`, `valkeys://` (TLS), `redis://` or `rediss://`; it connects later.

    One connection for all commands keeps them in order; the news have another. Nothing is tried
    again: who waits has a share to fall back on.
    """
    scheme, rest = url.split("://", 1)
    scheme = scheme.replace("valkey", "redis")
    return Redis.from_url(
        f"{scheme}://{rest}",
        decode_responses=True,
        single_connection_client=True,
        socket_timeout=ANSWER_S,
        socket_connect_timeout=ANSWER_S,
        retry=Retry(NoBackoff(), 0),
    )


async def check_server(client: "Redis") -> None:
    """Whether the server keeps what it is told.

    Raises:
        FleetMisconfiguredError: it evicts keys, refuses our log-in, or has no such database.
        redis.exceptions.RedisError, OSError: it does not answer.
    """
    try:
        memory: dict[str, Any] = await client.info("memory")
        scripts: Awaitable[Any] = client.eval("return 1", 0)
        await scripts
    except (AuthenticationError, NoPermissionError) as error:
        raise FleetMisconfiguredError(
            "VALKEY_URL: the server refuses the log-in, or its right to run scripts "
            f"({type(error).__name__})"
        ) from None
    except ResponseError as error:
        if "DB index" not in str(error):
            raise
        raise FleetMisconfiguredError(
            "VALKEY_URL: the server has no database of that number"
        ) from None
    policy = memory.get("maxmemory_policy", _POLICY)
    if policy != _POLICY:
        raise FleetMisconfiguredError(
            f"VALKEY_URL: the server evicts keys (maxmemory-policy {policy}): "
            f"leases would be lost; it must be {_POLICY}"
        )
