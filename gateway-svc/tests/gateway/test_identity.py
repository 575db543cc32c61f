"""Tokens and keys: what is accepted, what is refused, and how often the keys are fetched."""

import asyncio
import base64
import json
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx2
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from gateway_svc.identity.jwks import COOLDOWN_S, FRESH_S, STALE_S, JwksCache
from gateway_svc.identity.revocations import Revocations
from gateway_svc.identity.tokens import MAX_TOKEN_BYTES, REMEMBER_S, TokenVerifier
from resume_contracts.messages import SessionRevoked, UserErased
from resume_runtime.errors import ProblemError
from resume_runtime.testing import FakeClock

ISSUER = "https://edge.test/auth/v1"
USER = UUID("01900000-0000-7000-8000-0000000000aa")
SESSION = UUID("01900000-0000-7000-8000-0000000000bb")
SECRET = "a-shared-secret-of-thirty-two-bytes!"


class KeyServer:
    """Publishes keys, counts how often it is asked, and breaks when told to."""

    def __init__(self) -> None:
        self.keys: dict[str, Any] = {}
        self.asked = 0
        self.status = 200

    def rotate(self, kid: str, *, rsa_key: bool = False) -> None:
        self.keys[kid] = (
            rsa.generate_private_key(65537, 2048)
            if rsa_key
            else ec.generate_private_key(ec.SECP256R1())
        )

    async def answer(self, _: httpx2.Request) -> httpx2.Response:
        self.asked += 1
        await asyncio.sleep(0)
        if self.status != 200:
            return httpx2.Response(self.status)
        return httpx2.Response(200, json={"keys": [self._jwk(kid) for kid in self.keys]})

    def _jwk(self, kid: str) -> dict[str, Any]:
        public = self.keys[kid].public_key()
        if isinstance(public, rsa.RSAPublicKey):
            return {**jwt.algorithms.RSAAlgorithm.to_jwk(public, as_dict=True), "kid": kid}
        return {**jwt.algorithms.ECAlgorithm.to_jwk(public, as_dict=True), "kid": kid}


class Door:
    """A verifier with its keys, its clock and its revocations."""

    def __init__(self, *, secret: str | None = None) -> None:
        self.clock = FakeClock()
        self.server = KeyServer()
        self.server.rotate("one")
        self.client = httpx2.AsyncClient(transport=httpx2.MockTransport(self.server.answer))
        self.jwks = JwksCache(self.client, "https://edge.test/jwks", clock=self.clock)
        self.revocations = Revocations(self.clock)
        self.verifier = TokenVerifier(
            self.jwks,
            issuer=ISSUER,
            hs256_secret=secret,
            revocations=self.revocations,
            clock=self.clock,
        )

    def claims(self, **changes: Any) -> dict[str, Any]:
        # PyJWT reads the machine's clock, so the tokens' times are far from any edge.
        return {
            "sub": str(USER),
            "iss": ISSUER,
            "aud": "authenticated",
            "role": "authenticated",
            "exp": 4_000_000_000,
            "session_id": str(SESSION),
            "email": "ada@example.org",
            **changes,
        }

    def token(self, kid: str = "one", *, algorithm: str = "ES256", **changes: Any) -> str:
        claims = {k: v for k, v in self.claims(**changes).items() if v is not None}
        return jwt.encode(claims, self.server.keys[kid], algorithm, headers={"kid": kid})

    async def refusal(self, token: str) -> tuple[int, str]:
        with pytest.raises(ProblemError) as refused:
            await self.verifier.verify(token)
        return refused.value.status, refused.value.code


@pytest.fixture
def door() -> Door:
    return Door()


async def test_token_of_ours_is_accepted(door: Door) -> None:
    principal = await door.verifier.verify(door.token())
    assert (principal.user_id, principal.session_id) == (USER, SESSION)
    assert principal.email == "ada@example.org"


async def test_token_signed_with_rsa_and_audience_as_a_list_are_accepted(door: Door) -> None:
    door.server.rotate("two", rsa_key=True)
    token = door.token("two", algorithm="RS256", aud=["authenticated", "other"])
    assert (await door.verifier.verify(token)).user_id == USER


@pytest.mark.parametrize(
    "changes",
    [
        {"iss": "https://elsewhere.test/auth/v1"},
        {"aud": "anon"},
        {"role": "service_role"},
        {"role": None},
        {"is_anonymous": True},
        {"exp": 1_000_000_000},
        {"exp": None},
        {"sub": None},
        {"sub": "not-a-uuid"},
        {"session_id": 7},
        {"nbf": 4_000_000_000},
    ],
)
async def test_token_with_wrong_claims_is_refused(door: Door, changes: dict[str, Any]) -> None:
    assert await door.refusal(door.token(**changes)) == (401, "token_invalid")


async def test_token_of_another_algorithm_is_refused(door: Door) -> None:
    """Neither `none`, nor a public key taken for a shared secret, nor RS256 under an EC key."""
    public = (
        door.server.keys["one"]
        .public_key()
        .public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    )
    headers = {"kid": "one"}
    confused = _hs256_with(public, door.claims(), headers)
    unsigned = jwt.encode(door.claims(), "", "none", headers=headers)
    foreign = jwt.encode(
        door.claims(), rsa.generate_private_key(65537, 2048), "RS256", headers=headers
    )
    for token in (confused, unsigned, foreign, "nonsense", "a.b.c"):
        assert await door.refusal(token) == (401, "token_invalid")


