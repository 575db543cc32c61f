"""Replicas on a real Valkey, and a provider that counts for itself how many call it at once."""

import asyncio
import os
import random
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from typing import Self

from prometheus_client import CollectorRegistry

from resume_outbound.bootstrap import open_outbound
from resume_outbound.call import Outbound
from resume_outbound.policy import Policy
from resume_runtime.clock import SystemClock, system_sleep

POLICY = Policy("p", 5, timeout=20, retries=0, threshold=2, window=60, recovery=2)
CLOCK = SystemClock()


class Provider:
    """Listens on loopback; a call is a connection, and answers when its caller has sent a line."""

    def __init__(self) -> None:
        self.now = self.most = self.calls = 0

    @classmethod
    @asynccontextmanager
    async def listening(cls) -> AsyncIterator[Self]:
        provider = cls()
        server = await asyncio.start_server(provider._serve, "127.0.0.1", 0)
        provider.port = server.sockets[0].getsockname()[1]
        async with server:
            yield provider

    port = 0

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.now += 1
        self.calls += 1
        self.most = max(self.most, self.now)
        try:
            await reader.readline()
        finally:
            self.now -= 1
            writer.write(b"ok\n")
            writer.close()


async def call_provider(port: int, seconds: float) -> str:
    """One call that takes so long; the provider has counted its end when it answers."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        await system_sleep(seconds)
        writer.write(b"done\n")
        return (await reader.readline()).decode().strip()
    finally:
        writer.close()


class Replica:
    """One process's outbound layer with its own connections."""

    def __init__(self, outbound: Outbound, registry: CollectorRegistry) -> None:
        self.outbound = outbound
        self.registry = registry

    async def call(self, factory: Callable[[], Awaitable[str]], *, within: float = 60) -> str:
        return await self.outbound.call("p", factory, deadline=CLOCK.monotonic() + within)

    def value(self, name: str) -> float:
        for labels in ({}, {"provider": "p"}):
            value = self.registry.get_sample_value(name, labels)
            if value is not None:
                return value
        raise KeyError(name)

    @property
    def is_shared(self) -> bool:
        return self.value("outbound_fleet_shared") == 1


@asynccontextmanager
async def replicas(
    url: str, count: int = 3, *, policy: Policy = POLICY, told: int | None = None
) -> AsyncIterator[list[Replica]]:
    """So many replicas of a service of its own; `told`: what they take REPLICAS for."""
    service = uuid.uuid4().hex
    async with AsyncExitStack() as stack:
        fleet = []
        for seed in range(count):
            registry = CollectorRegistry()
            opened = open_replica(url, service, policy, told or count, seed=seed, registry=registry)
            fleet.append(Replica(await stack.enter_async_context(opened), registry))
        yield fleet


@asynccontextmanager
async def open_replica(
    url: str, service: str, policy: Policy, told: int, *, seed: int, registry: CollectorRegistry
) -> AsyncIterator[Outbound]:
    async with open_outbound(
        {"p": replace(policy, name="p")},
        service=service,
        replicas=told,
        valkey_url=url,
        clock=CLOCK,
        sleep=system_sleep,
        rng=random.Random(seed),
        registry=registry,
    ) as outbound:
        yield outbound


async def until(condition: Callable[[], bool], seconds: float = 10) -> float:
    """Wait for the condition; the seconds it took."""
    began = CLOCK.monotonic()
    async with asyncio.timeout(seconds):
        while not condition():
            await asyncio.sleep(0.005)
    return CLOCK.monotonic() - began


@asynccontextmanager
async def child(*arguments: object) -> AsyncIterator[asyncio.subprocess.Process]:
    """A replica in a process of its own, see `child.py`."""
    import sys
    from pathlib import Path

    process = await asyncio.create_subprocess_exec(
        sys.executable,
        str(Path(__file__).with_name("child.py")),
        *map(str, arguments),
        env=os.environ,
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()
        process._transport.close()  # type: ignore[attr-defined]  # else it is closed by the collector
