"""A client of the edge: signs up, stores a resume, orders."""

import asyncio
import json
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx2

SAMPLES = Path(__file__).parents[2] / "deploy" / "samples"
TIMEOUT_S, RETRY_S = 60.0, 0.5

Json = dict[str, Any]


def sample_order() -> Json:
    """The sample resume."""
    document: Json = json.loads((SAMPLES / "resume.json").read_text())
    return document


def sample_posting() -> str:
    """The sample posting's text."""
    return (SAMPLES / "posting.txt").read_text()


async def _patiently(send: Callable[[], Awaitable[httpx2.Response]]) -> httpx2.Response:
    """Set-up that is not measured: a 503 of a busy machine is tried again, as a client does it."""
    async with asyncio.timeout(TIMEOUT_S):
        while (answer := await send()).status_code == 503:
            await asyncio.sleep(RETRY_S)
    return answer.raise_for_status()


class Orders:
    """The bodies of orders, no two alike: what was answered before may come from a cache.

    They differ in the posting's title, its first line, because the model is told that; of the
    rest it is told only the requirements.
    """

    def __init__(self, resume_id: str, posting: str, mark: str) -> None:
        self._resume_id = resume_id
        self._posting = posting
        self._mark = mark
        self._count = 0

    def next(self) -> Json:
        """One more."""
        self._count += 1
        title, rest = self._posting.split("\n", maxsplit=1)
        text = f"{title} ({self._mark}-{self._count})\n{rest}"
        return {"baseResumeId": self._resume_id, "jobText": text}


class EdgeClient:
    """One signed-up user."""

    def __init__(self, http: httpx2.AsyncClient, token: str) -> None:
        self._http = http
        self.token = token
        self._orders = Orders("", "", "")

    @classmethod
    @asynccontextmanager
    async def signed_up(cls, base_url: str) -> AsyncIterator["EdgeClient"]:
        """A new user's client."""
        limits = httpx2.Limits(max_connections=64, max_keepalive_connections=64)
        async with httpx2.AsyncClient(
            base_url=base_url, timeout=TIMEOUT_S, limits=limits, trust_env=False
        ) as http:
            person = {
                "email": f"{secrets.token_hex(8)}@example.com",
                "password": secrets.token_hex(16),
            }
            answer = await _patiently(lambda: http.post("/auth/v1/signup", json=person))
            token = str(answer.json()["access_token"])
            http.headers["Authorization"] = f"Bearer {token}"
            yield cls(http, token)

    async def add_resume(self, document: Json) -> None:
        """Store the resume that orders are for."""
        answer = await self._http.post("/api/resumes/", json=document)
        resume_id = str(answer.raise_for_status().json()["id"])
        self._orders = Orders(resume_id, sample_posting(), secrets.token_hex(4))

    def body(self) -> Json:
        """The body of one more order."""
        return self._orders.next()

    async def order(self) -> str:
        """Order a tailored resume; the job's id."""
        answer = await self._http.post("/api/tailor/tailor-async", json=self.body())
        return str(answer.raise_for_status().json()["jobId"])
