"""The servers that everybody measured shares: RabbitMQ, PostgreSQL and Redis, on loopback."""

import asyncio
import shutil
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import asyncpg
import httpx2

from resume_launcher.folders import find_folders
from resume_launcher.ports import free_port
from resume_launcher.servers import PostgresServer, RabbitServer, ValkeyServer

MAX_CONNECTIONS = 400


@dataclass(frozen=True, slots=True)
class Place:
    """What one contender has to itself."""

    amqp_url: str
    database_url: str
    redis_url: str


class Site:
    """The running servers."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        rabbit_port = free_port()
        management_port = free_port(avoid=frozenset({rabbit_port}))
        self._rabbit = RabbitServer(
            folder / "rabbitmq", port=rabbit_port, management_port=management_port
        )
        self._postgres = PostgresServer(
            folder / "postgres", port=free_port(), max_connections=MAX_CONNECTIONS
        )
        self._redis = ValkeyServer(folder / "redis", port=free_port(), program="redis-server")
        self._redis_databases = 0

    async def start(self) -> None:
        """Start all three."""
        servers = (self._rabbit, self._postgres, self._redis)
        await asyncio.gather(*(server.start() for server in servers))

    async def stop(self) -> None:
        """End them; nobody needs their data."""
        servers = (self._rabbit, self._postgres, self._redis)
        await asyncio.gather(*(server.kill() for server in servers), return_exceptions=True)
        await self._rabbit.stop()

    @property
    def processes(self) -> dict[str, int]:
        """Process ids by name."""
        pids = {
            "RabbitMQ": self._rabbit.pid,
            "PostgreSQL": self._postgres.pid,
            "Redis": self._redis.pid,
        }
        return {name: pid for name, pid in pids.items() if pid is not None}

    async def place(self, name: str) -> Place:
        """An empty virtual host and database, and a Redis database, of this name."""
        await self._make_vhost(name)
        admin = await asyncpg.connect(self._postgres.database_url)
        try:
            await admin.execute(f'create database "{name}"')
        finally:
            await admin.close()
        self._redis_databases += 1
        return Place(
            amqp_url=_with_path(self._rabbit.amqp_url, f"/{name}"),
            database_url=_with_path(self._postgres.database_url, f"/{name}"),
            redis_url=f"{self._redis.url.replace('valkey', 'redis', 1)}/{self._redis_databases}",
        )

    async def _make_vhost(self, name: str) -> None:
        user, password = self._rabbit.management_user, self._rabbit.management_password
        async with httpx2.AsyncClient(
            base_url=self._rabbit.management_url, auth=(user, password), trust_env=False
        ) as client:
            (await client.put(f"/api/vhosts/{name}")).raise_for_status()
            everything = {"configure": ".*", "write": ".*", "read": ".*"}
            answer = await client.put(f"/api/permissions/{name}/{user}", json=everything)
            answer.raise_for_status()


def _with_path(url: str, path: str) -> str:
    parts = urlsplit(url)
    return urlunsplit((parts.scheme, parts.netloc, path, parts.query, ""))


def _make_folder() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="resume-bench-"))
    # The servers' users must be able to pass through it; what is theirs inside is private.
    folder.chmod(0o711)
    return folder


def _keep_logs(folder: Path) -> None:
    """Copy the logs of what broke to build/bench-logs, before everything is removed."""
    kept = find_folders().repository / "build" / "bench-logs"
    shutil.rmtree(kept, ignore_errors=True)
    for log in folder.rglob("*.log"):
        copy = kept / log.relative_to(folder)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(log, copy)


@asynccontextmanager
async def open_site() -> AsyncIterator[Site]:
    """Start the servers; nothing of them is left afterwards."""
    folder = _make_folder()
    site = Site(folder)
    try:
        await site.start()
        yield site
    except BaseException:
        _keep_logs(folder)
        raise
    finally:
        await site.stop()
        shutil.rmtree(folder, ignore_errors=True)
