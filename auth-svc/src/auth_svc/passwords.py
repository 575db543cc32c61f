"""Passwords: argon2id (RFC 9106, the library's low-memory profile), off the event loop.

A password has at least 8 characters and at most 72 bytes in UTF-8. The upper limit is GoTrue's
(bcrypt reads no more); it is kept so that a later move to Supabase loses no account.
"""

import asyncio

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from auth_svc.errors import AuthError

MINIMUM = 8
MAXIMUM_BYTES = 72


class Passwords:
    """Hashes and checks. At most `parallel` at once: each takes 64 MiB and tens of milliseconds."""

    def __init__(self, hasher: PasswordHasher, *, parallel: int = 2) -> None:
        self._hasher = hasher
        self._slots = asyncio.Semaphore(parallel)
        # Checked for an unknown email, so that its answer takes as long as a wrong password's.
        self._decoy = hasher.hash("decoy")

    async def hash(self, password: str) -> str:
        """Hash a new password.

        Raises:
            AuthError: it is too short or too long.
        """
        if len(password) < MINIMUM:
            raise AuthError(
                422,
                "weak_password",
                f"Password should be at least {MINIMUM} characters.",
                extra={"weak_password": {"reasons": ["length"]}},
            )
        if len(password.encode()) > MAXIMUM_BYTES:
            raise AuthError(
                400, "validation_failed", f"Password cannot be longer than {MAXIMUM_BYTES} bytes"
            )
        async with self._slots:
            return await asyncio.to_thread(self._hasher.hash, password)

    async def matches(self, hashed: str | None, password: str) -> bool:
        """Whether the password is the one that was hashed; False for `None`, just as slowly."""
        async with self._slots:
            return await asyncio.to_thread(self._check, hashed, password)

    def _check(self, hashed: str | None, password: str) -> bool:
        try:
            self._hasher.verify(hashed or self._decoy, password)
        except (VerificationError, InvalidHashError):
            return False
        return hashed is not None
