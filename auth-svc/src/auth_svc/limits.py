"""How often somebody may try: counted in PostgreSQL, so that replicas share it.

An attempt is counted before the password is looked at, and given back when it was right; attempts
at the same moment therefore cannot slip through together.
"""

import hmac
from collections.abc import Mapping
from datetime import timedelta
from ipaddress import ip_address, ip_network
from math import ceil

from auth_svc.errors import rate_limited
from auth_svc.keys import derive_key
from auth_svc.store import Store
from resume_runtime.clock import Clock


class AttemptLimits:
    """Fixed windows per email and address, and per address."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        *,
        secret: str,
        per_login: int,
        per_address: int,
        window_s: int,
    ) -> None:
        self._store = store
        self._clock = clock
        self._key = derive_key(secret, "login-attempts")
        self._per_login = per_login
        self._per_address = per_address
        self._window = timedelta(seconds=window_s)

    async def take_login(self, email: str, address: str) -> tuple[bytes, ...]:
        """Count a log-in; returns what `give_back` takes when it succeeds.

        Raises:
            AuthError: 429 with `Retry-After`, when there were too many.
        """
        return await self._take(
            {
                self._digest("login", email, block_of(address)): self._per_login,
                self._digest("address", block_of(address)): self._per_address,
            }
        )

    async def take_sign_up(self, address: str) -> None:
        """Count a sign-up, which is never given back.

        Raises:
            AuthError: 429 with `Retry-After`, when there were too many.
        """
        await self._take({self._digest("address", block_of(address)): self._per_address})

    async def give_back(self, subjects: tuple[bytes, ...]) -> None:
        """The attempt was a good one."""
        async with self._store.begin() as records:
            await records.give_back_attempts(subjects)

    async def _take(self, limits: Mapping[bytes, int]) -> tuple[bytes, ...]:
        now = self._clock.now()
        async with self._store.begin() as records:
            counted = await records.count_attempts(list(limits), now, now - self._window)
        waits = [
            (found.since + self._window - now).total_seconds()
            for found in counted
            if found.attempts > limits[found.subject]
        ]
        if waits:
            raise rate_limited(max(1, ceil(max(waits))))
        return tuple(limits)

    def _digest(self, *parts: str) -> bytes:
        return hmac.digest(self._key, "\n".join(parts).encode(), "sha256")


def block_of(address: str) -> str:
    """What one customer has: an IPv4 address, or the /64 of an IPv6 one."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return "unknown"
    if parsed.version == 4:
        return str(parsed)
    return str(parsed.ipv4_mapped or ip_network((parsed, 64), strict=False))