def _hs256_with(key: bytes, claims: dict[str, Any], headers: dict[str, str]) -> str:
    import hashlib
    import hmac

    def part(content: bytes) -> str:
        return base64.urlsafe_b64encode(content).decode().rstrip("=")

    head = part(json.dumps({"alg": "HS256", "typ": "JWT", **headers}).encode())
    body = part(json.dumps(claims).encode())
    seal = hmac.new(key, f"{head}.{body}".encode(), hashlib.sha256).digest()
    return f"{head}.{body}.{part(seal)}"


async def test_token_signed_with_the_shared_secret_needs_one_configured(door: Door) -> None:
    claims = door.claims()
    token = jwt.encode(claims, SECRET, "HS256")
    assert await door.refusal(token) == (401, "token_invalid")
    assert (await Door(secret=SECRET).verifier.verify(token)).user_id == USER
    assert door.server.asked == 0


async def test_token_larger_than_the_cap_is_refused_unread(door: Door) -> None:
    assert await door.refusal("x" * (MAX_TOKEN_BYTES + 1)) == (401, "token_invalid")
    assert door.server.asked == 0


async def test_verified_token_is_remembered_for_a_minute(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    decoded = 0
    really = jwt.decode

    def counting(*arguments: Any, **options: Any) -> Any:
        nonlocal decoded
        decoded += 1
        return really(*arguments, **options)

    monkeypatch.setattr(jwt, "decode", counting)
    token = door.token()
    for _ in range(5):
        await door.verifier.verify(token)
    assert decoded == 1
    door.clock.advance(REMEMBER_S + 1)
    await door.verifier.verify(token)
    assert decoded == 2


async def test_session_that_was_revoked_is_refused_at_once(door: Door) -> None:
    token = door.token()
    await door.verifier.verify(token)
    await door.revocations.tell(
        SessionRevoked(session_id=SESSION, user_id=USER, occurred_at=door.clock.now())
    )
    assert await door.refusal(token) == (401, "token_invalid")
    other = door.token(session_id=str(UUID(int=5)))
    assert (await door.verifier.verify(other)).user_id == USER


async def test_user_who_was_erased_is_refused_in_every_session(door: Door) -> None:
    await door.revocations.tell(UserErased(user_id=USER, occurred_at=door.clock.now()))
    assert (await door.refusal(door.token(session_id=None)))[0] == 401


async def test_revocation_ends_after_every_token_of_it_has(door: Door) -> None:
    door.revocations.add(SESSION, door.clock.now() + timedelta(hours=2))
    assert door.revocations.is_revoked(SESSION, USER)
    door.clock.advance(7201)
    assert not door.revocations.is_revoked(SESSION, USER)


async def test_keys_are_fetched_once_for_many_at_once(door: Door) -> None:
    tokens = [door.token(session_id=str(UUID(int=n))) for n in range(20)]
    await asyncio.gather(*(door.verifier.verify(token) for token in tokens))
    assert door.server.asked == 1


async def test_key_that_is_new_is_fetched_once_with_a_cooldown(door: Door) -> None:
    """A flood of invented key ids is one fetch in 30 s; a rotated key is found after that."""
    await door.verifier.verify(door.token())
    door.clock.advance(COOLDOWN_S + 1)
    for n in range(10):
        assert await door.jwks.find(f"invented-{n}") is None
    assert door.server.asked == 2
    door.server.rotate("two")
    door.clock.advance(COOLDOWN_S + 1)
    assert (await door.verifier.verify(door.token("two"))).user_id == USER
    assert door.server.asked == 3


async def test_key_that_was_taken_back_is_refused_within_ten_minutes(door: Door) -> None:
    token = door.token()
    await door.verifier.verify(token)
    del door.server.keys["one"]
    door.server.rotate("two")
    door.clock.advance(FRESH_S + 1)
    assert await door.refusal(token) == (401, "token_invalid")


async def test_keys_out_of_reach_are_good_for_an_hour_then_503(door: Door) -> None:
    await door.verifier.verify(door.token())
    door.server.status = 500
    door.clock.advance(STALE_S - 10)
    assert (await door.verifier.verify(door.token())).user_id == USER
    door.clock.advance(20)
    assert await door.refusal(door.token()) == (503, "identity_unavailable")
    door.server.status = 200
    door.clock.advance(2)
    assert (await door.verifier.verify(door.token())).user_id == USER


async def test_keys_never_fetched_are_503_and_asked_for_once_a_second(door: Door) -> None:
    door.server.status = 503
    for _ in range(5):
        assert await door.refusal(door.token()) == (503, "identity_unavailable")
    assert door.server.asked == 1
    door.clock.advance(1.1)
    await door.refusal(door.token())
    assert door.server.asked == 2


async def test_key_set_that_is_none_is_as_good_as_unreachable(door: Door) -> None:
    async def nonsense(_: httpx2.Request) -> httpx2.Response:
        return httpx2.Response(200, json={"keys": "none"})

    client = httpx2.AsyncClient(transport=httpx2.MockTransport(nonsense))
    door.verifier._jwks = JwksCache(client, "https://edge.test/jwks", clock=door.clock)
    assert (await door.refusal(door.token()))[0] == 503
