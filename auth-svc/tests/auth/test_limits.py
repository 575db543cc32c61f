"""How often somebody may try, for all replicas together."""

import asyncio

import pytest

from auth_svc.limits import block_of
from auth_svc.settings import AuthSettings
from resume_runtime.testing import FakeClock

from .replica import PASSWORD, Replica, started


@pytest.mark.parametrize(
    ("address", "block"),
    [
        ("198.51.100.7", "198.51.100.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("::ffff:198.51.100.7", "198.51.100.7"),
        ("spoofed, or nothing", "unknown"),
    ],
)
def test_block_is_what_one_customer_has(address: str, block: str) -> None:
    assert block_of(address) == block


@pytest.mark.connected
async def test_log_in_is_refused_after_too_many_failures_until_the_window_ends(
    replica: Replica, clock: FakeClock, settings: AuthSettings
) -> None:
    await replica.sign_up()
    for _ in range(settings.login_attempts):
        assert (await replica.sign_in(password="wrong one")).status_code == 400
    clock.advance(100)
    refused = await replica.sign_in()
    assert refused.status_code == 429
    assert refused.json()["error_code"] == "over_request_rate_limit"
    assert refused.headers["retry-after"] == str(settings.login_window_s - 100)
    assert replica.failures("rate_limited") == 1

    elsewhere = await replica.sign_in(address="203.0.113.9")
    assert elsewhere.status_code == 200

    clock.advance(settings.login_window_s - 100)
    assert (await replica.sign_in()).status_code == 200


@pytest.mark.connected
async def test_log_in_gives_its_attempt_back_when_it_was_a_good_one(
    replica: Replica, settings: AuthSettings
) -> None:
    await replica.sign_up()
    answers = [await replica.sign_in() for _ in range(settings.address_attempts + 3)]
    assert {answer.status_code for answer in answers} == {200}


@pytest.mark.connected
async def test_log_ins_at_the_same_moment_do_not_slip_through_together(
    settings: AuthSettings, clock: FakeClock
) -> None:
    async with started(settings, clock) as one, started(settings, clock) as two:
        await one.sign_up()
        answers = await asyncio.gather(
            *(replica.sign_in(password="wrong one") for replica in (one, two) for _ in range(5))
        )
    statuses = sorted(answer.status_code for answer in answers)
    assert statuses == [400] * settings.login_attempts + [429] * (10 - settings.login_attempts)


@pytest.mark.connected
async def test_address_is_refused_after_too_many_failures_of_any_account(
    replica: Replica, settings: AuthSettings
) -> None:
    for number in range(settings.address_attempts):
        answer = await replica.sign_in(f"user{number}@example.com")
        assert answer.status_code == 400
    assert (await replica.sign_in("another@example.com")).status_code == 429
    assert (await replica.sign_up("another@example.com")).status_code == 429
    assert (await replica.sign_up("x@example.com", address="203.0.113.9")).status_code == 200


@pytest.mark.connected
async def test_address_is_the_one_that_the_edge_saw_not_the_one_that_a_client_claims(
    replica: Replica, settings: AuthSettings
) -> None:
    async def attempt(number: int) -> int:
        answer = await replica.client.post(
            "/auth/v1/token",
            params={"grant_type": "password"},
            json={"email": f"user{number}@example.com", "password": PASSWORD},
            headers=[("X-Forwarded-For", f"10.0.0.{number}"), ("X-Forwarded-For", "198.51.100.7")],
        )
        return answer.status_code

    statuses = [await attempt(number) for number in range(settings.address_attempts + 1)]
    assert statuses[-1] == 429
