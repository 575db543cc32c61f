"""The least that FastAPI can do: one route behind the same tokens, and no input or output.

`python -m tests.bench.peers.bare_api PORT`: ES256 tokens checked against the JWKS of JWKS_URL and
remembered for a minute; the answer is a status like ours, made in memory.
"""

import asyncio
import hashlib
import os
import sys
import time
from collections import OrderedDict
from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

import httpx2
import jwt
import uvicorn
from fastapi import Depends, FastAPI, HTTPException
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from gateway_svc.jobs.model import Status
from gateway_svc.jobs.schemas import JobStatus, Links
from resume_contracts.workflows import Workflow

REMEMBER_S, REMEMBERED = 60.0, 10_000
ROUTE = "/job"
Bearer = Annotated[HTTPAuthorizationCredentials, Depends(HTTPBearer())]


class Tokens:
    """Checks tokens, and remembers that it did."""

    def __init__(self, keys: dict[str, jwt.PyJWK], issuer: str) -> None:
        self._keys = keys
        self._issuer = issuer
        self._known: OrderedDict[bytes, tuple[float, UUID]] = OrderedDict()

    def verify(self, token: str) -> UUID:
        """Whose token it is."""
        digest = hashlib.sha256(token.encode()).digest()
        until, user = self._known.get(digest, (0.0, None))
        if user is not None and time.monotonic() < until:
            return user
        user = self._check(token)
        self._known[digest] = (time.monotonic() + REMEMBER_S, user)
        while len(self._known) > REMEMBERED:
            self._known.popitem(last=False)
        return user

    def _check(self, token: str) -> UUID:
        try:
            key = self._keys[jwt.get_unverified_header(token)["kid"]]
            claims = jwt.decode(
                token, key.key, ["ES256"], audience="authenticated", issuer=self._issuer
            )
        except (jwt.PyJWTError, KeyError):
            raise HTTPException(401) from None
        return UUID(claims["sub"])


def create_app(tokens: Tokens) -> FastAPI:
    """The one route."""
    app = FastAPI()

    async def user(credentials: Bearer) -> UUID:
        return tokens.verify(credentials.credentials)

    @app.get(ROUTE + "/{job_id}", response_model_exclude_none=True)
    async def status(job_id: UUID, user: Annotated[UUID, Depends(user)]) -> JobStatus:
        now = datetime.now(UTC)
        path = f"/api/tailor/job/{job_id}"
        return JobStatus(
            job_id=job_id,
            job_type=Workflow.TAILOR_RESUME,
            status=Status.PENDING,
            progress=0,
            message=str(user),
            run=1,
            version=1,
            notes=[],
            created_at=now,
            updated_at=now,
            deadline_at=now,
            links=Links(self=path, events=f"{path}/events", cancel=f"{path}/cancel"),
        )

    return app


async def serve(port: int) -> None:
    """Serve until SIGTERM, with the server that ours runs on."""
    async with httpx2.AsyncClient(trust_env=False) as client:
        answer = await client.get(os.environ["JWKS_URL"])
    keys = {each["kid"]: jwt.PyJWK(each) for each in answer.raise_for_status().json()["keys"]}
    app = create_app(Tokens(keys, os.environ["ISSUER"]))
    await uvicorn.Server(
        uvicorn.Config(app, port=port, log_level="warning", access_log=False, ws="none")
    ).serve()


if __name__ == "__main__":
    import uvloop

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(serve(int(sys.argv[1])))
