"""Refresh tokens rotate, and a stolen one ends its session."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from auth_svc.service import REUSE
from auth_svc.settings import AuthSettings
from resume_runtime.engine import sqlalchemy_url
from resume_runtime.testing import FakeClock

from .replica import Replica

pytestmark = pytest.mark.connected

LATER = (REUSE + timedelta(seconds=1)).total_seconds()


async def test_refresh_gives_a_new_pair_of_the_same_session(replica: Replica) -> None:
    first = (await replica.sign_up()).json()
    answer = await replica.refresh(first["refresh_token"])
    second = answer.json()
    assert answer.status_code == 200
    assert second["refresh_token"] != first["refresh_token"]
    assert second["user"]["id"] == first["user"]["id"]
    assert (await replica.refresh(second["refresh_token"])).status_code == 200


async def test_refresh_shortly_after_a_lost_answer_gives_the_same_successor(
    replica: Replica, clock: FakeClock
) -> None:
    token = (await replica.sign_up()).json()["refresh_token"]
    lost = (await replica.refresh(token)).json()["refresh_token"]
    clock.advance(REUSE.total_seconds())
    again = await replica.refresh(token)
    assert again.json()["refresh_token"] == lost
    # The second showing does not begin another grace period.
    clock.advance(1)
    assert (await replica.refresh(token)).json()["error_code"] == "refresh_token_already_used"


async def test_refresh_by_two_tabs_at_once_gives_both_the_same_successor(replica: Replica) -> None:
    token = (await replica.sign_up()).json()["refresh_token"]
    answers = await asyncio.gather(*(replica.refresh(token) for _ in range(5)))
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.json()["refresh_token"] for answer in answers}) == 1


async def test_refresh_with_a_token_used_long_ago_ends_the_session(
    replica: Replica, clock: FakeClock
) -> None:
    stolen = (await replica.sign_up()).json()["refresh_token"]
    current = (await replica.refresh(stolen)).json()
    clock.advance(LATER)
    answer = await replica.refresh(stolen)
    assert (answer.status_code, answer.json()["error_code"]) == (400, "refresh_token_already_used")
    after = await replica.refresh(current["refresh_token"])
    assert (after.status_code, after.json()["error_code"]) == (400, "refresh_token_not_found")
    assert (await replica.user(current["access_token"])).json()["error_code"] == "session_not_found"
    assert replica.failures("refresh_token_already_used") == 1


async def test_refresh_with_a_token_whose_successor_was_used_ends_the_session_at_once(
    replica: Replica,
) -> None:
    stolen = (await replica.sign_up()).json()["refresh_token"]
    second = (await replica.refresh(stolen)).json()["refresh_token"]
    third = (await replica.refresh(second)).json()["refresh_token"]
    assert (await replica.refresh(stolen)).json()["error_code"] == "refresh_token_already_used"
    assert (await replica.refresh(third)).json()["error_code"] == "refresh_token_not_found"


async def test_refresh_refuses_a_session_idle_for_too_long(
    replica: Replica, clock: FakeClock, settings: AuthSettings
) -> None:
    token = (await replica.sign_up()).json()["refresh_token"]
    clock.advance(settings.session_idle_s)
    token = (await replica.refresh(token)).json()["refresh_token"]
    clock.advance(settings.session_idle_s + 1)
    assert (await replica.refresh(token)).json()["error_code"] == "session_expired"


async def test_refresh_refuses_an_invented_token(replica: Replica) -> None:
    answer = await replica.refresh("invented")
    assert (answer.status_code, answer.json()["error_code"]) == (400, "refresh_token_not_found")


async def test_purge_forgets_idle_sessions_with_their_tokens_and_old_attempts(
    replica: Replica, clock: FakeClock, settings: AuthSettings
) -> None:
    await replica.sign_up("old@example.com")
    clock.advance(settings.session_idle_s)
    await replica.sign_up("new@example.com")
    await replica.service.purger.purge()
    assert await _counts(settings) == {"users": 2, "sessions": 1, "refresh_tokens": 1, "login": 1}


async def test_database_holds_neither_a_password_nor_a_usable_token(
    replica: Replica, settings: AuthSettings
) -> None:
    session = (await replica.sign_up()).json()
    engine = create_async_engine(sqlalchemy_url(settings.database_url))
    async with engine.connect() as connection:
        rows = [
            str(tuple(row))
            for table in ("users", "sessions", "refresh_tokens", "signing_keys", "login_attempts")
            for row in await connection.execute(text(f"select * from auth.{table}"))  # noqa: S608  constant names
        ]
    await engine.dispose()
    stored = "\n".join(rows)
    assert session["refresh_token"] not in stored
    assert "correct horse" not in stored
    assert "PRIVATE" not in stored
    assert "argon2id" in stored


async def _counts(settings: AuthSettings) -> dict[str, int]:
    engine = create_async_engine(sqlalchemy_url(settings.database_url))
    query = text(
        "select (select count(*) from auth.users) as users, "
        "(select count(*) from auth.sessions) as sessions, "
        "(select count(*) from auth.refresh_tokens) as refresh_tokens, "
        "(select count(*) from auth.login_attempts) as login"
    )
    async with engine.connect() as connection:
        row = (await connection.execute(query)).one()
    await engine.dispose()
    return dict(row._mapping)
