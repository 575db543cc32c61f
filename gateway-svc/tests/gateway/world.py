"""An edge in this process, users with tokens, and a projector fed by hand."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime, timedelta
from types import TracebackType
from typing import Any, Self
from uuid import UUID, uuid4

import httpx2
import jwt
from fastapi import FastAPI
from prometheus_client import CollectorRegistry

from gateway_svc.database import Pool
from gateway_svc.edge import Edge
from gateway_svc.projector import Projector
from resume_contracts.messages import Event
from resume_messaging.shells.batch import Raw
from resume_runtime.clock import SystemClock
from resume_runtime.ids import uuid7

SUPABASE = "https://project.supabase.test"
JWT_SECRET = "a-shared-secret-of-thirty-two-bytes!"

RESUME = {
    "basics": {"name": "Ada Example", "email": "ada@example.org"},
    "work": [{"name": "Engines Ltd", "position": "Engineer", "startDate": "2020-01"}],
}


def token_for(user_id: UUID, *, lifetime_s: float = 600, session_id: UUID | None = None) -> str:
    claims = {
        "sub": str(user_id),
        "iss": f"{SUPABASE}/auth/v1",
        "aud": "authenticated",
        "role": "authenticated",
        "exp": datetime.now(UTC) + timedelta(seconds=lifetime_s),
        "session_id": str(session_id or uuid4()),
        "email": "ada@example.org",
    }
    return jwt.encode(claims, JWT_SECRET, algorithm="HS256")


async def until(condition: Callable[[], bool | Awaitable[bool]], within_s: float = 10.0) -> None:
    """Wait for a condition; a failure says so by the time limit."""
    async with asyncio.timeout(within_s):
        while True:
            met = condition()
            if isinstance(met, Awaitable):
                met = await met
            if met:
                return
            await asyncio.sleep(0.02)


def raw(event: Event) -> Raw:
    return Raw(event.model_dump_json().encode(), str(event.message_id), None, event.kind, {})


class World:
    """The edge and what a test does to it."""

    def __init__(self, app: FastAPI, pool: Pool, database_url: str = "") -> None:
        self.app = app
        self.database_url = database_url
        self.pool = pool
        self.edge: Edge = app.state.edge
        self.user_id = uuid7()
        self._transport = httpx2.ASGITransport(app=app, raise_app_exceptions=False)
        self.client = self.client_for(self.user_id)
        self.projector = Projector(
            pool, new_id=uuid7, clock=SystemClock(), registry=CollectorRegistry()
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.client.aclose()

    def client_for(self, user_id: UUID, **claims: Any) -> httpx2.AsyncClient:
        headers = {"Authorization": f"Bearer {token_for(user_id, **claims)}"}
        return httpx2.AsyncClient(
            transport=self._transport, base_url="http://edge", headers=headers
        )

    async def resume(self) -> str:
        """A stored resume; its id."""
        answer = await self.client.post("/api/resumes/", json=RESUME)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])

    async def submit(self, **headers: str) -> UUID:
        """An accepted tailor job; its id."""
        answer = await self.order(await self.resume(), **headers)
        assert answer.status_code == 202, answer.text
        return UUID(answer.json()["jobId"])

    async def order(
        self, resume_id: str, *, text: str = "We need an engineer.", **headers: str
    ) -> httpx2.Response:
        return await self.client.post(
            "/api/tailor/tailor-async",
            json={"baseResumeId": resume_id, "jobText": text},
            headers=headers,
        )

    async def project(self, *events: Event) -> None:
        """Have events folded, all in one batch; none may be undecodable."""
        assert not await self.projector.handle([raw(event) for event in events])

    async def status(self, job_id: UUID) -> dict[str, Any]:
        answer = await self.client.get(f"/api/tailor/job/{job_id}")
        assert answer.status_code == 200, answer.text
        body: dict[str, Any] = answer.json()
        return body

    async def watched(self, job_id: UUID, version: int = 1) -> None:
        """Wait until some request waits for the job and has seen this version."""
        watches = self.edge.watcher._watches
        await until(lambda: any(w.version >= version for w in watches.get(job_id, ())))

    async def outbox(self) -> Sequence[str]:
        """The kinds of the messages that wait, oldest first."""
        records = await self.pool.fetch("select kind from gateway.outbox order by id")
        return [record["kind"] for record in records]
