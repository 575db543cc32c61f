"""One process of the service on a test's database, and what a client does with it."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import httpx2
from argon2 import PasswordHasher
from prometheus_client import CollectorRegistry

from auth_svc.bootstrap import AuthService, bootstrap
from auth_svc.settings import AuthSettings
from resume_messaging.core.ports import Outgoing, PublishError
from resume_runtime.ids import uuid7
from resume_runtime.testing import FakeClock

EMAIL = "ada@example.com"
PASSWORD = "correct horse"
ADDRESS = "198.51.100.7"

#: As cheap as argon2 allows.
HASHER = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


class RecordingPublisher:
    """Keeps what is published; refuses while it is `down`."""

    def __init__(self) -> None:
        self.sent: list[Outgoing] = []
        self.down = False

    async def publish(self, batch: Sequence[Outgoing]) -> None:
        if self.down:
            raise PublishError("down")
        self.sent.extend(batch)


class Replica:
    """A client of one process."""

    def __init__(self, service: AuthService, registry: CollectorRegistry) -> None:
        self.service = service
        self.registry = registry
        self.publisher = RecordingPublisher()
        self.client = httpx2.AsyncClient(
            transport=httpx2.ASGITransport(app=service.app), base_url="http://auth"
        )

    async def sign_up(
        self, email: str = EMAIL, password: str = PASSWORD, *, address: str = ADDRESS
    ) -> httpx2.Response:
        return await self.client.post(
            "/auth/v1/signup",
            json={"email": email, "password": password, "data": {"ignored": True}},
            headers={"X-Forwarded-For": address},
        )

    async def sign_in(
        self, email: str = EMAIL, password: str = PASSWORD, *, address: str = ADDRESS
    ) -> httpx2.Response:
        return await self.client.post(
            "/auth/v1/token",
            params={"grant_type": "password"},
            json={"email": email, "password": password},
            headers={"X-Forwarded-For": address},
        )

    async def refresh(self, token: str) -> httpx2.Response:
        return await self.client.post(
            "/auth/v1/token", params={"grant_type": "refresh_token"}, json={"refresh_token": token}
        )

    async def user(self, access_token: str) -> httpx2.Response:
        return await self.client.get("/auth/v1/user", headers=bearer(access_token))

    async def account(self, access_token: str) -> httpx2.Response:
        return await self.client.get("/private/account", headers=bearer(access_token))

    async def sign_out(self, access_token: str, **scope: str) -> httpx2.Response:
        return await self.client.post("/auth/v1/logout", headers=bearer(access_token), params=scope)

    def failures(self, reason: str) -> float:
        return self.registry.get_sample_value("auth_failures_total", {"reason": reason}) or 0.0


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def no_broker() -> AbstractAsyncContextManager[RecordingPublisher]:
    raise ConnectionRefusedError


@asynccontextmanager
async def started(settings: AuthSettings, clock: FakeClock) -> AsyncIterator[Replica]:
    """Start a process; its announcer is not running."""
    registry = CollectorRegistry()
    async with bootstrap(
        settings,
        connect=no_broker,
        hasher=HASHER,
        clock=clock,
        sleep=asyncio.sleep,
        new_id=uuid7,
        registry=registry,
    ) as service:
        replica = Replica(service, registry)
        async with replica.client:
            yield replica
