"""Identifiers as an argument."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

import uuid_utils

#: Makes a new identifier.
IdFactory = Callable[[], UUID]


def uuid7() -> UUID:
    """A UUIDv7 (RFC 9562): sorts by the time it was made, 74 random bits."""
    return UUID(int=uuid_utils.uuid7().int)


def first_uuid7(at: datetime) -> UUID:
    """The smallest that can be made at that moment: all that were made before are smaller."""
    return UUID(int=max(0, int(at.timestamp() * 1000)) << 80)
