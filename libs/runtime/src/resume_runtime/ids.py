"""Identifiers as an argument."""

from collections.abc import Callable
from uuid import UUID

import uuid_utils

#: Makes a new identifier.
IdFactory = Callable[[], UUID]


def uuid7() -> UUID:
    """A UUIDv7 (RFC 9562): sorts by the time it was made, 74 random bits."""
    return UUID(int=uuid_utils.uuid7().int)
