"""Keyset pages: the cursor is the last id of the page before."""

import base64
import binascii
from uuid import UUID

from gateway_svc.jobs.errors import cursor_invalid


def cursor_of(last_id: UUID) -> str:
    """The cursor behind an object."""
    return base64.urlsafe_b64encode(last_id.bytes).decode().rstrip("=")


def parse_cursor(cursor: str | None) -> UUID | None:
    """The id a cursor stands for.

    Raises:
        ProblemError: 422 when it is none of ours.
    """
    if cursor is None:
        return None
    try:
        return UUID(bytes=base64.urlsafe_b64decode(cursor + "=="))
    except (binascii.Error, ValueError) as error:
        raise cursor_invalid() from error
