"""From the bytes of a command message to a `Delivery`."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from pydantic import ValidationError

from resume_contracts.messages import Command
from resume_contracts.workflows import STAGES
from resume_messaging.core.build import TRACEPARENT
from resume_messaging.core.ports import Delivery

DELIVERY_COUNT = "x-delivery-count"


class UndecodableError(Exception):
    """A body that can never be handled. Carries a code and nothing of the body.

    Attributes:
        code: `invalid_command`, `stage_out_of_range` or `unknown_stage`.
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def decode_delivery(
    body: bytes,
    *,
    message_id: str | None,
    correlation_id: str | None,
    headers: Mapping[str, Any],
) -> Delivery:
    """Decode one command.

    A missing id is made from the command; a missing correlation id is the job's.

    Raises:
        UndecodableError: no attempt at handling it can succeed.
    """
    try:
        command = Command.model_validate_json(body)
    except ValidationError:
        # Without its cause: a validation error quotes what it refused.
        raise UndecodableError("invalid_command") from None
    if command.stage_index >= len(command.slip):
        raise UndecodableError("stage_out_of_range")
    if command.stage not in STAGES:
        raise UndecodableError("unknown_stage")
    traceparent = headers.get(TRACEPARENT)
    return Delivery(
        command=command,
        message_id=_uuid(message_id) or command.message_id,
        correlation_id=correlation_id or str(command.job_id),
        delivery_count=_count(headers.get(DELIVERY_COUNT)),
        headers={TRACEPARENT: traceparent} if isinstance(traceparent, str) else {},
    )


def _uuid(text: str | None) -> UUID | None:
    try:
        return None if text is None else UUID(text)
    except ValueError:
        return None


def _count(value: object) -> int:
    return value if isinstance(value, int) and value > 0 else 0
