"""What goes over the wire: the bytes of a tailoring's request, pinned."""

import hashlib
import json
from dataclasses import replace

import pytest

from tailor_svc.answers import question_digest
from tailor_svc.profiles import load_profiles
from tailor_svc.proposed import CHANGES
from tailor_svc.shape import Mode, Shape
from tailor_svc.wire import request_body

MODEL = "gpt-4.1-mini"
PROFILE = load_profiles().of(MODEL)


@pytest.mark.parametrize(
    ("mode", "digest"),
    [
        (Mode.SCHEMA, "b937179460db934966bc03efbccb445a9668033de852e16e8db37da24708717d"),
        (Mode.JSON, "ea42b9e1cef7c20cf6ed7e122a2b5f2ce1742234f638da35c5653e470f077de6"),
        (Mode.TEXT, "059138fc5dcf1032214a73fd1c9a3ce76c904fa3abe52fe15e212f67d21f0e7d"),
    ],
)
def test_request_of_a_tailoring_is_pinned(mode: Mode, digest: str) -> None:
    """Other bytes are another question: the provider's prompt cache and ours start anew."""
    shape = replace(Shape.of(PROFILE), mode=mode)
    body = request_body(MODEL, CHANGES, "q", shape, PROFILE.answer)
    assert hashlib.sha256(json.dumps(body).encode()).hexdigest() == digest


def test_digest_of_a_tailoring_is_pinned() -> None:
    """Answers kept by the version before are found again."""
    digest = question_digest("https://a/v1", MODEL, PROFILE, CHANGES, "q")
    assert digest.hex() == "baebdc34e2d110a0015e07de85d2cb51b0efa95e8f896e1e497dfb4b06cf8daf"
