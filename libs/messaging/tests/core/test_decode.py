"""From bytes to a delivery, or to an error that says nothing of them."""

import json
from typing import Any
from uuid import UUID

import pytest

from resume_messaging.core.build import outgoing_command
from resume_messaging.core.decode import UndecodableError, decode_delivery
from resume_messaging.core.ports import Delivery

from .bench import a_command

BODY = outgoing_command(a_command()).body


def decode(body: bytes, **options: Any) -> Delivery:
    options = {"message_id": None, "correlation_id": None, "headers": {}} | options
    return decode_delivery(body, **options)


def changed(**changes: object) -> bytes:
    return json.dumps(json.loads(BODY) | changes).encode()


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "invalid_command"),
        (b"\xff\xfe", "invalid_command"),
        (b'{"secret": "mine"}', "invalid_command"),
        (changed(deadline="2026-01-01T00:00:00"), "invalid_command"),
        (changed(stage_index=7), "stage_out_of_range"),
        (changed(slip=[]), "stage_out_of_range"),
        (changed(slip=["secret.stage"]), "unknown_stage"),
    ],
)
def test_decode_refuses_without_quoting(body: bytes, code: str) -> None:
    """The error has a code; neither its text nor its cause has anything of the body."""
    with pytest.raises(UndecodableError) as refused:
        decode(body)
    assert refused.value.code == code
    assert str(refused.value) == code
    assert refused.value.__cause__ is None


def test_decode_reads_a_newer_producers_command() -> None:
    """Fields that are not known yet are ignored."""
    assert decode(changed(colour="blue")).command == a_command()


def test_decode_takes_ids_from_the_message_or_makes_them() -> None:
    """A missing or broken id is made from the command."""
    command = a_command()
    given = UUID(int=99)
    assert decode(BODY, message_id=str(given)).message_id == given
    for missing in (None, "nonsense"):
        assert decode(BODY, message_id=missing).message_id == command.message_id
    assert decode(BODY).correlation_id == str(command.job_id)
    assert decode(BODY, correlation_id="c").correlation_id == "c"


@pytest.mark.parametrize(("header", "count"), [(3, 3), (None, 0), ("3", 0), (-1, 0)])
def test_decode_reads_the_delivery_count(header: object, count: int) -> None:
    """Whatever the broker says that is no count is none."""
    assert decode(BODY, headers={"x-delivery-count": header}).delivery_count == count
