"""What the supervisor keeps running: a server or one of our processes, seen alike."""

import asyncio
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Protocol

import httpx2

from resume_launcher.errors import StartError
from resume_launcher.servers.account import Account
from resume_launcher.servers.child import Child

READY_TIMEOUT_S = 60.0
MIGRATION_TIMEOUT_S = 60.0
POLL_S = 0.1
PROBE_TIMEOUT_S = 5.0


class Managed(Protocol):
    """Something that is started, waited for, and stopped."""

    @property
    def pid(self) -> int | None:
        """Its process, when it was started."""

    async def spawn(self) -> None:
        """Start it."""

    async def wait_ready(self) -> None:
        """Wait until it is of use; StartError when it will not be."""

    async def wait_exit(self) -> int:
        """Wait until it has ended; its exit code."""

    async def stop(self) -> None:
        """End it cleanly."""


async def is_ready(client: httpx2.AsyncClient, url: str) -> bool:
    """Whether a health address answers 200."""
    try:
        answer = await client.get(url, timeout=PROBE_TIMEOUT_S)
    except httpx2.HTTPError:
        return False
    return answer.status_code == 200


class ServiceProcess:
    """One of our processes, ready when its health address says so."""

    def __init__(
        self,
        name: str,
        argv: Sequence[str],
        *,
        env: Mapping[str, str],
        log: Path,
        health_url: str,
        grace_s: float,
        client: httpx2.AsyncClient,
    ) -> None:
        self.name = name
        self.health_url = health_url
        self._argv = argv
        self._env = env
        self._log = log
        self._grace_s = grace_s
        self._client = client
        self._child: Child | None = None

    @property
    def pid(self) -> int | None:
        """Its process, when it was started."""
        return self._child.pid if self._child else None

    async def spawn(self) -> None:
        """Start it."""
        self._child = await Child.spawn(
            self.name, Account(None).command(*self._argv), env=self._env, log=self._log
        )

    async def wait_ready(self) -> None:
        """Poll its health address until that answers 200.

        Raises:
            StartError: it ended, or did not become ready in time.
        """
        deadline = time.monotonic() + READY_TIMEOUT_S
        while not await is_ready(self._client, self.health_url):
            if self._child is None or self._child.exit_code is not None:
                code = self._child.exit_code if self._child else None
                raise StartError(self.name, f"ended while it was starting (exit code {code})")
            if time.monotonic() > deadline:
                raise StartError(self.name, f"was not ready after {READY_TIMEOUT_S:.0f} s")
            await asyncio.sleep(POLL_S)

    async def wait_exit(self) -> int:
        """Wait until it has ended; its exit code."""
        if self._child is None:
            raise StartError(self.name, "was not started")
        return await self._child.wait()

    async def stop(self) -> None:
        """Let it finish what it has begun, within its grace."""
        if self._child is not None:
            await self._child.stop(grace_s=self._grace_s)


async def run_once(name: str, argv: Sequence[str], *, env: Mapping[str, str], log: Path) -> None:
    """Run a command to its end, for example a migration.

    Raises:
        StartError: it failed, or took too long.
    """
    child = await Child.spawn(name, Account(None).command(*argv), env=env, log=log)
    try:
        async with asyncio.timeout(MIGRATION_TIMEOUT_S):
            code = await child.wait()
    except TimeoutError:
        raise StartError(name, f"took longer than {MIGRATION_TIMEOUT_S:.0f} s") from None
    finally:
        if child.exit_code is None:
            await child.kill()
    if code != 0:
        raise StartError(name, f"failed with exit code {code}")
