"""The core's ports as a simulated process sees them: each touch is a place to fail or to die."""

from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar
from uuid import UUID

from resume_messaging.core.ports import (
    Bid,
    Look,
    Memo,
    MemoKey,
    MemoStore,
    Outgoing,
    Publisher,
    PublishError,
    StoreUnavailableError,
)
from resume_messaging.sim.broker import SimBroker, UnroutableError
from resume_messaging.sim.chaos import Process
from resume_runtime.clock import Sleep

T = TypeVar("T")

#: As the real publisher's.
PUBLISH_TIMEOUT_S = 5.0


class BrokerPublisher:
    """Publishes to the simulated broker."""

    def __init__(self, broker: SimBroker, sleep: Sleep) -> None:
        self._broker = broker
        self._sleep = sleep

    async def publish(self, batch: Sequence[Outgoing]) -> None:
        """Publish all.

        Raises:
            PublishError: the broker is down, or a message has no queue.
        """
        for message in batch:
            if not self._broker.is_up:
                await self._sleep(PUBLISH_TIMEOUT_S)
                raise PublishError("broker is down")
            try:
                self._broker.publish(message)
            except UnroutableError as error:
                raise PublishError("unroutable") from error


class FaultyPublisher:
    """A publisher that loses confirms, or half a batch, when chaos says so."""

    def __init__(self, process: Process, publisher: Publisher) -> None:
        self._process = process
        self._publisher = publisher

    async def publish(self, batch: Sequence[Outgoing]) -> None:
        """Publish all.

        Raises:
            PublishError: not all are known to be there.
        """
        process = self._process
        process.on_publish(batch, confirmed=False)
        await process.at("publish:before")
        arrive, confirmed = process.chaos.confirmed(process, batch)
        await self._publisher.publish(batch[:arrive])
        await process.at("publish:after")
        if arrive < len(batch) or not confirmed:
            raise PublishError("not confirmed")
        process.on_publish(batch, confirmed=True)


class FaultyMemos:
    """A service's store over a connection that may break before or after the statement."""

    def __init__(self, process: Process, store: MemoStore) -> None:
        self._process = process
        self._store = store

    async def look(self, key: MemoKey, *, run: int, user_id: UUID) -> Look:
        """As `MemoStore`."""
        return await self._do("look", lambda: self._store.look(key, run=run, user_id=user_id))

    async def claim(self, key: MemoKey, bid: Bid) -> Look:
        """As `MemoStore`."""
        return await self._do("claim", lambda: self._store.claim(key, bid))

    async def save(self, key: MemoKey, memo: Memo, *, user_id: UUID) -> bool:
        """As `MemoStore`."""

        async def save() -> bool:
            kept = await self._store.save(key, memo, user_id=user_id)
            self._process.on_saved(key, memo)
            return kept

        return await self._do("save", save)

    async def release(self, key: MemoKey, *, owner: str) -> None:
        """As `MemoStore`."""
        await self._do("release", lambda: self._store.release(key, owner=owner))

    async def count_start(self, message_id: UUID) -> int:
        """As `MemoStore`."""
        return await self._do("count_start", lambda: self._store.count_start(message_id))

    async def _do(self, name: str, statement: Callable[[], Awaitable[T]]) -> T:
        process = self._process
        await process.at(f"{name}:before")
        if process.chaos.store_fails(process, f"{name}:before"):
            raise StoreUnavailableError("lost before")
        result = await statement()
        await process.at(f"{name}:after")
        if process.chaos.store_fails(process, f"{name}:after"):
            raise StoreUnavailableError("lost after")
        return result
