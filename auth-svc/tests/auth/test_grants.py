"""Sign-up, the grants and what their tokens say."""

import asyncio
from typing import Any
from uuid import UUID

import jwt
import pytest

from auth_svc.settings import AuthSettings
from resume_runtime.testing import FakeClock

from .replica import EMAIL, PASSWORD, Replica, started

pytestmark = pytest.mark.connected


async def claims_of(replica: Replica, token: str) -> dict[str, Any]:
    """Verified as an edge does it: by the published keys alone."""
    jwks = (await replica.client.get("/auth/v1/.well-known/jwks.json")).json()
    kid = jwt.get_unverified_header(token)["kid"]
    key = next(key for key in jwks["keys"] if key["kid"] == kid)
    claims: dict[str, Any] = jwt.decode(
        token,
        jwt.PyJWK(key).key,
        algorithms=["ES256"],
        audience="authenticated",
        issuer="http://edge.example/auth/v1",
        options={"verify_exp": False, "verify_iat": False},
    )
    return claims


async def test_sign_up_answers_a_session_that_the_published_keys_verify(
    replica: Replica, clock: FakeClock
) -> None:
    answer = await replica.sign_up("  Ada@Example.com ")
    body = answer.json()
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    assert body["token_type"] == "bearer"
    assert body["user"]["email"] == EMAIL
    assert body["user"]["identities"][0]["provider"] == "email"
    assert "password" not in answer.text

    claims = await claims_of(replica, body["access_token"])
    now = int(clock.now().timestamp())
    assert UUID(claims.pop("session_id")).version == 7
    assert claims.pop("amr") == [{"method": "password", "timestamp": now}]
    assert claims == {
        "iss": "http://edge.example/auth/v1",
        "sub": body["user"]["id"],
        "aud": "authenticated",
        "exp": now + 3600,
        "iat": now,
        "email": EMAIL,
        "phone": "",
        "role": "authenticated",
        "aal": "aal1",
        "is_anonymous": False,
        "app_metadata": {"provider": "email", "providers": ["email"]},
        "user_metadata": {},
    }
    assert body["expires_in"] == 3600
    assert body["expires_at"] == now + 3600


async def test_jwks_holds_no_private_part(replica: Replica) -> None:
    answer = await replica.client.get("/auth/v1/.well-known/jwks.json")
    (key,) = answer.json()["keys"]
    assert set(key) == {"kty", "crv", "x", "y", "alg", "use", "key_ops", "ext", "kid"}
    assert (key["kty"], key["crv"], key["alg"]) == ("EC", "P-256", "ES256")
    assert answer.headers["cache-control"] == "public, max-age=600"


async def test_sign_up_refuses_a_taken_email(replica: Replica) -> None:
    assert (await replica.sign_up()).status_code == 200
    answer = await replica.sign_up("ADA@example.com", "another password")
    assert answer.status_code == 422
    assert answer.json() == {
        "code": 422,
        "error_code": "user_already_exists",
        "msg": "User already registered",
    }


async def test_sign_up_at_the_same_moment_makes_one_account(replica: Replica) -> None:
    answers = await asyncio.gather(*(replica.sign_up() for _ in range(4)))
    assert sorted(answer.status_code for answer in answers) == [200, 422, 422, 422]


@pytest.mark.parametrize(
    ("email", "password", "status", "code"),
    [
        ("ada", PASSWORD, 400, "validation_failed"),
        ("ada@example", PASSWORD, 400, "validation_failed"),
        ("a\x00da@example.com", PASSWORD, 400, "validation_failed"),
        ("a b@example.com", PASSWORD, 400, "validation_failed"),
        (EMAIL, "short", 422, "weak_password"),
        (EMAIL, "é" * 37, 400, "validation_failed"),
        (EMAIL, "x" * 2000, 400, "validation_failed"),
    ],
)
async def test_sign_up_refuses_what_cannot_be_stored(
    replica: Replica, email: str, password: str, status: int, code: str
) -> None:
    answer = await replica.sign_up(email, password)
    assert (answer.status_code, answer.json()["error_code"]) == (status, code)
    assert password not in answer.text


async def test_password_grant_notes_the_sign_in(replica: Replica, clock: FakeClock) -> None:
    signed_up = (await replica.sign_up()).json()
    clock.advance(60)
    answer = await replica.sign_in()
    assert answer.status_code == 200
    assert answer.json()["user"]["last_sign_in_at"] == "2026-01-01T00:01:00Z"
    first = await claims_of(replica, signed_up["access_token"])
    second = await claims_of(replica, answer.json()["access_token"])
    assert first["session_id"] != second["session_id"]
    assert first["sub"] == second["sub"]


async def test_password_grant_says_the_same_of_a_wrong_password_and_an_unknown_email(
    replica: Replica,
) -> None:
    await replica.sign_up()
    wrong = await replica.sign_in(password="wrong password")
    unknown = await replica.sign_in("nobody@example.com")
    assert wrong.status_code == unknown.status_code == 400
    assert (
        wrong.json()
        == unknown.json()
        == {
            "code": 400,
            "error_code": "invalid_credentials",
            "msg": "Invalid login credentials",
        }
    )
    assert replica.failures("invalid_credentials") == 2


async def test_token_endpoint_refuses_other_grants_and_missing_fields(replica: Replica) -> None:
    async def code_of(grant: str, body: dict[str, str]) -> tuple[int, str]:
        answer = await replica.client.post(
            "/auth/v1/token", params={"grant_type": grant}, json=body
        )
        return answer.status_code, answer.json()["error_code"]

    assert await code_of("pkce", {}) == (400, "invalid_credentials")
    assert await code_of("password", {"email": EMAIL}) == (400, "validation_failed")
    assert await code_of("refresh_token", {}) == (400, "validation_failed")


async def test_user_needs_a_token_of_ours_that_is_not_too_old(
    replica: Replica, clock: FakeClock
) -> None:
    token = (await replica.sign_up()).json()["access_token"]
    assert (await replica.user(token)).json()["email"] == EMAIL

    missing = await replica.client.get("/auth/v1/user")
    assert (missing.status_code, missing.json()["error_code"]) == (401, "no_authorization")

    head, payload, signature = token.split(".")
    forged = await replica.user(f"{head}.{payload}.{signature[::-1]}")
    assert (forged.status_code, forged.json()["error_code"]) == (403, "bad_jwt")
    unsigned = jwt.encode({"sub": "x"}, "", algorithm="none")
    assert (await replica.user(unsigned)).json()["error_code"] == "bad_jwt"

    clock.advance(3600)
    assert (await replica.user(token)).json()["error_code"] == "bad_jwt"
    assert replica.failures("bad_jwt") == 3


async def test_replicas_share_accounts_and_the_one_signing_key(
    settings: AuthSettings, clock: FakeClock
) -> None:
    async with started(settings, clock) as one, started(settings, clock) as two:
        token = (await one.sign_up()).json()["access_token"]
        assert (await two.user(token)).status_code == 200
        assert (await two.sign_in()).status_code == 200


async def test_answers_carry_the_correlation_id_and_are_counted_by_route(replica: Replica) -> None:
    answer = await replica.client.post(
        "/auth/v1/signup", content=b"{", headers={"X-Correlation-Id": "from-the-edge"}
    )
    assert answer.headers["x-correlation-id"] == "from-the-edge"
    labels = {"method": "POST", "route": "/auth/v1/signup", "status": str(answer.status_code)}
    assert replica.registry.get_sample_value("http_requests_total", labels) == 1
