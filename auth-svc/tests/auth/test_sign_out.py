"""Signing out ends sessions, and the edges are told."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID

import jwt
import pytest

from auth_svc.revocations import RevocationAnnouncer
from resume_contracts.messages import SessionRevoked, notice_adapter
from resume_messaging.core.ports import PublishError
from resume_runtime.testing import FakeClock

from .replica import RecordingPublisher, Replica

pytestmark = pytest.mark.connected


def session_of(access_token: str) -> UUID:
    return UUID(jwt.decode(access_token, options={"verify_signature": False})["session_id"])


def announced(publisher: RecordingPublisher) -> list[UUID]:
    notices = [notice_adapter.validate_json(message.body) for message in publisher.sent]
    return [notice.session_id for notice in notices if isinstance(notice, SessionRevoked)]


@pytest.mark.parametrize(
    ("scope", "alive"),
    [
        ({"scope": "local"}, [False, True]),
        ({"scope": "others"}, [True, False]),
        ({"scope": "global"}, [False, False]),
        ({}, [False, False]),
    ],
)
async def test_sign_out_ends_the_sessions_of_its_scope(
    replica: Replica, scope: dict[str, str], alive: list[bool]
) -> None:
    here = (await replica.sign_up()).json()
    there = (await replica.sign_in()).json()
    stranger = (await replica.sign_up("eve@example.com")).json()
    answer = await replica.sign_out(here["access_token"], **scope)
    assert (answer.status_code, answer.content) == (204, b"")

    sessions = (here, there)
    users = [await replica.user(session["access_token"]) for session in sessions]
    assert [answer.is_success for answer in users] == alive
    refreshed = [await replica.refresh(session["refresh_token"]) for session in sessions]
    assert [answer.is_success for answer in refreshed] == alive
    assert (await replica.user(stranger["access_token"])).is_success

    await replica.service.announcer.announce(replica.publisher)
    ended = [
        session_of(session["access_token"])
        for session, lives in zip(sessions, alive, strict=True)
        if not lives
    ]
    assert sorted(announced(replica.publisher)) == sorted(ended)


async def test_sign_out_twice_is_told_once(replica: Replica) -> None:
    token = (await replica.sign_up()).json()["access_token"]
    for _ in range(2):
        assert (await replica.sign_out(token)).status_code == 204
        await replica.service.announcer.announce(replica.publisher)
    assert announced(replica.publisher) == [session_of(token)]


async def test_reused_refresh_token_is_told_too(replica: Replica, clock: FakeClock) -> None:
    session = (await replica.sign_up()).json()
    await replica.refresh(session["refresh_token"])
    clock.advance(60)
    await replica.refresh(session["refresh_token"])
    await replica.service.announcer.announce(replica.publisher)
    assert announced(replica.publisher) == [session_of(session["access_token"])]


async def test_sign_out_while_the_broker_is_away_is_told_when_it_is_back(
    replica: Replica,
) -> None:
    token = (await replica.sign_up()).json()["access_token"]
    replica.publisher.down = True
    assert (await replica.sign_out(token)).status_code == 204
    with pytest.raises(PublishError):
        await replica.service.announcer.announce(replica.publisher)
    replica.publisher.down = False
    assert await replica.service.announcer.announce(replica.publisher) == 1
    assert announced(replica.publisher) == [session_of(token)]


async def test_announcer_connects_again_after_each_failure(
    replica: Replica, clock: FakeClock
) -> None:
    """The first connection is refused, the second breaks while publishing, the third works."""
    token = (await replica.sign_up()).json()["access_token"]
    await replica.sign_out(token)
    publisher, connects, done = replica.publisher, 0, asyncio.Event()

    @asynccontextmanager
    async def connect() -> AsyncIterator[RecordingPublisher]:
        nonlocal connects
        connects += 1
        if connects == 1:
            raise ConnectionRefusedError
        publisher.down = connects == 2
        yield publisher

    async def sleep(_: float) -> None:
        if publisher.sent:
            done.set()
        await asyncio.sleep(0)

    store = replica.service.announcer._store
    task = asyncio.create_task(RevocationAnnouncer(store, connect, clock, sleep).run())
    await asyncio.wait_for(done.wait(), 10)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert connects == 3
    assert announced(publisher) == [session_of(token)]


async def test_account_is_told_with_its_sessions_and_without_secrets(
    replica: Replica, clock: FakeClock
) -> None:
    first = (await replica.sign_up()).json()
    clock.advance(60)
    second = (await replica.sign_in()).json()
    await replica.sign_up("eve@example.com")
    await replica.sign_out(first["access_token"], scope="local")
    refused = await replica.account(first["access_token"])
    assert (refused.status_code, refused.json()["error_code"]) == (403, "session_not_found")
    answer = await replica.account(second["access_token"])
    assert answer.status_code == 200, answer.text
    assert answer.headers["cache-control"] == "no-store"
    account = answer.json()
    assert account["user"] == (await replica.user(second["access_token"])).json()
    sessions = {session["id"]: session for session in account["sessions"]}
    ended, goes_on = (str(session_of(each["access_token"])) for each in (first, second))
    assert set(sessions) == {ended, goes_on}
    assert sessions[ended]["revoked_at"]
    assert sessions[goes_on]["revoked_at"] is None
    assert "password" not in answer.text
    assert second["refresh_token"] not in answer.text
    assert (await replica.account("nonsense")).status_code == 403
    assert (await replica.client.get("/private/account")).status_code == 401
