"""Keys are sealed, tokens are verified by key and never by their own header."""

import base64
import hmac
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
import pytest
from cryptography.fernet import InvalidToken
from cryptography.hazmat.primitives import serialization

from auth_svc.keys import KeyRing, KeySealer, SealedKey, derive_key
from auth_svc.tokens import RefreshTokens, refresh_hash

SEALER = KeySealer("s" * 40)
NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


def ring(*keys: SealedKey) -> KeyRing:
    return KeyRing([SEALER.unseal(key) for key in keys])


def claims(**others: Any) -> dict[str, Any]:
    return {
        "iss": "http://edge/auth/v1",
        "aud": "authenticated",
        "sub": "u",
        "session_id": "s",
        "exp": int(NOW.timestamp()) + 60,
    } | others


def verify(keys: KeyRing, token: str, *, now: datetime = NOW) -> dict[str, Any]:
    return keys.verify(token, issuer="http://edge/auth/v1", audience="authenticated", now=now)


def test_key_is_opened_only_by_the_secret_that_sealed_it() -> None:
    sealed = SEALER.generate()
    opened = SEALER.unseal(sealed).private_key
    raw = opened.private_bytes(
        serialization.Encoding.DER,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    assert raw not in sealed.sealed
    with pytest.raises(InvalidToken):
        KeySealer("t" * 40).unseal(sealed)


def test_purposes_do_not_share_a_key() -> None:
    assert derive_key("s" * 40, "signing-keys") != derive_key("s" * 40, "refresh-tokens")


def test_newest_key_signs_and_older_ones_still_verify() -> None:
    old, new = SEALER.generate(), SEALER.generate()
    before, after = ring(old), ring(new, old)
    assert verify(after, before.sign(claims()))["sub"] == "u"
    assert jwt.get_unverified_header(after.sign(claims()))["kid"] == new.kid
    assert [key["kid"] for key in after.jwks()["keys"]] == [new.kid, old.kid]


def test_token_is_good_until_the_second_it_expires() -> None:
    keys = ring(SEALER.generate())
    token = keys.sign(claims())
    assert verify(keys, token, now=NOW + timedelta(seconds=59))["sub"] == "u"
    with pytest.raises(jwt.ExpiredSignatureError):
        verify(keys, token, now=NOW + timedelta(seconds=60))


@pytest.mark.parametrize(
    "wrong",
    [
        {"iss": "http://elsewhere/auth/v1"},
        {"aud": "anon"},
        {"session_id": None},
        {"exp": None},
        {"sub": None},
    ],
)
def test_token_with_a_wrong_or_missing_claim_is_refused(wrong: dict[str, Any]) -> None:
    keys = ring(SEALER.generate())
    changed = {name: value for name, value in claims(**wrong).items() if value is not None}
    with pytest.raises(jwt.PyJWTError):
        verify(keys, keys.sign(changed))


def signed_with_the_public_key(sealed: SealedKey) -> str:
    """An HS256 token whose secret is what everybody knows; the library refuses to make one."""
    public_pem = (
        SEALER.unseal(sealed)
        .private_key.public_key()
        .public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    )
    header = {"alg": "HS256", "typ": "JWT", "kid": sealed.kid}
    parts = [
        base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=")
        for part in (header, claims())
    ]
    signature = hmac.digest(public_pem, b".".join(parts), "sha256")
    return b".".join([*parts, base64.urlsafe_b64encode(signature).rstrip(b"=")]).decode()


def test_token_of_another_key_or_algorithm_is_refused() -> None:
    sealed = SEALER.generate()
    keys = ring(sealed)
    forged = [
        ring(SEALER.generate()).sign(claims()),
        signed_with_the_public_key(sealed),
        jwt.encode(claims(), "", algorithm="none", headers={"kid": sealed.kid}),
        "no.jwt.atall",
        "",
    ]
    for token in forged:
        with pytest.raises(jwt.PyJWTError):
            verify(keys, token)


def test_refresh_token_has_one_successor_that_only_the_secret_tells() -> None:
    tokens = RefreshTokens("s" * 40)
    first = tokens.first()
    assert tokens.first() != first
    assert len(first) == len(tokens.successor(first)) == 43
    assert tokens.successor(first) == tokens.successor(first) != first
    assert RefreshTokens("t" * 40).successor(first) != tokens.successor(first)
    assert len(refresh_hash(first)) == 32
