"""Tells waiting requests that a job changed: one LISTEN connection for the whole process.

Waiters subscribe before they read, so nothing falls in between. A notification can be lost with
the connection; after each reconnect and every 15 s one query therefore reads the versions of all
jobs that anybody waits for.
"""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from uuid import UUID

import structlog

from gateway_svc.database import UNREACHABLE, Listener
from resume_runtime.clock import Sleep

log = structlog.get_logger()

#: Seconds between two readings of all waited-for versions.
RESYNC_S = 15.0

JOBS = "jobs"
PROVIDERS = "providers"

_VERSIONS = "select id, version from gateway.jobs where id = any($1::uuid[])"


class Watch:
    """One waiter's view of one job. It sets what it knows; the watcher wakes it for news."""

    def __init__(self, job_id: UUID) -> None:
        self.job_id = job_id
        self.version = 0
        self.provider: str | None = None
        self._news = asyncio.Event()

    def wake(self) -> None:
        """Have the waiter look again."""
        self._news.set()

    async def wait(self, timeout_s: float) -> bool:
        """Whether there may be news before the time is up."""
        try:
            async with asyncio.timeout(timeout_s):
                await self._news.wait()
        except TimeoutError:
            return False
        self._news.clear()
        return True


class JobWatcher:
    """Wakes watches when their job, or the provider it waits for, changes."""

    def __init__(
        self,
        connect: Callable[[], Awaitable[Listener]],
        *,
        sleep: Sleep,
        resync_s: float = RESYNC_S,
    ) -> None:
        self._connect = connect
        self._sleep = sleep
        self._resync_s = resync_s
        self._watches: dict[UUID, set[Watch]] = defaultdict(set)
        self.is_listening = False
        self.is_closing = False

    @contextmanager
    def watching(self, job_id: UUID) -> Iterator[Watch]:
        """Subscribe to a job for the time of the block."""
        watch = Watch(job_id)
        self._watches[job_id].add(watch)
        try:
            yield watch
        finally:
            self._watches[job_id].discard(watch)
            if not self._watches[job_id]:
                del self._watches[job_id]

    @property
    def count(self) -> int:
        """How many waiters there are."""
        return sum(map(len, self._watches.values()))

    def wake_all(self) -> None:
        """Have every waiter look again."""
        for watches in self._watches.values():
            for watch in watches:
                watch.wake()

    def close(self) -> None:
        """Tell every waiter that the process stops."""
        self.is_closing = True
        self.wake_all()

    async def run(self) -> None:
        """Listen for ever, reconnecting; cancelled when the process stops."""
        while True:
            try:
                await self._listen()
            except UNREACHABLE as error:
                log.warning("watch.lost", error=type(error).__name__)
            self.is_listening = False
            await self._sleep(1.0)

    async def _listen(self) -> None:
        connection = await self._connect()
        try:
            await connection.add_listener(JOBS, self._on_job)
            await connection.add_listener(PROVIDERS, self._on_provider)
            lost = asyncio.Event()
            connection.add_termination_listener(lambda _: lost.set())
            self.is_listening = True
            while not lost.is_set():
                await self._resync(connection)
                try:
                    async with asyncio.timeout(self._resync_s):
                        await lost.wait()
                except TimeoutError:
                    continue
        finally:
            self.is_listening = False
            connection.terminate()

    async def _resync(self, connection: Listener) -> None:
        waited_for = list(self._watches)
        if not waited_for:
            return
        records = await connection.fetch(_VERSIONS, waited_for, timeout=self._resync_s)
        versions = {record["id"]: record["version"] for record in records}
        for job_id in waited_for:
            for watch in self._watches.get(job_id, ()):
                # A job that is gone has no version: its waiters must look, too. A provider may
                # have changed unheard: whoever waits for one looks as well.
                if versions.get(job_id) != watch.version or watch.provider is not None:
                    watch.wake()

    def _on_job(self, *notification: object) -> None:
        job_id, _, version = str(notification[-1]).partition(":")
        for watch in self._watches.get(UUID(job_id), ()):
            if int(version) > watch.version:
                watch.wake()

    def _on_provider(self, *notification: object) -> None:
        for watches in self._watches.values():
            for watch in watches:
                if watch.provider == notification[-1]:
                    watch.wake()
