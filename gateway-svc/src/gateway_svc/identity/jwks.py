"""The signing keys of the identity service, cached.

Fresh for 10 minutes; when they cannot be fetched, the last set is good for an hour. A key id that
is not in the set makes one fetch, at most every 30 s, so that a flood of invented ids does not
become a flood of fetches. One fetch at a time, whoever waits for it.
"""

import asyncio
from dataclasses import dataclass
from typing import Any

import httpx2
import jwt
import orjson
import structlog

from resume_runtime.clock import Clock

log = structlog.get_logger()

FRESH_S = 600.0
STALE_S = 3600.0
COOLDOWN_S = 30.0
#: Without any usable set, waiters of a failed fetch share its failure this long.
RETRY_S = 1.0
TIMEOUT_S = 5.0
MAX_BYTES = 64 * 1024

#: The one algorithm of each key type; a token's header has no say.
ALGORITHMS = {"EC": "ES256", "RSA": "RS256"}


class KeysUnavailableError(Exception):
    """No usable set of keys can be had."""


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A public key and the one algorithm it may be used with."""

    key: Any
    algorithm: str


class JwksCache:
    """Finds signing keys by id."""

    def __init__(self, client: httpx2.AsyncClient, url: str, *, clock: Clock) -> None:
        self._client = client
        self._url = url
        self._clock = clock
        self._keys: dict[str, SigningKey] = {}
        self._fetched_at: float | None = None
        self._tried_at: float | None = None
        self._lock = asyncio.Lock()

    async def find(self, kid: str) -> SigningKey | None:
        """The key with this id, or None when there is none.

        Raises:
            KeysUnavailableError: the keys cannot be fetched and the last set is too old.
        """
        if self._age() >= FRESH_S or kid not in self._keys:
            await self._refresh(kid)
        if self._age() >= STALE_S:
            raise KeysUnavailableError
        return self._keys.get(kid)

    def _age(self) -> float:
        if self._fetched_at is None:
            return float("inf")
        return self._clock.monotonic() - self._fetched_at

    async def _refresh(self, kid: str) -> None:
        async with self._lock:
            # Another waiter may have fetched meanwhile.
            if (self._age() < FRESH_S and kid in self._keys) or self._is_cooling():
                return
            self._tried_at = self._clock.monotonic()
            try:
                keys = await self._fetch()
            except (httpx2.HTTPError, ValueError, TimeoutError) as error:
                log.warning("jwks.fetch_failed", error=type(error).__name__)
                return
            self._keys = keys
            self._fetched_at = self._clock.monotonic()

    def _is_cooling(self) -> bool:
        if self._tried_at is None:
            return False
        pause = COOLDOWN_S if self._age() < STALE_S else RETRY_S
        return self._clock.monotonic() - self._tried_at < pause

    async def _fetch(self) -> dict[str, SigningKey]:
        async with asyncio.timeout(TIMEOUT_S):
            response = await self._client.get(self._url)
        response.raise_for_status()
        if len(response.content) > MAX_BYTES:
            raise ValueError("the key set is too large")
        return parse_jwks(orjson.loads(response.content))


def parse_jwks(document: Any) -> dict[str, SigningKey]:
    """The keys of a JWKS by id; those we cannot use are left out.

    Raises:
        ValueError: the document is no JWKS.
    """
    if not isinstance(document, dict) or not isinstance(document.get("keys"), list):
        raise ValueError("not a JSON Web Key Set")  # noqa: TRY004  one error for a bad document
    keys: dict[str, SigningKey] = {}
    for entry in document["keys"]:
        algorithm = ALGORITHMS.get(entry.get("kty", ""))
        kid = entry.get("kid")
        if algorithm is None or not kid or entry.get("use", "sig") != "sig":
            continue
        try:
            keys[kid] = SigningKey(jwt.PyJWK(entry, algorithm=algorithm).key, algorithm)
        except jwt.PyJWTError:
            log.warning("jwks.key_unusable")
    return keys
